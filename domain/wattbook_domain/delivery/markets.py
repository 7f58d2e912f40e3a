"""Decides peak hours and holidays of actual markets: a table, one row each, nothing computed.

European exchanges define peak load as 08:00 to 20:00 on Monday to Friday, public holidays
included (EEX contract specifications). North American on-peak leaves out the six holidays of the
NERC (NERC "Additional Off-peak Days"): one that falls on a Sunday is kept on the Monday, one on a
Saturday stays there.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from wattbook_domain.delivery.calendars import (
    MONDAY_TO_FRIDAY,
    MONDAY_TO_SATURDAY,
    HolidayPolicy,
    HourWindow,
    MarketCalendar,
)
from wattbook_domain.delivery.holidays import (
    BridgeDay,
    EasterOffset,
    Equinox,
    FixedDate,
    HolidayRule,
    NthWeekday,
    Observance,
    SubstituteDay,
    Weekday,
)

GOOD_FRIDAY: Final = EasterOffset(-2)
EASTER_MONDAY: Final = EasterOffset(1)

NERC_HOLIDAYS: Final[tuple[HolidayRule, ...]] = (
    FixedDate(1, 1, Observance.SUNDAY_TO_MONDAY),
    NthWeekday(5, Weekday.MONDAY, -1),
    FixedDate(7, 4, Observance.SUNDAY_TO_MONDAY),
    NthWeekday(9, Weekday.MONDAY, 1),
    NthWeekday(11, Weekday.THURSDAY, 4),
    FixedDate(12, 25, Observance.SUNDAY_TO_MONDAY),
)
"""New Year's Day, Memorial, Independence, Labor and Thanksgiving Day, Christmas Day."""

GERMAN_HOLIDAYS: Final[tuple[HolidayRule, ...]] = (
    FixedDate(1, 1),
    GOOD_FRIDAY,
    EASTER_MONDAY,
    FixedDate(5, 1),
    EasterOffset(39),
    EasterOffset(50),
    FixedDate(10, 3),
    FixedDate(12, 25),
    FixedDate(12, 26),
)
"""The nine holidays of all German states; peak load does not stop for them."""

_WEEKEND: Final = (Weekday.SATURDAY, Weekday.SUNDAY)
_CHRISTMAS: Final[tuple[HolidayRule, ...]] = (
    FixedDate(12, 25),
    FixedDate(12, 26),
    SubstituteDay(12, 27, (FixedDate(12, 25),), _WEEKEND),
    SubstituteDay(12, 28, (FixedDate(12, 26),), _WEEKEND),
)

_AUSTRALIAN_HOLIDAYS: Final[tuple[HolidayRule, ...]] = (
    FixedDate(1, 1, Observance.WEEKEND_TO_MONDAY),
    FixedDate(1, 26, Observance.WEEKEND_TO_MONDAY),
    GOOD_FRIDAY,
    EASTER_MONDAY,
    *_CHRISTMAS,
)
QUEENSLAND_HOLIDAYS: Final[tuple[HolidayRule, ...]] = (
    *_AUSTRALIAN_HOLIDAYS,
    FixedDate(4, 25, Observance.SUNDAY_TO_MONDAY),
    NthWeekday(5, Weekday.MONDAY, 1),
    NthWeekday(10, Weekday.MONDAY, 1),
)
"""State-wide days of the Holidays Act 1983 (Qld) as they stand since 2016."""
NEW_SOUTH_WALES_HOLIDAYS: Final[tuple[HolidayRule, ...]] = (
    *_AUSTRALIAN_HOLIDAYS,
    FixedDate(4, 25),
    NthWeekday(6, Weekday.MONDAY, 2),
    NthWeekday(10, Weekday.MONDAY, 1),
)
"""State-wide days of the Public Holidays Act 2010 (NSW); Anzac Day is not moved."""

_GOLDEN_WEEK: Final = (FixedDate(5, 3), FixedDate(5, 4), FixedDate(5, 5))
_RESPECT_FOR_THE_AGED: Final = NthWeekday(9, Weekday.MONDAY, 3)
_JAPANESE_FIXED: Final = ((2, 11), (2, 23), (4, 29), (8, 11), (11, 3), (11, 23))
JAPANESE_HOLIDAYS: Final[tuple[HolidayRule, ...]] = (
    FixedDate(1, 1),
    FixedDate(1, 2),
    FixedDate(1, 3),
    FixedDate(12, 31),
    NthWeekday(1, Weekday.MONDAY, 2),
    *(FixedDate(month, day, Observance.SUNDAY_TO_MONDAY) for month, day in _JAPANESE_FIXED),
    Equinox.VERNAL,
    *_GOLDEN_WEEK,
    SubstituteDay(5, 6, _GOLDEN_WEEK, (Weekday.SUNDAY,)),
    NthWeekday(7, Weekday.MONDAY, 3),
    _RESPECT_FOR_THE_AGED,
    BridgeDay(_RESPECT_FOR_THE_AGED, Equinox.AUTUMNAL),
    Equinox.AUTUMNAL,
    NthWeekday(10, Weekday.MONDAY, 2),
)
"""National holidays since 2022, and the bank holidays of 31 December to 3 January."""

_EUROPEAN_PEAK: Final = (HourWindow.of("08:00", "20:00", MONDAY_TO_FRIDAY),)
_EASTERN_ON_PEAK: Final = (
    HourWindow.of("07:00", "23:00", MONDAY_TO_FRIDAY, HolidayPolicy.EXCLUDED),
)
_ERCOT_ON_PEAK: Final = (HourWindow.of("06:00", "22:00", MONDAY_TO_FRIDAY, HolidayPolicy.EXCLUDED),)
_WESTERN_ON_PEAK: Final = (
    HourWindow.of("06:00", "22:00", MONDAY_TO_SATURDAY, HolidayPolicy.EXCLUDED),
)

_EEX: Final = "EEX contract specifications, peak load Monday to Friday 08:00 to 20:00"


def _eex(name: str, zone: str, holidays: tuple[HolidayRule, ...] = ()) -> MarketCalendar:
    return MarketCalendar(name, zone, _EUROPEAN_PEAK, holidays, source=_EEX)


def _nerc(name: str, zone: str, peak: tuple[HourWindow, ...], source: str) -> MarketCalendar:
    return MarketCalendar(name, zone, peak, NERC_HOLIDAYS, source=source)


def _nem(name: str, holidays: tuple[HolidayRule, ...]) -> MarketCalendar:
    # The Australian market keeps Eastern Standard Time all year, in every region.
    return MarketCalendar(
        name,
        "Australia/Brisbane",
        (HourWindow.of("07:00", "22:00", MONDAY_TO_FRIDAY, HolidayPolicy.EXCLUDED),),
        holidays,
        source="ASX electricity futures: working days of the state, 07:00 to 22:00 market time",
    )


GERMAN_POWER: Final = _eex("DE", "Europe/Berlin", GERMAN_HOLIDAYS)
AUSTRIAN_POWER: Final = _eex("AT", "Europe/Vienna")
FRENCH_POWER: Final = _eex("FR", "Europe/Paris")
BELGIAN_POWER: Final = _eex("BE", "Europe/Brussels")
DUTCH_POWER: Final = _eex("NL", "Europe/Amsterdam")
SWISS_POWER: Final = _eex("CH", "Europe/Zurich")
ITALIAN_POWER: Final = _eex("IT", "Europe/Rome")
SPANISH_POWER: Final = _eex("ES", "Europe/Madrid")
NORDIC_POWER: Final = MarketCalendar(
    "NORDIC", "Europe/Oslo", _EUROPEAN_PEAK, source="Nord Pool, peak Monday to Friday hours 9 to 20"
)
GB_POWER: Final = MarketCalendar(
    "GB",
    "Europe/London",
    (HourWindow.of("07:00", "19:00", MONDAY_TO_FRIDAY),),
    source="Electricity Forward Agreement calendar, blocks 3 to 5 on weekdays",
)
PJM: Final = _nerc(
    "PJM", "America/New_York", _EASTERN_ON_PEAK, "PJM 5x16, hours ending 08 to 23 prevailing time"
)
ISO_NEW_ENGLAND: Final = _nerc(
    "ISONE", "America/New_York", _EASTERN_ON_PEAK, "ISO-NE 5x16, hours ending 08 to 23"
)
ERCOT: Final = _nerc(
    "ERCOT", "America/Chicago", _ERCOT_ON_PEAK, "ERCOT 5x16, hours ending 07 to 22"
)
WECC: Final = _nerc(
    "WECC", "America/Los_Angeles", _WESTERN_ON_PEAK, "WECC 6x16, hours ending 07 to 22"
)
JAPANESE_POWER: Final = MarketCalendar(
    "JP",
    "Asia/Tokyo",
    (HourWindow.of("08:00", "20:00", MONDAY_TO_FRIDAY, HolidayPolicy.EXCLUDED),),
    JAPANESE_HOLIDAYS,
    source="NYMEX rulebook 797 and TOCOM: weekdays but national and bank holidays, 08:00 to 20:00",
)
NEM_QUEENSLAND: Final = _nem("NEM-QLD", QUEENSLAND_HOLIDAYS)
NEM_NEW_SOUTH_WALES: Final = _nem("NEM-NSW", NEW_SOUTH_WALES_HOLIDAYS)

MARKET_CALENDARS: Final[Mapping[str, MarketCalendar]] = MappingProxyType(
    {
        calendar.name: calendar
        for calendar in (
            GERMAN_POWER,
            AUSTRIAN_POWER,
            FRENCH_POWER,
            BELGIAN_POWER,
            DUTCH_POWER,
            SWISS_POWER,
            ITALIAN_POWER,
            SPANISH_POWER,
            NORDIC_POWER,
            GB_POWER,
            PJM,
            ISO_NEW_ENGLAND,
            ERCOT,
            WECC,
            JAPANESE_POWER,
            NEM_QUEENSLAND,
            NEM_NEW_SOUTH_WALES,
        )
    }
)


def market_calendar(name: str) -> MarketCalendar:
    """Return the calendar of a market by its name.

    Raises:
        ValueError: when the table has no such row.
    """
    if name not in MARKET_CALENDARS:
        known = ", ".join(MARKET_CALENDARS)
        raise ValueError(f"a market calendar must be one of {known}, found {name!r}")
    return MARKET_CALENDARS[name]
