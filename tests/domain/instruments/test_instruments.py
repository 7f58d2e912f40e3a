"""Specs, product families, resolution, and the crossing between decimals and integers."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.domain.instruments.examples import BERLIN, DAY, GAS, POWER, bound, hour, quarter

from wattbook_domain.delivery import (
    GB_POWER,
    GERMAN_POWER,
    DeliveryPeriod,
    DeliveryProfile,
    Granularity,
    HourWindow,
    merge,
)
from wattbook_domain.delivery.calendars import MarketCalendar
from wattbook_domain.foundation.identifiers import InstrumentId
from wattbook_domain.foundation.instants import UtcNs, parse_instant
from wattbook_domain.instruments import products
from wattbook_domain.instruments.resolve import resolve
from wattbook_domain.instruments.spec import (
    ExerciseStyle,
    InstrumentKind,
    InstrumentSpec,
    OptionRight,
    OptionTerms,
    Settlement,
    SpreadLeg,
)
from wattbook_domain.quantities.energy import Energy
from wattbook_domain.quantities.money import Currency, Money
from wattbook_domain.quantities.power import Power
from wattbook_domain.quantities.price import Price
from wattbook_domain.quantities.rounding import Rounding
from wattbook_domain.reference.gate_closure import GATE_CLOSURES

EUR = Currency.EUR
NEW_YEAR = DeliveryPeriod.year(2026, BERLIN)
TERMS = OptionTerms(
    underlying_id=products.future(POWER, NEW_YEAR).instrument_id,
    right=OptionRight.CALL,
    style=ExerciseStyle.EUROPEAN,
    strike=Decimal("-5.50"),
    expires_at=UtcNs(0),
)


def test_a_value_unit_is_tick_times_lot_times_five_minutes() -> None:
    """0.01 EUR/MWh x 0.1 MW x 1/12 h = 1/12,000 EUR; the hour's tick on a lot is 0.001 EUR."""
    instrument = hour(9)
    assert instrument.value_unit == Money(Fraction(1, 12_000), EUR)
    assert instrument.delivery_slots == 12
    assert instrument.tick_value == Money.of("0.001", EUR)
    assert instrument.lot_kw == 100


@given(st.integers(-(2**22), 2**22), st.integers(1, 2**20))
def test_notional_is_price_times_energy_exactly(ticks: int, lots: int) -> None:
    for instrument in (hour(9), quarter(0)):
        expected = instrument.price(ticks) * instrument.energy(lots)
        assert instrument.notional(ticks, lots) == expected


@given(st.integers(-(2**22), 2**22))
def test_ticks_and_prices_are_one_number(ticks: int) -> None:
    instrument = hour(9)
    price = instrument.price(ticks)
    assert instrument.ticks(price.rounded(places=2)) == ticks
    assert price == Price.of(Decimal(ticks) / 100, EUR)


@given(st.integers(1, 2**20))
def test_lots_and_power_are_one_number(lots: int) -> None:
    assert hour(9).lots(hour(9).power(lots)) == lots


def test_off_the_grid_is_refused_and_rounding_is_named() -> None:
    instrument = hour(9)
    with pytest.raises(ValueError, match="is not a multiple"):
        instrument.ticks(Decimal("45.375"))
    with pytest.raises(ValueError, match="is not a multiple"):
        instrument.lots(Power.of_mw("0.05"))
    with pytest.raises(ValueError, match="lots must lie"):
        instrument.lots(Power.of_mw(0))
    with pytest.raises(ValueError, match="price in ticks must lie"):
        instrument.ticks(Decimal(10**6))
    assert instrument.nearest_ticks(-45.374) == -4537
    assert instrument.nearest_ticks(45.3701, Rounding.CEILING) == 4538
    assert instrument.nearest_lots(4.19) == 41
    assert instrument.nearest_lots(0.04) == 0
    with pytest.raises(ValueError, match="lots must lie"):
        instrument.nearest_lots(-0.2)
    for nothing in (float("nan"), float("inf")):
        with pytest.raises(ValueError, match="must be finite"):
            instrument.nearest_ticks(nothing)
        with pytest.raises(ValueError, match="must be finite"):
            instrument.nearest_lots(nothing)


@pytest.mark.parametrize(("day", "hours"), [(date(2017, 3, 26), 23), (date(2017, 10, 29), 25)])
def test_a_day_base_block_delivers_as_many_hours_as_the_day_has(day: date, hours: int) -> None:
    spec = products.auction_block(POWER, DeliveryPeriod.day(day, BERLIN))
    instrument = bound(spec)
    assert len(instrument.intervals) == hours
    assert instrument.energy(10) == Energy.of_mwh(hours)
    assert merge(instrument.intervals) == spec.delivery


@pytest.mark.parametrize(
    ("profile", "hours"),
    [(DeliveryProfile.BASE, 8760), (DeliveryProfile.PEAK, 3132), (DeliveryProfile.OFF_PEAK, 5628)],
)
def test_german_calendar_2026_has_the_published_hours(profile: DeliveryProfile, hours: int) -> None:
    """Base 8760, peak 3132, off-peak 5628: EEX calendar year 2026."""
    year = bound(products.future(POWER, NEW_YEAR, profile=profile))
    assert year.energy(10) == Energy.of_mwh(hours)
    assert len(year.intervals) == hours


def test_a_gas_day_of_the_spring_switch_has_23_hours() -> None:
    """Gas day 2026-03-28, 06:00 to 06:00: TTF lot 1 MW x 23 h."""
    day = DeliveryPeriod.gas_day(date(2026, 3, 28), BERLIN)
    spec = products.gas_delivery(GAS, day)
    assert bound(spec).energy(1) == Energy.of_mwh(23)
    assert spec.granularity is Granularity.HOUR
    with pytest.raises(ValueError, match="a gas product needs a gas listing, found POWER"):
        products.gas_delivery(POWER, day)


def test_the_doubled_hour_is_two_instruments() -> None:
    names = {hour(index, date(2017, 10, 29)).instrument_id for index in range(25)}
    assert len(names) == 25
    assert names >= {"EPEX:DE:ID:20171029T0000Z.60", "EPEX:DE:ID:20171029T0100Z.60"}


def test_gates_bind_to_the_first_interval() -> None:
    spec = products.auction_interval(POWER, DeliveryPeriod.hour(DAY, 9, BERLIN))
    noon = resolve(spec, calendar=GERMAN_POWER, gate_closure=GATE_CLOSURES["day-ahead"])
    closes = parse_instant("2017-01-23T11:00:00Z")
    assert noon.gate_closes_at == closes
    assert noon.accepts_at(UtcNs(closes - 1))
    assert not noon.accepts_at(closes)
    assert hour(9).gate_closes_at is None
    assert hour(9).accepts_at(closes)


def test_families_say_what_they_are() -> None:
    hour_period = DeliveryPeriod.hour(DAY, 9, BERLIN)
    day = DeliveryPeriod.day(DAY, BERLIN)
    peak = DeliveryProfile.PEAK
    made = [
        products.auction_interval(POWER, hour_period),
        products.auction_block(POWER, day, profile=peak),
        products.spot_interval(POWER, hour_period),
        products.spot_block(POWER, day, granularity=Granularity.MINUTES_15),
        products.future(POWER, NEW_YEAR),
        products.forward(POWER, NEW_YEAR, profile=peak),
    ]
    assert [spec.kind.name for spec in made] == [
        "AUCTION", "AUCTION", "SPOT", "SPOT", "FUTURE", "FORWARD",
    ]  # fmt: skip
    assert len({spec.instrument_id for spec in made}) == len(made)
    assert made[1].instrument_id.endswith(":peak")
    assert [made[4].settlement, made[5].settlement] == [Settlement.CASH, Settlement.PHYSICAL]
    assert len(bound(made[3]).intervals) == 96


def test_an_option_keeps_the_delivery_of_its_underlying() -> None:
    underlying = products.future(POWER, NEW_YEAR)
    option = products.option(underlying, TERMS)
    assert option.kind is InstrumentKind.OPTION
    assert option.instrument_id == f"{underlying.instrument_id}:C-5.5"
    assert option.delivery == underlying.delivery
    with pytest.raises(ValueError, match="the terms exercise into"):
        products.option(products.forward(POWER, NEW_YEAR), TERMS)


def test_a_spread_is_one_leg_less_another_of_the_same_measure() -> None:
    first = products.future(POWER, DeliveryPeriod.year(2026, BERLIN))
    second = products.future(POWER, DeliveryPeriod.year(2027, BERLIN))
    calendar_spread = products.spread(first, second, prefix="EEX:DE")
    assert [leg.ratio for leg in calendar_spread.legs] == [1, -1]
    assert calendar_spread.kind is InstrumentKind.SPREAD
    with pytest.raises(ValueError, match="share their tick_size"):
        products.spread(first, products.future(GAS, NEW_YEAR), prefix="EEX")
    leap = products.future(POWER, DeliveryPeriod.year(2028, BERLIN))
    with pytest.raises(ValueError, match="deliver for equally long"):
        products.spread(first, leap, prefix="EEX")


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"tick_size": Decimal(0)}, ValueError, "tick_size must be positive"),
        ({"tick_size": Decimal("NaN")}, ValueError, "tick_size must be positive"),
        ({"tick_size": 0.01}, TypeError, "tick_size must be a Decimal, found float"),
        ({"lot_mw": Decimal("-0.1")}, ValueError, "lot_mw must be positive"),
        ({"lot_mw": Decimal("0.0005")}, ValueError, "whole kilowatts"),
        ({"instrument_id": InstrumentId("a b")}, ValueError, "instrument id must be"),
        ({"delivery_point_eic": "DE"}, ValueError, "an EIC is two digits"),
        ({"option": TERMS}, ValueError, "option terms belong to options"),
        ({"kind": InstrumentKind.OPTION}, ValueError, "option terms belong to options"),
        ({"kind": InstrumentKind.SPREAD}, ValueError, "legs belong to spreads"),
        ({"legs": (SpreadLeg(InstrumentId("A"), 1),)}, ValueError, "legs belong to spreads"),
        (
            {"kind": InstrumentKind.SPREAD, "legs": (SpreadLeg(InstrumentId("A"), 1),)},
            ValueError,
            "two or more different legs",
        ),
        (
            {
                "kind": InstrumentKind.SPREAD,
                "legs": (SpreadLeg(InstrumentId("A"), 1), SpreadLeg(InstrumentId("B"), 0)),
            },
            ValueError,
            "found ratio 0",
        ),
    ],
)
def test_a_spec_that_makes_no_sense_is_misuse(
    changes: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        attrs.evolve(hour(9).spec, **changes)


def test_resolution_needs_the_calendar_of_the_delivery_and_some_hours() -> None:
    with pytest.raises(ValueError, match="give the calendar of the delivery"):
        resolve(hour(9).spec, calendar=GB_POWER)
    saturday = DeliveryPeriod.day(date(2017, 1, 28), BERLIN)
    with pytest.raises(ValueError, match="must deliver in at least one hour"):
        bound(products.spot_block(POWER, saturday, profile=DeliveryProfile.PEAK))
    shape = DeliveryProfile.shaped("solar", [(HourWindow.of("08:00", "20:00"), "0.5")])
    shaped: InstrumentSpec = products.spot_block(POWER, saturday, profile=shape)
    with pytest.raises(ValueError, match="its profile is shaped"):
        bound(shaped)
    assert isinstance(GERMAN_POWER, MarketCalendar)
