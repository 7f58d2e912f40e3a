"""The residual: metered less contracted, priced by direction, open while something is missing."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wattbook_domain.delivery.granularity import Granularity
from wattbook_domain.delivery.period import DeliveryPeriod
from wattbook_domain.delivery.schedule import DeliverySchedule
from wattbook_domain.quantities.energy import Energy
from wattbook_domain.quantities.money import Currency, Money
from wattbook_domain.quantities.power import Power
from wattbook_domain.quantities.price import Price
from wattbook_domain.settlement.imbalance import (
    ImbalancePrice,
    Missing,
    OpenPeriod,
    settle_imbalance,
)

DAY = DeliveryPeriod.day(date(2017, 10, 29), "Europe/Berlin")
HOURS = DAY.split(Granularity.HOUR)
QUARTERS = DAY.split(Granularity.MINUTES_15)

kilowatts = st.integers(-60_000, 60_000)
cents = st.integers(-30_000, 30_000)


def euros(amount) -> Price:
    return Price.of(amount, Currency.EUR)


def single(amount) -> ImbalancePrice:
    return ImbalancePrice.single(euros(amount))


def power_of(kw: list[int], intervals) -> DeliverySchedule:
    pairs = zip(intervals, kw, strict=True)
    return DeliverySchedule.of((i, Power.of_kw(p)) for i, p in pairs)


@given(
    sold=st.lists(kilowatts, min_size=25, max_size=25),
    metered=st.lists(kilowatts, min_size=100, max_size=100),
    price=st.lists(cents, min_size=100, max_size=100),
)
def test_contracted_plus_imbalance_is_what_was_metered(sold, metered, price):
    """Contracts in hours, metering and settlement in quarters, on a day of 25 hours."""
    contracted, measured = power_of(sold, HOURS), power_of(metered, QUARTERS)
    prices = {q: single(f"{p / 100:.2f}") for q, p in zip(QUARTERS, price, strict=True)}
    statement = settle_imbalance(QUARTERS, contracted=contracted, metered=measured, prices=prices)
    assert statement.open_periods == ()
    assert contracted.energy() + statement.volume == measured.energy()
    worth = {q: p.long for q, p in prices.items()}
    assert statement.cash(Currency.EUR) == measured.value(worth) - contracted.split(
        Granularity.MINUTES_15
    ).value(worth)


@pytest.mark.parametrize(
    ("metered_mw", "long", "short", "cash"),
    [
        (22, 30, 50, 60),
        (18, 30, 50, -100),
        (20, 30, 50, 0),
        (22, -30, 50, -60),
        (18, 30, -50, 100),
    ],
    ids=["long-is-paid", "short-pays", "flat", "long-at-negative", "short-at-negative"],
)
def test_long_is_paid_the_long_price_and_short_pays_the_short_price(metered_mw, long, short, cash):
    hour = HOURS[0]
    statement = settle_imbalance(
        [hour],
        contracted=DeliverySchedule.constant(hour, Power.of_mw(20)),
        metered=DeliverySchedule.constant(hour, Power.of_mw(metered_mw)),
        prices={hour: ImbalancePrice(euros(long), euros(short))},
    )
    (line,) = statement.lines
    assert line.volume == Energy.of_mwh(metered_mw - 20)
    assert line.cash == statement.cash(Currency.EUR) == Money.of(cash, Currency.EUR)


def test_no_contract_is_a_contract_for_nothing():
    hour = HOURS[0]
    statement = settle_imbalance(
        [hour],
        contracted=DeliverySchedule(),
        metered=DeliverySchedule.constant(hour, Power.of_mw(3)),
        prices={hour: single(10)},
    )
    assert statement.cash(Currency.EUR) == Money.of(30, Currency.EUR)


def test_a_period_waits_for_what_is_missing_and_says_what():
    first, second, third, fourth = HOURS[:4]
    half = second.split(Granularity.MINUTES_30)[0]
    statement = settle_imbalance(
        HOURS[:4],
        contracted=DeliverySchedule(),
        metered=power_of([1000, 1000, 1000], [first, half, third]),
        prices={first: single(10), second: single(10)},
    )
    assert [line.period for line in statement.lines] == [first]
    assert statement.open_periods == (
        OpenPeriod(second, (Missing.METERED,)),
        OpenPeriod(third, (Missing.PRICE,)),
        OpenPeriod(fourth, (Missing.METERED, Missing.PRICE)),
    )


def test_both_prices_of_a_period_have_one_currency():
    with pytest.raises(ValueError, match=r"one currency"):
        ImbalancePrice(euros(1), Price.of(1, Currency.GBP))
