"""Decides at which instants a span of time is cut, and which granularity a span has.

Below the day this is integer arithmetic on UTC slots; from the day up it walks local dates. It
works on bare instants; `period` gives them their form.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from wattbook_domain.delivery.granularity import (
    CALENDAR_FAMILY,
    CLOCK_FAMILY,
    GAS_FAMILY,
    Granularity,
)
from wattbook_domain.delivery.zones import (
    clock_changes,
    day_start,
    offset_ns,
    to_local,
)
from wattbook_domain.foundation.instants import NS_PER_MINUTE, UtcNs, format_instant


def cut(start: UtcNs, end: UtcNs, zone: str, granularity: Granularity) -> Sequence[int]:
    """Return the edges of `[start, end)` at a granularity, first and last included.

    Raises:
        ValueError: when the span is not a whole number of that granularity on the zone's grid.
    """
    if granularity.minutes is not None:
        return _cut_by_clock(start, end, zone, granularity)
    if granularity.has_dates:
        return _cut_by_date(start, end, zone, granularity)
    raise ValueError("a block has no grid to split by; name a granularity that has one")


def granularity_of(start: UtcNs, end: UtcNs, zone: str) -> Granularity:
    """Return the granularity whose grid holds exactly this span, BLOCK when none does."""
    length = end - start
    for clock in CLOCK_FAMILY:
        if length == (clock.minutes or 0) * NS_PER_MINUTE and _on_clock(start, zone, length):
            return clock
    wall = to_local(start, zone)
    family = GAS_FAMILY if minute_of_day(wall) else CALENDAR_FAMILY
    day, minute = wall.date(), minute_of_day(wall)
    if day_start(day, zone, minute) != start:
        return Granularity.BLOCK
    for granularity in family:
        if granularity.begins_on(day) and end == day_start(
            granularity.next_after(day), zone, minute
        ):
            return granularity
    return Granularity.BLOCK


def minute_of_day(wall: datetime) -> int:
    """Return the minute that a wall clock shows, counted from midnight."""
    return wall.hour * 60 + wall.minute


def _on_clock(at: UtcNs, zone: str, step_ns: int) -> bool:
    return (at + offset_ns(at, zone)) % step_ns == 0


def _cut_by_clock(start: UtcNs, end: UtcNs, zone: str, granularity: Granularity) -> range:
    step = (granularity.minutes or 0) * NS_PER_MINUTE
    # Where clocks jump by half an hour (Lord Howe), hours lose their grid at the jump.
    keeps_grid = all(jump.shift_ns % step == 0 for jump in clock_changes(start, end, zone))
    if (end - start) % step or not _on_clock(start, zone, step) or not keeps_grid:
        raise _off_grid(start, end, zone, granularity)
    return range(start, end + 1, step)


def _cut_by_date(start: UtcNs, end: UtcNs, zone: str, granularity: Granularity) -> list[int]:
    wall = to_local(start, zone)
    day, minute = wall.date(), minute_of_day(wall)
    begins_in_family = bool(minute) == granularity.is_gas
    edges: list[int] = [start]
    if day_start(day, zone, minute) != start or not begins_in_family:
        raise _off_grid(start, end, zone, granularity)
    while edges[-1] < end:
        if not granularity.begins_on(day):
            raise _off_grid(start, end, zone, granularity)
        day = granularity.next_after(day)
        edges.append(day_start(day, zone, minute))
    if edges[-1] != end:
        raise _off_grid(start, end, zone, granularity)
    return edges


def _off_grid(start: UtcNs, end: UtcNs, zone: str, granularity: Granularity) -> ValueError:
    return ValueError(
        f"[{format_instant(start)}, {format_instant(end)}) in {zone} is not a whole number of "
        f"{granularity.value} on its grid; split by a finer granularity or clip it first"
    )


def span_of(day: date, granularity: Granularity, zone: str, minute: int) -> tuple[UtcNs, UtcNs]:
    """Return start and end of the span of a granularity that begins on a local date.

    Raises:
        ValueError: when none begins there.
    """
    if not granularity.has_dates or not granularity.begins_on(day):
        raise ValueError(f"no {granularity.value} begins on {day:%A} {day}")
    if granularity.is_gas != bool(minute):
        raise ValueError(
            f"a {granularity.value} begins {'after' if granularity.is_gas else 'at'} midnight, "
            f"found minute {minute} of the day"
        )
    return (
        day_start(day, zone, minute),
        day_start(granularity.next_after(day), zone, minute),
    )
