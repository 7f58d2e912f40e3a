"""Decides how delivery is written as dates and times of a local clock, and what such times mean.

Table 1 knows local times without a zone (field 54), so the doubled hour of an autumn clock change
has no name of its own. ACER's answer (FAQ 2.1.50): write the hour twice, in chronological order.
This module does so, and reads it back: a window that touches the doubled hour from outside has one
meaning, two equal windows are the first and the second pass, and a window that stands alone inside
the doubled hour is told apart by the instants at the end of our contract identifiers, or refused.

A window ends at the wall time of its last slot plus the slot, so a day ends at 24:00:00 and the
hour before a spring change ends at 02:00:00, where no clock ever stood.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import groupby, pairwise
from typing import Final

import attrs

from wattbook_domain.delivery.period import DeliveryPeriod
from wattbook_domain.delivery.zones import (
    SLOT_NS,
    AmbiguousLocalTime,
    NonExistentLocalTime,
    clock_changes,
    day_start,
    local_instants,
    to_local,
)
from wattbook_domain.foundation.bounds import DELIVERY_SLOT_MINUTES
from wattbook_domain.foundation.instants import UtcNs, from_datetime

DAY_END: Final = "24:00:00"
_SLOT: Final = timedelta(minutes=DELIVERY_SLOT_MINUTES)
_ONE_DAY: Final = timedelta(days=1)
_SPAN: Final = re.compile(r".*-(\d{12})Z-(\d{12})Z")


@attrs.frozen(order=True)
class Window:
    """From one wall time to another on one local date; the end may be 24:00:00."""

    on: date
    start: str
    end: str


@attrs.frozen
class Run:
    """Consecutive local dates with the same wall times each."""

    first: date
    last: date
    times: tuple[tuple[str, str], ...]


def windows_of(period: DeliveryPeriod) -> tuple[Window, ...]:
    """Return a period as windows of its zone's clock, in chronological order."""
    return tuple(
        _window(start, end, period.zone)
        for day in _local_days(period)
        for start, end in _passes(day)
    )


def runs_of(periods: Iterable[DeliveryPeriod]) -> tuple[Run, ...]:
    """Return periods as runs of dates; a month of base load is one run of one window."""
    windows = [window for period in periods for window in windows_of(period)]
    runs: list[Run] = []
    for on, same_day in groupby(windows, key=lambda window: window.on):
        times = tuple((window.start, window.end) for window in same_day)
        if runs and runs[-1].times == times and runs[-1].last + _ONE_DAY == on:
            runs[-1] = attrs.evolve(runs[-1], last=on)
        else:
            runs.append(Run(on, on, times))
    return tuple(runs)


def windows_in(run: Run) -> tuple[Window, ...]:
    """Return a run date by date."""
    days = (run.last - run.first).days + 1
    return tuple(
        Window(run.first + timedelta(days=index), start, end)
        for index in range(days)
        for start, end in run.times
    )


def span_of(contract_id: str) -> tuple[UtcNs, UtcNs] | None:
    """Return the instants at the end of an identifier of ours; `None` for any other."""
    match = _SPAN.fullmatch(contract_id)
    if match is None:
        return None
    try:
        start, end = (datetime.strptime(text + "Z", "%Y%m%d%H%M%z") for text in match.groups())
    except ValueError:
        return None
    return from_datetime(start), from_datetime(end)


def periods_of(
    windows: Sequence[Window],
    zone: str,
    *,
    span: tuple[UtcNs, UtcNs] | None = None,
    inside: Sequence[DeliveryPeriod] = (),
) -> tuple[DeliveryPeriod, ...]:
    """Return the periods that windows mean, each window one period.

    Args:
        windows: in chronological order.
        zone: the zone of the clock.
        span: first and last instant of the whole, where known.
        inside: periods that must hold every result, where known.

    Raises:
        NonExistentLocalTime: if the clock never shows a window, or none fits what is known.
        AmbiguousLocalTime: if more than one reading fits what is known.
    """
    by_date = [tuple(same) for _, same in groupby(windows, key=lambda window: window.on)]
    found: list[DeliveryPeriod] = []
    for index, day in enumerate(by_date):
        starts_at = span[0] if span and index == 0 else None
        ends_at = span[1] if span and index == len(by_date) - 1 else None
        fitting = [
            reading
            for reading in _readings(day, zone)
            if (starts_at is None or reading[0].start == starts_at)
            and (ends_at is None or reading[-1].end == ends_at)
            and all(not inside or any(o.contains(p) for o in inside) for p in reading)
        ]
        found.extend(_only(fitting, day, zone))
    return tuple(found)


def wall_time(on: date, clock: str) -> datetime:
    """Read a wall time of a local date; 24:00:00 is the next date's midnight."""
    if clock == DAY_END:
        return datetime.combine(on + _ONE_DAY, time())
    return datetime.combine(on, time.fromisoformat(clock))


def _only(
    fitting: Sequence[tuple[DeliveryPeriod, ...]], day: Sequence[Window], zone: str
) -> tuple[DeliveryPeriod, ...]:
    shown = ", ".join(f"{window.start} to {window.end}" for window in day)
    if not fitting:
        raise NonExistentLocalTime(
            f"on {day[0].on} in {zone} no delivery fits {shown}; check the times against the "
            f"clock change and the contract's identifier"
        )
    if len(fitting) > 1:
        raise AmbiguousLocalTime(
            f"on {day[0].on} in {zone} the clock shows {shown} twice; report the two passes as "
            f"contracts of their own, with their instants in the identifier"
        )
    return fitting[0]


def _readings(day: Sequence[Window], zone: str) -> Iterator[tuple[DeliveryPeriod, ...]]:
    """Yield every chronological reading of one date's windows.

    Doubled windows of the first pass come before those of the second, so a reading is a number of
    first-pass windows: as many readings as windows plus one, never two to that power.
    """
    candidates = [_candidates(window, zone) for window in day]
    doubled = sum(len(of_window) > 1 for of_window in candidates)
    for first_pass in range(doubled, -1, -1):
        reading, seen = [], 0
        for of_window in candidates:
            is_second = len(of_window) > 1 and seen >= first_pass
            seen += len(of_window) > 1
            reading.append(of_window[int(is_second)])
        if all(earlier.end <= later.start for earlier, later in pairwise(reading)):
            yield tuple(reading)


def _candidates(window: Window, zone: str) -> tuple[DeliveryPeriod, ...]:
    starts = local_instants(wall_time(window.on, window.start), zone)
    end = wall_time(window.on, window.end)
    ends = tuple(UtcNs(last + SLOT_NS) for last in local_instants(end - _SLOT, zone))
    # The last slot may have been jumped over where a window ends at the far side of the jump.
    ends = ends or local_instants(end, zone)
    if not starts or not ends:
        raise NonExistentLocalTime(
            f"the clocks of {zone} on {window.on} jump over {window.start} to {window.end}"
        )
    if len(starts) == len(ends):
        pairs = tuple(zip(starts, ends, strict=True))
    else:
        # A window that leaves the doubled hour starts in the second pass, one that enters it ends
        # in the first: `windows_of` cuts whatever spans both passes.
        pairs = ((starts[-1], ends[0]),)
    return tuple(DeliveryPeriod(first, last, zone) for first, last in pairs)


def _local_days(period: DeliveryPeriod) -> Iterator[DeliveryPeriod]:
    start = period.start
    while start < period.end:
        following = to_local(start, period.zone).date() + _ONE_DAY
        end = min(period.end, day_start(following, period.zone))
        yield DeliveryPeriod(start, end, period.zone)
        start = end


def _passes(day: DeliveryPeriod) -> Iterator[tuple[UtcNs, UtcNs]]:
    """Cut where the clock falls back, if one edge of the window lies inside the doubled hour."""
    start = day.start
    for change in clock_changes(day.start, day.end, day.zone):
        doubled_ns = -change.shift_ns
        begins_inside = change.at - doubled_ns <= day.start
        ends_inside = day.end <= change.at + doubled_ns
        if doubled_ns > 0 and (begins_inside or ends_inside):
            yield start, change.at
            start = change.at
    yield start, day.end


def _window(start: UtcNs, end: UtcNs, zone: str) -> Window:
    first = to_local(start, zone)
    last = to_local(UtcNs(end - SLOT_NS), zone).replace(tzinfo=None) + _SLOT
    ends = DAY_END if last.date() > first.date() else f"{last:%H:%M:%S}"
    return Window(first.date(), f"{first:%H:%M:%S}", ends)
