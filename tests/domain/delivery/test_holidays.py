"""Holidays against published lists."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wattbook_domain.delivery.holidays import (
    FixedDate,
    NthWeekday,
    Observance,
    Weekday,
    easter_sunday,
    holidays_between,
    holidays_of,
)
from wattbook_domain.delivery.markets import (
    GERMAN_HOLIDAYS,
    JAPANESE_HOLIDAYS,
    NERC_HOLIDAYS,
    QUEENSLAND_HOLIDAYS,
)


def days(*texts: str) -> set[date]:
    return {date.fromisoformat(text) for text in texts}


# NERC, Additional Off-peak Days.
NERC = {
    2010: ("01-01", "05-31", "07-05", "09-06", "11-25", "12-25"),
    2011: ("01-01", "05-30", "07-04", "09-05", "11-24", "12-26"),
    2023: ("01-02", "05-29", "07-04", "09-04", "11-23", "12-25"),
    2026: ("01-01", "05-25", "07-04", "09-07", "11-26", "12-25"),
}


@pytest.mark.parametrize("year", NERC)
def test_nerc_holidays(year: int) -> None:
    assert holidays_of(NERC_HOLIDAYS, year) == days(*(f"{year}-{day}" for day in NERC[year]))


def test_german_holidays() -> None:
    assert holidays_between(GERMAN_HOLIDAYS, [2026]) == tuple(
        sorted(
            days(
                "2026-01-01",
                "2026-04-03",
                "2026-04-06",
                "2026-05-01",
                "2026-05-14",
                "2026-05-25",
                "2026-10-03",
                "2026-12-25",
                "2026-12-26",
            )
        )
    )


@pytest.mark.parametrize(
    ("year", "substitutes"),
    # Queensland Government, public holidays 2020 to 2022.
    [
        (2020, ("2020-12-28",)),
        (2021, ("2021-12-27", "2021-12-28")),
        (2022, ("2022-12-27",)),
        (2023, ()),
    ],
)
def test_christmas_weekends_in_queensland(year: int, substitutes: tuple[str, ...]) -> None:
    kept = holidays_of(QUEENSLAND_HOLIDAYS, year)
    after = {day for day in kept if day > date(year, 12, 26)}
    assert after == days(*substitutes)


@pytest.mark.parametrize(
    ("year", "some"),
    [
        # Cabinet Office of Japan: substitute days, equinoxes, and the bridge day of 2026.
        (2024, ("2024-02-12", "2024-03-20", "2024-05-06", "2024-09-23", "2024-11-04")),
        (2025, ("2025-02-24", "2025-03-20", "2025-05-06", "2025-09-23", "2025-11-24")),
        (2026, ("2026-03-20", "2026-05-06", "2026-09-21", "2026-09-22", "2026-09-23")),
    ],
)
def test_japanese_holidays(year: int, some: tuple[str, ...]) -> None:
    assert days(*some) <= holidays_of(JAPANESE_HOLIDAYS, year)


def test_there_is_no_bridge_day_in_an_ordinary_september() -> None:
    assert date(2025, 9, 22) not in holidays_of(JAPANESE_HOLIDAYS, 2025)
    assert date(2023, 5, 6) not in holidays_of(JAPANESE_HOLIDAYS, 2023)


# Easter Sundays, from the earliest possible date to the latest.
@pytest.mark.parametrize(
    ("year", "easter"),
    [
        (1818, "1818-03-22"),
        (1943, "1943-04-25"),
        (2008, "2008-03-23"),
        (2017, "2017-04-16"),
        (2024, "2024-03-31"),
        (2025, "2025-04-20"),
        (2026, "2026-04-05"),
        (2038, "2038-04-25"),
    ],
)
def test_easter(year: int, easter: str) -> None:
    assert easter_sunday(year).isoformat() == easter


@given(st.integers(1583, 9000))
def test_easter_is_a_sunday_between_22_march_and_25_april(year: int) -> None:
    easter = easter_sunday(year)
    assert easter.weekday() == Weekday.SUNDAY
    assert date(year, 3, 22) <= easter <= date(year, 4, 25)


@given(
    st.integers(1990, 2100),
    st.integers(1, 12),
    st.sampled_from(Weekday),
    st.sampled_from([1, 2, 3, 4]),
)
def test_the_nth_weekday(year: int, month: int, weekday: Weekday, nth: int) -> None:
    day = NthWeekday(month, weekday, nth).falls_on(year)
    assert (day.month, day.weekday()) == (month, weekday)
    assert (day.day - 1) // 7 == nth - 1
    last = NthWeekday(month, weekday, -1).falls_on(year)
    assert last >= day
    assert (last.month, last.weekday()) == (month, weekday)
    assert date.fromordinal(last.toordinal() + 7).month != month


@given(st.integers(1990, 2100), st.sampled_from(Observance))
def test_observance_moves_a_weekend_to_monday_or_not_at_all(
    year: int, observance: Observance
) -> None:
    actual = date(year, 7, 4)
    kept = FixedDate(7, 4, observance).falls_on(year)
    moved = {
        Observance.ON_THE_DATE: (),
        Observance.SUNDAY_TO_MONDAY: (Weekday.SUNDAY,),
        Observance.WEEKEND_TO_MONDAY: (Weekday.SATURDAY, Weekday.SUNDAY),
    }[observance]
    if actual.weekday() in moved:
        assert kept.weekday() == Weekday.MONDAY
        assert 0 < (kept - actual).days <= 2
    else:
        assert kept == actual


def test_there_is_no_fifth_monday_rule() -> None:
    with pytest.raises(ValueError):
        NthWeekday(5, Weekday.MONDAY, 5)
