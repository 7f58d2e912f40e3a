"""Decides how value at risk and expected shortfall are read from scenarios of profit and loss.

Losses are negated P&L, so VaR and shortfall are positive when money may be lost. One quantile
convention is the default and named in every result: the *inverted empirical distribution*, a loss
that did happen, never an interpolation between two. It is the convention under which expected
shortfall is the mean of VaR over the tail (Acerbi and Tasche 2002, J. Banking & Finance 26), so
the two never disagree. The others are offered to reproduce figures published elsewhere.
"""

from __future__ import annotations

import math
from enum import StrEnum
from fractions import Fraction
from typing import Final

import attrs
import numpy as np
import numpy.typing as npt
from scipy import stats

Vector = npt.NDArray[np.float64]


class QuantileConvention(StrEnum):
    """How the quantile of a finite sample is read; names follow Hyndman and Fan (1996)."""

    INVERTED_CDF = "inverted_cdf"
    LINEAR = "linear"
    HAZEN = "hazen"
    MEDIAN_UNBIASED = "median_unbiased"
    HIGHER = "higher"


DEFAULT_CONVENTION: Final = QuantileConvention.INVERTED_CDF

_PLOTTING: Final = {
    QuantileConvention.LINEAR: Fraction(1),
    QuantileConvention.HAZEN: Fraction(1, 2),
    QuantileConvention.MEDIAN_UNBIASED: Fraction(1, 3),
}
"""Hyndman and Fan's plotting constant a: the quantile stands at rank a + p x (n + 1 - 2a)."""


@attrs.frozen(kw_only=True)
class RiskMeasure:
    """VaR and expected shortfall with everything needed to read them.

    Attributes:
        level: confidence, for example 0.95. horizon: over which the scenarios run, in words.
        method: how the scenarios and the quantile were made.
        scenarios: how many. value_at_risk, expected_shortfall: positive for a loss.
    """

    level: float
    horizon: str
    method: str
    scenarios: int
    value_at_risk: float
    expected_shortfall: float


def historical_risk(profit_and_loss: Vector, *, level: float, horizon: str) -> RiskMeasure:
    """Return VaR and expected shortfall of equally likely scenarios under the default convention.

    Raises:
        ValueError: if the level is not inside (0, 1) or a scenario is missing or not finite.
    """
    losses = -_require_scenarios(profit_and_loss)
    return RiskMeasure(
        level=level,
        horizon=horizon,
        method=f"historical, {DEFAULT_CONVENTION}",
        scenarios=len(losses),
        value_at_risk=value_at_risk(losses, level=level),
        expected_shortfall=expected_shortfall(losses, level=level),
    )


def value_at_risk(
    losses: Vector, *, level: float, convention: QuantileConvention = DEFAULT_CONVENTION
) -> float:
    """Return the loss quantile at `level`.

    >>> value_at_risk(np.array([3.0, -1.0, 2.0, 9.0]), level=0.75)
    3.0

    Raises:
        ValueError: if the level is not inside (0, 1) or a loss is missing or not finite.
    """
    ordered = np.sort(_require_scenarios(losses))
    _require_level(level)
    if convention is QuantileConvention.INVERTED_CDF:
        return float(ordered[_rank(level, len(ordered)) - 1])
    if convention is QuantileConvention.HIGHER:
        return float(ordered[math.ceil(_exact(level) * (len(ordered) - 1))])
    return _interpolated(ordered, level, _PLOTTING[convention])


def expected_shortfall(losses: Vector, *, level: float) -> float:
    """Return the mean of the worst `1 - level` of the losses, the last one in part.

    With n losses the tail weighs (1 - level) x n; the loss at its edge counts with what is left,
    so the measure is continuous in the level and coherent (Rockafellar and Uryasev 2002).

    Raises:
        ValueError: if the level is not inside (0, 1) or a loss is missing or not finite.
    """
    ordered = np.sort(_require_scenarios(losses))[::-1]
    _require_level(level)
    tail = (1 - _exact(level)) * len(ordered)
    whole = int(tail)
    total = float(np.sum(ordered[:whole]))
    if remainder := float(tail - whole):
        total += remainder * float(ordered[whole])
    return total / float(tail)


def hourwise_changes(prices: Vector, *, lag_days: int = 1) -> Vector:
    """Return the price change of every hour against the same wall-clock hour days before.

    Args:
        prices: (days, hours) by wall-clock hour; the caller has decided how clock changes fill
            the row, and says so.
        lag_days: 1 for day on day, 7 for week on week.

    Returns:
        (days - lag, hours): one scenario a row, keeping the day's own shape together.

    Raises:
        ValueError: if a price is missing or there are too few days.
    """
    if prices.ndim != 2 or prices.shape[0] <= lag_days or lag_days < 1:
        raise ValueError(
            f"price changes need more than lag_days={lag_days} >= 1 days of hours, "
            f"found an array of shape {prices.shape}"
        )
    if not np.isfinite(prices).all():
        raise ValueError("every historical price must be known; fill or drop the day by name first")
    changes: Vector = prices[lag_days:] - prices[:-lag_days]
    return changes


def scenario_profit_and_loss(
    energy_mwh: Vector, *, wall_hours: npt.NDArray[np.int64], changes: Vector
) -> Vector:
    """Return the P&L of a delivery position under each historical scenario of price changes.

    P&L of scenario s = sum over intervals i of energy_mwh[i] x changes[s, wall_hours[i]].

    Args:
        energy_mwh: (intervals,) net energy per delivery interval, positive when long.
        wall_hours: (intervals,) the wall-clock hour each interval starts in. The doubled hour of
            a 25-hour day appears twice, the missing hour of a 23-hour day not at all.
        changes: (scenarios, hours) from `hourwise_changes`.

    Raises:
        ValueError: if shapes disagree or a value is not finite.
    """
    if energy_mwh.ndim != 1 or energy_mwh.shape != wall_hours.shape or changes.ndim != 2:
        raise ValueError(
            f"energy and wall hours have one value an interval and changes one row a scenario, "
            f"found shapes {energy_mwh.shape}, {wall_hours.shape}, {changes.shape}"
        )
    if len(wall_hours) and not 0 <= wall_hours.min() <= wall_hours.max() < changes.shape[1]:
        raise ValueError(
            f"wall hours must index the {changes.shape[1]} columns of the price changes, "
            f"found {wall_hours.min()} to {wall_hours.max()}"
        )
    if not (np.isfinite(energy_mwh).all() and np.isfinite(changes).all()):
        raise ValueError("energy and price changes must be finite; absence is not a number")
    outcome: Vector = changes[:, wall_hours] @ energy_mwh
    return outcome


def normal_value_at_risk(*, mean: float, deviation: float, level: float) -> float:
    """Return the loss quantile when P&L is normal: z x deviation - mean."""
    _require_level(level)
    return float(stats.norm.ppf(level)) * _require_deviation(deviation) - mean


def normal_expected_shortfall(*, mean: float, deviation: float, level: float) -> float:
    """Return the mean loss beyond the quantile when P&L is normal: phi(z)/(1-level) x dev - mean.

    >>> round(normal_expected_shortfall(mean=0, deviation=1, level=0.975), 6)
    2.337803
    """
    _require_level(level)
    density = float(stats.norm.pdf(stats.norm.ppf(level)))
    return density / (1 - level) * _require_deviation(deviation) - mean


def component_value_at_risk(values: Vector, *, covariance: Vector, level: float) -> Vector:
    """Return each position's share of the delta-normal VaR; the shares add to the whole (Euler).

    Raises:
        ValueError: if the portfolio carries no risk to divide.
    """
    _require_level(level)
    marginal = covariance @ values
    variance = float(values @ marginal)
    if variance <= 0:
        raise ValueError(f"component VaR needs a portfolio with risk, found variance {variance}")
    shares: Vector = float(stats.norm.ppf(level)) * values * marginal / math.sqrt(variance)
    return shares


def _exact(level: float) -> Fraction:
    """Read a level as people write it: 0.95 is 19/20, not the float nearest to it."""
    return Fraction(repr(float(level)))


def _rank(level: float, count: int) -> int:
    """Return the 1-based rank of the quantile: the least k with k / count >= level."""
    return math.ceil(_exact(level) * count)


def _interpolated(ordered: Vector, level: float, constant: Fraction) -> float:
    """Return the value at a fractional rank, on the line between its two neighbours."""
    count = len(ordered)
    position = constant + _exact(level) * (count + 1 - 2 * constant)
    rank = min(max(position, Fraction(1)), Fraction(count))
    below = math.floor(rank)
    above = min(below + 1, count)
    share = float(rank - below)
    return float(ordered[below - 1]) * (1 - share) + float(ordered[above - 1]) * share


def _require_level(level: float) -> None:
    if not 0 < level < 1:
        raise ValueError(f"a confidence level lies between 0 and 1, found {level}")


def _require_deviation(deviation: float) -> float:
    if not (math.isfinite(deviation) and deviation >= 0):
        raise ValueError(f"a standard deviation is finite and not negative, found {deviation}")
    return deviation


def _require_scenarios(values: Vector) -> Vector:
    if values.ndim != 1 or len(values) == 0:
        raise ValueError(f"a risk measure needs a vector of scenarios, found shape {values.shape}")
    if not np.isfinite(values).all():
        raise ValueError("every scenario must be finite; a missing one is not a zero")
    return values
