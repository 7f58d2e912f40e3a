"""Every command over a platform in memory: what it asks, what it prints, how it ends.

The platform is a second implementation of the port that the commands are written against; what it
answers is fixed, what it was asked is kept.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from tests.adapters.summaries import a_summary
from typer.testing import CliRunner

import wattbook_contracts.errors as faults
from wattbook_adapters.entrypoints.cli.app import INTERRUPTED, build_cli
from wattbook_adapters.entrypoints.platform import (
    CheckRow,
    DayPlan,
    PluginRow,
    ReplayOutcome,
    RunFollower,
    SettingRow,
    SettingsRequest,
)
from wattbook_contracts.errors import PlatformFault
from wattbook_contracts.manifest import PluginManifest
from wattbook_contracts.schemas.day_summary import DaySummary
from wattbook_contracts.version import API_VERSION


class MemoryPlatform:
    """Answers with fixed values; `fault` is raised by whatever is asked next."""

    def __init__(self, *, days: int = 1, is_well: bool = True) -> None:
        self.days = days
        self.is_well = is_well
        self.fault: BaseException | None = None
        self.requests: list[SettingsRequest] = []
        self.named: list[object] = []

    def run(self, request: SettingsRequest, follower: RunFollower) -> Sequence[DaySummary]:
        self.requests.append(request)
        return [self._run_day(number, follower) for number in range(1, self.days + 1)]

    def _run_day(self, number: int, follower: RunFollower) -> DaySummary:
        day = date(2017, 1, 24) + timedelta(days=number - 1)
        plan = DayPlan(day=day, folder=Path("runs/x"), number=number, count=self.days)
        progress = follower.began(plan)
        progress.finished(1, f"day {number}")
        if number == self.days:
            self._fail()
        summary = a_summary(day=f"{day}")
        follower.ended(plan, summary)
        return summary

    def replay(self, run: Path) -> ReplayOutcome:
        self._asked(run)
        recorded = "aa" if self.is_well else "bb"
        return ReplayOutcome(entries=3, state_hash="aa", recorded_state_hash=recorded)

    def verify_audit(self, run: Path) -> Sequence[CheckRow]:
        return self._checks(run)

    def settings(self, request: SettingsRequest) -> Sequence[SettingRow]:
        self.requests.append(request)
        self._fail()
        return [SettingRow(key="run.seed", value="7", origin="profile paper")]

    def plugins(self) -> Sequence[PluginRow]:
        self._fail()
        manifest = PluginManifest(
            name="lear", summary="A model.", api_version=API_VERSION, licence="Apache-2.0"
        )
        return [PluginRow(manifest=manifest, offers=("forecaster lear",))]

    def check_plugin(self, name: str) -> Sequence[CheckRow]:
        return self._checks(name)

    def doctor(self) -> Sequence[CheckRow]:
        return self._checks("doctor")

    def _checks(self, name: object) -> Sequence[CheckRow]:
        self._asked(name)
        return [
            CheckRow(name="first", is_ok=True, text="fine"),
            CheckRow(name="second", is_ok=self.is_well, text="looked at"),
        ]

    def _asked(self, name: object) -> None:
        self.named.append(name)
        self._fail()

    def _fail(self) -> None:
        if self.fault is not None:
            raise self.fault


def call(platform: MemoryPlatform, *arguments: str) -> Result:
    result = CliRunner().invoke(build_cli(lambda: platform), arguments, env={"COLUMNS": "80"})
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def document_of(result: Result) -> Any:
    """Return the one document on standard output; anything beside it would not parse."""
    return json.loads(result.stdout)


RUNNING = [("demo",), ("run", "paper")]
CHECKING = [("audit", "verify", "runs/x"), ("plugins", "check", "lear"), ("doctor",)]
COMMANDS = [*RUNNING, *CHECKING, ("replay", "runs/x"), ("config", "show"), ("plugins", "list")]
FAULTS = sorted(
    (
        fault
        for fault in vars(faults).values()
        if isinstance(fault, type) and issubclass(fault, PlatformFault)
    ),
    key=lambda fault: fault.__name__,
)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_ends_well_and_says_something(command: tuple[str, ...]) -> None:
    result = call(MemoryPlatform(), *command)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.strip()


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_prints_one_document_on_request(command: tuple[str, ...]) -> None:
    result = call(MemoryPlatform(), *command, "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    assert document_of(result)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_is_one_line_one_code_and_one_document(
    command: tuple[str, ...], fault: type[PlatformFault]
) -> None:
    platform = MemoryPlatform()
    platform.fault = (
        fault(extra="ml", package="torch", purpose="this")  # type: ignore[call-arg]
        if fault is faults.MissingExtraFault
        else fault("the rule,\nthe value [bold]; what to do")
    )
    platform.fault.add_note("and where")
    text = f"{platform.fault}; and where".replace("\n", " ")
    plain, as_json = call(platform, *command), call(platform, *command, "--json")
    assert plain.stderr == as_json.stderr == f"wattbook: {text}\n"
    assert plain.exit_code == as_json.exit_code == fault.exit_code >= 64
    assert document_of(as_json) == {
        "fault": fault.__name__,
        "message": text,
        "is_retryable": fault.is_retryable,
    }


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_an_interrupted_command_ends_as_a_shell_expects(command: tuple[str, ...]) -> None:
    platform = MemoryPlatform()
    platform.fault = KeyboardInterrupt()
    result = call(platform, *command)
    assert result.exit_code == INTERRUPTED == 128 + 2
    assert result.stderr == (
        "wattbook: interrupted; a run that is started again goes on where it stopped\n"
    )


@pytest.mark.parametrize("command", [*CHECKING, ("replay", "runs/x")], ids=" ".join)
@pytest.mark.parametrize("form", [(), ("--json",)])
def test_a_check_that_fails_ends_with_one(command: tuple[str, ...], form: tuple[str, ...]) -> None:
    assert call(MemoryPlatform(is_well=False), *command, *form).exit_code == 1


def test_a_defect_is_not_dressed_up_as_a_fault() -> None:
    platform = MemoryPlatform()
    platform.fault = ZeroDivisionError("ours")
    with pytest.raises(ZeroDivisionError, match="ours"):
        call(platform, "demo")


def test_the_documents_say_what_the_tables_say() -> None:
    platform = MemoryPlatform()
    assert document_of(call(platform, "demo", "--json")) == a_summary().model_dump(mode="json")
    assert document_of(call(platform, "replay", "r", "--json")) == {
        "entries": 3,
        "state_hash": "aa",
        "recorded_state_hash": "aa",
        "documents": 0,
        "differing": [],
        "is_same": True,
    }
    assert document_of(call(platform, "config", "show", "--json")) == [
        {"key": "run.seed", "value": "7", "origin": "profile paper"}
    ]
    assert document_of(call(platform, "plugins", "list", "--json")) == [
        {
            "name": "lear",
            "summary": "A model.",
            "api_version": str(API_VERSION),
            "licence": "Apache-2.0",
            "is_simulated": False,
            "offers": ["forecaster lear"],
        }
    ]
    assert document_of(call(platform, "doctor", "--json"))[0] == {
        "name": "first",
        "is_ok": True,
        "text": "fine",
    }


def test_several_days_are_a_list_of_documents() -> None:
    documents = document_of(call(MemoryPlatform(days=3), "run", "backtest", "--json"))
    assert [d["run"]["delivery_date"] for d in documents] == [
        "2017-01-24",
        "2017-01-25",
        "2017-01-26",
    ]


def test_several_days_show_a_line_each_and_a_total() -> None:
    lines = call(MemoryPlatform(days=2), "run", "backtest").stdout.splitlines()
    assert [line.split(" P&L")[0].strip() for line in lines if "P&L" in line] == [
        "2017-01-24",
        "2017-01-25",
        "2 days",
    ]


def test_a_fault_on_a_later_day_leaves_the_earlier_ones_on_screen() -> None:
    platform = MemoryPlatform(days=2)
    platform.fault = faults.DataFault("no such day")
    result = call(platform, "run", "backtest")
    assert result.exit_code == faults.DataFault.exit_code
    assert "2017-01-24 P&L" in result.stdout
    assert "2017-01-25 P&L" not in result.stdout


def test_named_options_and_set_become_overrides_by_dotted_key() -> None:
    platform = MemoryPlatform()
    call(
        platform,
        *("run", "backtest", "--config", "desk.toml", "--out", "o", "--data", "d.csv"),
        *("--date", "2017-01-24", "--last-date", "2017-01-25"),
        *("--set", "venues.continuous = POWERX,ENERGEX", "--set", "storage.url=sqlite:///a=b"),
    )
    (request,) = platform.requests
    assert request == SettingsRequest(
        profile="backtest",
        file=Path("desk.toml"),
        overrides={
            "run.date": "2017-01-24",
            "run.last_date": "2017-01-25",
            "run.out": Path("o"),
            "market.file": Path("d.csv"),
            "venues.continuous": "POWERX,ENERGEX",
            "storage.url": "sqlite:///a=b",
        },
    )


def test_the_demo_is_the_paper_profile_in_its_own_folder() -> None:
    platform = MemoryPlatform()
    call(platform, "demo")
    assert platform.requests == [
        SettingsRequest(profile="paper", overrides={"run.out": Path("runs/demo")})
    ]


def test_set_has_the_last_word() -> None:
    platform = MemoryPlatform()
    call(platform, "demo", "--date", "2017-01-24", "--set", "run.date=2017-01-25")
    assert platform.requests[0].overrides["run.date"] == "2017-01-25"


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        (["battery.power_mw"], "takes KEY=VALUE, found 'battery.power_mw'"),
        (["=5"], "takes KEY=VALUE, found '=5'"),
        ([" = 5"], "takes KEY=VALUE, found ' = 5'"),
        ([""], "takes KEY=VALUE, found ''"),
        (["a.b=1", "a.b=2"], "takes each key once, found a.b as '1' and as '2'"),
    ],
)
@pytest.mark.parametrize("command", [("demo",), ("run", "paper"), ("config", "show")], ids=" ".join)
def test_a_setting_that_cannot_be_read_is_told(
    command: tuple[str, ...], setting: list[str], words: str
) -> None:
    options = [part for text in setting for part in ("--set", text)]
    result = call(MemoryPlatform(), *command, *options)
    assert result.exit_code == faults.ConfigurationFault.exit_code
    assert words in result.stderr


@pytest.mark.parametrize(
    "arguments", [("trade",), ("run",), ("replay",), ("demo", "--no-such"), ("run", "a", "b")]
)
def test_a_wrong_command_line_ends_with_two(arguments: tuple[str, ...]) -> None:
    result = call(MemoryPlatform(), *arguments)
    assert result.exit_code == 2
    assert result.stderr


def test_help_names_every_command_and_opens_no_platform() -> None:
    def open_platform() -> MemoryPlatform:
        raise AssertionError("help needs no platform")

    result = CliRunner().invoke(build_cli(open_platform), ["--help"])
    assert result.exit_code == 0
    for name in ("demo", "run", "replay", "audit", "config", "plugins", "doctor"):
        assert f" {name} " in result.stdout
