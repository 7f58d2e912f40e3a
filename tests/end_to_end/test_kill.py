"""kill -9 anywhere in a run: the run goes on and ends byte for byte as one that never stopped.

No fill is lost, none is booked twice, and nobody can tell from the files that there was a crash.
Wind is set to ten times the demo's, so that every decision is split over both venues.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Self

import pytest

from tests.end_to_end.conftest import NAIVE, Finished
from tests.end_to_end.runs import ROOT, WIDE, Run, copy_of, files, process, tables, wattbook

pytestmark = pytest.mark.xdist_group("end_to_end_kill")

DAY = "2017-01-24"
OPTIONS = (*NAIVE, "--set", "wind.capacity_mw=150")


def command(out: Path) -> tuple[str, ...]:
    return ("run", "paper", "--date", DAY, "--out", str(out), *OPTIONS)


class Killer:
    """Runs one command again and again, and has it killed each time; see `crash`."""

    def __init__(self, out: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.end_to_end.crash", *command(out)],
            cwd=ROOT,
            env={**os.environ, **WIDE},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def kill_at(self, point: str) -> None:
        """Run until the point, and see that the process was killed there and nowhere else."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{point}\n")
        self._process.stdin.flush()
        assert self._process.stdout.readline() == f"{-signal.SIGKILL}\n", point

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()


def assert_as_if_unbroken(out: Path, whole: Run) -> None:
    assert files(out) == files(whole.path)
    kept, expected = tables(out), tables(whole.path)
    assert kept.keys() == expected.keys()
    for name, rows in expected.items():
        assert kept[name] == rows, name


def fill_keys(path: Path) -> list[tuple[str, str]]:
    return [(row[1], row[2]) for row in tables(path)["fills"]]


def test_the_unbroken_run_trades_on_every_venue(finished: Finished) -> None:
    """What the tests below rely on: each crash can fall between reports of several venues."""
    run, outcome = finished(DAY, *OPTIONS)
    assert outcome.code == 0
    assert {fill.venue_id for fill in run.state.fills} == {"DAYAHEAD", "POWERX", "ENERGEX"}


@pytest.mark.slow
@pytest.mark.parametrize("line", ["[2/8] Signal", "[6/8] Execution monitoring"])
def test_a_run_killed_after_a_printed_step_goes_on(
    line: str, tmp_path: Path, finished: Finished
) -> None:
    whole, _ = finished(DAY, *OPTIONS)
    out = tmp_path / "run"
    with process(*command(out)) as running:
        assert running.stdout is not None
        assert any(printed.startswith(line) for printed in running.stdout)
        running.kill()
        assert running.wait() == -signal.SIGKILL
    assert not (out / "summary.json").exists()
    assert wattbook(*command(out)).code == 0
    assert_as_if_unbroken(out, whole)


# Each process goes on where the one before it died, and counts from its own start.
DEATHS = (
    "before-append:1",  # nothing is kept yet
    "after-append:5",  # the forecast is made, the battery is planned
    "after-send:2",  # two of the battery's bids are with the auction, the others are not
    "in-rebuild:1",  # while the auction is brought back
    "before-append:1",  # all those bids are with the auction, none of their reports is kept
    "after-send:9",  # among the wind's bids
    "after-append:4",
    "after-append:12",  # intraday trading goes on
    "after-send:2",  # one venue has its part of an order, the other does not
    "before-append:31",
    "rename:20170125_REMITTable1_V3_A0000DEMO.DE_1.xml",
    "open:report.html",  # the day is closed, the summary is written, the page is not
    "before-append:1",  # both are written, and not yet in the journal
)


@pytest.mark.slow
def test_a_run_killed_again_and_again_ends_as_if_unbroken(
    tmp_path: Path, finished: Finished
) -> None:
    whole, _ = finished(DAY, *OPTIONS)
    expected = sorted(tables(whole.path)["journal"], key=lambda row: row[1])
    out, length = tmp_path / "run", 0
    with Killer(out) as killer:
        for point in DEATHS:
            killer.kill_at(point)
            kept = sorted(tables(out)["journal"], key=lambda row: row[1])
            assert kept == expected[: len(kept)], point
            assert len(kept) >= length, point
            length = len(kept)
    assert wattbook(*command(out)).code == 0
    assert_as_if_unbroken(out, whole)
    keys = fill_keys(out)
    assert len(keys) == len(set(keys)) == len(whole.state.fills)
    assert wattbook("audit", "verify", out).code == 0


def test_a_killed_run_is_seen_as_unfinished_and_not_as_altered(tmp_path: Path) -> None:
    out = tmp_path / "run"
    with Killer(out) as killer:
        killer.kill_at("after-append:30")
    replayed = wattbook("replay", out, "--json")
    assert replayed.code == 1
    assert replayed.json["recorded_state_hash"] is None
    verified = wattbook("audit", "verify", out, "--json")
    assert verified.code == 1
    chains, end = verified.json
    assert chains["is_ok"]
    assert (end["name"], end["is_ok"]) == ("end", False)
    assert "go on with the run" in end["text"]


def test_a_finished_run_started_again_changes_nothing(tmp_path: Path, finished: Finished) -> None:
    whole, _ = finished(DAY, *OPTIONS)
    out = copy_of(whole, tmp_path / "run")
    again = wattbook(*command(out))
    assert again.code == 0
    assert "[8/8] Profit and loss" in again.out
    assert_as_if_unbroken(out, whole)
