"""Decides how a delivery is written for people, and reads it back without ambiguity.

Spans of whole dates are named as traders name them (`Cal-2026`, `Q1-2026`, `Win-2026`), with
`from 06:00` where the day begins off midnight. Spans of the clock carry the zone's mark, so that
both hours called 02:00 in October have their own name.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Final

from wattbook_domain.delivery.boundaries import granularity_of, minute_of_day, span_of
from wattbook_domain.delivery.granularity import Granularity, Season
from wattbook_domain.delivery.zones import clock_mark, local_instant, to_local
from wattbook_domain.foundation.instants import NS_PER_MINUTE, UtcNs

_MONTHS: Final = (
    "Jan", "Feb", "Mar", "Apr", "May", "Jun",
    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
)  # fmt: skip
_SEASONS: Final = {Season.SUMMER: "Sum", Season.WINTER: "Win"}
_FROM: Final = re.compile(r"(?P<name>.+?)(?: from (?P<hour>\d\d):(?P<minute>\d\d))?")
_CLOCK: Final = re.compile(
    r"(?P<wall>\d{4}-\d\d-\d\d \d\d:\d\d) (?P<mark>\S+)"
    r"(?: \+(?P<minutes>\d+)min| to (?P<end>\d{4}-\d\d-\d\d \d\d:\d\d) (?P<end_mark>\S+))?"
)

_AS_GAS: Final = {
    Granularity.DAY: Granularity.GAS_DAY,
    Granularity.WEEKEND: Granularity.GAS_WEEKEND,
    Granularity.WEEK: Granularity.GAS_WEEK,
    Granularity.MONTH: Granularity.GAS_MONTH,
    Granularity.QUARTER: Granularity.GAS_QUARTER,
    Granularity.SEASON: Granularity.GAS_SEASON,
    Granularity.YEAR: Granularity.GAS_CALENDAR_YEAR,
}
_FROM_GAS: Final = {gas: calendar for calendar, gas in _AS_GAS.items()}


def write_label(start: UtcNs, end: UtcNs, zone: str) -> str:
    """Return the name of a span; `read_label` with the same zone reads it back."""
    granularity = granularity_of(start, end, zone)
    wall = to_local(start, zone)
    if granularity.has_dates:
        name = _date_name(wall.date(), granularity)
        return f"{name} from {wall:%H:%M}" if minute_of_day(wall) else name
    begins = _clock_name(start, zone)
    if granularity is Granularity.HOUR:
        return begins
    if granularity is Granularity.BLOCK:
        return f"{begins} to {_clock_name(end, zone)}"
    return f"{begins} +{granularity.minutes}min"


def read_label(text: str, zone: str) -> tuple[UtcNs, UtcNs]:
    """Return start and end of the span that a label names.

    Raises:
        ValueError: when the text is no label, or names a wall time that does not exist there.
    """
    if match := _CLOCK.fullmatch(text):
        return _read_clock(match, zone)
    match = _FROM.fullmatch(text)
    if match is not None:
        minute = int(match["hour"] or 0) * 60 + int(match["minute"] or 0)
        for pattern, granularity, begins in _DATE_NAMES:
            if named := re.fullmatch(pattern, match["name"]):
                wanted = _AS_GAS.get(granularity, granularity) if minute else granularity
                return span_of(begins(*named.groups()), wanted, zone, minute)
    raise ValueError(
        f"a delivery label looks like 'Cal-2026', 'Q1-2026', '2026-03-29' or "
        f"'2026-03-29 08:00 CEST', found {text!r}"
    )


def _clock_name(at: UtcNs, zone: str) -> str:
    return f"{to_local(at, zone):%Y-%m-%d %H:%M} {clock_mark(at, zone)}"


def _date_name(day: date, granularity: Granularity) -> str:
    if granularity is Granularity.GAS_YEAR:
        return f"GY-{day.year}"
    return _NAMERS[_FROM_GAS.get(granularity, granularity)](day)


def _week_name(day: date) -> str:
    iso = day.isocalendar()
    return f"{iso.year}-W{iso.week:02d}"


_NAMERS: Final[dict[Granularity, Callable[[date], str]]] = {
    Granularity.DAY: date.isoformat,
    Granularity.WEEKEND: lambda day: f"{_week_name(day)} weekend",
    Granularity.WEEK: _week_name,
    Granularity.MONTH: lambda day: f"{_MONTHS[day.month - 1]}-{day.year}",
    Granularity.QUARTER: lambda day: f"Q{day.month // 3 + 1}-{day.year}",
    Granularity.SEASON: lambda day: f"{_SEASONS[Season(day.month)]}-{day.year}",
    Granularity.YEAR: lambda day: f"Cal-{day.year}",
}

_DATE_NAMES: Final[tuple[tuple[str, Granularity, Callable[..., date]], ...]] = (
    (r"(\d{4}-\d\d-\d\d)", Granularity.DAY, date.fromisoformat),
    (
        r"(\d{4})-W(\d\d) weekend",
        Granularity.WEEKEND,
        lambda year, week: date.fromisocalendar(int(year), int(week), 6),
    ),
    (
        r"(\d{4})-W(\d\d)",
        Granularity.WEEK,
        lambda year, week: date.fromisocalendar(int(year), int(week), 1),
    ),
    (
        rf"({'|'.join(_MONTHS)})-(\d{{4}})",
        Granularity.MONTH,
        lambda month, year: date(int(year), _MONTHS.index(month) + 1, 1),
    ),
    (
        r"Q([1-4])-(\d{4})",
        Granularity.QUARTER,
        lambda quarter, year: date(int(year), 3 * int(quarter) - 2, 1),
    ),
    (r"Sum-(\d{4})", Granularity.SEASON, lambda year: date(int(year), 4, 1)),
    (r"Win-(\d{4})", Granularity.SEASON, lambda year: date(int(year), 10, 1)),
    (r"Cal-(\d{4})", Granularity.YEAR, lambda year: date(int(year), 1, 1)),
    (r"GY-(\d{4})", Granularity.GAS_YEAR, lambda year: date(int(year), 10, 1)),
)


def _read_clock(match: re.Match[str], zone: str) -> tuple[UtcNs, UtcNs]:
    start = local_instant(_wall(match["wall"]), zone, mark=match["mark"])
    if match["end"]:
        return start, local_instant(_wall(match["end"]), zone, mark=match["end_mark"])
    minutes = int(match["minutes"] or 60)
    return start, UtcNs(start + minutes * NS_PER_MINUTE)


def _wall(text: str) -> datetime:
    return datetime.fromisoformat(text)
