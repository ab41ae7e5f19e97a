"""A small type with every kind of part."""

from __future__ import annotations

from fake_cloud.kube_api.managed_fields.shapes import LIST, MAP, Shape

STRING, NUMBER = Shape("string"), Shape("numeric")
PORT = Shape(MAP, MAP, {"port": NUMBER, "protocol": STRING, "name": STRING})
THING = Shape(
    MAP,
    MAP,
    {
        "name": STRING,
        "labels": Shape(MAP, MAP, item=STRING),
        "whole": Shape(MAP, fields={"a": STRING}),
        "list": Shape(LIST, item=STRING),
        "set": Shape(LIST, LIST, item=STRING),
        "ports": Shape(
            LIST, LIST, item=PORT, keys=("port", "protocol"), defaults={"protocol": "TCP"}
        ),
    },
)
