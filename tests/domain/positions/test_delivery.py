"""Positions by delivery interval: overlaps are cut, energy is conserved."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.domain.instruments.examples import BERLIN, DAY, GAS, POWER, bound, hour, quarter
from tests.domain.orders.examples import OWNER

from wattbook_domain.delivery import DeliveryPeriod
from wattbook_domain.foundation.identifiers import LedgerId
from wattbook_domain.foundation.instants import UtcNs
from wattbook_domain.instruments import products
from wattbook_domain.instruments.resolve import Instrument
from wattbook_domain.instruments.spec import ExerciseStyle, OptionRight, OptionTerms
from wattbook_domain.positions.delivery import by_delivery
from wattbook_domain.positions.position import Position, PositionKey
from wattbook_domain.quantities.energy import Energy

LONG_DAY = date(2017, 10, 29)


def holding(instrument: Instrument, net_lots: int, ledger: str = "INTRADAY") -> Position:
    key = PositionKey(OWNER.desk_id, LedgerId(ledger), instrument.instrument_id)
    return Position(
        key=key,
        net_lots=net_lots,
        bought_lots=max(net_lots, 0),
        sold_lots=max(-net_lots, 0),
    )


def registry(*instruments: Instrument) -> dict[str, Instrument]:
    return {instrument.instrument_id: instrument for instrument in instruments}


def test_an_hour_and_a_quarter_of_it_are_cut_where_they_part() -> None:
    ninth, second_quarter = hour(9), quarter(37)
    held = by_delivery(
        [holding(ninth, 30), holding(second_quarter, -50)], registry(ninth, second_quarter)
    )
    assert [(one.interval.minutes, one.net_kw) for one in held] == [
        (15, 3_000),
        (15, -2_000),
        (30, 3_000),
    ]
    assert held[1].power.mw == -2


products_of_the_long_day = [
    *(hour(index, LONG_DAY) for index in range(25)),
    *(quarter(index, LONG_DAY) for index in range(100)),
    bound(products.auction_block(POWER, DeliveryPeriod.day(LONG_DAY, BERLIN))),
]


@given(
    st.dictionaries(
        st.integers(0, len(products_of_the_long_day) - 1), st.integers(-500, 500), max_size=12
    )
)
def test_energy_is_conserved_over_the_day_of_25_hours(lots: dict[int, int]) -> None:
    positions = [holding(products_of_the_long_day[index], net) for index, net in lots.items()]
    held = by_delivery(positions, registry(*products_of_the_long_day))
    expected = sum(
        (products_of_the_long_day[index].energy(net) for index, net in lots.items()),
        start=Energy.zero(),
    )
    assert sum((one.energy for one in held), start=Energy.zero()) == expected
    assert all(a.interval.end <= b.interval.start for a, b in pairwise(held))


def test_flat_is_listed_and_absent_is_not() -> None:
    ninth = hour(9)
    flat = by_delivery([holding(ninth, 5, "A"), holding(ninth, 0, "B")], registry(ninth))
    assert [(one.place.ledger_id, one.net_kw) for one in flat] == [("A", 500), ("B", 0)]
    assert by_delivery([], {}) == ()


def test_gas_and_power_cash_and_physical_do_not_offset() -> None:
    day = DeliveryPeriod.day(DAY, BERLIN)
    gas = bound(products.gas_delivery(GAS, DeliveryPeriod.gas_day(DAY, BERLIN)))
    cash, physical = bound(products.future(POWER, day)), bound(products.spot_block(POWER, day))
    held = by_delivery(
        [holding(cash, 10), holding(physical, -10), holding(gas, 1)],
        registry(gas, cash, physical),
    )
    places = defaultdict(Fraction)
    for one in held:
        places[one.place.commodity.name, one.place.settlement.name] += one.energy.mwh
    assert places == {
        ("POWER", "CASH"): 24,
        ("POWER", "PHYSICAL"): -24,
        ("GAS", "PHYSICAL"): 24,
    }


def test_a_spread_delivers_its_legs_and_an_option_nothing_yet() -> None:
    first = bound(products.future(POWER, DeliveryPeriod.day(DAY, BERLIN)))
    second = bound(products.future(POWER, DeliveryPeriod.day(date(2017, 1, 25), BERLIN)))
    spread = bound(products.spread(first.spec, second.spec, prefix="EEX:DE"))
    terms = OptionTerms(
        underlying_id=first.instrument_id,
        right=OptionRight.PUT,
        style=ExerciseStyle.EUROPEAN,
        strike=Decimal(30),
        expires_at=UtcNs(0),
    )
    option = bound(products.option(first.spec, terms))
    held = by_delivery(
        [holding(spread, 10), holding(option, 99)], registry(first, second, spread, option)
    )
    assert [one.net_kw for one in held] == [1_000] * 24 + [-1_000] * 24
    with pytest.raises(ValueError, match=r"resolve EPEX:DE:FUT:20170124T2300Z\.1440 first"):
        by_delivery([holding(spread, 10)], registry(first, spread))


def test_an_unknown_instrument_is_named() -> None:
    stranger = attrs.evolve(hour(9))
    with pytest.raises(ValueError, match=f"resolve {stranger.instrument_id} first"):
        by_delivery([holding(stranger, 1)], {})
