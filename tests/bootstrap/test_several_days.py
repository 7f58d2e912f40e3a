"""Several days in a row: a folder each; a day that fails is named and the days before it are kept.

The packaged data end with 2017, so the second of these two days cannot be run.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from wattbook.platform import open_platform
from wattbook_adapters.entrypoints.cli.app import build_cli
from wattbook_contracts.errors import DataFault

DAYS = {"date": "2017-12-31", "last_date": "2018-01-01", "forecast.model": "naive"}


def hashes(folder: Path) -> dict[str, str]:
    """Return what lies in a run's folder, without the database, whose pages are its own."""
    return {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and not file.name.startswith("journal.")
    }


@pytest.mark.slow
def test_a_day_that_fails_is_named_and_the_days_before_it_go_on_unchanged(tmp_path: Path) -> None:
    platform = open_platform()
    with pytest.raises(DataFault, match="found 2018-01-01") as caught:
        platform.run_days("backtest", out=tmp_path, **DAYS)
    (note,) = caught.value.__notes__
    assert note.startswith("this was 2018-01-01, day 2 of 2; the days before it are finished in")
    assert [path.name for path in tmp_path.iterdir()] == ["2017-12-31"]
    kept = hashes(tmp_path / "2017-12-31")
    assert {"summary.json", "report.html", "audit.jsonl", "run.json"} <= kept.keys()

    # The same command goes on: the finished day is found, and the missing one is missing still.
    arguments = [part for k, v in DAYS.items() if "." in k for part in ("--set", f"{k}={v}")]
    arguments += ["--date", DAYS["date"], "--last-date", DAYS["last_date"]]
    again = CliRunner().invoke(
        build_cli(open_platform), ["run", "backtest", "--out", str(tmp_path), *arguments]
    )
    assert again.exit_code == DataFault.exit_code
    assert "2017-12-31 (1 of 2) [8/8] Profit and loss" in again.stdout
    summary = json.loads((tmp_path / "2017-12-31" / "summary.json").read_text("utf-8"))
    profit = f"{summary['profit']['total']:,.2f}"
    assert f"2017-12-31 P&L {profit:>12} EUR" in again.stdout
    assert again.stderr.count("\n") == 1
    assert "found 2018-01-01; choose a date in that range; this was 2018-01-01" in again.stderr
    assert hashes(tmp_path / "2017-12-31") == kept
