"""The command line as a contract: what each command prints, and the code it ends with."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pytest

import wattbook as face
from tests.end_to_end.conftest import NAIVE, Finished
from tests.end_to_end.runs import Run, files, process, wattbook
from wattbook.settings import known_keys
from wattbook_contracts import errors
from wattbook_contracts.errors import PlatformFault
from wattbook_contracts.schemas.day_summary import DaySummary

pytestmark = pytest.mark.xdist_group("end_to_end_bad_input")

DAY = "2012-01-20"


@pytest.fixture(scope="module")
def whole(finished: Finished) -> Run:
    return finished(DAY, *NAIVE)[0]


def test_help_lists_every_command() -> None:
    outcome = wattbook("--help")
    assert outcome.code == 0
    for command in ("demo", "run", "replay", "audit", "config", "plugins", "doctor"):
        assert re.search(rf"^[\s│]*{command}\b", outcome.out, re.MULTILINE), command
    for group, command in (("audit", "verify"), ("config", "show"), ("plugins", "list")):
        assert command in wattbook(group, "--help").out


@pytest.mark.parametrize(
    "arguments",
    [
        ("demo",),
        ("run", "paper"),
        ("replay", "x"),
        ("audit", "verify", "x"),
        ("config", "show"),
        ("plugins", "list"),
        ("plugins", "check", "lear"),
        ("doctor",),
    ],
)
def test_every_command_takes_json(arguments: tuple[str, ...]) -> None:
    assert "--json" in wattbook(*arguments, "--help").out


def test_a_wrong_command_line_ends_with_two_and_prints_nothing_on_standard_output() -> None:
    for arguments in (("demmo",), ("demo", "--dates", DAY), ("replay",), ("plugins", "check")):
        outcome = wattbook(*arguments)
        assert (outcome.code, outcome.out) == (2, "")
        assert "Usage:" in outcome.err


def test_a_run_in_json_is_the_summary_and_nothing_else(whole: Run) -> None:
    again = wattbook("demo", "--date", DAY, "--out", whole.path, *NAIVE, "--json")
    assert (again.code, again.err) == (0, "")
    assert DaySummary.model_validate(again.json) == whole.summary
    assert again.json == json.loads((whole.path / "summary.json").read_text("utf-8"))


def test_several_days_in_json_are_one_list_and_each_day_has_its_folder(tmp_path: Path) -> None:
    outcome = wattbook(
        *("run", "backtest", "--date", "2012-01-20", "--last-date", "2012-01-21"),
        *("--out", tmp_path / "runs", *NAIVE, "--json"),
    )
    assert (outcome.code, outcome.err) == (0, "")
    days = [DaySummary.model_validate(day).run.delivery_date for day in outcome.json]
    assert days == ["2012-01-20", "2012-01-21"]
    assert sorted(path.name for path in (tmp_path / "runs").iterdir()) == days
    assert wattbook("audit", "verify", tmp_path / "runs" / days[1]).code == 0


def test_looking_prints_json_and_nothing_else(whole: Run) -> None:
    for arguments in (
        ("config", "show"),
        ("plugins", "list"),
        ("plugins", "check", "simulated"),
        ("doctor",),
        ("replay", whole.path),
        ("audit", "verify", whole.path),
    ):
        outcome = wattbook(*arguments, "--json")
        assert (outcome.code, outcome.err) == (0, "")
        assert outcome.json


FAULTS: dict[type[PlatformFault], tuple[str, ...]] = {
    errors.ConfigurationFault: ("demo", "--set", "run.sed=1"),
    errors.DataFault: ("replay", "there is no such folder"),
    errors.StorageFault: ("demo", "--out", "/dev/null/run"),
    errors.PluginFault: ("run", "paper", "--set", "plugins.allow=*,eex"),
}


@pytest.mark.parametrize("kind", FAULTS)
def test_a_fault_in_json_is_one_document_with_the_code_of_its_kind(
    kind: type[PlatformFault],
) -> None:
    plain, in_json = wattbook(*FAULTS[kind]), wattbook(*FAULTS[kind], "--json")
    assert plain.code == in_json.code == kind.exit_code
    assert plain.err == in_json.err
    # A subclass speaks for itself: QualityFault is a DataFault.
    raised = in_json.json["fault"]
    assert raised == kind.__name__ or issubclass(getattr(errors, raised, kind), kind)
    assert f"wattbook: {in_json.json['message']}\n" == plain.err
    assert in_json.json["is_retryable"] is kind.is_retryable


def test_every_kind_of_fault_has_a_code_of_its_own() -> None:
    """64 and above, so that none is taken for a failed check (1) or a wrong command line (2)."""
    kinds = [k for k in vars(errors).values() if isinstance(k, type)]
    codes = [kind.exit_code for kind in kinds if issubclass(kind, PlatformFault)]
    assert len(set(codes)) == len(codes)
    assert min(codes) >= 64


def test_config_show_tells_the_origin_of_every_value(tmp_path: Path) -> None:
    file = tmp_path / "desk.toml"
    file.write_text("[battery]\npower_mw = 7.0\nenergy_mwh = 14.0\n")
    outcome = wattbook(
        *("config", "show", "paper", "--config", file, "--set", "wind.capacity_mw=3"),
        *("--set", "storage.url=postgresql+psycopg://desk:secret@host/energy", "--json"),
        environ={"WATTBOOK__BATTERY__ENERGY_MWH": "16"},
    )
    rows = {row["key"]: row for row in outcome.json}
    assert set(rows) == known_keys()
    assert (rows["battery.power_mw"]["value"], rows["battery.power_mw"]["origin"]) == (
        "7.0",
        f"file {file}",
    )
    assert (rows["battery.energy_mwh"]["value"], rows["battery.energy_mwh"]["origin"]) == (
        "16.0",
        "environment",
    )
    assert rows["wind.capacity_mw"]["origin"] == "command line"
    assert rows["run.date"]["origin"] == "profile paper"
    assert "secret" not in outcome.out
    shown = wattbook("config", "show").out
    assert all(key in shown for key in known_keys())


def test_plugins_list_and_check_tell_what_is_offered() -> None:
    rows = {row["name"]: row for row in wattbook("plugins", "list", "--json").json}
    assert rows["simulated"]["is_simulated"] is True
    assert "strategy battery-day-ahead" in rows["battery"]["offers"]
    assert set(rows) >= {"simulated", "epex_de", "lear", "naive", "battery", "wind", "remit"}
    shown = wattbook("plugins", "list").out
    for name in rows:
        assert name in shown
        checked = wattbook("plugins", "check", name, "--json")
        assert checked.code == 0
        assert all(row["is_ok"] for row in checked.json)
    unknown = wattbook("plugins", "check", "eex")
    assert (unknown.code, unknown.out) == (78, "")
    assert "no plugin 'eex' is installed" in unknown.err


def test_doctor_names_each_extra_with_its_remedy() -> None:
    outcome = wattbook("doctor", "--json")
    names = [row["name"] for row in outcome.json]
    for extra in ("kernels", "pg", "fix", "ml", "oracle", "fpga"):
        assert f"extra {extra}" in names
    assert outcome.code == 0
    assert wattbook("doctor").out.count("ok  ") == len(names)


def test_the_same_from_python(whole: Run) -> None:
    summary = face.open_platform().run_day(
        "paper", date=date.fromisoformat(DAY), out=str(whole.path), **{"forecast.model": "naive"}
    )
    assert summary == whole.summary


def test_as_a_module_in_a_process_of_its_own(whole: Run) -> None:
    before = files(whole.path)
    with process("audit", "verify", whole.path) as running:
        out, err = running.communicate()
    assert (running.returncode, err) == (0, "")
    assert "FAIL" not in out
    assert files(whole.path) == before
