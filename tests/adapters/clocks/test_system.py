"""The machine's clock may be set back; ours stands still until it has caught up."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wattbook_adapters.clocks.system import SystemClock
from wattbook_domain.foundation.bounds import INSTANT_NS_MAX

READINGS = st.lists(st.integers(0, INSTANT_NS_MAX), min_size=1, max_size=20)


@given(READINGS)
def test_it_is_the_latest_of_all_readings_so_far(readings: list[int]) -> None:
    source = iter(readings)
    clock = SystemClock(lambda: next(source))
    told = [clock.now() for _ in readings]
    assert told == [max(readings[: i + 1]) for i in range(len(readings))]


def test_a_clock_set_back_an_hour_stands_still() -> None:
    source = iter([7_200, 3_600, 7_199, 7_201])
    clock = SystemClock(lambda: next(source))
    assert [clock.now() for _ in range(4)] == [7_200, 7_200, 7_200, 7_201]


@pytest.mark.parametrize("reading", [-1, INSTANT_NS_MAX + 1])
def test_a_reading_that_is_no_instant_is_refused(reading: int) -> None:
    with pytest.raises(ValueError, match="must lie between"):
        SystemClock(lambda: reading).now()


def test_without_a_source_it_is_the_machine_s() -> None:
    before = time.time_ns()
    assert SystemClock().now() >= before
