"""What an adapter declares, looked at before anything is planned from it.

Types are Python's word against the adapter's author: an adapter may be written without a type
checker, and what it means is then found out here, in one line, and not in the middle of a run.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from enum import Enum
from typing import TypeVar

from conformance.catalogue import Catalogue
from conformance.contracts.providers import Identity, KnownFailure
from conformance.errors import ProviderMisdeclared
from conformance.nearest import nearest

Word = TypeVar("Word", bound=Enum)


def words(name: str, what: str, declared: Iterable[object], known: type[Word]) -> frozenset[Word]:
    """The declared members of a closed list; a plain string that equals one is that one."""
    try:
        return frozenset(known(word) for word in declared)
    except ValueError:
        allowed = [str(member.value) for member in known]
        alien = next(word for word in declared if word not in allowed)
        raise ProviderMisdeclared(
            f"provider {name}: {what} has {alien!r}{nearest(str(alien), allowed)}; "
            f"known: {', '.join(allowed)}"
        ) from None


def check_gaps(name: str, gaps: Mapping[str, str]) -> None:
    """Each gap must come with the way to see it; whether its requirement exists, the plan asks."""
    for id_, reproducer in gaps.items():
        if not isinstance(reproducer, str) or not reproducer.strip():
            raise ProviderMisdeclared(
                f"provider {name}: gap {id_!r} needs the reproducer as a text, saw {reproducer!r}"
            )


def check_identity(name: str, identity: Identity) -> None:
    """Every field is a text: it is written into the run file as it is."""
    fields = {f.name: getattr(identity, f.name) for f in dataclasses.fields(identity)}
    components = fields.pop("components")
    if not isinstance(components, Mapping):
        raise ProviderMisdeclared(
            f"provider {name}: identity() components must map names to versions, "
            f"saw {type(components).__name__}"
        )
    fields |= {f"components[{key!r}]": value for key, value in components.items()}
    _check_texts(f"provider {name}: identity()", fields)


def check_known_failures(name: str, failures: object, catalogue: Catalogue) -> None:
    """Each names a requirement that exists and a day on which it expires."""
    if not isinstance(failures, Sequence):
        raise ProviderMisdeclared(
            f"provider {name}: `known_failures` must be a sequence, saw {failures!r}"
        )
    for failure in failures:
        if not isinstance(failure, KnownFailure):
            raise ProviderMisdeclared(
                f"provider {name}: `known_failures` must hold conformance.api.KnownFailure, "
                f"saw {failure!r}"
            )
        where = f"provider {name}: known failure of {failure.requirement!r}"
        _check_texts(where, {f.name: getattr(failure, f.name) for f in dataclasses.fields(failure)})
        if failure.requirement not in catalogue:
            hint = nearest(failure.requirement, catalogue)
            raise ProviderMisdeclared(f"{where}: no area has this requirement{hint}")
        _check_date(where, failure.expires)


def _check_texts(where: str, fields: Mapping[str, object]) -> None:
    for field, value in fields.items():
        if not isinstance(value, str):
            raise ProviderMisdeclared(f"{where}: {field} must be a text, saw {value!r}")


def _check_date(where: str, expires: str) -> None:
    try:
        date.fromisoformat(expires)
    except ValueError:
        raise ProviderMisdeclared(
            f"{where}: expires must be a date as 2027-01-31, saw {expires!r}"
        ) from None
