"""What a forecast may say, how it is kept, and how several become one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.domain.signals.examples import MONDAY, ZONE, forecast, outlook, table

from wattbook_domain.delivery.granularity import Granularity
from wattbook_domain.delivery.period import DeliveryPeriod
from wattbook_domain.foundation.canonical import from_plain, to_plain
from wattbook_domain.foundation.instants import instant
from wattbook_domain.signals.forecast import Forecast, ForecastQuestion, combine

FINITE = st.floats(-3000, 3000, allow_nan=False)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"intervals": (), "point": (), "lower": (), "upper": ()}, "at least one"),
        ({"point": (1.0,)}, "point must have 3 values, found 1"),
        ({"upper": (15.0, 3.0, float("nan"))}, "upper must be finite"),
        ({"lower": (5.0, -3.0, -9.0)}, "lower must not exceed upper"),
        ({"level": 1.0}, "between 0 and 1"),
        ({"level": 0.0}, "between 0 and 1"),
    ],
)
def test_an_impossible_forecast_is_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        forecast(**changes)


def test_a_forecast_has_no_hole():
    hours = DeliveryPeriod.day(MONDAY, ZONE).split(Granularity.HOUR)
    with pytest.raises(ValueError, match="contiguous"):
        forecast(intervals=(hours[0], hours[1], hours[3]))


@given(point=st.lists(FINITE, min_size=3, max_size=3), width=st.floats(0, 500))
def test_a_forecast_survives_the_journal(point, width):
    said = forecast(
        point=tuple(point),
        lower=tuple(p - width for p in point),
        upper=tuple(p + width for p in point),
    )
    assert from_plain(Forecast, to_plain(said)) == said


@given(weights=st.tuples(st.floats(0, 9), st.floats(0.1, 9)))
def test_a_combination_lies_between_its_members(weights):
    low, high = forecast(), forecast(point=(20.0, 4.0, -15.0), upper=(25.0, 9.0, 0.0))
    both = combine([low, high], weights, model="both")
    for index in range(3):
        assert low.point[index] - 1e-9 <= both.point[index] <= high.point[index] + 1e-9
        assert both.lower[index] == pytest.approx(low.lower[index])
    assert both.calibration == "uncalibrated average of: c; c"


def test_a_combination_is_as_late_as_its_latest_member():
    both = combine([forecast(), forecast(issued_at=instant(9))], [1, 3], model="both")
    assert both.issued_at == 9
    assert both.point == forecast().point


@pytest.mark.parametrize("weights", [[], [1.0], [0.0, 0.0], [-1.0, 2.0], [float("nan"), 1.0]])
def test_unusable_weights_are_refused(weights):
    with pytest.raises(ValueError, match="weight"):
        combine([forecast(), forecast()], weights, model="both")


def test_only_like_is_combined_with_like():
    with pytest.raises(ValueError, match="same intervals and level"):
        combine([forecast(), forecast(level=0.5)], [1, 1], model="both")


def test_a_question_asks_for_the_day_after_its_history():
    end = MONDAY + timedelta(days=3)
    asked = ForecastQuestion(history=table(3), outlook=outlook(end), issued_at=instant(1))
    assert asked.day == end
    with pytest.raises(ValueError, match="history must end on the eve"):
        ForecastQuestion(
            history=table(3), outlook=outlook(end + timedelta(days=1)), issued_at=instant(1)
        )
    with pytest.raises(ValueError, match="between 0 and 1"):
        ForecastQuestion(history=table(3), outlook=outlook(end), issued_at=instant(1), level=90)


def test_history_and_outlook_speak_of_the_same_drivers():
    other = DeliveryPeriod.day(MONDAY, ZONE)
    assert other.hours == 24
    day = outlook(MONDAY + timedelta(days=3))
    renamed = type(day)(day=day.day, zone=ZONE, driver_names=("wind_mw",), drivers=day.drivers)
    with pytest.raises(ValueError, match="same drivers"):
        ForecastQuestion(history=table(3), outlook=renamed, issued_at=instant(1))
