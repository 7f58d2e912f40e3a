"""Decides whether one forecast beats another by more than chance.

Both tests look at one number a day, the difference of the two models' mean absolute errors over
the day: the hours of a day are forecast together and are not independent.
"""

from __future__ import annotations

import attrs
import numpy as np
from scipy.stats import chi2, norm

from wattbook_domain.signals.series import Floats


@attrs.frozen(kw_only=True)
class TestResult:
    """A statistic, positive when the challenger is better, and the one-sided p-value for that."""

    __test__ = False

    statistic: float
    p_value: float


def diebold_mariano(actual: Floats, incumbent: Floats, challenger: Floats) -> TestResult:
    """Test unconditionally that the challenger's mean daily error is lower.

    Diebold and Mariano, Journal of Business & Economic Statistics 13 (1995), one step ahead, with
    the population variance of the daily differences, as the five-market benchmark has it.
    """
    difference = _daily_differences(actual, incumbent, challenger)
    statistic = float(np.mean(difference) / np.sqrt(np.var(difference) / len(difference)))
    return TestResult(statistic=statistic, p_value=float(norm.sf(statistic)))


def giacomini_white(actual: Floats, incumbent: Floats, challenger: Floats) -> TestResult:
    """Test that the challenger is better given what was known: a constant and yesterday's outcome.

    Giacomini and White, Econometrica 74 (2006), one step ahead. The statistic carries the sign of
    the mean difference, as the five-market benchmark has it.
    """
    difference = _daily_differences(actual, incumbent, challenger)
    today, yesterday = difference[1:], difference[:-1]
    moments = np.column_stack([today, yesterday * today])
    ones = np.ones(len(today))
    weights, *_ = np.linalg.lstsq(moments, ones, rcond=None)
    unexplained = float(np.mean((ones - moments @ weights) ** 2))
    statistic = float(np.sign(np.mean(today))) * len(today) * (1 - unexplained)
    return TestResult(statistic=statistic, p_value=float(chi2.sf(statistic, df=moments.shape[1])))


def _daily_differences(actual: Floats, incumbent: Floats, challenger: Floats) -> Floats:
    if not actual.shape == incumbent.shape == challenger.shape or actual.ndim != 2:
        raise ValueError(
            "prices and both forecasts must be tables of the same days and hours, found "
            f"{actual.shape}, {incumbent.shape} and {challenger.shape}"
        )
    daily: Floats = np.abs(actual - incumbent).mean(axis=1) - np.abs(actual - challenger).mean(
        axis=1
    )
    if np.ptp(daily) == 0:
        raise ValueError("the two forecasts err alike on every day; there is nothing to test")
    return daily
