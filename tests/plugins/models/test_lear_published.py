"""LEAR against the forecasts its authors published for the German market (Lago et al. 2021).

The windows of three and four years are reproduced to two cents; those of 8 and 12 weeks have fewer
rows than columns, where solver details decide, and are compared by their errors only.
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from tests.domain.signals.published import FIRST_DAY, published
from tests.plugins.models.questions import ask
from threadpoolctl import threadpool_limits

from wattbook_plugins.models.lear.design import build_design
from wattbook_plugins.models.lear.forecaster import WindowFit


def stretch(window: int, first_day: date, days: int) -> np.ndarray:
    """Recalibrate daily over consecutive days, from one design: a row never sees a later day."""
    design = build_design(ask(first_day + timedelta(days=days - 1)))
    start = len(design.prices) - days + 1
    with threadpool_limits(limits=1, user_api="blas"):
        return np.array(
            [
                WindowFit.on(design, end=row, window=window).predict(design.inputs[[row]])[0]
                for row in range(start, start + days)
            ]
        )


def columns(name: str, first_day: date, days: int) -> np.ndarray:
    start = (first_day - FIRST_DAY["DE"]).days
    return published("DE")[name][start : start + days]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("window", "first_day", "days", "difference", "error"),
    # Mean absolute difference to the published column, and that column's mean absolute error, in
    # EUR/MWh. The shorter stretch is about the price spike of 24 January 2017.
    [
        (1092, date(2016, 1, 4), 28, 0.0128, 4.3997),
        (1456, date(2017, 1, 20), 7, 0.0213, 8.1168),
    ],
)
def test_long_windows_are_the_published_ones(window, first_day, days, difference, error):
    known = columns(f"LEAR {window}", first_day, days)
    ours = stretch(window, first_day, days)
    apart = np.abs(ours - known)
    assert apart.mean() == pytest.approx(difference, abs=2e-3)
    assert apart.max() < 0.2
    prices = columns("Real price", first_day, days)
    assert np.abs(known - prices).mean() == pytest.approx(error, abs=1e-4)
    assert np.abs(ours - prices).mean() == pytest.approx(error, abs=1e-2)


@pytest.mark.slow
@pytest.mark.parametrize("window", [56, 84])
def test_short_windows_err_no_more_than_the_published_ones(window):
    first_day, days = date(2016, 1, 4), 14
    prices = columns("Real price", first_day, days)
    ours = np.abs(stretch(window, first_day, days) - prices).mean()
    assert ours <= np.abs(columns(f"LEAR {window}", first_day, days) - prices).mean()
