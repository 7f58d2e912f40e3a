"""Decides whether a price file is sound; a file that is not is refused whole, never repaired.

The layout is that of the epftoolbox benchmark: a header, then one row for each wall-clock hour
name of each day: local time, price with at most two decimals, two published forecasts. Every row
is compared with the one row that can stand there, so nothing can be missing, doubled or swapped.
"""

from __future__ import annotations

import gzip
import hashlib
import math
import re
import zlib
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final, NoReturn

import attrs
import numpy as np
from numpy.typing import NDArray

from wattbook_contracts.ports.market_feed import QualityFault
from wattbook_domain.foundation.bounds import PRICE_TICKS_ABS_MAX
from wattbook_domain.signals.quality import QualityCode
from wattbook_domain.signals.series import Floats
from wattbook_domain.signals.wall_clock import WALL_CLOCK_ROWS

HEADER: Final = ",Price,Ampirion Load Forecast,PV+Wind Forecast"
DRIVER_NAMES: Final = ("load_forecast_mw", "wind_solar_forecast_mw")

_FIELDS: Final = 2 + len(DRIVER_NAMES)
_PRICE: Final = re.compile(r"-?\d+(\.\d{1,2})?")
_NUMBER: Final = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?")
_ABSENT: Final = frozenset({"", "nan", "na", "n/a", "null", "none", "-"})
_HOUR_NAMES: Final = tuple(f" {hour:02d}:00:00" for hour in range(WALL_CLOCK_ROWS))
_RESTORE: Final = "restore the file from its source, or leave it out to use the packaged one"


@attrs.frozen(kw_only=True)
class DayFile:
    """A sound price file: consecutive days by wall-clock hour name.

    Attributes:
        source: the file's name, for messages.
        content_sha256: of the file as it lies on disk.
        price_cents: days x wall-clock hour names, exact hundredths of a euro per MWh.
        drivers: days x wall-clock hour names x `DRIVER_NAMES`, in MW.
    """

    source: str
    content_sha256: str
    first_day: date
    price_cents: NDArray[np.int64]
    drivers: Floats


def read_day_file(content: bytes, *, source: str, expected_sha256: str | None = None) -> DayFile:
    """Read a price file, gzipped if its name ends in `.gz`.

    Raises:
        QualityFault: at the first defect, with the file, the line, the rule and the value found.
    """
    digest = hashlib.sha256(content).hexdigest()
    if expected_sha256 is not None and digest != expected_sha256:
        raise QualityFault(
            QualityCode.CHANGED_CONTENT,
            f"{source} must have the SHA-256 {expected_sha256}, found {digest}; "
            "reinstall the package",
        )
    lines = _text(content, source).split("\n")
    if lines[0] != HEADER:
        _refuse(QualityCode.CHANGED_HEADER, source, 1, f"the header must be {HEADER!r}", lines[0])
    if lines[-1] == "":
        lines.pop()
    return _Rows(source, lines[1:]).read(digest)


def _text(content: bytes, source: str) -> str:
    try:
        plain = gzip.decompress(content) if source.endswith(".gz") else content
        return plain.decode("ascii")
    except (gzip.BadGzipFile, EOFError, zlib.error, UnicodeDecodeError) as cause:
        raise QualityFault(
            QualityCode.CORRUPT_FILE,
            f"{source} must be {'gzipped ' if source.endswith('.gz') else ''}ASCII text, "
            f"found {cause}; {_RESTORE}",
        ) from cause


def _refuse(code: QualityCode, source: str, line: int, rule: str, found: object) -> NoReturn:
    raise QualityFault(code, f"{source} line {line}: {rule}, found {found!r}; {_RESTORE}")


@attrs.frozen
class _Rows:
    """The rows below the header; row i stands on line i + 2."""

    source: str
    rows: Sequence[str]

    def read(self, digest: str) -> DayFile:
        first_day = self._first_day()
        price_cents: list[int] = []
        drivers: list[list[float]] = []
        day = first_day.isoformat()
        for index, row in enumerate(self.rows):
            fields = row.split(",")
            if len(fields) != _FIELDS:
                self._fault(
                    QualityCode.WRONG_FIELD_COUNT, index, f"a row has {_FIELDS} fields", row
                )
            hour = index % WALL_CLOCK_ROWS
            if hour == 0:
                day = (first_day + timedelta(days=index // WALL_CLOCK_ROWS)).isoformat()
            if fields[0] != day + _HOUR_NAMES[hour]:
                self._misplaced(first_day, index, fields[0])
            price_cents.append(self._cents(index, fields[1]))
            drivers.append([self._number(index, text, "a forecast") for text in fields[2:]])
        if len(self.rows) % WALL_CLOCK_ROWS:
            end = _stamp(first_day, len(self.rows))
            self._fault(QualityCode.MISSING_HOUR, len(self.rows), f"the row {end} is due", "no row")
        shape = (-1, WALL_CLOCK_ROWS)
        return DayFile(
            source=self.source,
            content_sha256=digest,
            first_day=first_day,
            price_cents=np.array(price_cents, dtype=np.int64).reshape(shape),
            drivers=np.array(drivers, dtype=np.float64).reshape(*shape, len(DRIVER_NAMES)),
        )

    def _first_day(self) -> date:
        if not self.rows:
            self._fault(QualityCode.MISSING_HOUR, 0, "at least one day of rows is due", "no row")
        first = self._time(0, self.rows[0].split(",")[0])
        if first.hour:
            self._fault(QualityCode.MISSING_HOUR, 0, "the first row is hour 00:00", str(first))
        return first.date()

    def _time(self, index: int, text: str) -> datetime:
        try:
            stamp = datetime.strptime(text, "%Y-%m-%d %H:%M:%S")  # noqa: DTZ007 - a clock's face
        except ValueError:
            self._fault(
                QualityCode.UNREADABLE_TIME, index, "a time reads YYYY-MM-DD HH:00:00", text
            )
        if stamp.minute or stamp.second or str(stamp) != text:
            self._fault(
                QualityCode.UNREADABLE_TIME, index, "a time reads YYYY-MM-DD HH:00:00", text
            )
        return stamp

    def _misplaced(self, first_day: date, index: int, found: str) -> NoReturn:
        due = _stamp(first_day, index)
        self._time(index, found)
        rule = f"the row {due} is due"
        if first_day.isoformat() <= found < due:  # every hour before the due one was accepted
            self._fault(QualityCode.DUPLICATE_HOUR, index, rule, found)
        if found < due or any(row.startswith(due) for row in self.rows[index:]):
            self._fault(QualityCode.OUT_OF_ORDER, index, rule, found)
        self._fault(QualityCode.MISSING_HOUR, index, rule, found)

    def _cents(self, index: int, text: str) -> int:
        if _PRICE.fullmatch(text) is None:
            self._number(index, text, "a price")
            self._fault(
                QualityCode.OFF_TICK, index, "a price has at most two decimals, no exponent", text
            )
        whole, _, fraction = text.partition(".")
        cents = int(whole + fraction.ljust(2, "0"))
        if abs(cents) > PRICE_TICKS_ABS_MAX:
            limit = Decimal(PRICE_TICKS_ABS_MAX).scaleb(-2)
            self._fault(
                QualityCode.OUT_OF_BOUNDS, index, f"a price lies within +-{limit} EUR/MWh", text
            )
        return cents

    def _number(self, index: int, text: str, what: str) -> float:
        if _NUMBER.fullmatch(text) is None:
            if text.strip().lower() in _ABSENT:
                self._fault(QualityCode.MISSING_VALUE, index, f"{what} must be present", text)
            self._fault(QualityCode.NOT_A_NUMBER, index, f"{what} must be a plain number", text)
        value = float(text)
        if not math.isfinite(value):
            self._fault(QualityCode.OUT_OF_BOUNDS, index, f"{what} must be finite", text)
        return value

    def _fault(self, code: QualityCode, index: int, rule: str, found: str) -> NoReturn:
        _refuse(code, self.source, index + 2, rule, found)


def _stamp(first_day: date, index: int) -> str:
    days, hour = divmod(index, WALL_CLOCK_ROWS)
    return (first_day + timedelta(days=days)).isoformat() + _HOUR_NAMES[hour]
