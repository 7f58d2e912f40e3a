"""The fold of reports: each once, the late ones first, and nothing lost in silence."""

from __future__ import annotations

import itertools

import attrs
from tests.domain.orders.examples import cancel, order, report

from wattbook_domain.foundation.identifiers import ClientOrderId, ExecutionId
from wattbook_domain.foundation.instants import UtcNs
from wattbook_domain.foundation.verdict import Refused
from wattbook_domain.orders.fold import OrderFold
from wattbook_domain.orders.order import Order, ReportRefusal
from wattbook_domain.orders.reports import FILL_EVENTS, ExecutionEvent, ExecutionReport
from wattbook_domain.orders.transitions import OrderStatus

E = ExecutionEvent


def at(
    instant: int,
    event: ExecutionEvent,
    filled: int,
    *,
    last: int | None = None,
    of: str | None = None,
    is_open: bool = True,
) -> ExecutionReport:
    """One report of an order of three lots; its execution id is its instant."""
    return report(
        event,
        execution_id=ExecutionId(f"E{instant}"),
        quantity_lots=3,
        cumulative_lots=filled,
        leaves_lots=3 - filled if is_open else 0,
        last_lots=last,
        last_ticks=None if last is None else -10 * instant,
        reference_execution_id=None if of is None else ExecutionId(of),
        occurred_at=UtcNs(instant),
    )


def folded(*reports: ExecutionReport) -> OrderFold:
    fold = OrderFold(order(quantity_lots=3))
    for one in reports:
        fold.apply(one)
    return fold


STORY = (
    at(1, E.ACCEPTED, 0),
    at(2, E.PARTIAL_FILL, 1, last=1),
    at(3, E.FILL, 3, last=2),
    at(4, E.TRADE_CANCELED, 2, of="E2"),
    at(5, E.CANCELED, 2, is_open=False),
)


def test_fills_may_come_at_any_time_and_make_the_same_order() -> None:
    expected = folded(*STORY)
    assert expected.order.status is OrderStatus.CANCELED
    assert (expected.order.filled_lots, expected.order.filled_tick_lots) == (2, -60)
    news = [one for one in STORY if one.event not in FILL_EVENTS]
    for arrival in itertools.permutations(STORY):
        if [one for one in arrival if one.event not in FILL_EVENTS] != news:
            continue
        fold = folded(*arrival)
        assert fold.order == expected.order
        assert fold.executions == expected.executions
        assert not fold.waiting


def test_equal_totals_do_not_let_a_report_overtake_an_earlier_one() -> None:
    """A fill and its bust are missing; the next fill's total looks right without them, and is not
    taken for it."""
    fold = folded(
        at(1, E.ACCEPTED, 0),
        at(4, E.TRADE_CANCELED, 0, of="E2"),
        at(5, E.PARTIAL_FILL, 1, last=1),
    )
    assert fold.order.filled_lots == 0
    assert [one.execution_id for one in fold.waiting] == ["E4", "E5"]
    fold.apply(at(2, E.PARTIAL_FILL, 1, last=1))
    assert list(fold.executions) == ["E5"]
    assert not fold.waiting


def test_why_a_report_waits_is_told_and_a_waiting_report_is_known() -> None:
    fold = folded(at(1, E.ACCEPTED, 0))
    late, later = at(3, E.FILL, 3, last=2), at(4, E.TRADE_CANCELED, 1, of="E3")
    outcomes = [fold.apply(one) for one in (late, later, late)]
    codes = [outcome.code for outcome in outcomes if isinstance(outcome, Refused)]
    assert codes == [
        ReportRefusal.CUMULATIVE_MISMATCH,
        ReportRefusal.AWAITING_EARLIER,
        ReportRefusal.DUPLICATE_EXECUTION,
    ]
    assert [outcome.is_transient for outcome in outcomes if isinstance(outcome, Refused)] == [
        True,
        True,
        False,
    ]


def test_reports_of_one_instant_do_not_block_each_other() -> None:
    """Venue clocks are coarse; two fills of one sweep share an instant."""
    first = attrs.evolve(at(2, E.PARTIAL_FILL, 1, last=1), occurred_at=UtcNs(9))
    second = attrs.evolve(at(3, E.FILL, 3, last=2), occurred_at=UtcNs(9))
    fold = folded(at(1, E.ACCEPTED, 0), second, first)
    assert fold.order.status is OrderStatus.FILLED


def test_a_pending_that_comes_after_its_answer_does_not_leave_the_order_pending() -> None:
    fold = folded(at(1, E.ACCEPTED, 0))
    assert isinstance(fold.apply(cancel("Y", "X")), Order)
    name = ClientOrderId("Y")
    answer = report(
        E.CANCEL_REJECTED,
        execution_id=ExecutionId("E3"),
        client_order_id=name,
        leaves_lots=0,
        quantity_lots=0,
    )
    assert isinstance(fold.apply(answer), Order)
    pending = report(
        E.PENDING_CANCEL,
        execution_id=ExecutionId("E2"),
        client_order_id=name,
        quantity_lots=3,
        leaves_lots=3,
    )
    outcome = fold.apply(pending)
    assert isinstance(outcome, Refused)
    assert outcome.code is ReportRefusal.STALE_REPORT
    assert fold.order.status is OrderStatus.NEW


def test_an_acknowledgement_overtaken_by_its_fill_is_old_news_and_blocks_nothing() -> None:
    fold = folded(at(2, E.PARTIAL_FILL, 1, last=1))
    outcome = fold.apply(at(1, E.ACCEPTED, 0))
    assert isinstance(outcome, Refused)
    assert outcome.code is ReportRefusal.STALE_REPORT
    assert not outcome.is_transient
    fold.apply(at(3, E.FILL, 3, last=2))
    assert fold.order.status is OrderStatus.FILLED


def test_what_waited_and_can_never_apply_is_kept_with_its_reason() -> None:
    fold = folded(at(1, E.ACCEPTED, 0), at(3, E.RESUMED, 1), at(4, E.DONE_FOR_DAY, 1, is_open=True))
    assert len(fold.waiting) == 2
    fold.apply(at(2, E.PARTIAL_FILL, 1, last=1))
    assert not fold.waiting
    ((dropped, reason),) = fold.dropped
    assert dropped.event is E.DONE_FOR_DAY
    assert reason.code is ReportRefusal.LEAVES_MISMATCH
