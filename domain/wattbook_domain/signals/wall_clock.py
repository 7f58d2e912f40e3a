"""Decides how a table with one row for every wall-clock hour name maps onto real delivery hours.

Published price sets often normalise clock changes away: every day has the same number of rows. A
contract is delivered over real hours: 23 in spring, 25 in autumn. The rule here is derived from
the zone alone: each real hour takes the row that bears its wall-clock name. A row that no real
hour bears is dropped, a row that two real hours bear is repeated, and each leaves a note.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Final, TypeVar

import attrs

from wattbook_domain.delivery.granularity import Granularity
from wattbook_domain.delivery.period import DeliveryPeriod
from wattbook_domain.signals.quality import QualityCode, QualityNote

T = TypeVar("T")

WALL_CLOCK_ROWS: Final = 24
"""Hour names on the face of the clock, 00 to 23: the width of a normalised table, never a day."""


@attrs.frozen
class WallClockMap:
    """Real delivery hours of one local day, each with the row of the normalised table it takes."""

    day: date
    zone: str
    intervals: tuple[DeliveryPeriod, ...]
    rows: tuple[int, ...]

    @property
    def notes(self) -> tuple[QualityNote, ...]:
        """The repairs this day needs; none on an ordinary day."""
        uses = Counter(self.rows)
        dropped = [
            QualityNote(QualityCode.DROPPED_NONEXISTENT_HOUR, self.day, row)
            for row in range(WALL_CLOCK_ROWS)
            if row not in uses
        ]
        repeated = [
            QualityNote(QualityCode.REPEATED_DOUBLED_HOUR, self.day, row)
            for row in sorted(uses)
            if uses[row] > 1
        ]
        return (*dropped, *repeated)

    def spread(self, rows: Sequence[T]) -> tuple[T, ...]:
        """Give each real delivery hour the value of its row.

        Raises:
            ValueError: unless there is one value for every wall-clock hour name.
        """
        if len(rows) != WALL_CLOCK_ROWS:
            raise ValueError(
                f"a normalised day has {WALL_CLOCK_ROWS} wall-clock rows, found {len(rows)}"
            )
        return tuple(rows[row] for row in self.rows)


@lru_cache(maxsize=4096)
def map_wall_clock(day: date, zone: str) -> WallClockMap:
    """Map the wall-clock rows of a local day to its real hours.

    >>> len(map_wall_clock(date(2017, 3, 26), "Europe/Berlin").rows)
    23
    >>> map_wall_clock(date(2017, 10, 29), "Europe/Berlin").rows[:5]
    (0, 1, 2, 2, 3)

    Raises:
        ValueError: where the zone changes its clock by other than whole hours.
    """
    intervals = DeliveryPeriod.day(day, zone).split(Granularity.HOUR)
    return WallClockMap(day, zone, intervals, tuple(p.local_start.hour for p in intervals))
