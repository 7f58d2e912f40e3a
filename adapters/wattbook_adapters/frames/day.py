"""Turns a day's summary into frames; figures are the summary's own, nothing is computed."""

from __future__ import annotations

import pandas as pd

from wattbook_contracts.schemas.day_summary import DaySummary


def interval_frame(summary: DaySummary) -> pd.DataFrame:
    """Return one row per delivery interval, indexed by its start on the market's clock.

    The index is aware of the zone, so the two hours called 02:00 of an autumn clock change are two
    rows with two offsets. Columns are those of `IntervalPart`, units last in their names.
    """
    rows = [row.model_dump(exclude={"start"}) for row in summary.intervals]
    starts = pd.to_datetime([row.start for row in summary.intervals], utc=True)
    index = starts.tz_convert(summary.run.zone).rename("start")
    return pd.DataFrame(rows, index=index)


def profit_frame(summary: DaySummary) -> pd.DataFrame:
    """Return the walk from the planned to the realised result, one row per part."""
    parts = [(part.name, part.amount) for part in summary.profit.explain]
    frame = pd.DataFrame(parts, columns=["part", f"amount_{summary.run.currency.lower()}"])
    return frame.set_index("part")
