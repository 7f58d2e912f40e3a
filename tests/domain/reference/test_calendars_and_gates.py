"""Trading days, gate closures and parties."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wattbook_domain.delivery import DeliveryPeriod
from wattbook_domain.foundation.instants import NS_PER_MINUTE, parse_instant
from wattbook_domain.reference.gate_closure import GATE_CLOSURES, AuctionGate, LeadTimeGate
from wattbook_domain.reference.parties import Party
from wattbook_domain.reference.trading_calendar import MONDAY_TO_FRIDAY, TradingCalendar

BERLIN = "Europe/Berlin"
EXCHANGE = TradingCalendar(
    name="EEX futures",
    zone=BERLIN,
    weekdays=MONDAY_TO_FRIDAY,
    holidays=frozenset({date(2017, 12, 25), date(2017, 12, 26), date(2018, 1, 1)}),
    opens_at=time(8),
    closes_at=time(18),
)


@pytest.mark.parametrize(
    ("day", "closes"),
    [
        (date(2017, 1, 24), "2017-01-23T11:00:00Z"),
        (date(2017, 7, 1), "2017-06-30T10:00:00Z"),
        # The gate of the short day closes in winter time, that of the day after in summer time.
        (date(2017, 3, 26), "2017-03-25T11:00:00Z"),
        (date(2017, 3, 27), "2017-03-26T10:00:00Z"),
        (date(2017, 10, 30), "2017-10-29T11:00:00Z"),
    ],
)
def test_the_day_ahead_gate_closes_at_noon_of_the_day_before(day: date, closes: str) -> None:
    gate = GATE_CLOSURES["day-ahead"]
    for index in (0, 2, 22):
        hour = DeliveryPeriod.hour(day, index, BERLIN)
        assert gate.gate_closes_at(hour) == parse_instant(closes)


def test_the_coupled_auction_closes_at_one_instant_for_every_zone() -> None:
    """Noon in Central Europe is 11:00 in Lisbon; the first Portuguese hour is 01:00 in Berlin."""
    lisbon = DeliveryPeriod.hour(date(2017, 1, 24), 5, "Europe/Lisbon")
    berlin = DeliveryPeriod.hour(date(2017, 1, 24), 5, BERLIN)
    gate = GATE_CLOSURES["day-ahead"]
    assert gate.gate_closes_at(lisbon) == gate.gate_closes_at(berlin)


@given(st.integers(0, 24), st.integers(0, 7 * 1440))
def test_a_lead_time_gate_counts_real_minutes_even_on_the_long_day(index: int, lead: int) -> None:
    hour = DeliveryPeriod.hour(date(2017, 10, 29), index, BERLIN)
    gate = LeadTimeGate(minutes=lead)
    assert hour.start - gate.gate_closes_at(hour) == lead * NS_PER_MINUTE


def test_a_lead_time_is_never_negative() -> None:
    with pytest.raises(ValueError, match="minutes before delivery must lie"):
        LeadTimeGate(minutes=-1)


def test_an_auction_may_close_days_before() -> None:
    gate = AuctionGate(local_time=time(18), zone=BERLIN, days_before=2)
    day = DeliveryPeriod.day(date(2017, 1, 24), BERLIN)
    assert gate.gate_closes_at(day) == parse_instant("2017-01-22T17:00:00Z")


def test_a_venue_is_open_on_its_days_and_hours_end_exclusive() -> None:
    assert EXCHANGE.hours_of(date(2017, 12, 27)) == (
        parse_instant("2017-12-27T07:00:00Z"),
        parse_instant("2017-12-27T17:00:00Z"),
    )
    assert EXCHANGE.is_open(parse_instant("2017-12-27T07:00:00Z"))
    assert not EXCHANGE.is_open(parse_instant("2017-12-27T06:59:59.999999999Z"))
    assert not EXCHANGE.is_open(parse_instant("2017-12-27T17:00:00Z"))
    assert EXCHANGE.hours_of(date(2017, 12, 26)) is None
    assert not EXCHANGE.is_open(parse_instant("2017-12-26T10:00:00Z"))


def test_trading_days_are_sought_over_weekends_and_holidays() -> None:
    assert EXCHANGE.next_trading_day(date(2017, 12, 22)) == date(2017, 12, 27)
    assert EXCHANGE.previous_trading_day(date(2018, 1, 2)) == date(2017, 12, 29)


def test_a_venue_that_never_closes_is_open_on_the_days_of_23_and_25_hours() -> None:
    always = TradingCalendar(name="intraday", zone=BERLIN)
    for day, hours in ((date(2017, 3, 26), 23), (date(2017, 10, 29), 25)):
        opening = always.hours_of(day)
        assert opening is not None
        assert opening[1] - opening[0] == hours * 60 * NS_PER_MINUTE
        assert always.is_open(opening[0])


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"weekdays": frozenset()}, "weekdays are numbers from 0"),
        ({"weekdays": frozenset({7})}, "weekdays are numbers from 0"),
        ({"opens_at": time(9), "closes_at": time(9)}, "must close after it opens"),
    ],
)
def test_a_calendar_that_makes_no_sense_is_misuse(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        TradingCalendar(name="odd", zone=BERLIN, **changes)


def test_a_calendar_without_days_says_so() -> None:
    days = frozenset(date(2018, 1, day) for day in range(1, 32)) | {date(2018, 2, 1)}
    closed = TradingCalendar(name="shut", zone=BERLIN, holidays=days)
    with pytest.raises(ValueError, match="shut must trade within 31 days"):
        closed.next_trading_day(date(2018, 1, 1))


def test_a_party_can_be_reported_by_one_code_at_least() -> None:
    assert Party(party_id="us", name="Us", acer_code="A0000000A.DE").lei is None
    with pytest.raises(ValueError, match="needs an LEI or an ACER code"):
        Party(party_id="us", name="Us")
    with pytest.raises(ValueError, match="party id must be"):
        Party(party_id="", name="Us", lei="529900T8BM49AURSDO55")
