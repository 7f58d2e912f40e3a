"""The plugins of the plugin page are found, pass their checks, and trade a day."""

from __future__ import annotations

import importlib
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

import pytest
from tests.docs.pages import blocks, read

from wattbook.platform import Wattbook
from wattbook.plugin_manager import discover_plugins
from wattbook_contracts.hookspecs import ENTRY_POINT_GROUP

PAGE = read("docs/how-to/write-a-plugin.md")
NAMES = ("my_model", "my_venue", "my_strategy")
GROUP, SETTINGS = blocks(PAGE, "toml")


@pytest.fixture
def candidates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[EntryPoint]]:
    """Write the page's modules to a folder on the path; return them beside the installed ones."""
    for block in blocks(PAGE, "python"):
        name = block.partition("\n")[0].removeprefix("# ").removesuffix(".py")
        if name in NAMES:
            (tmp_path / f"{name}.py").write_text(block, "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    importlib.invalidate_caches()
    named = tomllib.loads(GROUP)["project"]["entry-points"][ENTRY_POINT_GROUP]
    own = [EntryPoint(name=n, value=v, group=ENTRY_POINT_GROUP) for n, v in named.items()]
    yield [*entry_points(group=ENTRY_POINT_GROUP), *own]
    for name in NAMES:
        sys.modules.pop(name, None)


@pytest.mark.slow
def test_the_page_trades_a_day(candidates: list[EntryPoint], tmp_path: Path) -> None:
    platform = Wattbook(lambda allow: discover_plugins(allow, candidates=candidates))
    settings = {
        f"{section}.{key}": value
        for section, table in tomllib.loads(SETTINGS).items()
        for key, value in table.items()
    }
    summary = platform.run_day("paper", out=tmp_path / "run", **settings)
    routing = next(step.result for step in summary.steps if step.name == "Routing")
    assert summary.forecast.model == "eve"
    assert "CALMX" in routing
    assert "ENERGEX" not in routing
    assert platform.replay(tmp_path / "run").is_same
    assert all(row.is_ok for row in platform.verify_audit(tmp_path / "run"))


def test_the_pages_plugins_pass_their_checks(
    candidates: list[EntryPoint], monkeypatch: pytest.MonkeyPatch
) -> None:
    allowed = tomllib.loads(SETTINGS)["plugins"]["allow"]
    monkeypatch.setenv("WATTBOOK__PLUGINS__ALLOW", ",".join(allowed))
    platform = Wattbook(lambda allow: discover_plugins(allow, candidates=candidates))
    for name in NAMES:
        assert all(row.is_ok for row in platform.check_plugin(name))
    offers = {row.manifest.name: row.offers for row in platform.plugins()}
    assert offers["my_model"] == ("forecaster eve",)
    assert offers["my_venue"] == ("venue CALMX",)
    assert offers["my_strategy"] == ("strategy wind-day-ahead", "strategy wind-rebalancing")
