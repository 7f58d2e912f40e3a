"""Small invented histories for tests; real ones come from the packaged feed."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from wattbook_domain.delivery.granularity import Granularity
from wattbook_domain.delivery.period import DeliveryPeriod
from wattbook_domain.foundation.instants import instant
from wattbook_domain.signals.forecast import Forecast, ForecastQuestion
from wattbook_domain.signals.series import DayOutlook, DayTable
from wattbook_domain.signals.wall_clock import WALL_CLOCK_ROWS

ZONE = "Europe/Berlin"
MONDAY = date(2017, 1, 2)
DRIVERS = ("load_forecast_mw",)


def table(days: int, *, first_day: date = MONDAY) -> DayTable:
    """Prices that tell day and hour apart: 100 times the day's number plus the hour's name."""
    prices = 100.0 * np.arange(days)[:, None] + np.arange(WALL_CLOCK_ROWS)
    return DayTable(
        first_day=first_day,
        zone=ZONE,
        driver_names=DRIVERS,
        prices=prices,
        drivers=prices[:, :, None] * 10,
    )


def outlook(day: date) -> DayOutlook:
    """Loads that name their own hour."""
    loads = np.arange(WALL_CLOCK_ROWS, dtype=float)[:, None]
    return DayOutlook(day=day, zone=ZONE, driver_names=DRIVERS, drivers=loads)


def question(days: int, *, first_day: date = MONDAY, level: float = 0.9) -> ForecastQuestion:
    """Ask for the day after `days` days of history."""
    return ForecastQuestion(
        history=table(days, first_day=first_day),
        outlook=outlook(first_day + timedelta(days=days)),
        issued_at=instant(1),
        level=level,
    )


def forecast(**changes: object) -> Forecast:
    """Three hours of one January night."""
    intervals = DeliveryPeriod.day(MONDAY, ZONE).split(Granularity.HOUR)[:3]
    given: dict[str, object] = {
        "model": "m",
        "issued_at": instant(7),
        "intervals": intervals,
        "point": (10.0, 0.0, -20.0),
        "level": 0.9,
        "lower": (5.0, -3.0, -60.0),
        "upper": (15.0, 3.0, -10.0),
        "calibration": "c",
    }
    return Forecast(**{**given, **changes})
