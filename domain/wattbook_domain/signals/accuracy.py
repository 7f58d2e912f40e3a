"""Decides how good a forecast was: point errors, quantile scores and coverage, each in its unit.

Percentage errors of power prices mean nothing near zero, so none is offered but the symmetric one
that the literature reports. A relative error always names what it is relative to. Whether one
model beats another by more than chance is for `comparison`.
"""

from __future__ import annotations

from datetime import date
from enum import Enum
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from wattbook_domain.signals.series import Floats
from wattbook_domain.signals.similar_day import similar_day

_WEEK: Final = 7


class NaiveRule(Enum):
    """What the denominator of a relative error repeats."""

    WEEKLY = "the same day of the week before"
    DAILY = "the day before"
    SIMILAR_DAY = "Monday, Saturday, Sunday: the week before; other days: the day before"


def mean_absolute_error(actual: ArrayLike, forecast: ArrayLike) -> float:
    """Mean of |actual - forecast|, in the unit of the price."""
    return float(np.mean(np.abs(_errors(actual, forecast))))


def root_mean_square_error(actual: ArrayLike, forecast: ArrayLike) -> float:
    """Root of the mean squared error, in the unit of the price."""
    return float(np.sqrt(np.mean(_errors(actual, forecast) ** 2)))


def symmetric_percentage_error(actual: ArrayLike, forecast: ArrayLike) -> float:
    """Mean of 200 |actual - forecast| / (|actual| + |forecast|), in percent, 0 to 200.

    An exact forecast of a zero price counts as zero error.
    """
    size = np.abs(np.asarray(actual, float)) + np.abs(np.asarray(forecast, float))
    error = np.abs(_errors(actual, forecast))
    return float(200 * np.mean(np.divide(error, size, out=np.zeros_like(size), where=size > 0)))


def naive_mean_absolute_error(actual: Floats, *, first_day: date, rule: NaiveRule) -> float:
    """Mean absolute error of a naive rule over the days that have what it repeats.

    Args:
        actual: one row per consecutive day.
        first_day: the day of the first row.
        rule: what the naive forecast repeats.

    Raises:
        ValueError: if no day has what the rule repeats.
    """
    reach = 1 if rule is NaiveRule.DAILY else _WEEK
    if len(actual) <= reach:
        raise ValueError(f"{rule.name} needs more than {reach} days, found {len(actual)}")
    days = np.arange(reach, len(actual))
    if rule is not NaiveRule.SIMILAR_DAY:
        return mean_absolute_error(actual[days], actual[days - reach])
    first = first_day.toordinal()
    repeated = [
        similar_day(date.fromordinal(first + int(day)), first_day).toordinal() - first
        for day in days
    ]
    return mean_absolute_error(actual[days], actual[repeated])


def relative_mean_absolute_error(
    actual: Floats, forecast: Floats, *, first_day: date, rule: NaiveRule
) -> float:
    """Mean absolute error over that of the named naive rule; below 1 the model helps.

    The numerator takes every day, the denominator those that the rule reaches: the convention of
    the five-market benchmark (Lago et al. 2021).
    """
    naive = naive_mean_absolute_error(actual, first_day=first_day, rule=rule)
    return mean_absolute_error(actual, forecast) / naive


def pinball_loss(actual: ArrayLike, quantile: ArrayLike, *, level: float) -> float:
    """Mean quantile loss at `level`, in the unit of the price; half the absolute error at 0.5."""
    _require_probability(level)
    error = _errors(actual, quantile)
    return float(np.mean(np.maximum(level * error, (level - 1) * error)))


def ranked_probability_score(
    actual: ArrayLike, quantiles: Floats, *, levels: tuple[float, ...]
) -> float:
    """Approximate the continuous ranked probability score: twice the mean pinball loss of a grid.

    Args:
        actual: observed prices.
        quantiles: predicted quantiles; the last axis runs over `levels`.
        levels: the grid; quote it with the score, as the score depends on it.

    Raises:
        ValueError: unless the levels ascend within 0 and 1 and match the quantiles.
    """
    if quantiles.shape[-1] != len(levels):
        raise ValueError(f"{len(levels)} levels need as many quantiles, found {quantiles.shape}")
    if list(levels) != sorted(set(levels)):
        raise ValueError(f"levels must ascend, found {levels}")
    losses = [
        pinball_loss(actual, quantiles[..., i], level=level) for i, level in enumerate(levels)
    ]
    return 2 * float(np.mean(losses))


def coverage(actual: ArrayLike, lower: ArrayLike, upper: ArrayLike) -> float:
    """Share of prices within their interval, bounds included."""
    above = _errors(actual, lower) >= 0
    below = _errors(upper, actual) >= 0
    return float(np.mean(above & below))


def _errors(actual: ArrayLike, forecast: ArrayLike) -> Floats:
    a, f = np.asarray(actual, dtype=np.float64), np.asarray(forecast, dtype=np.float64)
    if a.shape != f.shape or a.size == 0:
        raise ValueError(f"two equal, non-empty shapes are compared, found {a.shape} and {f.shape}")
    if not (np.isfinite(a).all() and np.isfinite(f).all()):
        raise ValueError("only finite values are scored; leave out what is absent, by name")
    return a - f


def _require_probability(level: float) -> None:
    if not 0 < level < 1:
        raise ValueError(f"a quantile level lies between 0 and 1, found {level}")
