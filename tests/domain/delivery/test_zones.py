"""Wall clocks: every jump is found, every wall time means 0, 1 or 2 instants."""

from __future__ import annotations

from datetime import date, datetime, time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.domain.delivery.strategies import BERLIN, BRISBANE, LONDON, NEW_YORK, dates, zones

from wattbook_domain.delivery.zones import (
    NonExistentLocalTime,
    clock_changes,
    clock_mark,
    day_start,
    first_instant,
    local_instant,
    local_instants,
    offset_ns,
    to_local,
)
from wattbook_domain.foundation.instants import NS_PER_HOUR, UtcNs, format_instant, parse_instant


def wall(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("zone", "changes"),
    [
        (BERLIN, {"2026-03-29T01:00:00Z": 1, "2026-10-25T01:00:00Z": -1}),
        (LONDON, {"2026-03-29T01:00:00Z": 1, "2026-10-25T01:00:00Z": -1}),
        (NEW_YORK, {"2026-03-08T07:00:00Z": 1, "2026-11-01T06:00:00Z": -1}),
        (BRISBANE, {}),
    ],
)
def test_clock_changes_of_a_year(zone: str, changes: dict[str, int]) -> None:
    found = clock_changes(
        parse_instant("2026-01-01T00:00:00Z"), parse_instant("2027-01-01T00:00:00Z"), zone
    )
    assert {format_instant(c.at): c.shift_ns // NS_PER_HOUR for c in found} == changes


def test_a_change_at_the_edge_is_not_inside() -> None:
    change = parse_instant("2026-03-29T01:00:00Z")
    assert clock_changes(change, UtcNs(change + NS_PER_HOUR), BERLIN) == ()
    assert clock_changes(UtcNs(change - NS_PER_HOUR), change, BERLIN) == ()


def test_skipped_single_and_doubled_wall_times() -> None:
    assert local_instants(wall("2026-03-29T02:30"), BERLIN) == ()
    assert len(local_instants(wall("2026-03-29T03:00"), BERLIN)) == 1
    first, second = local_instants(wall("2026-10-25T02:30"), BERLIN)
    assert second - first == NS_PER_HOUR
    assert (clock_mark(first, BERLIN), clock_mark(second, BERLIN)) == ("CEST", "CET")
    assert local_instant(wall("2026-10-25T02:30"), BERLIN, mark="+0100") == second


def test_a_skipped_time_begins_at_the_jump() -> None:
    jump = parse_instant("2026-03-29T01:00:00Z")
    for text in ("2026-03-29T02:00", "2026-03-29T02:30", "2026-03-29T02:55", "2026-03-29T03:00"):
        assert first_instant(wall(text), BERLIN) == jump
    with pytest.raises(NonExistentLocalTime):
        local_instant(wall("2026-03-29T02:00"), BERLIN)


@given(dates, zones)
def test_the_first_instant_never_goes_back_as_the_clock_advances(day: date, zone: str) -> None:
    minutes = range(0, 1440, 15)
    starts = [day_start(day, zone, minute) for minute in minutes]
    assert all(before <= after for before, after in pairwise(starts))
    assert starts[0] == day_start(day, zone)


@given(dates, zones, st.integers(0, 287))
def test_a_wall_time_and_its_instants_agree(day: date, zone: str, slot: int) -> None:
    naive = datetime.combine(day, time(slot // 12, slot % 12 * 5))
    for at in local_instants(naive, zone):
        assert to_local(at, zone).replace(tzinfo=None) == naive
        assert local_instant(naive, zone, mark=clock_mark(at, zone)) == at
        assert offset_ns(at, zone) % NS_PER_HOUR == 0
    assert to_local(first_instant(naive, zone), zone).replace(tzinfo=None) >= naive
