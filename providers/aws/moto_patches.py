"""Where moto differs from AWS in a way that a controller notices, mended for one account only.

Nothing of moto is changed in place. A simulator hands its account the backends below and serves the
EC2 API through `Ec2Api`; other users of moto in this process see the original. Every patch has a
test that fails without it, so that one can see when a release of moto makes it superfluous.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from moto.core.responses import ActionResult
from moto.core.utils import convert_to_flask_response
from moto.ec2.models import EC2Backend, ec2_backends
from moto.ec2.models.instances import InstanceState
from moto.ec2.responses import EC2Response
from moto.elb.models import ELBBackend, FakeHealthCheck, LoadBalancer, elb_backends
from moto.elbv2.models import ELBv2Backend, FakeTargetGroup, elbv2_backends
from moto.iam.models import iam_backends
from moto.moto_server.werkzeug_app import create_backend_app

PASSING_STATES: Mapping[str, int] = {"pending": 0, "shutting-down": 32, "stopping": 64}
"""States between running, stopped and terminated, with EC2's codes; the instance exists in each.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceState.html
"""

TOPOLOGY_TYPES = re.compile(r"^(hpc|trn|p)[0-9]")
"""Instance types for which AWS knows network layers; for all others it answers an empty list.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-topology-prerequisites.html
"""


class Ec2Api(EC2Response):
    """moto's EC2 API with the actions that it lacks."""

    def describe_instance_topology(self) -> ActionResult:
        """moto answers 500: the Go SDK tries three times, 5 seconds for each node."""
        wanted = self._get_param("InstanceIds", [])
        instances = self.ec2_backend.get_multi_instances_by_id(wanted)
        return ActionResult({"Instances": [_topology(one) for one in instances if _layered(one)]})


def _layered(instance: Any) -> bool:
    return bool(TOPOLOGY_TYPES.match(instance.instance_type))


def _topology(instance: Any) -> dict[str, Any]:
    place = instance.id.removeprefix("i-")
    return {
        "InstanceId": instance.id,
        "InstanceType": instance.instance_type,
        "AvailabilityZone": instance.placement.zone,
        "NetworkNodes": [f"nn-{layer}{place[1:]}" for layer in (1, 2, 3)],
    }


class Ec2Account(EC2Backend):
    """moto's EC2 state, mended in two places."""

    def get_reservations_by_instance_ids(self, instance_ids: list[str], filters: Any = None) -> Any:
        """moto answers 500 when an id is asked for twice, as the controller's batches do when two
        loops want the same instance."""
        return super().get_reservations_by_instance_ids(list(dict.fromkeys(instance_ids)), filters)

    def terminate_instances(self, instance_ids: list[str]) -> Any:
        """moto keeps them, so that no successor can have its predecessor's node name.

        They are free for whoever asks for them, but not the next to be given out: AWS hands a
        just freed address to nobody by itself either.
        """
        terminated = super().terminate_instances(instance_ids)
        for instance, _ in terminated:
            nic = instance.nics[0]
            nic.subnet.del_subnet_ip(nic.private_ip_address)
            nic.subnet._unused_ips.discard(nic.private_ip_address)  # noqa: SLF001
        return terminated


class ElbAccount(ELBBackend):
    """moto's classic load balancers, born with the health check that AWS gives every one."""

    def create_load_balancer(self, *args: Any, **kwargs: Any) -> LoadBalancer:
        """moto gives none: cloud-provider-aws then dereferences nil and its process ends."""
        balancer = super().create_load_balancer(*args, **kwargs)
        balancer.health_check = FakeHealthCheck(
            timeout="5",
            healthy_threshold="10",
            unhealthy_threshold="2",
            interval="30",
            target=f"TCP:{balancer.listeners[0].instance_port}",
        )
        return balancer


class Elbv2Account(ELBv2Backend):
    """moto's network load balancers, with the target group attributes that AWS always reports."""

    def create_target_group(self, name: str, **rest: Any) -> FakeTargetGroup:
        """moto lacks two: cloud-provider-aws then skips them as not supported."""
        group = super().create_target_group(name, **rest)
        group.attributes.setdefault("preserve_client_ip.enabled", "true")
        group.attributes.setdefault("proxy_protocol_v2.enabled", "false")
        return group


def create_app(service: Any) -> Any:
    """moto's application for one AWS service; EC2 is served by `Ec2Api`."""
    app = create_backend_app(service)
    if service == "ec2":
        serve = convert_to_flask_response(Ec2Api.dispatch)
        app.view_functions = dict.fromkeys(app.view_functions, serve)
    return app


def hold_state(account_id: str, region: str, instance_id: str, name: str) -> None:
    """Put an instance into a passing state (a key of `PASSING_STATES`), and keep it there.

    In moto every change of state is over at once, so nobody would ever see one of these.
    """
    instance = ec2_backends[account_id][region].get_instance(instance_id)
    instance._state = InstanceState(name, PASSING_STATES[name])  # noqa: SLF001


def open_account(account_id: str) -> None:
    """Give a fresh account the mended backends."""
    ec2_backends[account_id].backend = Ec2Account
    elb_backends[account_id].backend = ElbAccount
    elbv2_backends[account_id].backend = Elbv2Account


def forget_account(account_id: str) -> None:
    """Drop everything that an account held."""
    for backends in (ec2_backends, elb_backends, elbv2_backends, iam_backends):
        backends.pop(account_id, None)
