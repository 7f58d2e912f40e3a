"""Schedules: an exact algebra of power over time, in which absence is not zero."""

from __future__ import annotations

import operator as op
from datetime import date
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.domain.delivery.strategies import (
    BERLIN,
    LONDON,
    near_periods,
    period_of_slots,
    prices,
    schedules,
)

from wattbook_domain.delivery import (
    SCHEDULE_DTYPE,
    SLOT_NS,
    DeliveryPeriod,
    DeliverySchedule,
    Granularity,
)
from wattbook_domain.foundation.canonical import from_plain, to_plain
from wattbook_domain.foundation.instants import UtcNs
from wattbook_domain.quantities import Currency, Energy, Money, Power, Price

LONG_DAY = DeliveryPeriod.day(date(2017, 10, 29), BERLIN)
EMPTY = DeliverySchedule()


def by_slot(schedule: DeliverySchedule) -> dict[int, Power]:
    """The schedule as a plain function of slots: the model against which the algebra is tested."""
    return {
        slot: power
        for period, power in schedule.entries
        for slot in range(period.start // SLOT_NS, period.end // SLOT_NS)
    }


@given(schedules(), schedules())
def test_addition_is_slot_by_slot(a: DeliverySchedule, b: DeliverySchedule) -> None:
    model, other = by_slot(a), by_slot(b)
    for slot, power in other.items():
        model[slot] = model[slot] + power if slot in model else power
    assert by_slot(a + b) == model


@given(schedules(), schedules(), schedules())
def test_schedules_are_a_commutative_monoid(
    a: DeliverySchedule, b: DeliverySchedule, c: DeliverySchedule
) -> None:
    assert (a + b).merge() == (b + a).merge()
    assert ((a + b) + c).merge() == (a + (b + c)).merge()
    assert a + EMPTY == EMPTY + a == a


@given(schedules(), st.fractions(max_denominator=20), st.fractions(max_denominator=20))
def test_scaling_is_linear(a: DeliverySchedule, k: Fraction, j: Fraction) -> None:
    assert k * (j * a) == (k * j) * a
    assert (k * a + j * a).merge() == ((k + j) * a).merge()
    assert -a == -1 * a


@given(schedules())
def test_a_schedule_less_itself_is_zero_where_it_delivered_and_absent_elsewhere(
    a: DeliverySchedule,
) -> None:
    nothing = a - a
    assert all(power.is_zero for power in nothing.powers)
    assert nothing.minutes == a.minutes


@given(schedules())
def test_split_and_merge_describe_the_same_delivery(a: DeliverySchedule) -> None:
    fine = a.split(Granularity.MINUTES_5)
    assert by_slot(fine) == by_slot(a) == by_slot(a.merge())
    assert fine.merge() == a.merge()
    assert a.merge().merge() == a.merge()


@given(schedules(), near_periods())
def test_within_keeps_what_lies_inside(a: DeliverySchedule, window: DeliveryPeriod) -> None:
    inside = a.within(window)
    slots = range(window.start // SLOT_NS, window.end // SLOT_NS)
    assert by_slot(inside) == {s: p for s, p in by_slot(a).items() if s in slots}
    assert all(window.contains(period) for period in inside.intervals)


@given(schedules(), st.integers(0, 200))
def test_power_at_an_instant(a: DeliverySchedule, slot: int) -> None:
    at = period_of_slots(slot, 1, BERLIN).start
    assert a.power_at(at) == by_slot(a).get(at // SLOT_NS)


@given(schedules(), prices, prices, st.integers(1, 150))
def test_value_at_prices_that_change_inside_an_interval(
    a: DeliverySchedule, first: Price, second: Price, turn: int
) -> None:
    before, after = period_of_slots(0, turn, BERLIN), period_of_slots(turn, 200, BERLIN)
    value = a.value({after: second, before: first})
    assert value == a.within(before).value(first) + a.within(after).value(second)


@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.integers(1, 12), st.integers(-(10**6), 10**6)), max_size=8
    )
)
def test_columns_hold_the_whole_schedule(rows: list[tuple[int, int, int]]) -> None:
    entries, reached = [], 0
    for gap, slots, power_kw in rows:
        entries.append((period_of_slots(reached + gap, slots, BERLIN), Power.of_kw(power_kw)))
        reached += gap + slots
    schedule = DeliverySchedule.of(entries)
    columns = schedule.columns()
    assert columns.dtype == SCHEDULE_DTYPE
    assert DeliverySchedule.from_columns(columns, BERLIN) == schedule
    # Energy in integers: kilowatts times slots, a twelfth of a kilowatt-hour each.
    units = int(np.dot(columns["power_kw"], columns["delivery_slots"]))
    assert schedule.energy() == Energy.of_mwh(Fraction(units, 12_000))


def test_columns_refuse_what_integers_cannot_say() -> None:
    with pytest.raises(ValueError, match="whole number"):
        DeliverySchedule.constant(LONG_DAY, Power.of_kw("0.5")).columns()
    with pytest.raises(ValueError, match="power_kw"):
        DeliverySchedule.constant(LONG_DAY, Power.of_kw(2**40 + 1)).columns()


def test_a_long_day_at_negative_prices() -> None:
    hours = LONG_DAY.split(Granularity.HOUR)
    quotes = {hour: Price.of(-(index + 1), Currency.EUR) for index, hour in enumerate(hours)}
    schedule = DeliverySchedule.constant(LONG_DAY, Power.of_mw(10))
    assert schedule.energy() == Energy.of_mwh(250)
    assert schedule.value(quotes) == Money.of(-10 * 25 * 26 // 2, Currency.EUR)


def test_a_missing_price_is_not_zero() -> None:
    hours = LONG_DAY.split(Granularity.HOUR)
    quotes = {hour: Price.of(40, Currency.EUR) for hour in hours}
    schedule = DeliverySchedule.constant(LONG_DAY, Power.of_mw(10))
    for missing in (hours[0], hours[12], hours[-1]):
        partial = {hour: price for hour, price in quotes.items() if hour != missing}
        with pytest.raises(ValueError, match="absence of a price is not zero"):
            schedule.value(partial)
    with pytest.raises(ValueError, match="without a price"):
        schedule.value({})
    with pytest.raises(ValueError, match="must not overlap"):
        schedule.value({**quotes, LONG_DAY: Price.of(40, Currency.EUR)})


def test_averages_need_whole_intervals_without_gaps() -> None:
    quarter = DeliveryPeriod.interval(date(2026, 1, 1), 0, Granularity.MINUTES_15, BERLIN)
    with pytest.raises(ValueError, match="not a whole number of hour"):
        DeliverySchedule.constant(quarter, Power.of_mw(1)).averaged(Granularity.HOUR)
    hours = LONG_DAY.split(Granularity.HOUR)
    gapped = DeliverySchedule.of({hours[0]: Power.of_mw(1), hours[2]: Power.of_mw(1)})
    with pytest.raises(ValueError, match="must meet"):
        gapped.averaged(Granularity.HOUR)


def test_an_average_of_quarters_is_the_hour() -> None:
    hour = DeliveryPeriod.hour(date(2026, 1, 1), 8, BERLIN)
    quarters = hour.split(Granularity.MINUTES_15)
    ramp = DeliverySchedule.of(
        {quarter: Power.of_mw(mw) for quarter, mw in zip(quarters, (1, 2, 3, 5), strict=True)}
    )
    assert ramp.averaged(Granularity.HOUR) == DeliverySchedule.constant(hour, Power.of_mw("2.75"))


def test_intervals_must_be_disjoint_and_of_one_zone() -> None:
    hours = LONG_DAY.split(Granularity.HOUR)
    one = Power.of_mw(1)
    with pytest.raises(ValueError, match="in order and disjoint"):
        DeliverySchedule.of([(hours[0], one), (hours[0], one)])
    with pytest.raises(ValueError, match="in order and disjoint"):
        DeliverySchedule(((hours[1], one), (hours[0], one)))
    with pytest.raises(ValueError, match="keeps one zone"):
        DeliverySchedule.of([(hours[0], one), (hours[1].in_zone(LONDON), one)])
    with pytest.raises(ValueError, match="one zone can be added"):
        DeliverySchedule.constant(hours[0], one) + DeliverySchedule.constant(
            hours[1].in_zone(LONDON), one
        )
    schedule: Any = DeliverySchedule.constant(hours[0], one)
    for mix, other in ((op.add, one), (op.sub, one), (op.mul, 0.5)):
        with pytest.raises(TypeError):
            mix(schedule, other)


def test_an_empty_schedule_delivers_nothing_anywhere() -> None:
    assert EMPTY.span is None
    assert EMPTY.energy() == Energy.zero()
    assert EMPTY.minutes == 0
    assert EMPTY.power_at(UtcNs(0)) is None
    assert EMPTY.within(LONG_DAY) == EMPTY.merge() == -EMPTY == EMPTY
    assert "empty" in repr(EMPTY)


def test_its_text_names_span_and_energy() -> None:
    schedule = DeliverySchedule.constant(LONG_DAY, Power.of_mw(10))
    assert repr(schedule) == "DeliverySchedule(2017-10-29, 1 intervals, Energy(250 MWh))"
    assert schedule.span == LONG_DAY


@given(schedules())
def test_a_schedule_comes_back_from_its_canonical_form(a: DeliverySchedule) -> None:
    assert from_plain(DeliverySchedule, to_plain(a)) == a
