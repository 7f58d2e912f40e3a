"""What fills oblige us to: every MWh and every cent of every fill, once."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wattbook_domain.delivery.granularity import Granularity
from wattbook_domain.delivery.markets import GERMAN_POWER
from wattbook_domain.delivery.period import DeliveryPeriod
from wattbook_domain.delivery.profile import DeliveryProfile
from wattbook_domain.foundation.identifiers import (
    AlgorithmId,
    ClientOrderId,
    DeskId,
    ExecutionId,
    InstrumentId,
    LedgerId,
    TraderId,
    VenueId,
)
from wattbook_domain.foundation.instants import from_datetime
from wattbook_domain.instruments.resolve import Instrument, resolve
from wattbook_domain.instruments.spec import (
    Commodity,
    InstrumentKind,
    InstrumentSpec,
    Settlement,
)
from wattbook_domain.orders.commands import OrderOwner
from wattbook_domain.orders.vocabulary import Side
from wattbook_domain.positions.fills import Fill
from wattbook_domain.quantities.energy import Energy
from wattbook_domain.quantities.money import Currency, Money
from wattbook_domain.reference.trading_calendar import MONDAY_TO_FRIDAY, TradingCalendar
from wattbook_domain.settlement.obligations import fees, net, obligations
from wattbook_domain.settlement.payments import CashFlow, DueBasis, DueRule, cash_flows

BERLIN = "Europe/Berlin"
DAYS = (date(2017, 3, 26), date(2017, 1, 24), date(2017, 10, 29))
CALENDAR = TradingCalendar(
    name="clearing days",
    zone=BERLIN,
    weekdays=MONDAY_TO_FRIDAY,
    holidays=frozenset({date(2017, 4, 14), date(2017, 4, 17)}),
)
OWNER = OrderOwner(
    desk_id=DeskId("D1"),
    ledger_id=LedgerId("L1"),
    trader_id=TraderId("T1"),
    algorithm_id=AlgorithmId("A1"),
)


def instrument(
    name: str, delivery: DeliveryPeriod, granularity: Granularity = Granularity.HOUR, **changes
) -> Instrument:
    spec = InstrumentSpec(
        instrument_id=InstrumentId(name),
        kind=InstrumentKind.SPOT,
        commodity=Commodity.POWER,
        currency=Currency.EUR,
        tick_size=Decimal("0.01"),
        lot_mw=Decimal("0.1"),
        delivery=delivery,
        profile=DeliveryProfile.BASE,
        granularity=granularity,
        delivery_point_eic="10Y1001A1001A82H",
    )
    return resolve(attrs.evolve(spec, **changes), calendar=GERMAN_POWER)


LISTED = {
    i.instrument_id: i
    for day in DAYS
    for i in (
        instrument(f"BASE-{day}", DeliveryPeriod.day(day, BERLIN)),
        instrument(f"QH-{day}", DeliveryPeriod.day(day, BERLIN), Granularity.MINUTES_15),
        instrument(f"H3-{day}", DeliveryPeriod.hour(day, 3, BERLIN)),
    )
}


def fill(
    name: str,
    *,
    side: Side = Side.BUY,
    ticks: int = 3000,
    lots: int = 10,
    fee: Decimal | int = 0,
    venue: str = "V1",
    at: datetime = datetime(2017, 1, 23, 10, tzinfo=UTC),
    number: int = 1,
) -> Fill:
    return Fill(
        execution_id=ExecutionId(f"E{number}"),
        client_order_id=ClientOrderId("O1"),
        instrument_id=InstrumentId(name),
        venue_id=VenueId(venue),
        owner=OWNER,
        side=side,
        ticks=ticks,
        lots=lots,
        fee=Money.of(fee, Currency.EUR),
        at=from_datetime(at),
    )


fills = st.lists(
    st.builds(
        fill,
        st.sampled_from(sorted(LISTED)),
        side=st.sampled_from(Side),
        ticks=st.integers(-50_000, 300_000),
        lots=st.integers(1, 1000),
        fee=st.decimals(-5, 50, places=2),
        venue=st.sampled_from(["V1", "V2"]),
        at=st.integers(0, 240).map(
            lambda hours: datetime(2017, 4, 10, tzinfo=UTC) + timedelta(hours=hours)
        ),
    ),
    max_size=8,
)


def euros(amounts) -> Money:
    return sum(amounts, Money.zero(Currency.EUR))


@given(fills)
def test_energy_and_money_of_the_fills_are_conserved_at_every_step(booked):
    bought = sum((LISTED[f.instrument_id].energy(f.signed_lots) for f in booked), Energy.zero())
    paid = euros(LISTED[f.instrument_id].notional(f.ticks, f.signed_lots) for f in booked)
    charged = euros(f.fee for f in booked)

    owed = obligations(booked, LISTED, zone=BERLIN)
    netted = net(owed)
    for stage in (owed, netted):
        assert sum((o.energy for o in stage), Energy.zero()) == bought
        assert euros(o.cash for o in stage) == -paid
    assert euros(fee.cash for fee in fees(booked, zone=BERLIN)) == -charged
    for basis in DueBasis:
        flows = cash_flows(
            netted,
            fees(booked, zone=BERLIN),
            rule=DueRule(basis=basis, business_days=2),
            calendar=CALENDAR,
        )
        assert euros(flow.amount for flow in flows) == -paid - charged
        assert all(CALENDAR.is_trading_day(flow.due_on) for flow in flows)
        assert len({(flow.venue_id, flow.due_on) for flow in flows}) == len(flows)


@given(fills)
def test_netting_twice_changes_nothing_and_order_does_not_matter(booked):
    owed = obligations(booked, LISTED, zone=BERLIN)
    assert net(net(owed)) == net(owed)
    assert net(tuple(reversed(owed))) == net(owed)


@pytest.mark.parametrize(("day", "hours"), list(zip(DAYS, (23, 24, 25), strict=True)))
def test_a_base_day_is_owed_in_as_many_hours_as_it_has(day, hours):
    owed = obligations([fill(f"BASE-{day}")], LISTED, zone=BERLIN)
    assert len(owed) == hours
    assert sum((o.energy for o in owed), Energy.zero()) == Energy.of_mwh(hours)
    assert euros(o.cash for o in owed) == Money.of(-30 * hours, Currency.EUR)


def test_a_purchase_at_a_negative_price_brings_energy_and_cash():
    (owed,) = obligations([fill(f"H3-{DAYS[2]}", ticks=-8303)], LISTED, zone=BERLIN)
    assert (owed.energy, owed.cash) == (Energy.of_mwh(1), Money.of("83.03", Currency.EUR))


def test_a_closed_interval_is_kept_with_nothing_but_its_profit():
    name = f"H3-{DAYS[1]}"
    both = [fill(name, ticks=3000), fill(name, side=Side.SELL, ticks=3500, number=2)]
    (closed,) = net(obligations(both, LISTED, zone=BERLIN))
    assert closed.energy.is_zero
    assert closed.cash == Money.of(5, Currency.EUR)


def test_the_trade_date_is_that_of_the_given_clocks():
    late = fill(f"H3-{DAYS[1]}", at=datetime(2017, 1, 23, 23, 30, tzinfo=UTC))
    (in_berlin,) = obligations([late], LISTED, zone=BERLIN)
    (in_london,) = obligations([late], LISTED, zone="Europe/London")
    assert (in_berlin.traded_on, in_london.traded_on) == (date(2017, 1, 24), date(2017, 1, 23))


@pytest.mark.parametrize(
    ("basis", "lag", "due_on"),
    [
        # Thursday before Easter 2017; Good Friday and Easter Monday are closed.
        (date(2017, 4, 13), 1, date(2017, 4, 18)),
        (date(2017, 4, 13), 2, date(2017, 4, 19)),
        # A Saturday: the next business day is the Tuesday after Easter Monday.
        (date(2017, 4, 15), 1, date(2017, 4, 18)),
        (date(2017, 4, 11), 1, date(2017, 4, 12)),
        (date(2017, 4, 11), 2, date(2017, 4, 13)),
    ],
)
def test_due_dates_count_business_days(basis, lag, due_on):
    assert DueRule(basis=DueBasis.TRADE, business_days=lag).due_on(basis, CALENDAR) == due_on


def test_one_venue_one_day_one_currency_is_one_payment():
    name = f"H3-{DAYS[1]}"
    booked = [
        fill(name, ticks=3000, fee=Decimal("0.05")),
        fill(name, side=Side.SELL, ticks=3500, fee=Decimal("0.05"), number=2),
        fill(name, ticks=1000, venue="V2", number=3),
    ]
    owed, charged = obligations(booked, LISTED, zone=BERLIN), fees(booked, zone=BERLIN)
    rule = DueRule(basis=DueBasis.TRADE, business_days=1)
    tuesday = date(2017, 1, 24)
    assert cash_flows(owed, charged, rule=rule, calendar=CALENDAR) == (
        CashFlow(venue_id=VenueId("V1"), due_on=tuesday, amount=Money.of("4.90", Currency.EUR)),
        CashFlow(venue_id=VenueId("V2"), due_on=tuesday, amount=Money.of(-10, Currency.EUR)),
    )


def test_nothing_is_transferred_where_everything_cancels():
    name = f"H3-{DAYS[1]}"
    both = [fill(name), fill(name, side=Side.SELL, number=2)]
    owed = obligations(both, LISTED, zone=BERLIN)
    rule = DueRule(basis=DueBasis.DELIVERY, business_days=1)
    assert cash_flows(owed, rule=rule, calendar=CALENDAR) == ()


def test_two_currencies_are_two_payments():
    pounds = instrument("GBP-HOUR", DeliveryPeriod.hour(DAYS[1], 3, BERLIN), currency=Currency.GBP)
    known = LISTED | {pounds.instrument_id: pounds}
    booked = [fill("GBP-HOUR"), fill(f"H3-{DAYS[1]}", number=2)]
    netted = net(obligations(booked, known, zone=BERLIN))
    assert [o.currency for o in netted] == [Currency.EUR, Currency.GBP]
    rule = DueRule(basis=DueBasis.TRADE, business_days=2)
    assert len(cash_flows(netted, rule=rule, calendar=CALENDAR)) == 2


def test_what_is_margined_or_unknown_gives_no_obligation():
    with pytest.raises(ValueError, match=r"resolve it first"):
        obligations([fill("UNKNOWN")], LISTED, zone=BERLIN)
    month = DeliveryPeriod.month(2017, 2, BERLIN)
    future = instrument("FEB", month, kind=InstrumentKind.FUTURE)
    index = instrument("IDX", month, settlement=Settlement.CASH)
    for margined in (future, index):
        with pytest.raises(ValueError, match=r"margin settles the rest"):
            obligations(
                [fill(margined.instrument_id)], {margined.instrument_id: margined}, zone=BERLIN
            )


@pytest.mark.parametrize("lag", [0, 31])
def test_a_lag_is_one_to_thirty_days(lag):
    with pytest.raises(ValueError, match=r"business_days"):
        DueRule(basis=DueBasis.TRADE, business_days=lag)
