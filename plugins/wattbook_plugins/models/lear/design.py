"""Decides what LEAR looks at: how far back, and one row of inputs for each day.

Nothing in a row is later than the prices of its eve and the outlook of its day. As in Lago et al.
(Applied Energy 293, 2021, 116983), section 4.2, the row of day D holds the prices of D-1, D-2, D-3
and D-7, every driver of D, D-1 and D-7, all hours of each, and the day of the week.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import attrs
import numpy as np

from wattbook_domain.signals.forecast import ForecastQuestion
from wattbook_domain.signals.series import Floats

WINDOWS: Final = (56, 84, 1092, 1456)
"""Days of calibration window in the published ensemble: 8 and 12 weeks, 3 and 4 years."""

CALIBRATION_DAYS: Final = 91
"""A quarter of a year of errors sizes the interval."""

_LEAST_CALIBRATION_DAYS: Final = 28

MINIMUM_HISTORY_DAYS: Final = WINDOWS[0] + _LEAST_CALIBRATION_DAYS
"""Below this the similar-day rule answers, and the forecast says so."""

PRICE_LAGS: Final = (1, 2, 3, 7)
DRIVER_LAGS: Final = (0, 1, 7)
LONGEST_LAG: Final = 7
WEEK_DAYS: Final = 7
"""Day-of-week indicators, the last columns of a row; they are not scaled."""


@attrs.frozen(eq=False)
class Design:
    """Inputs and prices by day. Input row i belongs to day `i + LONGEST_LAG` of the history.

    Attributes:
        inputs: one row for each day that has all its lags; the last is the day asked for.
        prices: one row for each of those days but the last.
    """

    inputs: Floats
    prices: Floats


def build_design(question: ForecastQuestion) -> Design:
    """Lay out the inputs of every day of the history and of the day asked for."""
    history = question.history
    prices = history.prices
    drivers = np.concatenate([history.drivers, question.outlook.drivers[np.newaxis]])
    days = len(history) + 1
    rows = days - LONGEST_LAG

    def lagged(series: Floats, lag: int) -> Floats:
        return series[LONGEST_LAG - lag : days - lag]

    price_columns = [lagged(prices, lag) for lag in PRICE_LAGS]
    driver_columns = [
        lagged(drivers, lag)[:, :, driver]
        for lag in DRIVER_LAGS
        for driver in range(drivers.shape[2])
    ]
    weekday = (history.first_day + timedelta(days=LONGEST_LAG)).weekday()
    week = np.eye(WEEK_DAYS)[(weekday + np.arange(rows)) % WEEK_DAYS]
    return Design(
        inputs=np.hstack([*price_columns, *driver_columns, week]), prices=prices[LONGEST_LAG:]
    )
