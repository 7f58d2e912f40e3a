"""Progress: a table that fills on a terminal, a line a finished step in a log, silence for data."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import pytest
from rich.console import Console
from tests.adapters.summaries import a_summary

from wattbook_adapters.entrypoints.cli.progress import Silence, TerminalFollower
from wattbook_adapters.entrypoints.platform import DayPlan

STEPS = ("Reception", "Signal")
HOSTILE = "[red]17 MW[/nothing]"


def console(*, is_terminal: bool) -> Console:
    return Console(file=io.StringIO(), width=80, force_terminal=is_terminal, color_system=None)


def text_of(console: Console) -> str:
    return str(console.file.getvalue())  # type: ignore[attr-defined]


def plan(number: int = 1, count: int = 1) -> DayPlan:
    day = date(2017, 1, 23 + number)
    return DayPlan(day=day, folder=Path("runs") / f"{day}", number=number, count=count)


def test_without_a_terminal_each_finished_step_is_one_line_however_long() -> None:
    log = console(is_terminal=False)
    with TerminalFollower(log, STEPS) as follower:
        progress = follower.began(plan())
        progress.advanced(1, "half way")
        progress.finished(1, f"{HOSTILE} {'x' * 100}")
        progress.finished(2, "done")
    assert text_of(log).splitlines() == [
        f"[1/2] Reception: {HOSTILE} {'x' * 100}",
        "[2/2] Signal: done",
    ]


def test_one_of_several_days_is_named_on_each_line_and_ends_in_one_line() -> None:
    log = console(is_terminal=False)
    with TerminalFollower(log, STEPS) as follower:
        for number in (1, 2):
            follower.began(plan(number, 2)).finished(1, "done")
            follower.ended(plan(number, 2), a_summary(day=f"2017-01-{23 + number}"))
    lines = text_of(log).splitlines()
    assert lines[0] == "2017-01-24 (1 of 2) [1/2] Reception: done"
    assert lines[1].startswith("2017-01-24 P&L     1,238.25 EUR")
    assert lines[2] == "2017-01-25 (2 of 2) [1/2] Reception: done"
    assert lines[3].startswith("2017-01-25 P&L     1,238.25 EUR")
    assert len(lines) == 4


def test_a_single_day_ends_in_the_table_with_its_folder() -> None:
    log = console(is_terminal=False)
    with TerminalFollower(log, STEPS) as follower:
        follower.began(plan())
        follower.ended(plan(), a_summary())
    assert "Read runs/2017-01-24/report.html" in text_of(log)


def test_on_a_terminal_the_steps_are_a_table_that_stays() -> None:
    terminal = console(is_terminal=True)
    with TerminalFollower(terminal, STEPS) as follower:
        progress = follower.began(plan())
        progress.advanced(1, HOSTILE)
        progress.finished(1, "received")
        progress.advanced(2, "half way")
    shown = text_of(terminal)
    assert "✓ 1 Reception received" in shown
    assert "… 2 Signal    half way" in shown
    assert shown.endswith("\x1b[?25h"), "the cursor is shown again"


def test_on_a_terminal_one_of_several_days_is_named() -> None:
    terminal = console(is_terminal=True)
    with TerminalFollower(terminal, STEPS) as follower:
        follower.began(plan(2, 3)).advanced(1, "half way")
    assert "2017-01-25 (2 of 3)" in text_of(terminal)


def test_a_day_that_fails_gives_the_terminal_back() -> None:
    terminal = console(is_terminal=True)

    def fail() -> None:
        with TerminalFollower(terminal, STEPS) as follower:
            follower.began(plan()).advanced(1, "half way")
            raise RuntimeError("failed")

    with pytest.raises(RuntimeError, match="failed"):
        fail()
    assert text_of(terminal).endswith("\x1b[?25h")


def test_silence_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    silence = Silence()
    progress = silence.began(plan())
    progress.advanced(1, "half way")
    progress.finished(1, "done")
    silence.ended(plan(), a_summary())
    assert capsys.readouterr() == ("", "")
