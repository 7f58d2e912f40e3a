"""Discovery: a frozen catalogue, or a start-up that stops and names the plugin."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib.metadata import EntryPoint
from types import ModuleType

import attrs
import pytest

from wattbook.plugin_manager import discover_plugins
from wattbook_contracts.descriptors import ForecasterDescriptor
from wattbook_contracts.errors import PluginFault
from wattbook_contracts.hookspecs import ENTRY_POINT_GROUP, hookimpl
from wattbook_contracts.manifest import PluginManifest
from wattbook_contracts.version import API_VERSION, ApiVersion


def manifest(name: str, version: ApiVersion = API_VERSION) -> PluginManifest:
    return PluginManifest(name=name, summary="A test.", api_version=version, licence="Apache-2.0")


def forecaster(name: str) -> ForecasterDescriptor:
    return ForecasterDescriptor(name=name, minimum_history_days=1, build=lambda: None)  # type: ignore[arg-type, return-value]


@pytest.fixture
def plugin() -> Iterator[ModuleType]:
    module = ModuleType("a_test_plugin")
    module.MANIFEST = manifest("a_test_plugin")  # type: ignore[attr-defined]
    sys.modules[module.__name__] = module
    yield module
    del sys.modules[module.__name__]


def entry(module: ModuleType, name: str = "a_test_plugin") -> EntryPoint:
    return EntryPoint(name=name, value=module.__name__, group=ENTRY_POINT_GROUP)


def test_a_plugin_is_found_and_its_offer_is_frozen(plugin: ModuleType) -> None:
    @hookimpl
    def wattbook_register_forecasters() -> list[ForecasterDescriptor]:
        return [forecaster("b"), forecaster("a")]

    plugin.wattbook_register_forecasters = wattbook_register_forecasters  # type: ignore[attr-defined]
    catalogue = discover_plugins(candidates=[entry(plugin)])
    assert list(catalogue.forecasters) == ["a", "b"]
    with pytest.raises(TypeError):
        catalogue.forecasters["c"] = forecaster("c")  # type: ignore[index]
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        catalogue.forecasters = {}  # type: ignore[misc]


def test_only_allowed_plugins_are_loaded_and_a_missing_one_is_named(plugin: ModuleType) -> None:
    assert discover_plugins(("a_test_plugin",), candidates=[entry(plugin)]).manifests
    with pytest.raises(PluginFault, match="'eex' is allowed in the settings but not installed"):
        discover_plugins(("eex",), candidates=[entry(plugin)])


def test_a_misspelt_hook_stops_start_up_with_its_name(plugin: ModuleType) -> None:
    @hookimpl
    def wattbook_register_forecaster() -> list[ForecasterDescriptor]:
        return []

    plugin.wattbook_register_forecaster = wattbook_register_forecaster  # type: ignore[attr-defined]
    with pytest.raises(PluginFault, match=r"a_test_plugin.*wattbook_register_forecaster\b"):
        discover_plugins(candidates=[entry(plugin)])


def test_a_hook_without_its_mark_stops_start_up(plugin: ModuleType) -> None:
    plugin.wattbook_register_forecasters = list  # type: ignore[attr-defined]
    with pytest.raises(PluginFault, match="without @hookimpl"):
        discover_plugins(candidates=[entry(plugin)])


@pytest.mark.parametrize(
    "version",
    [ApiVersion(API_VERSION.major + 1, 0), ApiVersion(API_VERSION.major, API_VERSION.minor + 1)],
)
def test_another_interface_version_stops_start_up(plugin: ModuleType, version: ApiVersion) -> None:
    plugin.MANIFEST = manifest("a_test_plugin", version)  # type: ignore[attr-defined]
    with pytest.raises(PluginFault, match=f"a_test_plugin.*{version}.*{API_VERSION}"):
        discover_plugins(candidates=[entry(plugin)])


def test_a_plugin_without_manifest_is_refused(plugin: ModuleType) -> None:
    del plugin.MANIFEST
    with pytest.raises(PluginFault, match="has no MANIFEST"):
        discover_plugins(candidates=[entry(plugin)])


def test_a_plugin_that_raises_keeps_its_cause(plugin: ModuleType) -> None:
    @hookimpl
    def wattbook_register_forecasters() -> list[ForecasterDescriptor]:
        raise RuntimeError("no licence key")

    plugin.wattbook_register_forecasters = wattbook_register_forecasters  # type: ignore[attr-defined]
    with pytest.raises(PluginFault, match=r"a_test_plugin.*no licence key") as caught:
        discover_plugins(candidates=[entry(plugin)])
    assert isinstance(caught.value.__cause__, RuntimeError)


def test_a_plugin_that_cannot_be_imported_is_named() -> None:
    gone = EntryPoint(name="gone", value="no_such_module", group=ENTRY_POINT_GROUP)
    with pytest.raises(PluginFault, match=r"'gone'.*cannot be loaded"):
        discover_plugins(candidates=[gone])


def test_a_name_is_taken_once(plugin: ModuleType) -> None:
    @hookimpl
    def wattbook_register_forecasters() -> list[ForecasterDescriptor]:
        return [forecaster("lear"), forecaster("lear")]

    plugin.wattbook_register_forecasters = wattbook_register_forecasters  # type: ignore[attr-defined]
    with pytest.raises(PluginFault, match="forecaster 'lear', which another plugin offers"):
        discover_plugins(candidates=[entry(plugin)])


def test_a_plugin_name_is_taken_once(plugin: ModuleType) -> None:
    with pytest.raises(PluginFault, match="two installed plugins are called 'a_test_plugin'"):
        discover_plugins(candidates=[entry(plugin), entry(plugin)])


def test_a_module_is_one_plugin(plugin: ModuleType) -> None:
    with pytest.raises(PluginFault, match="'b' is the module a_test_plugin, which another"):
        discover_plugins(candidates=[entry(plugin, "a"), entry(plugin, "b")])


@pytest.mark.parametrize(
    ("returned", "words"),
    [
        (["lear"], "must return ForecasterDescriptor values .* found a str"),
        ("lear", "must return ForecasterDescriptor values .* found a str"),
        ([None], "must return .* found a NoneType"),
        (None, "raised in wattbook_register_forecasters: TypeError"),
    ],
)
def test_a_hook_returns_descriptors_and_nothing_else(
    plugin: ModuleType, returned: object, words: str
) -> None:
    @hookimpl
    def wattbook_register_forecasters() -> object:
        return returned

    plugin.wattbook_register_forecasters = wattbook_register_forecasters  # type: ignore[attr-defined]
    with pytest.raises(PluginFault, match=f"^plugin 'a_test_plugin' {words}"):
        discover_plugins(candidates=[entry(plugin)])


def test_the_owner_of_an_offer_is_known(plugin: ModuleType) -> None:
    @hookimpl
    def wattbook_register_forecasters() -> list[ForecasterDescriptor]:
        return [forecaster("lear")]

    plugin.wattbook_register_forecasters = wattbook_register_forecasters  # type: ignore[attr-defined]
    catalogue = discover_plugins(candidates=[entry(plugin)])
    assert catalogue.owner_of("forecaster", "lear") == "a_test_plugin"
    with pytest.raises(KeyError, match="venue lear"):
        catalogue.owner_of("venue", "lear")
