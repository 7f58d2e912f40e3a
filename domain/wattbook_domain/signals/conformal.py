"""Decides how wide a prediction interval must be, from past errors and nothing else.

Split conformal prediction (Vovk, Gammerman and Shafer 2005; Lei et al., JASA 113, 2018): if the
next absolute error is exchangeable with n past ones, it does not exceed the ceil((n + 1) level)-th
smallest of them with probability at least `level`, whatever the model and the distribution.
"""

from __future__ import annotations

import math

import attrs
import numpy as np

from wattbook_domain.signals.forecast import DECIMALS, Forecast, ForecastQuestion
from wattbook_domain.signals.series import Floats
from wattbook_domain.signals.wall_clock import map_wall_clock


@attrs.frozen(kw_only=True)
class ConformalBand:
    """Half-widths in currency per MWh, one per wall-clock hour name, and the level they reach."""

    level: float
    half_width: tuple[float, ...]
    calibration: str


def reachable_level(wanted: float, sample_count: int) -> float:
    """Return the level that `sample_count` past errors can vouch for, `wanted` at most.

    With n errors the widest honest band is the largest of them, which covers n / (n + 1).

    >>> reachable_level(0.9, 91), reachable_level(0.9, 1)
    (0.9, 0.5)
    """
    if sample_count < 1:
        raise ValueError(f"an interval needs at least one past error, found {sample_count}")
    return min(wanted, sample_count / (sample_count + 1))


def calibrate(errors: Floats, *, level: float, method: str) -> ConformalBand:
    """Size a symmetric band for each column from its past forecast errors.

    Args:
        errors: price minus forecast, one row per past day, one column per wall-clock hour name.
        level: the coverage wanted; the band says the one it reached.
        method: which model made the errors; part of the band's label.

    Raises:
        ValueError: if there are no errors.
    """
    sample_count = len(errors)
    reached = reachable_level(level, sample_count)
    # One part in 10^12 keeps 9 / 10 * 10 from ranking eleventh by a rounding of the product.
    rank = min(math.ceil((sample_count + 1) * reached * (1 - 1e-12)), sample_count)
    ordered = np.sort(np.abs(errors), axis=0)
    shortfall = "" if reached == level else f", the most that {sample_count} errors can vouch for"
    return ConformalBand(
        level=reached,
        half_width=tuple(float(width) for width in ordered[rank - 1]),
        calibration=(
            f"split conformal, {reached:.0%} by hour, rank {rank} of {sample_count} absolute "
            f"errors of {method}{shortfall}"
        ),
    )


def banded_forecast(
    question: ForecastQuestion, *, point: Floats, band: ConformalBand, model: str
) -> Forecast:
    """Carry a point forecast by wall-clock hour name and its band to the real delivery hours."""
    real_hours = map_wall_clock(question.day, question.outlook.zone)
    half_width = np.asarray(band.half_width)

    def rounded(rows: Floats) -> tuple[float, ...]:
        return real_hours.spread([round(float(value), DECIMALS) for value in rows])

    return Forecast(
        model=model,
        issued_at=question.issued_at,
        intervals=real_hours.intervals,
        point=rounded(point),
        level=band.level,
        lower=rounded(point - half_width),
        upper=rounded(point + half_width),
        calibration=band.calibration,
    )
