"""Frames say what the summary says, on clocks that can tell a doubled hour apart."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from wattbook import interval_frame, open_platform, profit_frame
from wattbook_contracts.schemas.day_summary import DaySummary


@pytest.fixture(scope="module")
def summary(tmp_path_factory: pytest.TempPathFactory) -> DaySummary:
    out: Path = tmp_path_factory.mktemp("run")
    settings = {"date": "2017-10-29", "out": out, "forecast.model": "naive"}
    return open_platform().run_day("paper", **settings)


def test_an_autumn_day_has_25_rows_that_differ_in_their_start(summary: DaySummary) -> None:
    frame = interval_frame(summary)
    assert len(frame) == 25
    assert frame.index.is_unique
    assert str(frame.index.tz) == "Europe/Berlin"
    doubled = frame[frame.index.hour == 2]
    assert [
        offset.total_seconds() / 3600 for offset in map(pd.Timestamp.utcoffset, doubled.index)
    ] == [2, 1]


def test_columns_carry_the_summary_figures(summary: DaySummary) -> None:
    frame = interval_frame(summary)
    for name in ("price_actual", "battery_mw", "imbalance_mw"):
        assert frame[name].tolist() == [getattr(row, name) for row in summary.intervals]


def test_the_walk_adds_up_to_the_result(summary: DaySummary) -> None:
    total = profit_frame(summary)["amount_eur"].sum()
    assert total == pytest.approx(summary.profit.total, abs=0.05)  # parts are rounded to the cent
