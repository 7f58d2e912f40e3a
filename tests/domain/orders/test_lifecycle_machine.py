"""No interleaving loses lots: an independent venue, an unkind network, and our fold of reports.

The venue below keeps its own books in the plainest way. The network delivers its reports in order,
but repeats any of them at any time and holds back any fill for as long as it likes.
"""

from __future__ import annotations

from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from tests.domain.orders.examples import cancel, order, replace, report

from wattbook_domain.foundation.identifiers import ClientOrderId, ExecutionId
from wattbook_domain.foundation.instants import UtcNs
from wattbook_domain.foundation.verdict import Refused
from wattbook_domain.orders.fold import OrderFold
from wattbook_domain.orders.order import Order
from wattbook_domain.orders.reports import FILL_EVENTS, ExecutionEvent, ExecutionReport
from wattbook_domain.orders.transitions import OrderStatus, is_working

E = ExecutionEvent


class Venue:
    """The truth: one order on the other side of the network."""

    def __init__(self, lots: int) -> None:
        self.quantity = lots
        self.name = "X"
        self.fills: dict[str, tuple[int, int]] = {}
        self.busted: set[str] = set()
        self.state = "received"
        self.cancel: str | None = None
        self.replace: tuple[str, int] | None = None
        self.sent: list[ExecutionReport] = []

    @property
    def filled(self) -> int:
        return sum(lots for lots, _ in self.fills.values())

    @property
    def leaves(self) -> int:
        return self.quantity - self.filled if self.state in ("received", "live") else 0

    def settle(self) -> None:
        if self.state in ("live", "complete"):
            self.state = "complete" if self.filled == self.quantity else "live"

    def send(self, event: ExecutionEvent, **changes: Any) -> None:
        fields: dict[str, Any] = {
            "execution_id": ExecutionId(f"E{len(self.sent)}"),
            "client_order_id": ClientOrderId(self.name),
            "original_client_order_id": ClientOrderId("X"),
            "quantity_lots": self.quantity,
            "cumulative_lots": self.filled,
            "leaves_lots": self.leaves,
            "occurred_at": UtcNs(10 + len(self.sent)),
        }
        self.sent.append(report(event, **fields | changes))

    def end_requests(self) -> None:
        self.cancel = self.replace = None


class OrderLifecycle(RuleBasedStateMachine):
    @initialize(lots=st.integers(1, 40), first_fills=st.lists(st.integers(1, 9), max_size=4))
    def submit(self, lots: int, first_fills: list[int]) -> None:
        """Begin with some reports already on their way, so that a run has something to disturb."""
        self.venue = Venue(lots)
        self.fold = OrderFold(order(quantity_lots=lots))
        self.delivered = 0
        self.held_back: list[ExecutionReport] = []
        self.requests = 0
        if first_fills:
            self.answer_submission(accepted=True)
        for size in first_fills:
            if self.venue.state == "live":
                self.trade(lots=size, ticks=-size)

    # The venue.

    @precondition(lambda self: self.venue.state == "received")
    @rule(accepted=st.sampled_from([True, True, True, False]))
    def answer_submission(self, accepted: bool) -> None:
        self.venue.state = "live" if accepted else "rejected"
        self.venue.send(E.ACCEPTED if accepted else E.REJECTED)
        if not accepted:
            self.venue.end_requests()

    @precondition(lambda self: self.venue.state == "live")
    @rule(lots=st.integers(1, 40), ticks=st.integers(-30, 30))
    def trade(self, lots: int, ticks: int) -> None:
        venue = self.venue
        last = min(lots, venue.leaves)
        name = f"E{len(venue.sent)}"
        venue.fills[name] = (last, ticks)
        venue.settle()
        event = E.FILL if venue.state == "complete" else E.PARTIAL_FILL
        venue.send(event, last_lots=last, last_ticks=ticks)

    @precondition(lambda self: self.venue.fills)
    @rule(data=st.data())
    def bust(self, data: st.DataObject) -> None:
        venue = self.venue
        name = data.draw(st.sampled_from(sorted(venue.fills)))
        del venue.fills[name]
        venue.busted.add(name)
        venue.settle()
        venue.send(E.TRADE_CANCELED, reference_execution_id=ExecutionId(name))

    @precondition(lambda self: self.venue.fills)
    @rule(data=st.data(), ticks=st.integers(-30, 30))
    def correct(self, data: st.DataObject, ticks: int) -> None:
        venue = self.venue
        name = data.draw(st.sampled_from(sorted(venue.fills)))
        lots = data.draw(st.integers(1, venue.fills[name][0]))
        venue.fills[name] = (lots, ticks)
        venue.settle()
        venue.send(
            E.TRADE_CORRECTED,
            reference_execution_id=ExecutionId(name),
            last_lots=lots,
            last_ticks=ticks,
        )

    @precondition(lambda self: self.venue.state == "live")
    @rule(event=st.sampled_from([E.CANCELED, E.EXPIRED]))
    def end_unasked(self, event: ExecutionEvent) -> None:
        self.venue.state = "ended"
        self.venue.end_requests()
        self.venue.send(event)

    @precondition(lambda self: self.venue.cancel)
    @rule(kind=st.sampled_from(["pending", "accept", "reject"]))
    def answer_cancel(self, kind: str) -> None:
        venue = self.venue
        name = ClientOrderId(venue.cancel or "")
        if kind == "pending" and venue.state == "live":
            venue.send(E.PENDING_CANCEL, client_order_id=name)
        elif kind == "accept" and venue.state == "live":
            venue.state = "ended"
            venue.end_requests()
            venue.send(E.CANCELED, client_order_id=name)
        elif kind == "reject":
            venue.cancel = None
            venue.send(E.CANCEL_REJECTED, client_order_id=name, leaves_lots=0, quantity_lots=0)

    @precondition(lambda self: self.venue.replace)
    @rule(accepted=st.booleans())
    def answer_replace(self, accepted: bool) -> None:
        venue = self.venue
        assert venue.replace is not None
        name, lots = venue.replace
        venue.replace = None
        if accepted and venue.state in ("live", "complete"):
            venue.name, venue.quantity = name, max(lots, venue.filled)
            venue.settle()
            venue.send(E.REPLACED)
        else:
            venue.send(E.REPLACE_REJECTED, client_order_id=ClientOrderId(name), leaves_lots=0)

    # Ourselves.

    @precondition(lambda self: self.fold.order.cancel_client_order_id is None)
    @rule()
    def ask_to_cancel(self) -> None:
        self.requests += 1
        name = f"C{self.requests}"
        outcome = self.fold.apply(cancel(name, self.fold.order.client_order_id))
        if isinstance(outcome, Order):
            if self.venue.state in ("rejected", "ended"):
                self.venue.send(E.CANCEL_REJECTED, client_order_id=ClientOrderId(name))
            else:
                self.venue.cancel = name

    @precondition(lambda self: self.fold.order.replace_client_order_id is None)
    @rule(lots=st.integers(1, 60))
    def ask_to_replace(self, lots: int) -> None:
        self.requests += 1
        name = f"R{self.requests}"
        outcome = self.fold.apply(replace(name, self.fold.order.client_order_id, lots))
        if isinstance(outcome, Order):
            if self.venue.state in ("rejected", "ended"):
                self.venue.send(E.REPLACE_REJECTED, client_order_id=ClientOrderId(name))
            else:
                self.venue.replace = name, lots

    # The network.

    def _deliver_next(self) -> Order | Refused:
        self.delivered += 1
        return self.fold.apply(self.venue.sent[self.delivered - 1])

    @precondition(lambda self: self.delivered < len(self.venue.sent))
    @rule(count=st.integers(1, 4))
    def deliver(self, count: int) -> None:
        for _ in range(min(count, len(self.venue.sent) - self.delivered)):
            self._deliver_next()

    @precondition(
        lambda self: (
            self.delivered < len(self.venue.sent)
            and self.venue.sent[self.delivered].event in FILL_EVENTS
        )
    )
    @rule()
    def hold_back(self) -> None:
        self.held_back.append(self.venue.sent[self.delivered])
        self.delivered += 1

    @precondition(lambda self: self.held_back)
    @rule(data=st.data())
    def deliver_late(self, data: st.DataObject) -> None:
        index = data.draw(st.integers(0, len(self.held_back) - 1))
        self.fold.apply(self.held_back.pop(index))

    @precondition(lambda self: self.delivered)
    @rule(data=st.data())
    def repeat(self, data: st.DataObject) -> None:
        late = set(self.held_back)
        arrived = [one for one in self.venue.sent[: self.delivered] if one not in late]
        if not arrived:
            return
        known = self.fold.order
        outcome = self.fold.apply(data.draw(st.sampled_from(arrived)))
        assert isinstance(outcome, Refused)
        assert self.fold.order == known

    # What always holds.

    @invariant()
    def lots_and_value_are_those_of_the_surviving_executions(self) -> None:
        now, executions = self.fold.order, self.fold.executions.values()
        assert now.filled_lots == sum(one.lots for one in executions)
        assert now.filled_tick_lots == sum(one.lots * one.ticks for one in executions)

    @invariant()
    def leaves_and_filled_are_consistent(self) -> None:
        now = self.fold.order
        working = is_working(now.status)
        assert now.leaves_lots == (now.quantity_lots - now.filled_lots if working else 0)
        assert 0 <= now.leaves_lots <= now.largest_leaves_lots
        assert now.leaves_lots > 0 or not working

    def teardown(self) -> None:
        """When everything has arrived, both sides agree."""
        if not hasattr(self, "venue"):
            return
        while self.held_back:
            self.fold.apply(self.held_back.pop())
        while self.delivered < len(self.venue.sent):
            self._deliver_next()
        now, venue = self.fold.order, self.venue
        assert now.filled_lots == venue.filled
        assert now.quantity_lots == venue.quantity
        assert now.leaves_lots == venue.leaves
        surviving = {
            str(one.execution_id): (one.lots, one.ticks) for one in self.fold.executions.values()
        }
        assert surviving == venue.fills
        self._assert_status_agrees(now.status)
        assert not self.fold.waiting
        assert not self.fold.dropped

    def _assert_status_agrees(self, status: OrderStatus) -> None:
        ended = {OrderStatus.CANCELED, OrderStatus.EXPIRED}
        agreed = {
            "received": not status >= OrderStatus.DONE_FOR_DAY,
            "live": is_working(status),
            "complete": status is OrderStatus.FILLED,
            "rejected": status is OrderStatus.REJECTED,
            "ended": status in ended,
        }
        assert agreed[self.venue.state], f"venue {self.venue.state}, ours {status.name}"


TestOrderLifecycle = OrderLifecycle.TestCase
TestOrderLifecycle.settings = settings(max_examples=300, stateful_step_count=40)
