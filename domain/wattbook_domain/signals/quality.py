"""Decides by which name a defect or a named repair of market data is known, on screen and on file.

Whether a defect stops the run is for whoever reads the data: a feed refuses it, never repairs it.
The two `..._HOUR` repairs at the end are the only ones there are, and both leave a note.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Final

import attrs


class QualityCode(StrEnum):
    """Why data was refused, or by which named rule it was fitted to real delivery hours."""

    UNREADABLE_FILE = "UNREADABLE_FILE"
    CORRUPT_FILE = "CORRUPT_FILE"
    CHANGED_CONTENT = "CHANGED_CONTENT"
    CHANGED_HEADER = "CHANGED_HEADER"
    WRONG_FIELD_COUNT = "WRONG_FIELD_COUNT"
    UNREADABLE_TIME = "UNREADABLE_TIME"
    MISSING_HOUR = "MISSING_HOUR"
    DUPLICATE_HOUR = "DUPLICATE_HOUR"
    OUT_OF_ORDER = "OUT_OF_ORDER"
    MISSING_VALUE = "MISSING_VALUE"
    NOT_A_NUMBER = "NOT_A_NUMBER"
    OFF_TICK = "OFF_TICK"
    OUT_OF_BOUNDS = "OUT_OF_BOUNDS"
    UNKNOWN_DATE = "UNKNOWN_DATE"
    NOT_YET_PUBLISHED = "NOT_YET_PUBLISHED"
    DROPPED_NONEXISTENT_HOUR = "DROPPED_NONEXISTENT_HOUR"
    REPEATED_DOUBLED_HOUR = "REPEATED_DOUBLED_HOUR"


_REPAIRS: Final = {
    QualityCode.DROPPED_NONEXISTENT_HOUR: "the row {hour:02d}:00 was dropped, the clock skips it",
    QualityCode.REPEATED_DOUBLED_HOUR: "the row {hour:02d}:00 serves both hours of that name",
}


@attrs.frozen
class QualityNote:
    """One named repair: on which local day, and to which row of its wall-clock table."""

    code: QualityCode
    day: date
    wall_hour: int

    def __attrs_post_init__(self) -> None:
        if self.code not in _REPAIRS:
            raise ValueError(
                f"a quality note names a repair ({', '.join(_REPAIRS)}), found {self.code}"
            )

    def explain(self) -> str:
        """Return one line for the screen and the report."""
        return f"{self.code} {self.day}: {_REPAIRS[self.code].format(hour=self.wall_hour)}"
