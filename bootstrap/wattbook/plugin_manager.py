"""Finds plugins and freezes what they offer; the only user of pluggy outside the hook specs.

Discovery is a function: it loads the entry points that the settings allow, refuses a plugin of
another interface version, a misspelt hook, a name taken twice, and returns a frozen catalogue.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import EntryPoint, entry_points
from types import MappingProxyType, ModuleType
from typing import Any, TypeVar

import attrs
import pluggy

from wattbook.foreign import blamed
from wattbook_contracts import hookspecs
from wattbook_contracts.descriptors import (
    FeedDescriptor,
    ForecasterDescriptor,
    RegulatorDescriptor,
    StrategyDescriptor,
    VenueDescriptor,
)
from wattbook_contracts.errors import PluginFault
from wattbook_contracts.manifest import PluginManifest
from wattbook_contracts.version import API_VERSION

T = TypeVar("T")


@attrs.frozen(kw_only=True)
class Catalogue:
    """What all loaded plugins offer, by name; nothing is added after start-up."""

    manifests: Mapping[str, PluginManifest]
    venues: Mapping[str, VenueDescriptor]
    feeds: Mapping[str, FeedDescriptor]
    forecasters: Mapping[str, ForecasterDescriptor]
    strategies: Mapping[str, StrategyDescriptor]
    regulators: Mapping[str, RegulatorDescriptor]
    offers: Mapping[str, tuple[str, ...]]

    def owner_of(self, kind: str, name: str) -> str:
        """Return the plugin that offers something.

        Raises:
            KeyError: if none does.
        """
        for plugin, offers in self.offers.items():
            if f"{kind} {name}" in offers:
                return plugin
        raise KeyError(f"{kind} {name}")


def discover_plugins(
    allow: Sequence[str] = ("*",), *, candidates: Iterable[EntryPoint] | None = None
) -> Catalogue:
    """Load the allowed plugins and return what they offer.

    Args:
        allow: plugin names, or `*` for every installed one.
        candidates: entry points to look at; those installed when absent.

    Raises:
        PluginFault: a plugin cannot be loaded, misnames a hook, has another interface version,
            raises in a hook, or takes a name that is taken; or an allowed one is not installed.
    """
    manager = pluggy.PluginManager(hookspecs.PROJECT_NAME)
    manager.add_hookspecs(hookspecs)
    found = (
        candidates if candidates is not None else entry_points(group=hookspecs.ENTRY_POINT_GROUP)
    )
    manifests: dict[str, PluginManifest] = {}
    for entry in sorted(found, key=lambda e: e.name):
        if "*" not in allow and entry.name not in allow:
            continue
        if entry.name in manifests:
            raise PluginFault(f"two installed plugins are called {entry.name!r}; uninstall one")
        manifests[entry.name] = _register(manager, entry)
    if missing := sorted(set(allow) - {"*"} - manifests.keys()):
        raise PluginFault(
            f"plugin {missing[0]!r} is allowed in the settings but not installed; "
            "install it, or take it out of plugins.allow"
        )
    _refuse_unknown_hooks(manager)
    hook, owners = manager.hook, _Owners()
    return Catalogue(
        manifests=MappingProxyType(manifests),
        venues=_collect(hook.wattbook_register_venues, "venue", VenueDescriptor, owners),
        feeds=_collect(hook.wattbook_register_feeds, "feed", FeedDescriptor, owners),
        forecasters=_collect(
            hook.wattbook_register_forecasters, "forecaster", ForecasterDescriptor, owners
        ),
        strategies=_collect(
            hook.wattbook_register_strategies, "strategy", StrategyDescriptor, owners
        ),
        regulators=_collect(
            hook.wattbook_register_regulators, "regulator", RegulatorDescriptor, owners
        ),
        offers=MappingProxyType({name: tuple(owners[name]) for name in manifests}),
    )


class _Owners(defaultdict[str, list[str]]):
    """What each plugin offers, as `kind name`."""

    def __init__(self) -> None:
        super().__init__(list)


def _register(manager: pluggy.PluginManager, entry: EntryPoint) -> PluginManifest:
    try:
        module = entry.load()
    except Exception as cause:  # a plugin is foreign code: whatever it raises is its fault
        raise PluginFault(
            f"plugin {entry.name!r} ({entry.value}) cannot be loaded: "
            f"{type(cause).__name__}: {' '.join(str(cause).split())}; "
            "fix or uninstall it, or leave it out of plugins.allow"
        ) from cause
    manifest = getattr(module, "MANIFEST", None)
    if not isinstance(manifest, PluginManifest):
        raise PluginFault(
            f"plugin {entry.name!r} ({entry.value}) has no MANIFEST of its own; "
            "define one, a PluginManifest, in that module"
        )
    if not API_VERSION.accepts(manifest.api_version):
        raise PluginFault(
            f"plugin {entry.name!r} is written for plugin interface {manifest.api_version}, "
            f"this release speaks {API_VERSION}; install a matching version of the plugin"
        )
    _refuse_unmarked_hooks(entry.name, module)
    if manager.is_registered(module):
        raise PluginFault(
            f"plugin {entry.name!r} is the module {entry.value}, which another plugin is, too; "
            "uninstall one"
        )
    manager.register(module, name=entry.name)
    return manifest


def _refuse_unmarked_hooks(name: str, module: ModuleType) -> None:
    # pluggy sees only functions marked with hookimpl: a hook without the mark would be silent.
    for attribute, value in vars(module).items():
        if attribute.startswith("wattbook_register_") and not hasattr(value, "wattbook_impl"):
            raise PluginFault(
                f"plugin {name!r} defines {attribute} without @hookimpl, "
                "so it would never be called; mark it"
            )


def _refuse_unknown_hooks(manager: pluggy.PluginManager) -> None:
    try:
        manager.check_pending()
    except pluggy.PluginValidationError as cause:
        known = ", ".join(sorted(n for n in dir(hookspecs) if n.startswith("wattbook_register_")))
        raise PluginFault(
            f"plugin {manager.get_name(cause.plugin)!r}: {cause}; the hooks are {known}"
        ) from cause


def _collect(hook: Any, kind: str, expected: type[T], owners: _Owners) -> Mapping[str, T]:
    """Call one hook of every plugin; a name is taken once, and by what the hook asks for."""
    offered: dict[str, T] = {}
    for implementation in hook.get_hookimpls():
        owner = implementation.plugin_name
        with blamed(owner, hook.name):
            descriptors = tuple(implementation.function())
        for descriptor in descriptors:
            if not isinstance(descriptor, expected):
                raise PluginFault(
                    f"plugin {owner!r} must return {expected.__name__} values from {hook.name}, "
                    f"found a {type(descriptor).__name__}; mend the plugin"
                )
            name = _name_of(descriptor)
            if name in offered:
                raise PluginFault(
                    f"plugin {owner!r} offers the {kind} {name!r}, which another plugin offers; "
                    "leave one of them out of plugins.allow"
                )
            offered[name] = descriptor
            owners[owner].append(f"{kind} {name}")
    return MappingProxyType(dict(sorted(offered.items())))


def _name_of(descriptor: Any) -> str:
    is_venue = isinstance(descriptor, VenueDescriptor)
    return str(descriptor.venue_id if is_venue else descriptor.name)
