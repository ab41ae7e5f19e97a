"""Finds providers, cluster backends and areas by entry point; refuses what is not as declared."""

from __future__ import annotations

from importlib.metadata import EntryPoint, entry_points
from typing import cast

from conformance.capabilities import check_declared
from conformance.contracts.clusters import ClusterBackend
from conformance.contracts.providers import (
    ChoosesControllers,
    DescribedByOptions,
    Provider,
    ProviderOptions,
    Timing,
)
from conformance.contracts.requirements import Area
from conformance.errors import (
    AdapterBroken,
    ConformanceError,
    ProviderMisdeclared,
    UnknownName,
)
from conformance.nearest import nearest

PROVIDERS = "cloud_provider_conformance.providers"
CLUSTERS = "cloud_provider_conformance.clusters"
SUITES = "cloud_provider_conformance.suites"

PROVIDER_METHODS = ("needs", "faults", "gaps", "identity", "subjects")


def provider_names() -> list[str]:
    """Every registered provider, sorted."""
    return sorted({entry.name for entry in entry_points(group=PROVIDERS)})


def find_provider(name: str, controllers: str = "") -> tuple[Provider, str]:
    """The provider of this name, with these controllers, and the distribution it comes from.

    Raises `UnknownName`, `ProviderMisdeclared` or `AdapterBroken`.
    """
    entry = _one(PROVIDERS, "provider", name)
    provider = _load(entry, "provider")
    validate_provider(name, provider)
    if controllers:
        provider = _controlled(name, provider, controllers)
        validate_provider(name, provider)
    return cast("Provider", provider), _distribution(entry)


def _controlled(name: str, provider: object, wanted: str) -> object:
    kinds = provider.controllers if isinstance(provider, ChoosesControllers) else {}
    if wanted not in kinds:
        known = ", ".join(kinds) or "none, its controllers are what they are"
        raise UnknownName(f"provider {name} knows no --controllers {wanted}; known: {known}")
    return kinds[wanted]


def chosen_provider(
    name: str, options: ProviderOptions, controllers: str = ""
) -> tuple[Provider, str]:
    """Like `find_provider`, and described by what the operator named, if it needs that.

    Raises `UsageError` when he named nothing.
    """
    provider, distribution = find_provider(name, controllers)
    if isinstance(provider, DescribedByOptions):
        provider = _described(provider, name, options)
        validate_provider(provider.name, provider)
    return provider, distribution


def _described(source: DescribedByOptions, name: str, options: ProviderOptions) -> Provider:
    try:
        return source.described(options)
    except ConformanceError:
        raise
    except Exception as error:
        raise AdapterBroken(f"provider {name}: described() raised {_told(error)}") from error


def find_cluster(name: str) -> ClusterBackend:
    """The cluster backend of this name; raises like `find_provider`."""
    return cast("ClusterBackend", _load(_one(CLUSTERS, "cluster", name), "cluster backend"))


def find_areas() -> list[Area]:
    """Every registered area, ours first, then third parties' by name."""
    entries = sorted(entry_points(group=SUITES), key=lambda entry: entry.name)
    areas = [_area(entry) for entry in entries]
    return sorted(areas, key=lambda area: (not area.package.startswith("conformance."), area.name))


def _area(entry: EntryPoint) -> Area:
    area = _load(entry, "area")
    if not isinstance(area, Area):
        raise ProviderMisdeclared(
            f"suite {entry.name} of {_distribution(entry)}: wanted a conformance.checks.Area, "
            f"saw {type(area).__name__}"
        )
    return area


def validate_provider(name: str, provider: object) -> None:
    """Raise `ProviderMisdeclared` when an adapter's static part has wrong types or words."""
    if getattr(provider, "name", None) != name:
        raise ProviderMisdeclared(
            f"provider {name}: its `name` must be {name!r}, saw {getattr(provider, 'name', None)!r}"
        )
    for method in PROVIDER_METHODS:
        if not callable(getattr(provider, method, None)):
            raise ProviderMisdeclared(
                f"provider {name}: method `{method}` is missing; "
                "inherit conformance.api.AdapterDefaults for the optional ones"
            )
    capabilities = getattr(provider, "capabilities", None)
    if not isinstance(capabilities, set | frozenset):
        raise ProviderMisdeclared(
            f"provider {name}: `capabilities` must be a set of words, "
            f"saw {type(capabilities).__name__}"
        )
    check_declared(frozenset(capabilities))
    if not isinstance(getattr(provider, "timing", None), Timing):
        raise ProviderMisdeclared(f"provider {name}: `timing` must be a conformance.api.Timing")


def _one(group: str, what: str, name: str) -> EntryPoint:
    found = [entry for entry in entry_points(group=group) if entry.name == name]
    if not found:
        known = sorted({entry.name for entry in entry_points(group=group)})
        raise UnknownName(
            f"unknown {what} {name!r}{nearest(name, known)}; known: {', '.join(known)}"
        )
    if len({entry.value for entry in found}) > 1:
        owners = " and ".join(sorted(_distribution(entry) for entry in found))
        raise ProviderMisdeclared(
            f"two packages claim the {what} name {name!r}: {owners}; uninstall one of them"
        )
    return found[0]


def _load(entry: EntryPoint, what: str) -> object:
    """What the entry point names, or its instance when that is a class.

    Whatever third-party code raises here is told as its fault, the end of the process too.
    """
    whose = f"{what} {entry.name} of {_distribution(entry)}"
    try:
        found = entry.load()
        return found() if isinstance(found, type) else found
    except KeyboardInterrupt:
        raise
    except (TypeError, ValueError) as error:
        raise ProviderMisdeclared(f"{whose} is declared wrongly: {_told(error)}") from error
    except BaseException as error:
        raise AdapterBroken(f"{whose} could not be imported: {_told(error)}") from error


def _told(error: BaseException) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())}"


def _distribution(entry: EntryPoint) -> str:
    return entry.dist.name if entry.dist is not None else entry.value
