"""A decision is taken once, judged whole, and routed to where each lot is cheapest after fees."""

from __future__ import annotations

from fractions import Fraction

import attrs
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.application.days import (
    DAYAHEAD,
    ENERGEX,
    LIMITS,
    POWERX,
    PRICE,
    Day,
    a_setup,
    kinds,
    open_day,
)
from tests.application.scripted_venue import ScriptedVenue

from wattbook_application.effects import SendOrder, TellRefusal
from wattbook_application.facts import ControlsProbed, ReportReceived
from wattbook_application.operations.subjects import subject_of
from wattbook_application.program import Effect
from wattbook_application.state import fingerprint
from wattbook_application.trading.probe_controls import PROBER, make_probes
from wattbook_domain.orders.vocabulary import Side, TimeInForce
from wattbook_domain.risk.denial import DenialCode


def a_day() -> Day:
    day = open_day()
    day.clear()
    return day


def children(effects: list[Effect]) -> dict[str, tuple[int, int | None]]:
    """Lots and limit by venue."""
    sent = [e.approved.value for e in effects if isinstance(e, SendOrder)]
    assert len({order.venue_id for order in sent}) == len(sent)
    return {order.venue_id: (order.quantity_lots, order.limit_ticks) for order in sent}


def codes(effects: list[Effect]) -> list[DenialCode]:
    return [e.verdict.code for e in effects if isinstance(e, TellRefusal)]


def test_the_same_decision_twice_changes_nothing() -> None:
    day = a_day()
    decision = day.decision(day.order(), day.order(lots=601))
    assert kinds(day.post(decision)) == ["SendOrder", "TellRefusal"]
    before = fingerprint(day.state)
    assert day.post(decision) == []
    assert day.post(attrs.evolve(decision, orders=(day.order(index=3),))) == []
    assert fingerprint(day.state) == before


def test_a_parent_that_breaches_is_refused_whole() -> None:
    # Each half would pass alone: 60 MW is the most one order may be, this one is 60.1.
    day = a_day()
    day.show(12, bids=[(4_400, 1)], asks=[(PRICE, 301)], venue=POWERX)
    day.show(12, bids=[(4_400, 1)], asks=[(PRICE, 300)], venue=ENERGEX)
    parent = day.parent(12, Side.BUY, 601, PRICE)
    told = day.decide(parents=[parent])
    assert codes(told) == [DenialCode.ORDER_QUANTITY]
    assert kinds(told) == ["TellRefusal"]
    assert day.state.orders == {}
    assert list(day.state.parents) == [parent.client_order_id]


def test_every_lot_goes_where_it_is_cheapest_after_fees() -> None:
    # Buying a lot of 0.1 MWh costs 9 ticks a MWh at POWERX, 5 at ENERGEX and 20 ticks an order.
    day = a_day()
    day.show(12, bids=[(4_490, 5)], asks=[(4_500, 20), (4_510, 20)], venue=POWERX)
    day.show(12, bids=[(4_490, 5)], asks=[(4_501, 100)], venue=ENERGEX)
    sent = day.decide(parents=[day.parent(12, Side.BUY, 60, 4_520)])
    # ENERGEX: 4501 + 5 = 4506 beats POWERX: 4500 + 9 = 4509, for every lot.
    assert children(sent) == {ENERGEX: (60, 4_501)}


def test_a_fee_per_order_keeps_small_orders_away() -> None:
    # For two lots the fixed 20 cents are 100 ticks a lot: three ticks of price do not pay for it.
    day = a_day()
    day.show(12, bids=[(4_490, 5)], asks=[(4_500, 20)], venue=POWERX)
    day.show(12, bids=[(4_490, 5)], asks=[(4_501, 100)], venue=ENERGEX)
    sent = day.decide(parents=[day.parent(12, Side.BUY, 2, 4_520)])
    assert children(sent) == {POWERX: (2, 4_500)}


def test_what_one_venue_cannot_fill_goes_to_the_other() -> None:
    day = a_day()
    day.show(12, bids=[(4_480, 30), (4_460, 30)], asks=[(4_500, 1)], venue=POWERX)
    day.show(12, bids=[(4_478, 30), (4_440, 50)], asks=[(4_500, 1)], venue=ENERGEX)
    sent = day.decide(parents=[day.parent(12, Side.SELL, 80, 4_450)])
    # Best for a seller: 4473 at ENERGEX, 4471 and then 4451 at POWERX.
    assert children(sent) == {POWERX: (50, 4_460), ENERGEX: (30, 4_478)}


def test_nothing_is_routed_where_no_book_is_known() -> None:
    day = a_day()
    assert day.decide(parents=[day.parent(12, Side.BUY, 10, PRICE)]) == []
    assert day.state.refusals == []


def test_nothing_is_routed_beyond_the_limit() -> None:
    day = a_day()
    day.show(12, bids=[(4_400, 5)], asks=[(4_600, 5)])
    assert day.decide(parents=[day.parent(12, Side.BUY, 10, 4_599)]) == []


def test_the_mid_of_the_decision_is_over_all_venues() -> None:
    day = a_day()
    day.show(12, bids=[(4_480, 5)], asks=[(4_500, 5)], venue=POWERX)
    day.show(12, bids=[(4_470, 5)], asks=[(4_491, 5)], venue=ENERGEX)
    parent = day.parent(12, Side.BUY, 1, PRICE)
    day.decide(parents=[parent])
    assert day.state.decision_mid_x2[parent.client_order_id] == 4_480 + 4_491


@st.composite
def ladders(draw: st.DrawFn) -> list[tuple[int, int]]:
    prices = draw(st.lists(st.integers(4_400, 4_600), min_size=0, max_size=4, unique=True))
    return [(price, draw(st.integers(1, 30))) for price in sorted(prices)]


@settings(max_examples=60)
@given(ladders(), ladders(), st.integers(1, 60))
def test_no_other_division_over_the_books_is_cheaper(
    powerx: list[tuple[int, int]], energex: list[tuple[int, int]], lots: int
) -> None:
    # Two children may be alike but for their venues; here no order counts as a duplicate.
    day = open_day(a_setup(limits=attrs.evolve(LIMITS, duplicate_window_ms=0)))
    day.clear()
    shown = {POWERX: powerx, ENERGEX: energex}
    for venue, asks in shown.items():
        day.show(12, asks=asks, venue=venue)
    sent = children(day.decide(parents=[day.parent(12, Side.BUY, lots, 4_700)]))
    placed = {venue: sent.get(venue, (0, 0))[0] for venue in shown}
    available = {venue: sum(quantity for _, quantity in asks) for venue, asks in shown.items()}
    assert sum(placed.values()) == min(lots, sum(available.values()))

    def cost(venue: str, taken: int) -> Fraction:
        """Ticks x lots after fees; 20 cents an order are 20 ticks over 0.1 MWh, ten times that."""
        ladder = [price for price, quantity in shown[venue] for _ in range(quantity)]
        fee, fixed = (9, 0) if venue == POWERX else (5, 20)
        return Fraction(sum(ladder[:taken]) + fee * taken + (fixed if taken else 0))

    total = sum(placed.values())
    cheapest = min(
        cost(POWERX, here) + cost(ENERGEX, total - here)
        for here in range(total + 1)
        if here <= available[POWERX] and total - here <= available[ENERGEX]
    )
    assert sum(cost(venue, taken) for venue, taken in placed.items()) == cheapest


def test_cancels_make_room_for_the_orders_of_the_same_decision() -> None:
    day, venue = a_day(), ScriptedVenue()
    order = day.order(lots=500)
    day.decide(order)
    day.post(ReportReceived(venue.accept(order)))
    day.later()
    told = day.decide(day.order(index=3, lots=1), cancels=[day.cancel(order.client_order_id)])
    assert kinds(told) == ["SendCancel", "SendOrder"]
    # A cancel that was only asked for frees nothing: 50 + 30.1 MW would pass the limit of 80.
    day.later()
    assert codes(day.decide(day.order(lots=301))) == [DenialCode.POSITION_LIMIT]


def test_a_refusal_keeps_code_and_facts_everywhere() -> None:
    day = a_day()
    order = day.order(lots=601)
    (told,) = day.decide(order)
    (kept,) = day.state.refusals
    assert isinstance(told, TellRefusal)
    assert kept.verdict is told.verdict
    assert kept.order == order
    assert kept.at == told.at == order.decided_at
    assert told.verdict.code is DenialCode.ORDER_QUANTITY
    assert told.verdict.facts["quantity_lots"] == 601
    assert told.verdict.facts["quantity_max_lots"] == 600
    assert subject_of(told).entity == "code/ORDER_QUANTITY"
    assert order.client_order_id not in day.state.commands


def test_the_code_that_ranks_first_is_the_one_that_is_told() -> None:
    day = a_day()
    # Too large, too dear and past the collar at once.
    (told,) = day.decide(day.order(lots=601, ticks=299_999))
    assert isinstance(told, TellRefusal)
    assert told.verdict.code is DenialCode.PRICE_COLLAR
    mask = told.verdict.facts["reject_mask"]
    assert mask >> DenialCode.ORDER_QUANTITY & 1
    assert mask >> DenialCode.ORDER_VALUE & 1


def test_probes_are_refused_told_and_never_sent() -> None:
    day = a_day()
    probes = make_probes(day.state, at=day.at, probe_id="P")
    told = day.post(ControlsProbed(at=day.at, orders=probes))
    assert codes(told) == [
        DenialCode.ORDER_QUANTITY,
        DenialCode.PRICE_COLLAR,
        DenialCode.GATE_CLOSED,
    ]
    assert len(day.state.probes) == len(probes)
    assert day.state.refusals == []
    assert day.state.orders == {}
    assert day.state.latch.records == ()


def test_a_probe_that_passes_stops_everything() -> None:
    # A desk whose order size is not limited in any way that the probe could breach.
    day = open_day(a_setup(limits=attrs.evolve(LIMITS, order_mw_max=LIMITS.net_mw_max)))
    day.clear()
    sound = day.order(venue=POWERX, time_in_force=TimeInForce.IOC)
    assert day.post(ControlsProbed(at=day.at, orders=(sound,))) == []
    (record,) = day.state.latch.records
    assert record.engaged_by == PROBER
    assert codes(day.decide(day.order(index=3))) == [DenialCode.KILL_SWITCH]


def test_an_auction_instrument_is_not_routed_over_continuous_venues() -> None:
    day = a_day()
    assert kinds(day.decide(day.order(venue=DAYAHEAD))) == ["TellRefusal"]  # its gate is noon
