"""Decides what a price forecast says and what it must be asked with; models decide the numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from typing import Final

import attrs

from wattbook_domain.delivery.period import DeliveryPeriod
from wattbook_domain.foundation.instants import UtcNs
from wattbook_domain.signals.series import DayOutlook, DayTable

DECIMALS: Final = 6
"""A forecast is kept as a fact; past six decimals only the arithmetic of one machine speaks."""


@attrs.frozen(kw_only=True)
class ForecastQuestion:
    """Everything a day-ahead model may know: the settled past and the outlook of the day.

    Attributes:
        history: every known day before the outlook's, the last being its eve.
        issued_at: the instant at which the answer is given.
        level: the coverage the interval should have, between 0 and 1.
    """

    history: DayTable
    outlook: DayOutlook
    issued_at: UtcNs
    level: float = 0.9

    def __attrs_post_init__(self) -> None:
        if self.history.end_day != self.outlook.day:
            raise ValueError(
                f"history must end on the eve of the day asked for, {self.outlook.day}; its next "
                f"day is {self.history.end_day}"
            )
        if self.history.driver_names != self.outlook.driver_names:
            raise ValueError(
                f"history and outlook must name the same drivers, found "
                f"{self.history.driver_names} and {self.outlook.driver_names}"
            )
        _require_level(self.level)

    @property
    def day(self) -> date:
        """The local day asked for."""
        return self.outlook.day


@attrs.frozen(kw_only=True)
class Forecast:
    """Prices expected over consecutive delivery intervals, with an interval that says its level.

    Attributes:
        model: which model spoke, and with what, in words fit for a report.
        issued_at: when it spoke; nothing published later went in.
        intervals: delivery intervals, ascending and contiguous.
        point: expected price in currency per MWh for each interval; negative is ordinary.
        level: share of prices that shall fall within `lower` and `upper`.
        lower: lower bound of each interval, in currency per MWh.
        upper: upper bound of each interval, in currency per MWh.
        calibration: by which method and on which data `level` was reached.
    """

    model: str
    issued_at: UtcNs
    intervals: tuple[DeliveryPeriod, ...]
    point: tuple[float, ...]
    level: float
    lower: tuple[float, ...]
    upper: tuple[float, ...]
    calibration: str

    def __attrs_post_init__(self) -> None:
        _require_level(self.level)
        if not self.intervals:
            raise ValueError("a forecast covers at least one delivery interval, found none")
        for name, values in (("point", self.point), ("lower", self.lower), ("upper", self.upper)):
            if len(values) != len(self.intervals):
                raise ValueError(
                    f"{name} must have {len(self.intervals)} values, found {len(values)}"
                )
            if not all(math.isfinite(value) for value in values):
                raise ValueError(f"{name} must be finite, found {values!r}")
        for index, (low, high) in enumerate(zip(self.lower, self.upper, strict=True)):
            if low > high:
                raise ValueError(f"lower must not exceed upper, found {low} > {high} at {index}")
        for before, after in zip(self.intervals, self.intervals[1:], strict=False):
            if before.end != after.start:
                raise ValueError(
                    f"intervals must be contiguous, found {before.label} before {after.label}"
                )


def combine(forecasts: Sequence[Forecast], weights: Sequence[float], *, model: str) -> Forecast:
    """Average several forecasts of the same intervals, bound by bound.

    Bounds are averaged like quantiles (Vincent's rule), which keeps the level where the members
    are calibrated alike; that is a convention, so the result says "uncalibrated average".

    Raises:
        ValueError: if the forecasts differ in intervals or level, or the weights are unusable.
    """
    shares = normalised_weights(weights, len(forecasts))
    first = forecasts[0]
    for other in forecasts[1:]:
        if (other.intervals, other.level) != (first.intervals, first.level):
            raise ValueError(
                f"only forecasts of the same intervals and level can be combined, found "
                f"{first.model} at {first.level} and {other.model} at {other.level}"
            )

    def mean(columns: Sequence[tuple[float, ...]]) -> tuple[float, ...]:
        return tuple(
            math.fsum(s * v for s, v in zip(shares, row, strict=True))
            for row in zip(*columns, strict=True)
        )

    return Forecast(
        model=model,
        issued_at=max(f.issued_at for f in forecasts),
        intervals=first.intervals,
        point=mean([f.point for f in forecasts]),
        level=first.level,
        lower=mean([f.lower for f in forecasts]),
        upper=mean([f.upper for f in forecasts]),
        calibration="uncalibrated average of: " + "; ".join(f.calibration for f in forecasts),
    )


def normalised_weights(weights: Sequence[float], count: int) -> tuple[float, ...]:
    """Scale weights to sum to one.

    Raises:
        ValueError: unless there are `count` finite, non-negative weights with a positive sum.
    """
    total = math.fsum(weights)
    if len(weights) != count or count == 0:
        raise ValueError(f"one weight for each of {count} members is needed, found {len(weights)}")
    if not math.isfinite(total) or total <= 0 or min(weights) < 0:
        raise ValueError(f"weights must be non-negative with a positive sum, found {weights!r}")
    return tuple(weight / total for weight in weights)


def _require_level(level: float) -> None:
    if not 0 < level < 1:
        raise ValueError(f"an interval's level lies between 0 and 1, found {level}")
