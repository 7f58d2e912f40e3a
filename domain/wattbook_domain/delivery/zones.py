"""Decides which instant a wall clock in a market's zone means, and what that clock shows.

Rules come from the IANA time zone database. A wall time that never happens, or happens twice
without saying which, is refused by name; where a calendar needs an answer regardless (the start of
a day, the edge of a peak block), it is the first instant at which the clock shows that time or
later.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from wattbook_domain.foundation.bounds import DELIVERY_SLOT_MINUTES
from wattbook_domain.foundation.instants import (
    NS_PER_MINUTE,
    NS_PER_SECOND,
    UtcNs,
    from_datetime,
    to_datetime,
)

SLOT_NS: Final = DELIVERY_SLOT_MINUTES * NS_PER_MINUTE
_SAMPLE: Final = timedelta(days=7)


class UnknownZone(ValueError):
    """A key that names no IANA zone."""


class NonExistentLocalTime(ValueError):
    """A wall time that the clock skips."""


class AmbiguousLocalTime(ValueError):
    """A wall time that the clock shows twice, without a word on which is meant."""


class ClockChange(NamedTuple):
    """An instant at which a zone's clock jumps, and by how much."""

    at: UtcNs
    shift_ns: int


@cache
def zone_info(zone: str) -> ZoneInfo:
    """Return the rules of an IANA zone.

    Raises:
        UnknownZone: when there is no zone of that key.
    """
    try:
        return ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError, TypeError) as cause:
        raise UnknownZone(
            f"a zone must be an IANA key such as 'Europe/Berlin', found {zone!r}"
        ) from cause


def to_local(at: UtcNs, zone: str) -> datetime:
    """Return what the clocks of `zone` show at an instant, as an aware datetime."""
    return to_datetime(at).astimezone(zone_info(zone))


def offset_ns(at: UtcNs, zone: str) -> int:
    """Return how far the clocks of `zone` run ahead of UTC at an instant."""
    moment = to_datetime(at)
    lead = moment.astimezone(zone_info(zone)).replace(tzinfo=UTC) - moment
    return (lead.days * 86_400 + lead.seconds) * NS_PER_SECOND


def first_instant(wall: datetime, zone: str) -> UtcNs:
    """Return the first instant at which the clocks of `zone` show the naive `wall` or later.

    For a doubled time that is its first occurrence; for a skipped time, the jump itself.
    """
    early = from_datetime(wall.replace(tzinfo=zone_info(zone), fold=0))
    if to_local(early, zone).replace(tzinfo=None) == wall:
        return early
    return _jump_over(wall, early, zone)


def local_instants(wall: datetime, zone: str) -> tuple[UtcNs, ...]:
    """Return every instant at which the clocks of `zone` show the naive `wall`: 0, 1 or 2."""
    info = zone_info(zone)
    instants = {from_datetime(wall.replace(tzinfo=info, fold=fold)) for fold in (0, 1)}
    return tuple(sorted(at for at in instants if to_local(at, zone).replace(tzinfo=None) == wall))


def local_instant(wall: datetime, zone: str, *, mark: str | None = None) -> UtcNs:
    """Return the one instant that a wall time means.

    Args:
        wall: a naive wall time.
        zone: the IANA key whose clocks show it.
        mark: the zone's abbreviation or offset, "CEST" or "+0200", which tells doubled times
            apart.

    Raises:
        NonExistentLocalTime: when the clock skips that time, or never shows it under that mark.
        AmbiguousLocalTime: when it happens twice and the mark does not tell.
    """
    candidates = local_instants(wall, zone)
    if not candidates:
        raise NonExistentLocalTime(
            f"the clocks of {zone} never show {wall:%Y-%m-%d %H:%M}: they jump over it"
        )
    if mark is not None:
        marked = tuple(at for at in candidates if mark in _marks(at, zone))
        if not marked:
            shown = " or ".join(clock_mark(at, zone) for at in candidates)
            raise NonExistentLocalTime(
                f"{wall:%Y-%m-%d %H:%M} in {zone} is {shown}, found the mark {mark!r}"
            )
        candidates = marked
    if len(candidates) > 1:
        raise AmbiguousLocalTime(
            f"the clocks of {zone} show {wall:%Y-%m-%d %H:%M} twice; say which by its mark"
        )
    return candidates[0]


def clock_mark(at: UtcNs, zone: str) -> str:
    """Return what tells an instant from its twin on the clock, such as "CEST".

    Where the clock was put back without a new name (Pyongyang in 2015) it is the offset, "+0830".
    """
    wall = to_local(at, zone).replace(tzinfo=None, fold=0)
    name, offset = _marks(at, zone)
    is_shared = len([twin for twin in local_instants(wall, zone) if name in _marks(twin, zone)]) > 1
    return offset if is_shared else name


@lru_cache(maxsize=2**16)
def day_start(day: date, zone: str, minute: int = 0) -> UtcNs:
    """Return the first instant of a local date, or of its `minute` on the wall clock."""
    return first_instant(datetime.combine(day, time(minute // 60, minute % 60)), zone)


def clock_changes(start: UtcNs, end: UtcNs, zone: str) -> tuple[ClockChange, ...]:
    """Return the jumps of a zone's clock within `(start, end)`, in order."""
    years = range(to_datetime(start).year, to_datetime(end).year + 1)
    return tuple(
        change for year in years for change in _changes_of(year, zone) if start < change.at < end
    )


@lru_cache(maxsize=2**12)
def _changes_of(year: int, zone: str) -> tuple[ClockChange, ...]:
    # A week between samples: no zone has jumped there and back within one in this century.
    changes: list[ClockChange] = []
    moment, stop = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
    low = from_datetime(moment)
    before = offset_ns(low, zone)
    while moment < stop:
        moment = min(moment + _SAMPLE, stop)
        high = from_datetime(moment)
        after = offset_ns(high, zone)
        if after != before:
            changes.append(ClockChange(_first_with(after, low, high, zone), after - before))
        low, before = high, after
    return tuple(changes)


def _first_with(offset: int, low: UtcNs, high: UtcNs, zone: str) -> UtcNs:
    """Bisect seconds for the first instant in (low, high] at which the zone has `offset`."""
    below, above = low // NS_PER_SECOND, high // NS_PER_SECOND
    while above - below > 1:
        middle = (below + above) // 2
        if offset_ns(UtcNs(middle * NS_PER_SECOND), zone) == offset:
            above = middle
        else:
            below = middle
    return UtcNs(above * NS_PER_SECOND)


def _jump_over(wall: datetime, late: UtcNs, zone: str) -> UtcNs:
    """Return the instant at which the clock jumps over `wall`; `late` lies shortly after it."""
    early = from_datetime(wall.replace(tzinfo=zone_info(zone), fold=1))
    return _first_with(offset_ns(late, zone), UtcNs(early - NS_PER_SECOND), late, zone)


def _marks(at: UtcNs, zone: str) -> tuple[str, str]:
    local = to_local(at, zone)
    return f"{local:%Z}", f"{local:%z}"
