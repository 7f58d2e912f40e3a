"""What each report may do to an order, and the reason when it may not."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import attrs
import pytest
from tests.domain.orders.examples import HOUR, cancel, new_order, order, replace, report

from wattbook_domain.foundation.identifiers import (
    ClientOrderId,
    ExecutionId,
    InstrumentId,
    VenueId,
    VenueOrderId,
)
from wattbook_domain.foundation.instants import UtcNs
from wattbook_domain.foundation.verdict import Refused
from wattbook_domain.orders.order import Execution, Order, ReportRefusal, RequestRefusal
from wattbook_domain.orders.reports import ExecutionEvent, ExecutionReport
from wattbook_domain.orders.transitions import OrderStatus
from wattbook_domain.orders.vocabulary import OrderType, Side, TimeInForce

E = ExecutionEvent
R = ReportRefusal


def moved(before: Order, news: ExecutionReport, original: Execution | None = None) -> Order:
    after = before.apply(news, original=original)
    assert isinstance(after, Order), after
    return after


def working() -> Order:
    return moved(order(), report(E.ACCEPTED))


def part_filled() -> Order:
    return moved(working(), fill(4_000, -510))


def fill(lots: int, ticks: int, *, filled: int = 0, total: int = 10_000) -> ExecutionReport:
    after = filled + lots
    return report(
        E.FILL if after == total else E.PARTIAL_FILL,
        last_lots=lots,
        last_ticks=ticks,
        cumulative_lots=after,
        leaves_lots=total - after,
        quantity_lots=total,
    )


def test_a_submission_begins_pending_with_everything_open() -> None:
    fresh = order()
    assert fresh.status is OrderStatus.PENDING_NEW
    assert (fresh.leaves_lots, fresh.filled_lots, fresh.average_ticks) == (10_000, 0, None)
    assert fresh.root_client_order_id == fresh.client_order_id == "X"
    assert not fresh.is_terminal


def test_fills_accumulate_quantity_and_value_at_negative_prices() -> None:
    part = part_filled()
    whole = moved(part, fill(6_000, 20, filled=4_000))
    assert whole.status is OrderStatus.FILLED
    assert whole.filled_tick_lots == 4_000 * -510 + 6_000 * 20
    assert whole.average_ticks == Fraction(-1_920_000, 10_000)
    assert whole.is_terminal


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        (R.WRONG_ORDER, {"venue_id": VenueId("NORDPOOL")}),
        (R.WRONG_ORDER, {"instrument_id": InstrumentId("EPEX:DE:ID:H10")}),
        (R.WRONG_ORDER, {"side": Side.SELL}),
        (
            R.WRONG_ORDER,
            {"client_order_id": ClientOrderId("Q"), "venue_order_id": VenueOrderId("V2")},
        ),
        (R.CUMULATIVE_MISMATCH, {"cumulative_lots": 3_999}),
        (R.CUMULATIVE_MISMATCH, {"cumulative_lots": 9_000, "leaves_lots": 1_000}),
        (R.OVERFILL, {"last_lots": 10_001, "cumulative_lots": 10_001, "leaves_lots": 0}),
        (R.QUANTITY_MISMATCH, {"quantity_lots": 9_000}),
        (R.LEAVES_MISMATCH, {"leaves_lots": 5_999}),
        (R.FILL_LEVEL_MISMATCH, {"event": E.FILL}),
        (R.FILL_LEVEL_MISMATCH, {"last_lots": 10_000, "cumulative_lots": 10_000, "leaves_lots": 0}),
        (R.ILLEGAL_TRANSITION, {"event": E.PENDING_NEW, "last_lots": None, "last_ticks": None}),
    ],
)
def test_a_report_that_does_not_fit_is_refused_with_its_reason(
    code: ReportRefusal, changes: dict[str, Any]
) -> None:
    before = working()
    outcome = before.apply(attrs.evolve(fill(4_000, -510), **changes))
    assert isinstance(outcome, Refused)
    assert outcome.code is code
    assert outcome.subject == "X"
    assert outcome.is_transient is (code is R.CUMULATIVE_MISMATCH)


def test_precedence_names_the_first_of_several_reasons() -> None:
    wrong_everywhere = attrs.evolve(
        fill(4_000, -510), side=Side.SELL, cumulative_lots=1, quantity_lots=5, leaves_lots=9
    )
    outcomes = [working().apply(wrong_everywhere)]
    outcomes.append(working().apply(attrs.evolve(wrong_everywhere, side=Side.BUY)))
    outcomes.append(
        working().apply(attrs.evolve(wrong_everywhere, side=Side.BUY, cumulative_lots=4_000))
    )
    codes = [outcome.code for outcome in outcomes if isinstance(outcome, Refused)]
    assert codes == [R.WRONG_ORDER, R.CUMULATIVE_MISMATCH, R.QUANTITY_MISMATCH]


def test_a_refusal_says_what_was_reported_and_what_was_expected() -> None:
    outcome = working().apply(attrs.evolve(fill(4_000, -510), cumulative_lots=5_000))
    assert isinstance(outcome, Refused)
    assert outcome.facts["reported_filled_lots"] == 5_000
    assert outcome.facts["expected_filled_lots"] == 4_000
    assert "expected_filled_lots=4000" in outcome.explain()


def test_a_request_refusal_never_poses_as_a_transient_report_refusal() -> None:
    """Both enums have a 4 and a 5; only reports can be cured by other reports."""
    pending = order().request_replace(replace("Y", "X", 11_000))
    assert isinstance(pending, Order)
    outcome = pending.request_replace(replace("Z", "X", 12_000))
    assert isinstance(outcome, Refused)
    assert outcome.code is RequestRefusal.REPLACE_PENDING
    assert not outcome.is_transient


@pytest.mark.parametrize("status", [OrderStatus.CANCELED, OrderStatus.EXPIRED])
def test_a_late_fill_is_booked_and_the_order_stays_ended(status: OrderStatus) -> None:
    event = E.CANCELED if status is OrderStatus.CANCELED else E.EXPIRED
    ended = moved(working(), report(event, leaves_lots=0))
    late = moved(ended, fill(4_000, -510))
    assert late.status is status
    assert (late.filled_lots, late.leaves_lots) == (4_000, 0)


def test_a_fill_while_done_for_day_is_booked_and_can_complete_the_order() -> None:
    halted = moved(working(), report(E.DONE_FOR_DAY, leaves_lots=0))
    part = moved(halted, attrs.evolve(fill(4_000, -510), leaves_lots=0))
    assert part.status is OrderStatus.DONE_FOR_DAY
    assert moved(part, fill(6_000, -510, filled=4_000)).status is OrderStatus.FILLED


def test_a_bust_needs_the_execution_it_speaks_of() -> None:
    bust = report(
        E.TRADE_CANCELED,
        execution_id=ExecutionId("E9"),
        reference_execution_id=ExecutionId("E1"),
    )
    part = part_filled()
    for original in (None, Execution(ExecutionId("E2"), -510, 4_000)):
        outcome = part.apply(bust, original=original)
        assert isinstance(outcome, Refused)
        assert outcome.code is R.UNKNOWN_EXECUTION
        assert outcome.is_transient
    undone = moved(part, bust, Execution(ExecutionId("E1"), -510, 4_000))
    assert attrs.evolve(undone, updated_at=working().updated_at) == working()


def test_a_replacement_settles_name_quantity_price_and_display() -> None:
    iceberg = order(order_type=OrderType.ICEBERG, display_lots=2_000)
    asked = iceberg.request_replace(replace("Y", "X", 1_500, -400))
    assert isinstance(asked, Order)
    assert asked.status is OrderStatus.PENDING_REPLACE
    assert asked.largest_leaves_lots == 10_000
    after = moved(
        asked,
        report(
            E.REPLACED,
            client_order_id=ClientOrderId("Y"),
            original_client_order_id=ClientOrderId("X"),
            quantity_lots=1_500,
            leaves_lots=1_500,
            limit_ticks=-400,
        ),
    )
    assert (after.client_order_id, after.root_client_order_id) == ("Y", "X")
    assert (after.quantity_lots, after.limit_ticks, after.display_lots) == (1_500, -400, 1_500)
    assert after.replace_client_order_id is None


def test_exposure_counts_a_larger_replacement_even_when_the_order_fills_meanwhile() -> None:
    asked = working().request_replace(replace("Y", "X", 12_000))
    assert isinstance(asked, Order)
    assert asked.largest_leaves_lots == 12_000
    filled = moved(asked, fill(10_000, -510))
    assert filled.status is OrderStatus.FILLED
    assert (filled.leaves_lots, filled.largest_leaves_lots) == (0, 2_000)


def test_a_replacement_below_the_filled_quantity_or_to_nothing_is_refused() -> None:
    below = part_filled().apply(
        report(E.REPLACED, quantity_lots=3_000, cumulative_lots=4_000, leaves_lots=0)
    )
    assert isinstance(below, Refused)
    assert below.code is R.OVERFILL
    nothing = working().apply(report(E.REPLACED, quantity_lots=0, leaves_lots=0))
    assert isinstance(nothing, Refused)
    assert nothing.code is R.QUANTITY_MISMATCH


def test_an_unsolicited_replacement_leaves_our_own_request_in_flight() -> None:
    asked = working().request_replace(replace("Y", "X", 12_000))
    assert isinstance(asked, Order)
    after = moved(asked, report(E.REPLACED, quantity_lots=9_000, leaves_lots=9_000))
    assert after.replace_client_order_id == "Y"
    assert after.largest_leaves_lots == 12_000
    answered = moved(
        after, report(E.REPLACE_REJECTED, client_order_id=ClientOrderId("Y"), leaves_lots=0)
    )
    assert answered.replace_client_order_id is None
    assert answered.largest_leaves_lots == 9_000


def test_a_cancel_reject_carries_no_quantities_and_no_venue_order_id() -> None:
    """FIX 35=9 has no LeavesQty or CumQty, and OrderID NONE for an order the venue knows not."""
    asked = part_filled().request_cancel(cancel("Y", "X"))
    assert isinstance(asked, Order)
    assert asked.status is OrderStatus.PENDING_CANCEL_PARTIAL
    answered = moved(
        asked,
        report(
            E.CANCEL_REJECTED,
            client_order_id=ClientOrderId("Y"),
            venue_order_id=VenueOrderId("NONE"),
            leaves_lots=0,
            quantity_lots=0,
        ),
    )
    assert answered.status is OrderStatus.PARTIALLY_FILLED
    assert answered.venue_order_id == "V1"
    assert answered.cancel_client_order_id is None
    assert answered.leaves_lots == 6_000


def test_requests_are_refused_with_their_reason() -> None:
    ended = moved(working(), report(E.CANCELED, leaves_lots=0))
    cancelling = working().request_cancel(cancel("Y", "X"))
    assert isinstance(cancelling, Order)
    market = order(order_type=OrderType.MARKET, limit_ticks=None, time_in_force=TimeInForce.IOC)
    outcomes = [
        working().request_cancel(cancel("Y", "Q")),
        working().request_replace(replace("Y", "Q", 5)),
        ended.request_cancel(cancel("Y", "X")),
        ended.request_replace(replace("Y", "X", 5)),
        cancelling.request_cancel(cancel("Z", "X")),
        cancelling.request_replace(replace("Z", "X", 5)),
        market.request_replace(replace("Z", "X", 5)),
        part_filled().request_replace(replace("Z", "X", 4_000)),
    ]
    codes = [outcome.code for outcome in outcomes if isinstance(outcome, Refused)]
    assert codes == [
        RequestRefusal.WRONG_ORDER,
        RequestRefusal.WRONG_ORDER,
        RequestRefusal.ORDER_CLOSED,
        RequestRefusal.ORDER_CLOSED,
        RequestRefusal.CANCEL_PENDING,
        RequestRefusal.CANCEL_PENDING,
        RequestRefusal.LIMIT_MISPLACED,
        RequestRefusal.QUANTITY_NOT_ABOVE_FILLED,
    ]


def test_a_cancel_outranks_a_replacement_in_flight() -> None:
    asked = working().request_replace(replace("Y", "X", 12_000))
    assert isinstance(asked, Order)
    both = asked.request_cancel(cancel("Z", "X"))
    assert isinstance(both, Order)
    assert both.status is OrderStatus.PENDING_CANCEL
    ended = moved(both, report(E.CANCELED, client_order_id=ClientOrderId("Z"), leaves_lots=0))
    assert ended.status is OrderStatus.CANCELED
    assert ended.replace_client_order_id is None
    assert ended.cancel_client_order_id is None
    assert ended.largest_leaves_lots == 0


def test_time_of_update_never_runs_backwards() -> None:
    late = moved(working(), attrs.evolve(fill(4_000, -510), occurred_at=UtcNs(2)))
    assert late.updated_at == 3


def test_an_order_cannot_hold_more_than_was_ordered() -> None:
    with pytest.raises(ValueError, match="filled_lots must lie between 0 and quantity_lots"):
        attrs.evolve(order(), filled_lots=10_001)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"limit_ticks": None}, "market order has no limit"),
        ({"order_type": OrderType.MARKET}, "market order has no limit"),
        ({"display_lots": 5}, "display_lots belongs to iceberg"),
        ({"order_type": OrderType.ICEBERG}, "display_lots belongs to iceberg"),
        ({"order_type": OrderType.ICEBERG, "display_lots": 10_001}, "display_lots must lie"),
        ({"expires_at": UtcNs(9)}, "expires_at belongs to GTD"),
        ({"time_in_force": TimeInForce.GTD}, "expires_at belongs to GTD"),
        ({"quantity_lots": 0}, "quantity_lots must lie"),
        ({"limit_ticks": 2**22 + 1}, "limit_ticks must lie"),
        ({"client_order_id": ClientOrderId("")}, "client order id must be"),
    ],
)
def test_a_command_that_makes_no_sense_is_misuse(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        new_order(**changes)


@pytest.mark.parametrize(
    ("event", "changes", "message"),
    [
        (E.FILL, {}, "missing from FILL"),
        (E.ACCEPTED, {"last_lots": 1, "last_ticks": 1}, "on ACCEPTED"),
        (E.TRADE_CANCELED, {}, "reference_execution_id belongs to"),
        (E.ACCEPTED, {"reference_execution_id": ExecutionId("E0")}, "reference_execution_id"),
        (E.FILL, {"last_lots": 0, "last_ticks": 1}, "last_lots must lie"),
        (E.ACCEPTED, {"limit_ticks": 2**23}, "limit_ticks must lie"),
        (E.ACCEPTED, {"leaves_lots": -1}, "leaves_lots must lie"),
    ],
)
def test_a_report_that_makes_no_sense_is_misuse(
    event: ExecutionEvent, changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        report(event, **changes)


def test_sides_mirror_each_other() -> None:
    assert [side.sign for side in Side] == [1, -1]
    assert [side.opposite for side in Side] == [Side.SELL, Side.BUY]
    assert replace("Y", "X", 5, None).limit_ticks is None
    assert order().instrument_id == HOUR
