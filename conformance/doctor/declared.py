"""What the adapter declares, against what it offers and what its cloud shows."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass

from conformance.contracts.instances import Instance
from conformance.contracts.providers import Identity, Offer
from conformance.contracts.requirements import Need
from conformance.doctor.finding import Finding, judged, told
from conformance.plan import Declared

OFFERED = frozenset(Need) - {Need.KUBERNETES, Need.KUBERNETES_DISTURB}
"""Needs that an Offer serves; the others are the cluster's."""


@dataclass(frozen=True, slots=True)
class Observed:
    """Instances that were made: one as the adapter likes, one that was asked for both families."""

    plain: Instance
    dual_stack: Instance | None = None
    stopped: bool | None = None
    """Whether `stop` worked; None when it was not tried."""


def about_identity(identity: Identity) -> Iterator[Finding]:
    """Without a version nobody can tell two columns of a matrix apart."""
    yield judged("identity", "name", identity.name, right=bool(identity.name))
    facts = {
        "version": identity.version,
        "digest": identity.digest,
        "controller library": identity.library,
        "simulator": identity.simulator,
    }
    for what, value in facts.items():
        yield told("identity", what, value or "none")


def about_offer(declared: Declared, offer: Offer) -> Iterator[Finding]:
    """Each need is declared and served, or neither."""
    missing = offer.missing(OFFERED)
    for need in sorted(OFFERED):
        wanted, there = need in declared.needs, need not in missing
        if wanted and there:
            yield judged("offer", need, "declared and offered", right=True)
        elif wanted:
            yield judged("offer", need, "declared, and the Offer has nothing for it", right=False)
        elif there:
            detail = "offered, and needs() does not name it: rows that need it stay excluded"
            yield judged("offer", need, detail, right=False)
        else:
            yield told("offer", need, "not offered: rows that need it are excluded")
    yield from _about_faults(declared, offer)


def _about_faults(declared: Declared, offer: Offer) -> Iterator[Finding]:
    if offer.disturb is None:
        return
    can = {str(fault) for fault in offer.disturb.faults}
    said = {str(fault) for fault in declared.faults}
    for fault in sorted(said - can):
        yield judged("faults", fault, "declared, and Offer.disturb cannot do it", right=False)
    for fault in sorted(can - said):
        yield judged("faults", fault, "Offer.disturb can do it, and it is undeclared", right=False)
    if can & said:
        yield judged("faults", ", ".join(sorted(can & said)), right=True)


def about_capabilities(capabilities: frozenset[str], seen: Observed) -> Iterator[Finding]:
    """Those that an instance shows; the others take a whole check to see."""
    shown = {
        "instanceTypes": bool(seen.plain.type),
        "zones": bool(seen.plain.zone),
        "regions": bool(seen.plain.region),
        "additionalLabels": bool(seen.plain.labels),
        "dualStack": seen.dual_stack is not None and _families(seen.dual_stack) == {4, 6},
    }
    if seen.stopped is not None:
        shown["instanceStop"] = seen.stopped
    for name, there in shown.items():
        if name in capabilities:
            detail = "declared and seen" if there else "declared, and no instance shows it"
            yield judged("capability", name, detail, right=there)
        elif there:
            yield judged("capability", name, "seen, and not declared", right=False)
    for name in sorted(capabilities - shown.keys()):
        yield told("capability", name, "declared; only a run can tell")


def _families(instance: Instance) -> set[int]:
    families: set[int] = set()
    for one in instance.addresses:
        try:
            families.add(ipaddress.ip_address(one.address).version)
        except ValueError:
            continue  # a name
    return families
