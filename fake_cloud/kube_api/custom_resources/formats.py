"""The formats of strings that schemas may name; others are not looked at.

Source: k8s.io/apiextensions-apiserver/pkg/apiserver/validation/formats.go and
k8s.io/kube-openapi/pkg/validation/strfmt.
"""

from __future__ import annotations

import base64
import binascii
import ipaddress
import re
from collections.abc import Callable
from datetime import date, datetime
from email.utils import parseaddr
from urllib.parse import urlsplit

from fake_cloud.kube_api.names import label_problems, subdomain_problems

HEX = "[0-9a-f]"
UNIT = (
    r"(ns|nanos?|nanoseconds?|us|µs|μs|micros?|microseconds?|ms|millis?|milliseconds?"
    r"|s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|w|wks?|weeks?)"
)
DURATION = re.compile(rf"[+-]?((\d+(\.\d*)?|\.\d+)\s*{UNIT})+|0", re.IGNORECASE)
DATE_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)?", re.I)
CARD = (
    r"4\d{12}(\d{3})?|5[1-5]\d{14}|6(011|5\d\d)\d{12}|3[47]\d{13}|3(0[0-5]|[68]\d)\d{11}"
    r"|(2131|1800|35\d{3})\d{11}"
)
HOST = (
    r"([a-z0-9_]|[a-z0-9_][a-z0-9\-_]{0,61}[a-z0-9])"
    r"(\.([a-z0-9]|[a-z0-9][a-z0-9\-_]{0,61}[a-z0-9]))*\.?"
)


def _matches(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern, re.IGNORECASE)
    return lambda text: compiled.fullmatch(text) is not None


def _parses(parse: Callable[[str], object]) -> Callable[[str], bool]:
    def good(text: str) -> bool:
        try:
            parse(text)
        except (ValueError, binascii.Error):
            return False
        return True

    return good


def _uri(text: str) -> bool:
    """What url.ParseRequestURI takes: an absolute address or path."""
    if not _parses(urlsplit)(text):
        return False
    return bool(urlsplit(text).scheme) or text.startswith("/")


def _isbn(length: int) -> Callable[[str], bool]:
    def good(text: str) -> bool:
        digits = re.sub(r"[\s-]", "", text)
        if length == 10:
            weights = [10 if d in "xX" else int(d) for d in digits if d.isdigit() or d in "xX"]
            return len(digits) == 10 == len(weights) and not (
                sum((i + 1) * w for i, w in enumerate(weights)) % 11
            )
        return bool(re.fullmatch(r"\d{13}", digits)) and not (
            sum((1, 3)[i % 2] * int(d) for i, d in enumerate(digits)) % 10
        )

    return good


def _uuid(third: str = f"{HEX}{{4}}", fourth: str = f"{HEX}{{4}}") -> Callable[[str], bool]:
    return _matches(f"{HEX}{{8}}-?{HEX}{{4}}-?{third}-?{fourth}-?{HEX}{{12}}")


COLOUR_PART = r"\s*(\d|[1-9]\d|1\d\d|2[0-4]\d|25[0-5])\s*"
FORMATS: dict[str, Callable[[str], bool]] = {
    "bsonobjectid": _matches(f"{HEX}{{24}}"),
    "uri": _uri,
    "email": lambda text: re.fullmatch(r"[^\s@]+@[^\s@]+", parseaddr(text)[1]) is not None,
    "hostname": lambda text: len(text) <= 255 and _matches(HOST)(text),
    "ipv4": _parses(ipaddress.IPv4Address),
    "ipv6": _parses(ipaddress.IPv6Address),
    "cidr": lambda text: "/" in text and _parses(ipaddress.ip_interface)(text),
    "mac": _matches(f"{HEX}{{2}}([:-]{HEX}{{2}}){{5,19}}|{HEX}{{4}}(\\.{HEX}{{4}}){{2,9}}"),
    "uuid": _uuid(),
    "uuid3": _uuid(f"3{HEX}{{3}}"),
    "uuid4": _uuid(f"4{HEX}{{3}}", f"[89ab]{HEX}{{3}}"),
    "uuid5": _uuid(f"5{HEX}{{3}}", f"[89ab]{HEX}{{3}}"),
    "isbn": lambda text: _isbn(10)(text) or _isbn(13)(text),
    "isbn10": _isbn(10),
    "isbn13": _isbn(13),
    "creditcard": lambda text: _matches(CARD)(re.sub(r"\D", "", text)),
    "ssn": _matches(r"\d{3}[- ]?\d{2}[- ]?\d{4}"),
    "hexcolor": _matches(f"#?({HEX}{{3}}|{HEX}{{6}})"),
    "rgbcolor": _matches(rf"rgb\({COLOUR_PART},{COLOUR_PART},{COLOUR_PART}\)"),
    "byte": _parses(lambda text: base64.b64decode(text, validate=True)),
    "password": lambda _: True,
    "date": lambda text: len(text) == 10 and _parses(date.fromisoformat)(text),
    "duration": lambda text: DURATION.fullmatch(text) is not None,
    "datetime": lambda text: (
        DATE_TIME.fullmatch(text) is not None
        and _parses(datetime.fromisoformat)(text.upper().rstrip("Z"))
    ),
    "k8sshortname": lambda text: not label_problems(text),
    "k8slongname": lambda text: not subdomain_problems(text),
}
NUMBERS = {"integer": ("int32", "int64"), "number": ("float", "double")}


def known_format(kind: str, name: str) -> str:
    """The format where it has a meaning for this type, else nothing."""
    if kind in ("", "string"):
        return name if name.replace("-", "") in FORMATS else ""
    return name if name in NUMBERS.get(kind, ()) else ""


def fits(text: str, name: str) -> bool:
    return FORMATS[name.replace("-", "")](text)
