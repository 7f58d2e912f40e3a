"""Which day a day repeats, and the forecast made of it."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from tests.domain.signals.examples import MONDAY, question, table

from wattbook_domain.signals.similar_day import (
    similar_day,
    similar_day_forecast,
    similar_day_rows,
)


@pytest.mark.parametrize(
    ("weekday", "days_back"), [(0, 7), (1, 1), (2, 1), (3, 1), (4, 1), (5, 7), (6, 7)]
)
def test_mondays_and_weekends_repeat_their_like(weekday, days_back):
    day = MONDAY + timedelta(days=14 + weekday)
    assert similar_day(day, MONDAY) == day - timedelta(days=days_back)


def test_without_a_week_of_history_the_eve_is_repeated():
    saturday = MONDAY + timedelta(days=5)
    assert similar_day(saturday, MONDAY) == saturday - timedelta(days=1)
    assert similar_day(MONDAY + timedelta(days=7), MONDAY) == MONDAY


def test_past_answers_of_the_rule_line_up_with_their_days():
    # Days 8 (Tuesday), 9, 10, 11, 12 (Saturday): the eve, the eve, the eve, the eve, last week.
    assert similar_day_rows(table(13), last=5)[:, 0].tolist() == [700, 800, 900, 1000, 500]
    with pytest.raises(ValueError, match="allow 0 to 12 rows"):
        similar_day_rows(table(13), last=13)


def test_the_forecast_repeats_and_sizes_its_interval_from_its_own_errors():
    answer = similar_day_forecast(question(15), model="similar day")  # a Tuesday: repeats Monday
    assert answer.point == tuple(1400.0 + hour for hour in range(24))
    # Errors are 100 on repeats of the eve and 700 on repeats of the week: rank 14 of 14 is 700.
    assert answer.upper[0] - answer.point[0] == pytest.approx(700)
    assert answer.level == 0.9


def test_two_days_of_history_give_a_level_of_one_half():
    answer = similar_day_forecast(question(2), model="similar day")
    assert answer.level == 0.5
    assert "the most that 1 errors can vouch for" in answer.calibration
    with pytest.raises(ValueError, match="needs 2 days, found 1"):
        similar_day_forecast(question(1), model="similar day")


@pytest.mark.parametrize(("day", "hours"), [(date(2017, 3, 26), 23), (date(2017, 10, 29), 25)])
def test_clock_changes_keep_the_real_hours(day, hours):
    answer = similar_day_forecast(
        question(20, first_day=day - timedelta(days=20)), model="similar day"
    )
    assert len(answer.intervals) == len(answer.point) == hours
    names = [p.local_start.hour for p in answer.intervals]
    assert np.array_equal(np.array(answer.point) - answer.point[0], names)
