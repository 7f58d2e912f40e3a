"""From a decision to money: each story ends with order, exposure, position and cash agreeing."""

from __future__ import annotations

from fractions import Fraction

import attrs
import pytest
from tests.application.days import BATTERY, ENERGEX, POWERX, PRICE, Day, kinds, open_day
from tests.application.scripted_venue import ScriptedVenue

from wattbook_application.effects import TellRefusal
from wattbook_application.facts import ReportReceived
from wattbook_application.state import fingerprint
from wattbook_domain.foundation.identifiers import ClientOrderId, ExecutionId
from wattbook_domain.foundation.instants import UtcNs
from wattbook_domain.orders.commands import NewOrder
from wattbook_domain.orders.order import ReportRefusal, RequestRefusal
from wattbook_domain.orders.reports import ExecutionEvent, ExecutionReport
from wattbook_domain.orders.transitions import OrderStatus
from wattbook_domain.orders.vocabulary import Side, TimeInForce
from wattbook_domain.positions.position import Position
from wattbook_domain.quantities.money import Currency, Money
from wattbook_domain.risk.denial import DenialCode

LOT_MWH = Fraction(1, 10)
"""One lot of 0.1 MW over one hour."""


@pytest.fixture
def day() -> Day:
    opened = open_day()
    opened.clear()
    return opened


@pytest.fixture
def venue() -> ScriptedVenue:
    return ScriptedVenue()


def heard(day: Day, *reports: ExecutionReport) -> list[object]:
    return day.post(*(ReportReceived(report) for report in reports))


def sent(day: Day, order: NewOrder) -> NewOrder:
    assert kinds(day.decide(order)) == ["SendOrder"]
    return order


def position(day: Day, order: NewOrder) -> Position:
    (found,) = [
        p
        for p in day.state.positions.snapshot()
        if p.key.instrument_id == order.instrument_id and p.key.ledger_id == order.owner.ledger_id
    ]
    return found


def euros(amount: str | Fraction) -> Money:
    return Money.of(amount, Currency.EUR)


def open_kw(day: Day, order: NewOrder) -> tuple[int, int]:
    """Lowest and highest net power that the order's hour can still reach."""
    terms = day.market.terms[order.instrument_id]
    desk = order.owner.desk_id
    return day.state.book.lowest_net_kw(desk, terms), day.state.book.highest_net_kw(desk, terms)


def test_an_order_fills_in_two_parts(day: Day, venue: ScriptedVenue) -> None:
    order = sent(day, day.order(lots=10, ticks=PRICE))
    assert open_kw(day, order) == (0, 1_000)
    heard(day, venue.accept(order), venue.fill(order.client_order_id, 4, PRICE - 3))
    assert day.state.orders[order.client_order_id].status is OrderStatus.PARTIALLY_FILLED
    assert open_kw(day, order) == (400, 1_000)
    heard(day, venue.fill(order.client_order_id, 6, PRICE, is_aggressor=False))

    held = position(day, order)
    assert day.state.orders[order.client_order_id].status is OrderStatus.FILLED
    assert open_kw(day, order) == (1_000, 1_000)
    assert held.net_lots == 10
    assert held.cash_tick_lots == -(4 * (PRICE - 3) + 6 * PRICE)
    # 0.4 MWh taken at 0.09 EUR, 0.6 MWh made at 0.04 EUR.
    assert held.fees == (euros("0.06"),)
    assert [fill.lots for fill in day.state.fills] == [4, 6]


def test_a_sale_at_a_negative_price_pays_the_buyer(day: Day, venue: ScriptedVenue) -> None:
    day.clear(-2_000)
    order = sent(day, day.order(side=Side.SELL, lots=10, ticks=-2_500))
    heard(day, venue.accept(order), venue.fill(order.client_order_id, 10, -2_500))
    assert position(day, order).net_lots == -10
    assert position(day, order).cash_tick_lots == -25_000


def test_the_fee_per_order_is_charged_with_the_first_fill_only(
    day: Day, venue: ScriptedVenue
) -> None:
    order = sent(day, day.order(lots=10, venue=ENERGEX))
    heard(day, venue.accept(order), venue.fill(order.client_order_id, 5, PRICE))
    assert position(day, order).fees == (euros("0.045"),)  # 0.5 MWh at 0.05, and 0.02
    heard(day, venue.fill(order.client_order_id, 5, PRICE))
    assert position(day, order).fees == (euros("0.07"),)


def test_a_rejected_order_leaves_nothing(day: Day, venue: ScriptedVenue) -> None:
    order = sent(day, day.order())
    heard(day, venue.reject(order))
    assert day.state.orders[order.client_order_id].status is OrderStatus.REJECTED
    assert open_kw(day, order) == (0, 0)
    assert day.state.positions.snapshot() == ()


def test_the_same_execution_twice_changes_nothing(day: Day, venue: ScriptedVenue) -> None:
    order = sent(day, day.order())
    fill = (venue.accept(order), venue.fill(order.client_order_id, 4, PRICE))
    heard(day, *fill)
    before = fingerprint(day.state)
    heard(day, *fill)
    assert fingerprint(day.state) == before
    assert not day.state.misfits


def test_the_same_name_at_another_venue_is_another_execution(day: Day) -> None:
    one, other = ScriptedVenue(), ScriptedVenue()
    here, there = day.order(venue=POWERX), day.order(index=3, venue=ENERGEX)
    day.decide(here, there)
    heard(day, one.accept(here), one.fill(here.client_order_id, 1, PRICE))
    heard(day, other.accept(there), other.fill(there.client_order_id, 2, PRICE))
    names = {report.execution_id for report in day.state.reports.values()}
    assert len(names) == 2
    assert [fill.lots for fill in day.state.fills] == [1, 2]


def test_an_orphan_becomes_a_misfit(day: Day, venue: ScriptedVenue) -> None:
    stranger = day.order(name="STRANGER")  # never decided
    before = day.state.book.state_hash()
    heard(day, venue.accept(stranger), venue.fill(ClientOrderId("STRANGER"), 3, PRICE))
    assert [(m.code, m.subject) for m in day.state.misfits] == [
        (ReportRefusal.WRONG_ORDER, "STRANGER"),
        (ReportRefusal.WRONG_ORDER, "STRANGER"),
    ]
    assert day.state.fills == []
    assert day.state.book.state_hash() == before


def test_a_fill_of_more_than_the_order_becomes_a_misfit(day: Day, venue: ScriptedVenue) -> None:
    order = sent(day, day.order(lots=10))
    heard(day, venue.accept(order))
    overfill = attrs.evolve(
        venue.fill(order.client_order_id, 10, PRICE),
        last_lots=11,
        cumulative_lots=11,
    )
    heard(day, overfill)
    assert [m.code for m in day.state.misfits] == [ReportRefusal.OVERFILL]
    assert day.state.fills == []
    assert open_kw(day, order) == (0, 1_000)


def test_a_report_that_waited_in_vain_becomes_a_misfit(day: Day, venue: ScriptedVenue) -> None:
    # It speaks of five lots more than were heard of, so it waits; when the missing fill comes and
    # shows that it can never apply, that is told and not kept silent.
    order = sent(day, day.order(lots=10))
    heard(day, venue.accept(order))
    first = venue.fill(order.client_order_id, 5, PRICE)
    second = venue.fill(order.client_order_id, 4, PRICE)
    heard(day, attrs.evolve(second, leaves_lots=3))
    assert not day.state.misfits
    heard(day, first)
    assert [m.code for m in day.state.misfits] == [ReportRefusal.LEAVES_MISMATCH]


def test_fills_in_the_wrong_order_are_booked_at_once(day: Day, venue: ScriptedVenue) -> None:
    order = sent(day, day.order(lots=10))
    heard(day, venue.accept(order))
    first = venue.fill(order.client_order_id, 5, PRICE)
    second = venue.fill(order.client_order_id, 5, PRICE + 1)
    heard(day, second)
    assert position(day, order).net_lots == 5
    # The venue's running total is ten lots, so that much is counted as held.
    assert open_kw(day, order) == (1_000, 1_000)
    heard(day, first)
    assert position(day, order).net_lots == 10
    assert open_kw(day, order) == (1_000, 1_000)
    assert day.state.orders[order.client_order_id].status is OrderStatus.FILLED


def test_a_bust_reverses_money_exactly(day: Day, venue: ScriptedVenue) -> None:
    order = sent(day, day.order(lots=10))
    heard(day, venue.accept(order), venue.fill(order.client_order_id, 4, PRICE - 3))
    kept = position(day, order)
    mistake = venue.fill(order.client_order_id, 5, PRICE + 7)
    heard(day, mistake)
    heard(day, venue.bust(order.client_order_id, mistake.execution_id))
    assert position(day, order) == kept
    assert day.state.orders[order.client_order_id].filled_lots == 4
    assert open_kw(day, order) == (400, 1_000)


def test_a_correction_leaves_what_the_right_trade_would_have_left(
    day: Day, venue: ScriptedVenue
) -> None:
    order = sent(day, day.order(lots=10, venue=ENERGEX))
    heard(day, venue.accept(order))
    wrong = venue.fill(order.client_order_id, 8, PRICE + 50)
    heard(day, wrong)
    heard(day, venue.correct(order.client_order_id, wrong.execution_id, 3, PRICE - 1))

    right_day, right_venue = open_day(), ScriptedVenue()
    right_day.clear()
    same = sent(right_day, right_day.order(lots=10, venue=ENERGEX))
    heard(right_day, right_venue.accept(same), right_venue.fill(same.client_order_id, 3, PRICE - 1))

    assert position(day, order) == position(right_day, same)
    assert position(day, order).fees == (euros("0.035"),)  # 0.3 MWh at 0.05, and 0.02
    assert open_kw(day, order) == open_kw(right_day, same) == (300, 1_000)


def test_a_fill_told_after_the_cancel_still_counts(day: Day, venue: ScriptedVenue) -> None:
    order = sent(day, day.order(lots=10))
    heard(day, venue.accept(order))
    day.later()
    request = day.cancel(order.client_order_id)
    assert kinds(day.decide(cancels=[request])) == ["SendCancel"]
    heard(day, venue.end(order.client_order_id, ExecutionEvent.CANCELED, request=request))
    assert open_kw(day, order) == (0, 0)
    heard(day, venue.late_fill(order.client_order_id, 6, PRICE))
    assert day.state.orders[order.client_order_id].status is OrderStatus.CANCELED
    assert position(day, order).net_lots == 6
    assert open_kw(day, order) == (600, 600)


def test_a_venue_may_answer_a_cancel_under_the_request_s_name_alone(
    day: Day, venue: ScriptedVenue
) -> None:
    order = sent(day, day.order(lots=10))
    heard(day, venue.accept(order))
    request = day.cancel(order.client_order_id)
    day.decide(cancels=[request])
    answer = venue.end(order.client_order_id, ExecutionEvent.CANCELED, request=request)
    heard(day, attrs.evolve(answer, original_client_order_id=None))
    assert day.state.orders[order.client_order_id].is_terminal
    assert open_kw(day, order) == (0, 0)
    assert not day.state.misfits


def test_a_replace_reserves_the_worse_of_both_until_it_is_answered(
    day: Day, venue: ScriptedVenue
) -> None:
    order = sent(day, day.order(lots=10))
    heard(day, venue.accept(order), venue.fill(order.client_order_id, 2, PRICE))
    day.later()
    change = day.replace(order.client_order_id, lots=30, ticks=PRICE + 10)
    assert kinds(day.decide(replaces=[change])) == ["SendReplace"]
    assert open_kw(day, order) == (200, 3_000)
    heard(day, venue.replace_rejected(order.client_order_id, change))
    assert open_kw(day, order) == (200, 1_000)
    day.later()
    again = day.replace(order.client_order_id, lots=6, ticks=PRICE)
    day.decide(replaces=[again])
    assert open_kw(day, order) == (200, 1_000)
    heard(day, venue.replaced(order.client_order_id, again))
    assert open_kw(day, order) == (200, 600)
    assert day.state.orders[order.client_order_id].client_order_id == again.client_order_id
    heard(day, venue.fill(order.client_order_id, 4, PRICE))
    assert open_kw(day, order) == (600, 600)


@pytest.mark.parametrize("act", ["cancel", "replace"])
def test_a_request_for_an_unknown_order_is_refused(day: Day, act: str) -> None:
    nobody = ClientOrderId("NOBODY")
    if act == "cancel":
        (told,) = day.decide(cancels=[day.cancel(nobody)])
    else:
        (told,) = day.decide(replaces=[day.replace(nobody, lots=1, ticks=1)])
    assert isinstance(told, TellRefusal)
    assert told.verdict.code is RequestRefusal.WRONG_ORDER


def test_an_ended_order_is_neither_cancelled_nor_replaced(day: Day, venue: ScriptedVenue) -> None:
    order = sent(day, day.order(lots=10))
    heard(day, venue.accept(order), venue.fill(order.client_order_id, 10, PRICE))
    told = day.decide(
        replaces=[day.replace(order.client_order_id, lots=20, ticks=PRICE)],
        cancels=[day.cancel(order.client_order_id)],
    )
    assert [t.verdict.code for t in told if isinstance(t, TellRefusal)] == [
        RequestRefusal.ORDER_CLOSED,
        RequestRefusal.ORDER_CLOSED,
    ]


def test_a_cancel_under_a_taken_name_is_refused(day: Day, venue: ScriptedVenue) -> None:
    # Its answer would be read as news of the order that has the name.
    one, other = day.order(), day.order(index=3)
    day.decide(one, other)
    heard(day, venue.accept(one), venue.accept(other))
    request = day.cancel(one.client_order_id, name=other.client_order_id)
    (told,) = day.decide(cancels=[request])
    assert isinstance(told, TellRefusal)
    assert told.verdict.code is DenialCode.IDENTITY_REUSED
    heard(day, venue.fill(other.client_order_id, 5, PRICE))
    assert day.state.orders[other.client_order_id].filled_lots == 5


def test_an_instrument_that_is_not_of_the_day_is_refused(day: Day) -> None:
    order = attrs.evolve(day.order(), instrument_id="ID-20170125T1100Z")
    (told,) = day.decide(order)
    assert isinstance(told, TellRefusal)
    assert told.verdict.code is DenialCode.INSTRUMENT_NOT_PERMITTED
    assert "ID-20170125T1100Z" in told.verdict.subject


def test_an_unknown_venue_has_no_limits_and_so_no_orders(day: Day) -> None:
    (told,) = day.decide(attrs.evolve(day.order(), venue_id="ELSEWHERE"))
    assert isinstance(told, TellRefusal)
    assert told.verdict.code is DenialCode.LIMITS_MISSING


def test_messages_may_name_earlier_instants_than_the_last_one(day: Day) -> None:
    # A person's clock need not agree with a strategy's; the engine must not stop over it.
    early = day.at
    day.later(3_600)
    order = sent(day, day.order())
    day.at = early
    assert kinds(day.decide(cancels=[day.cancel(order.client_order_id)])) == ["SendCancel"]
    assert kinds(day.decide(day.order(index=3))) == ["SendOrder"]


def test_a_loss_at_reference_prices_stops_trading(day: Day, venue: ScriptedVenue) -> None:
    order = sent(day, day.order(lots=400, ticks=PRICE))
    heard(day, venue.accept(order), venue.fill(order.client_order_id, 400, PRICE))
    # 40 MWh bought at 45; at -1205 EUR/MWh they are worth 50 000 less. The fee tips it over.
    day.show(12, bids=[(-120_501, 1)], asks=[(-120_499, 1)])
    (told,) = day.decide(day.order(index=3))
    assert isinstance(told, TellRefusal)
    assert told.verdict.code is DenialCode.LOSS_LIMIT


def test_ledgers_of_one_desk_share_its_limit_and_not_their_positions(
    day: Day, venue: ScriptedVenue
) -> None:
    wind = day.order(lots=500, time_in_force=TimeInForce.IOC)
    battery = day.order(lots=301, owner=BATTERY, ticks=PRICE - 1)
    assert kinds(day.decide(wind)) == ["SendOrder"]
    (told,) = day.decide(battery)
    assert isinstance(told, TellRefusal)
    assert told.verdict.code is DenialCode.POSITION_LIMIT  # 50 + 30.1 > 80 MW
    heard(day, venue.accept(wind), venue.end(wind.client_order_id, ExecutionEvent.EXPIRED))
    day.later()
    again = attrs.evolve(battery, client_order_id=ClientOrderId("AGAIN"), decided_at=UtcNs(day.at))
    sent(day, again)
    heard(day, venue.accept(again), venue.fill(again.client_order_id, 301, PRICE - 1))
    assert [p.key.ledger_id for p in day.state.positions.snapshot()] == ["BATTERY"]


def test_what_the_journal_holds_leads_to_the_same_state(day: Day, venue: ScriptedVenue) -> None:
    order = sent(day, day.order(lots=10))
    heard(day, venue.accept(order))
    fill = venue.fill(order.client_order_id, 4, PRICE)
    heard(day, fill, venue.bust(order.client_order_id, ExecutionId(fill.execution_id)))
    day.decide(day.order(lots=601))
    assert day.replayed_hash() == fingerprint(day.state)
