"""The platform without a run: days planned, plugins and installation looked at."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.bootstrap.doubles import settings

import wattbook
from wattbook import inspection
from wattbook.platform import Wattbook, plan_days
from wattbook.plugin_manager import Catalogue, discover_plugins
from wattbook_adapters.entrypoints.cli.progress import Silence
from wattbook_adapters.entrypoints.platform import CheckRow, Platform, SettingsRequest
from wattbook_contracts.errors import ConfigurationFault, PluginFault
from wattbook_contracts.version import API_VERSION, ApiVersion


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return discover_plugins()


def over(catalogue: Catalogue) -> Wattbook:
    return Wattbook(lambda allow: catalogue)


def by_name(rows: Sequence[CheckRow]) -> dict[str, CheckRow]:
    return {row.name: row for row in rows}


def test_the_public_face_is_what_it_lists() -> None:
    platform: Platform = wattbook.open_platform()
    assert isinstance(platform, wattbook.Wattbook)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        wattbook.nothing  # noqa: B018


def test_a_single_day_is_kept_where_out_says() -> None:
    (plan,) = plan_days(settings(run__date="2017-03-26", run__out="runs/x").run)
    assert (plan.day, plan.folder) == (date(2017, 3, 26), Path("runs/x"))
    assert (plan.number, plan.count) == (1, 1)


@given(st.dates(date(2012, 1, 9), date(2017, 12, 31)), st.integers(0, 40))
def test_several_days_are_every_day_once_each_in_its_folder(first: date, more: int) -> None:
    last = first + timedelta(days=more)
    plans = plan_days(
        settings("backtest", run__date=first, run__last_date=last, run__out="runs/x").run
    )
    assert [plan.day for plan in plans] == [first + timedelta(days=n) for n in range(more + 1)]
    assert [plan.number for plan in plans] == list(range(1, more + 2))
    assert {plan.count for plan in plans} == {more + 1}
    assert [plan.folder for plan in plans] == [Path("runs/x") / f"{plan.day}" for plan in plans]


def test_the_last_day_is_not_before_the_first() -> None:
    run = settings("backtest", run__date="2017-01-24", run__last_date="2017-01-23").run
    with pytest.raises(ConfigurationFault, match="found 2017-01-23 before 2017-01-24; give both"):
        plan_days(run)


def test_run_day_runs_one_day_and_says_where_to_ask_for_more() -> None:
    with pytest.raises(ConfigurationFault, match="call run_days"):
        wattbook.open_platform().run_day("backtest", last_date="2017-01-30")


def test_a_run_loads_the_plugins_its_settings_allow() -> None:
    asked: list[Sequence[str]] = []

    def discover(allow: Sequence[str]) -> Catalogue:
        asked.append(allow)
        raise PluginFault("enough")

    request = SettingsRequest(profile="paper", overrides={"plugins.allow": "lear,naive"})
    with pytest.raises(PluginFault, match="enough"):
        Wattbook(discover).run(request, Silence())
    assert asked == [("lear", "naive")]


def test_settings_are_shown_with_their_origin(catalogue: Catalogue) -> None:
    request = SettingsRequest(profile="paper", overrides={"run.seed": "5"})
    rows = {row.key: row for row in over(catalogue).settings(request)}
    assert (rows["run.seed"].value, rows["run.seed"].origin) == ("5", "command line")
    assert rows["run.date"].origin == "profile paper"


def test_every_shipped_plugin_is_listed_and_passes_its_check(catalogue: Catalogue) -> None:
    platform = over(catalogue)
    names = [row.manifest.name for row in platform.plugins()]
    assert names == sorted(names)
    assert {"epex_de", "lear", "naive", "simulated", "battery", "wind", "remit"} <= set(names)
    for name in names:
        assert all(row.is_ok for row in platform.check_plugin(name)), name


def test_a_plugin_that_is_not_there_is_told_those_that_are(catalogue: Catalogue) -> None:
    with pytest.raises(ConfigurationFault, match=r"no plugin 'lstm' is installed; .*lear, naive"):
        over(catalogue).check_plugin("lstm")


def test_a_plugin_that_offers_nothing_or_hides_a_simulation_fails(catalogue: Catalogue) -> None:
    honest = catalogue.manifests["simulated"]
    changed = attrs.evolve(
        catalogue,
        manifests={
            **catalogue.manifests,
            "simulated": attrs.evolve(honest, is_simulated=False),
            "lear": attrs.evolve(
                catalogue.manifests["lear"], api_version=ApiVersion(API_VERSION.major + 1, 0)
            ),
        },
        offers={**catalogue.offers, "lear": ()},
    )
    simulated = by_name(over(changed).check_plugin("simulated"))
    assert not simulated["honesty"].is_ok
    assert "venue DAYAHEAD, venue ENERGEX, venue POWERX is simulated" in simulated["honesty"].text
    lear = by_name(over(changed).check_plugin("lear"))
    assert not lear["interface"].is_ok
    assert (lear["offers"].is_ok, lear["offers"].text) == (False, "nothing is offered")


def test_the_doctor_finds_this_installation_well(catalogue: Catalogue) -> None:
    rows = by_name(over(catalogue).doctor())
    assert all(row.is_ok for row in rows.values())
    assert {"python", "zones", "folder", "plugins"} <= rows.keys()
    assert {f"extra {extra}" for extra in inspection.EXTRAS} <= rows.keys()


def test_the_doctor_names_a_broken_plugin_and_goes_on() -> None:
    def discover(allow: Sequence[str]) -> Catalogue:
        raise PluginFault("plugin 'x' cannot be loaded")

    rows = by_name(Wattbook(discover).doctor())
    assert (rows["plugins"].is_ok, rows["plugins"].text) == (False, "plugin 'x' cannot be loaded")
    assert rows["python"].is_ok


def test_the_doctor_names_a_folder_that_cannot_be_written(
    catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "none"))
    row = by_name(over(catalogue).doctor())["folder"]
    assert not row.is_ok
    assert row.text.endswith("set TMPDIR")


def test_the_doctor_names_a_missing_extra_with_its_remedy_and_no_alarm(
    catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inspection, "EXTRAS", {"ml": "no_such_package_of_ours"})
    row = by_name(over(catalogue).doctor())["extra ml"]
    assert (row.is_ok, row.text) == (
        True,
        "not installed; pip install 'wattbook[ml]' when you need it",
    )
