"""Which row of a normalised table each real delivery hour takes, and what is noted about it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wattbook_domain.signals.quality import QualityCode, QualityNote
from wattbook_domain.signals.wall_clock import WALL_CLOCK_ROWS, map_wall_clock

ROWS = tuple(range(WALL_CLOCK_ROWS))
ZONES = ("Europe/Berlin", "Europe/London", "America/New_York", "Australia/Brisbane")
DAYS = st.integers(0, 6000).map(lambda n: date(2012, 1, 1) + timedelta(days=n))


@pytest.mark.parametrize(
    ("zone", "day", "dropped"),
    [
        ("Europe/Berlin", date(2017, 3, 26), 2),
        ("Europe/London", date(2017, 3, 26), 1),
        ("America/New_York", date(2026, 3, 8), 2),
    ],
)
def test_the_hour_that_the_spring_clock_skips_has_no_delivery(zone, day, dropped):
    hours = map_wall_clock(day, zone)
    assert hours.rows == tuple(row for row in ROWS if row != dropped)
    assert hours.notes == (QualityNote(QualityCode.DROPPED_NONEXISTENT_HOUR, day, dropped),)


@pytest.mark.parametrize(
    ("zone", "day", "doubled"),
    [
        ("Europe/Berlin", date(2017, 10, 29), 2),
        ("Europe/London", date(2017, 10, 29), 1),
        ("America/New_York", date(2026, 11, 1), 1),
    ],
)
def test_the_hour_that_the_autumn_clock_doubles_is_delivered_twice(zone, day, doubled):
    hours = map_wall_clock(day, zone)
    assert hours.rows == tuple(sorted((*ROWS, doubled)))
    assert hours.notes == (QualityNote(QualityCode.REPEATED_DOUBLED_HOUR, day, doubled),)
    first, second = (
        p for p, row in zip(hours.intervals, hours.rows, strict=True) if row == doubled
    )
    assert first.end == second.start
    assert first.label != second.label


@given(day=DAYS, zone=st.sampled_from(ZONES))
def test_the_map_covers_the_day_and_its_notes_account_for_every_difference(day, zone):
    hours = map_wall_clock(day, zone)
    assert sum(p.minutes for p in hours.intervals) == 60 * len(hours.rows)
    noted = {code: sum(n.code is code for n in hours.notes) for code in QualityCode}
    assert len(hours.rows) == (
        WALL_CLOCK_ROWS
        - noted[QualityCode.DROPPED_NONEXISTENT_HOUR]
        + noted[QualityCode.REPEATED_DOUBLED_HOUR]
    )
    assert list(hours.rows) == sorted(hours.rows)
    assert hours.spread(ROWS) == hours.rows
    assert bool(hours.notes) == (len(hours.rows) != WALL_CLOCK_ROWS)


def test_a_table_of_another_width_is_refused():
    with pytest.raises(ValueError, match="24 wall-clock rows, found 23"):
        map_wall_clock(date(2017, 3, 26), "Europe/Berlin").spread(ROWS[:-1])


def test_a_zone_that_shifts_by_half_an_hour_is_refused_on_that_day():
    with pytest.raises(ValueError):
        map_wall_clock(date(2017, 4, 2), "Australia/Lord_Howe")


def test_a_note_explains_itself_and_names_repairs_only():
    note = QualityNote(QualityCode.REPEATED_DOUBLED_HOUR, date(2017, 10, 29), 2)
    assert note.explain() == (
        "REPEATED_DOUBLED_HOUR 2017-10-29: the row 02:00 serves both hours of that name"
    )
    with pytest.raises(ValueError, match="names a repair"):
        QualityNote(QualityCode.MISSING_HOUR, date(2017, 10, 29), 2)
