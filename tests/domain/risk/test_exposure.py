"""The exposure book by scenario: what counts, from when, until when."""

from __future__ import annotations

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.domain.risk.desk import (
    ALGORITHM,
    DESK,
    FIRST_SLOT,
    HORIZON,
    NOON,
    fill,
    order,
    replace,
    report,
    terms,
)

from wattbook_domain.foundation.identifiers import ClientOrderId, DeskId, ExecutionId, InstrumentId
from wattbook_domain.foundation.verdict import Approved
from wattbook_domain.orders.commands import NewOrder, ReplaceOrder
from wattbook_domain.orders.reports import ExecutionEvent
from wattbook_domain.orders.vocabulary import Side
from wattbook_domain.risk.exposure import ExposureBook, OrderSent, PositionCarried, ReplaceSent
from wattbook_domain.risk.gate import check_new_order
from wattbook_domain.risk.terms import InstrumentTerms, SlotSpan

HOUR = terms()
UNIT = HOUR.delivery_slots * HOUR.grains_per_unit


def approved_order(command: NewOrder) -> Approved[NewOrder]:
    """The book asks for the gate's approval; these tests are about the book, so ask the gate."""
    from tests.domain.risk.desk import Gatehouse

    house = Gatehouse(terms=attrs.evolve(HOUR, instrument_id=command.instrument_id))
    house.view = attrs.evolve(house.view, reference=None)
    limits = attrs.evolve(
        house.resolved(command),
        caps=attrs.evolve(
            house.resolved(command).caps,
            requires_reference=0,
            quantity_max_lots=2**20,
            order_value_max_units=2**62,
            gross_max_units=2**62,
            net_long_max_kw=2**40,
            net_short_max_kw=2**40,
        ),
    )
    verdict = check_new_order(command, facts=house.facts(command), limits=limits)
    assert isinstance(verdict, Approved)
    return verdict


def book_with(*commands: NewOrder, reserve: int = 5_000) -> ExposureBook:
    book = ExposureBook(HORIZON)
    for command in commands:
        book.apply(OrderSent(approved=approved_order(command), terms=HOUR, reserve_ticks=reserve))
    return book


def approved_replace(command: ReplaceOrder, original: NewOrder) -> Approved[ReplaceOrder]:
    from tests.domain.risk.desk import Gatehouse

    house = Gatehouse()
    house.send(original)
    verdict = house.check_replace(command, original)
    assert isinstance(verdict, Approved)
    return verdict


def reach(book: ExposureBook, of: InstrumentTerms = HOUR) -> tuple[int, int]:
    return book.lowest_net_kw(DESK, of), book.highest_net_kw(DESK, of)


def test_an_order_counts_from_the_moment_it_is_sent() -> None:
    book = book_with(order(), order("S1", side=Side.SELL, quantity_lots=3))

    assert reach(book) == (-300, 1_000)
    assert book.gross_grains(DESK) == 13 * 5_000 * UNIT
    assert book.open_orders(ALGORITHM) == 2
    assert reach(book, terms(start=0, slots=12)) == (0, 0)
    assert book.highest_net_kw(DeskId("OTHER"), HOUR) == 0
    assert book.lowest_net_kw(DeskId("OTHER"), HOUR) == 0
    assert book.gross_grains(DeskId("OTHER")) == 0
    assert not book.net_kw(DeskId("OTHER")).any()


def test_a_fill_moves_power_from_possible_to_certain() -> None:
    buy = order()
    book = book_with(buy)

    book.apply(fill(buy, 4, cumulative=4, number=1, ticks=-2_000))

    assert reach(book) == (400, 1_000)
    assert book.gross_grains(DESK) == (4 * 2_000 + 6 * 5_000) * UNIT
    assert book.net_kw(DESK)[12:24].tolist() == [400] * 12
    assert book.net_kw(DESK).sum() == 400 * 12


def test_a_report_repeated_moves_nothing() -> None:
    buy = order()
    book = book_with(buy)
    first = fill(buy, 4, cumulative=4, number=1)
    book.apply(first)
    before = book.state_hash()

    book.apply(first)

    assert book.state_hash() == before


def test_a_fill_that_was_missed_counts_at_the_worst_price() -> None:
    buy = order()
    book = book_with(buy, reserve=7_000)

    book.apply(fill(buy, 2, cumulative=6, number=2, ticks=1_000))
    assert book.gross_grains(DESK) == (2 * 1_000 + 4 * 7_000 + 4 * 7_000) * UNIT

    # The overtaken report arrives: its four lots are counted already.
    book.apply(fill(buy, 4, cumulative=4, number=1, ticks=1_000))
    assert reach(book) == (600, 1_000)


def test_a_fill_after_the_end_is_still_money() -> None:
    buy = order()
    book = book_with(buy)
    book.apply(report(ExecutionEvent.CANCELED, buy, leaves_lots=0))
    assert reach(book) == (0, 0)
    assert book.open_orders(ALGORITHM) == 0

    book.apply(fill(buy, 4, cumulative=4, number=2))

    assert reach(book) == (400, 400)


@pytest.mark.parametrize(
    "event", [ExecutionEvent.REJECTED, ExecutionEvent.CANCELED, ExecutionEvent.EXPIRED]
)
def test_an_end_releases_what_was_held(event: ExecutionEvent) -> None:
    buy = order()
    book = book_with(buy)
    book.apply(report(event, buy, leaves_lots=0))
    assert (reach(book), book.gross_grains(DESK), book.open_orders(ALGORITHM)) == ((0, 0), 0, 0)


@pytest.mark.parametrize(
    "event",
    [
        ExecutionEvent.PENDING_NEW,
        ExecutionEvent.ACCEPTED,
        ExecutionEvent.PENDING_CANCEL,
        ExecutionEvent.CANCEL_REJECTED,
        ExecutionEvent.PENDING_REPLACE,
        ExecutionEvent.SUSPENDED,
        ExecutionEvent.DONE_FOR_DAY,
        ExecutionEvent.RESUMED,
    ],
)
def test_anything_short_of_an_end_releases_nothing(event: ExecutionEvent) -> None:
    buy = order()
    book = book_with(buy)
    before = book.state_hash()
    book.apply(report(event, buy, leaves_lots=0))
    assert book.state_hash() == before


def test_a_bust_takes_back_power_and_value_exactly() -> None:
    buy = order()
    book = book_with(buy)
    before = book.state_hash()
    book.apply(fill(buy, 4, cumulative=4, number=1, ticks=3_000))

    bust = report(
        ExecutionEvent.TRADE_CANCELED, buy, number=2, reference_execution_id=ExecutionId("E1")
    )
    book.apply(bust)
    book.apply(bust)

    assert book.state_hash() == before


def test_a_correction_restates_power_and_value() -> None:
    buy = order()
    book = book_with(buy)
    book.apply(fill(buy, 4, cumulative=4, number=1, ticks=3_000))

    book.apply(
        report(
            ExecutionEvent.TRADE_CORRECTED,
            buy,
            number=2,
            reference_execution_id=ExecutionId("E1"),
            last_lots=5,
            last_ticks=-1_000,
            cumulative_lots=5,
            leaves_lots=5,
        )
    )

    assert reach(book) == (500, 1_000)
    assert book.gross_grains(DESK) == (5 * 1_000 + 5 * 5_000) * UNIT


def test_a_bust_of_an_execution_never_seen_goes_by_the_running_total() -> None:
    buy = order()
    book = book_with(buy)
    book.apply(report(ExecutionEvent.SUSPENDED, buy, cumulative_lots=4, leaves_lots=6))
    assert reach(book) == (400, 1_000)

    book.apply(
        report(
            ExecutionEvent.TRADE_CANCELED,
            buy,
            number=2,
            reference_execution_id=ExecutionId("E0"),
            cumulative_lots=1,
            leaves_lots=9,
        )
    )

    assert reach(book) == (100, 1_000)


class TestReplaceInFlight:
    def flight(self, **changes: int) -> tuple[ExposureBook, NewOrder]:
        buy = order()
        book = book_with(buy)
        command = replace(**changes)
        book.apply(ReplaceSent(approved=approved_replace(command, buy), reserve_ticks=1_000))
        return book, buy

    @pytest.mark.parametrize(("lots", "counted"), [(4, 10), (10, 10), (15, 15)])
    def test_the_larger_of_old_and_new_counts(self, lots: int, counted: int) -> None:
        book, _ = self.flight(quantity_lots=lots)
        assert reach(book) == (0, counted * 100)

    def test_the_notional_is_the_worst_mix_of_both(self) -> None:
        # Ten lots may fill at 5,000 before five more come in at 1,000.
        book, _ = self.flight(quantity_lots=15)
        assert book.gross_grains(DESK) == (10 * 5_000 + 5 * 1_000) * UNIT

    def test_a_confirmed_replace_leaves_the_new_terms_only(self) -> None:
        book, buy = self.flight(quantity_lots=4, limit_ticks=4_900)
        book.apply(
            report(
                ExecutionEvent.REPLACED,
                buy,
                client_order_id=ClientOrderId("O1-R"),
                original_client_order_id=buy.client_order_id,
                quantity_lots=4,
                leaves_lots=4,
                limit_ticks=4_900,
            )
        )
        assert reach(book) == (0, 400)
        # Reserved at 1,000 when it was sent, but never below the limit that the venue confirms.
        assert book.gross_grains(DESK) == 4 * 4_900 * UNIT
        held = book.held(ClientOrderId("O1-R"))
        assert held is not None
        assert (held.limit_ticks, held.pending) == (4_900, None)

    def test_a_rejected_replace_leaves_the_old_terms_only(self) -> None:
        book, buy = self.flight(quantity_lots=15)
        book.apply(
            report(
                ExecutionEvent.REPLACE_REJECTED,
                buy,
                client_order_id=ClientOrderId("O1-R"),
                original_client_order_id=buy.client_order_id,
            )
        )
        assert reach(book) == (0, 1_000)

    def test_an_answer_to_another_request_settles_nothing(self) -> None:
        book, buy = self.flight(quantity_lots=15)
        book.apply(report(ExecutionEvent.REPLACE_REJECTED, buy, number=7))
        assert reach(book) == (0, 1_500)

    def test_a_restatement_by_the_venue_does_not_answer_the_request(self) -> None:
        book, buy = self.flight(quantity_lots=15)
        book.apply(report(ExecutionEvent.REPLACED, buy, quantity_lots=8, leaves_lots=8))
        held = book.held(buy.client_order_id)
        assert held is not None
        assert (held.total_lots, held.pending is not None) == (8, True)
        assert reach(book) == (0, 1_500)

    def test_both_prices_count_for_self_trade(self) -> None:
        book, _ = self.flight(limit_ticks=5_500)
        found = book.opposite_limits(InstrumentId("DE-H13"), Side.SELL)
        assert found == (5_000, 5_500)

    def test_an_order_that_fills_meanwhile_may_be_reopened(self) -> None:
        book, buy = self.flight(quantity_lots=15)
        book.apply(fill(buy, 10, cumulative=10, number=3))
        assert reach(book) == (1_000, 1_500)
        book.apply(report(ExecutionEvent.CANCELED, buy, number=4, cumulative_lots=10))
        assert reach(book) == (1_000, 1_000)

    def test_a_second_replace_is_misuse(self) -> None:
        book, buy = self.flight()
        second = approved_replace(replace(client_order_id="O1-R2"), buy)
        with pytest.raises(ValueError, match="already has a replace in flight"):
            book.apply(ReplaceSent(approved=second, reserve_ticks=1))

    def test_a_used_name_is_misuse(self) -> None:
        buy, other = order(), order("O2", quantity_lots=1)
        book = book_with(buy, other)
        named = approved_replace(replace(client_order_id="O2"), buy)
        with pytest.raises(ValueError, match="was used before"):
            book.apply(ReplaceSent(approved=named, reserve_ticks=1))


class TestMisuse:
    def test_an_order_never_sent_is_unknown(self) -> None:
        with pytest.raises(ValueError, match="O1 was never sent"):
            ExposureBook(HORIZON).apply(report(ExecutionEvent.ACCEPTED, order()))

    def test_an_order_is_sent_once(self) -> None:
        book = book_with(order())
        again = OrderSent(approved=approved_order(order()), terms=HOUR, reserve_ticks=1)
        with pytest.raises(ValueError, match="was sent before"):
            book.apply(again)

    def test_terms_are_those_of_the_order(self) -> None:
        sent = OrderSent(approved=approved_order(order()), terms=terms("X"), reserve_ticks=1)
        with pytest.raises(ValueError, match="terms of X"):
            ExposureBook(HORIZON).apply(sent)

    def test_delivery_stays_within_the_horizon(self) -> None:
        sent = OrderSent(approved=approved_order(order()), terms=HOUR, reserve_ticks=1)
        with pytest.raises(ValueError, match="leaves the exposure horizon"):
            ExposureBook(SlotSpan(FIRST_SLOT, FIRST_SLOT + 12)).apply(sent)
        carried = PositionCarried(
            desk_id=DESK, span=SlotSpan(FIRST_SLOT - 1, FIRST_SLOT + 1), net_kw=1
        )
        with pytest.raises(ValueError, match="leaves the exposure horizon"):
            ExposureBook(HORIZON).apply(carried)


SPANS = st.lists(st.integers(0, 40), min_size=2, max_size=6, unique=True).map(
    lambda cuts: tuple(
        SlotSpan(FIRST_SLOT + a, FIRST_SLOT + b)
        for a, b in zip(sorted(cuts)[::2], sorted(cuts)[1::2], strict=False)
    )
)


@given(
    spans=st.lists(SPANS, min_size=1, max_size=8),
    sides=st.lists(st.sampled_from(Side), min_size=8, max_size=8),
    lots=st.lists(st.integers(1, 30), min_size=8, max_size=8),
)
def test_the_worst_case_is_reached_by_some_set_of_fills(
    spans: list[tuple[SlotSpan, ...]], sides: list[Side], lots: list[int]
) -> None:
    """Never understated, and not overstated either: filling one whole side attains the bound."""
    book = ExposureBook(HORIZON)
    buys = np.zeros(HORIZON.slots, dtype=np.int64)
    sells = buys.copy()
    for number, shape in enumerate(spans):
        command = order(
            f"O{number}",
            instrument_id=InstrumentId(f"I{number}"),
            side=sides[number],
            quantity_lots=lots[number],
        )
        shaped = terms(f"I{number}", spans=shape)
        book.apply(OrderSent(approved=approved_order(command), terms=shaped, reserve_ticks=1))
        side = buys if sides[number] is Side.BUY else sells
        for span in shape:
            side[span.first - FIRST_SLOT : span.end - FIRST_SLOT] += lots[number] * 100

    for shape in spans:
        asked = terms("ASKED", spans=shape)
        slots = np.concatenate(
            [np.arange(span.first - FIRST_SLOT, span.end - FIRST_SLOT) for span in shape]
        )
        assert book.highest_net_kw(DESK, asked) == buys[slots].max()
        assert book.lowest_net_kw(DESK, asked) == -sells[slots].max()


def test_the_view_of_orders_is_read_only() -> None:
    book = book_with(order())
    assert list(book.orders) == ["O1"]
    assert book.horizon == HORIZON
    with pytest.raises(TypeError):
        book.orders["X"] = book.orders["O1"]  # type: ignore[index]
    assert book.orders["O1"].terms.gate_closes_at == NOON + 3_600_000_000_000
