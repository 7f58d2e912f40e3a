"""Decides the similar-day forecast: the yardstick of the field, and the model of a short history.

Monday, Saturday and Sunday repeat their like of the week before, other days repeat their eve
(Nogales et al., IEEE Transactions on Power Systems 17, 2002). Without a week of history every day
repeats its eve.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from wattbook_domain.signals.conformal import banded_forecast, calibrate
from wattbook_domain.signals.forecast import Forecast, ForecastQuestion
from wattbook_domain.signals.series import DayTable, Floats

MINIMUM_HISTORY_DAYS: Final = 2
"""One day to repeat, and one past error to size the interval."""

CALIBRATION_DAYS: Final = 91
_WEEK_DAYS: Final = 7
_REPEATS_LAST_WEEK: Final = frozenset({0, 5, 6})  # Monday, Saturday, Sunday


def similar_day(day: date, first_day: date) -> date:
    """Return the day that `day` is said to repeat, given where history begins."""
    week_before = day - timedelta(days=_WEEK_DAYS)
    if day.weekday() in _REPEATS_LAST_WEEK and week_before >= first_day:
        return week_before
    return day - timedelta(days=1)


def similar_day_rows(history: DayTable, *, last: int) -> Floats:
    """Return what the rule said of each of the `last` days of `history`, a row per day."""
    first = len(history) - last
    if not 1 <= first <= len(history):
        raise ValueError(f"{len(history)} days allow 0 to {len(history) - 1} rows, found {last}")
    days = [history.first_day + timedelta(days=i) for i in range(first, len(history))]
    picks = [(similar_day(d, history.first_day) - history.first_day).days for d in days]
    return history.prices[picks]


def similar_day_forecast(question: ForecastQuestion, *, model: str) -> Forecast:
    """Forecast a day by its similar day, with a conformal interval from the rule's own past errors.

    Raises:
        ValueError: with fewer than `MINIMUM_HISTORY_DAYS` days of history.
    """
    history = question.history
    if len(history) < MINIMUM_HISTORY_DAYS:
        raise ValueError(
            f"a similar-day forecast needs {MINIMUM_HISTORY_DAYS} days, found {len(history)}"
        )
    tested = min(CALIBRATION_DAYS, len(history) - 1)
    errors = history.prices[len(history) - tested :] - similar_day_rows(history, last=tested)
    band = calibrate(errors, level=question.level, method=f"the similar-day rule over {tested} d")
    pick = similar_day(question.day, history.first_day)
    point = history.prices[(pick - history.first_day).days]
    return banded_forecast(question, point=point, band=band, model=model)
