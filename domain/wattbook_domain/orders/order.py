"""Decides what one report does to one order: the next order, or a ranked refusal.

An `Order` is a value. It knows its own quantities and nothing of other orders, of duplicates or
of reports that arrive out of turn: those are the caller's fold, `fold.OrderFold`.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from fractions import Fraction
from typing import Any, Final

import attrs

from wattbook_domain.foundation.identifiers import (
    ClientOrderId,
    ExecutionId,
    InstrumentId,
    VenueId,
    VenueOrderId,
)
from wattbook_domain.foundation.instants import UtcNs
from wattbook_domain.foundation.rows import IDENTIFIER_ABSENT, INT_ABSENT, absent_as
from wattbook_domain.foundation.verdict import Refused
from wattbook_domain.orders.arithmetic import (
    clamp,
    fill_level,
    filled_after,
    is_overfilled,
    leaves_lots,
    value_after,
)
from wattbook_domain.orders.commands import CancelOrder, NewOrder, OrderOwner, ReplaceOrder
from wattbook_domain.orders.reports import (
    EXECUTION_EVENTS,
    RESTATING_EVENTS,
    UNQUANTIFIED_EVENTS,
    ExecutionEvent,
    ExecutionReport,
)
from wattbook_domain.orders.transitions import (
    SETTLED,
    TRANSITIONS,
    FillLevel,
    OrderStatus,
    is_terminal,
    is_working,
)
from wattbook_domain.orders.vocabulary import OrderType, Side, TimeInForce


class ReportRefusal(IntEnum):
    """Why a report cannot be applied, in order of precedence.

    Transient ones say that another report is missing; the same report may apply after it.
    """

    DUPLICATE_EXECUTION = 1
    AWAITING_EARLIER = 2
    WRONG_ORDER = 3
    UNKNOWN_EXECUTION = 4
    ILLEGAL_TRANSITION = 5
    STALE_REPORT = 6
    CUMULATIVE_MISMATCH = 7
    OVERFILL = 8
    QUANTITY_MISMATCH = 9
    LEAVES_MISMATCH = 10
    FILL_LEVEL_MISMATCH = 11


TRANSIENT_REFUSALS: Final = frozenset(
    {
        ReportRefusal.AWAITING_EARLIER,
        ReportRefusal.UNKNOWN_EXECUTION,
        ReportRefusal.CUMULATIVE_MISMATCH,
    }
)
"""Refusals that another report may cure."""


class RequestRefusal(IntEnum):
    """Why a cancel or replace request must not be sent, in order of precedence."""

    WRONG_ORDER = 1
    ORDER_CLOSED = 2
    CANCEL_PENDING = 3
    REPLACE_PENDING = 4
    LIMIT_MISPLACED = 5
    QUANTITY_NOT_ABOVE_FILLED = 6


_NO_REPLACE: Final[Mapping[str, None]] = {
    "replace_client_order_id": None,
    "replace_quantity_lots": None,
    "replace_limit_ticks": None,
}


@attrs.frozen
class Execution:
    """What an order remembers of one fill, so that a bust can take back exactly that."""

    execution_id: ExecutionId
    ticks: int
    lots: int


@attrs.frozen(kw_only=True)
class Order:
    """The state of one order.

    Attributes:
        client_order_id: the id the venue now knows it by; a replacement brings a new one.
        root_client_order_id: the id it was submitted under; never changes.
        filled_lots: FIX 14 CumQty. `filled_tick_lots` is the sum of ticks x lots of the fills.
        replace_*: the replacement in flight, all absent when none is.
        cancel_client_order_id: the cancel request in flight.
        updated_at: the venue's clock on the last report applied; the decision's before that.
    """

    client_order_id: ClientOrderId
    root_client_order_id: ClientOrderId
    instrument_id: InstrumentId
    venue_id: VenueId
    owner: OrderOwner
    side: Side
    order_type: OrderType
    time_in_force: TimeInForce
    status: OrderStatus
    quantity_lots: int
    filled_lots: int
    filled_tick_lots: int
    decided_at: UtcNs
    updated_at: UtcNs
    limit_ticks: int | None = attrs.field(metadata=absent_as(INT_ABSENT))
    display_lots: int | None = attrs.field(metadata=absent_as(INT_ABSENT))
    expires_at: UtcNs | None = attrs.field(metadata=absent_as(INT_ABSENT))
    venue_order_id: VenueOrderId | None = attrs.field(metadata=absent_as(IDENTIFIER_ABSENT))
    replace_client_order_id: ClientOrderId | None = attrs.field(
        metadata=absent_as(IDENTIFIER_ABSENT)
    )
    replace_quantity_lots: int | None = attrs.field(metadata=absent_as(INT_ABSENT))
    replace_limit_ticks: int | None = attrs.field(metadata=absent_as(INT_ABSENT))
    cancel_client_order_id: ClientOrderId | None = attrs.field(
        metadata=absent_as(IDENTIFIER_ABSENT)
    )

    def __attrs_post_init__(self) -> None:
        if not 0 <= self.filled_lots <= self.quantity_lots:
            raise ValueError(
                f"filled_lots must lie between 0 and quantity_lots={self.quantity_lots}, "
                f"found {self.filled_lots}"
            )

    @classmethod
    def of(cls, command: NewOrder) -> Order:
        """The order that a submission begins: pending, nothing filled."""
        return cls(
            client_order_id=command.client_order_id,
            root_client_order_id=command.client_order_id,
            instrument_id=command.instrument_id,
            venue_id=command.venue_id,
            owner=command.owner,
            side=command.side,
            order_type=command.order_type,
            time_in_force=command.time_in_force,
            status=OrderStatus.PENDING_NEW,
            quantity_lots=command.quantity_lots,
            filled_lots=0,
            filled_tick_lots=0,
            decided_at=command.decided_at,
            updated_at=command.decided_at,
            limit_ticks=command.limit_ticks,
            display_lots=command.display_lots,
            expires_at=command.expires_at,
            venue_order_id=None,
            replace_client_order_id=None,
            replace_quantity_lots=None,
            replace_limit_ticks=None,
            cancel_client_order_id=None,
        )

    @property
    def leaves_lots(self) -> int:
        """Lots still open at the venue (FIX 151)."""
        return int(leaves_lots(self.quantity_lots, self.filled_lots, is_working(self.status)))

    @property
    def largest_leaves_lots(self) -> int:
        """Lots that may be open, were the replacement in flight accepted already.

        It can even reopen an order that fills meanwhile, so exposure counts this, not the leaves.
        """
        if self.replace_quantity_lots is None:
            return self.leaves_lots
        return max(self.leaves_lots, self.replace_quantity_lots - self.filled_lots)

    @property
    def average_ticks(self) -> Fraction | None:
        """Exact average fill price in ticks; `None` before the first fill (FIX 6 AvgPx)."""
        return Fraction(self.filled_tick_lots, self.filled_lots) if self.filled_lots else None

    @property
    def is_terminal(self) -> bool:
        """Whether the order has ended."""
        return is_terminal(self.status)

    def apply(
        self, report: ExecutionReport, *, original: Execution | None = None
    ) -> Order | Refused:
        """Return the order after `report`, or why it cannot be applied.

        Args:
            report: news from the venue about this order.
            original: the execution a bust or correction refers to; the fold supplies it.
        """
        if not self._concerns(report):
            return self._refused(ReportRefusal.WRONG_ORDER)
        base = self.filled_lots, self.filled_tick_lots
        if report.event in RESTATING_EVENTS:
            if original is None or original.execution_id != report.reference_execution_id:
                return self._refused(ReportRefusal.UNKNOWN_EXECUTION)
            base = base[0] - original.lots, base[1] - original.ticks * original.lots
        following = TRANSITIONS.get((self.status, report.event))
        if following is None:
            return self._refused(
                ReportRefusal.ILLEGAL_TRANSITION, status=self.status, event=report.event
            )
        if self._is_stale(report):
            return self._refused(ReportRefusal.STALE_REPORT, event=report.event)
        if report.event in UNQUANTIFIED_EVENTS:
            return self._moved(report, following)
        return self._quantified(report, following, base)

    def request_cancel(self, command: CancelOrder) -> Order | Refused:
        """Return the order with a cancel in flight, or why none may be sent."""
        if command.original_client_order_id != self.client_order_id:
            return self._refused(RequestRefusal.WRONG_ORDER)
        if self.is_terminal:
            return self._refused(RequestRefusal.ORDER_CLOSED, status=self.status)
        if self.cancel_client_order_id is not None:
            return self._refused(RequestRefusal.CANCEL_PENDING)
        return attrs.evolve(
            self,
            status=TRANSITIONS[self.status, ExecutionEvent.PENDING_CANCEL],
            cancel_client_order_id=command.client_order_id,
        )

    def request_replace(self, command: ReplaceOrder) -> Order | Refused:
        """Return the order with a replacement in flight, or why none may be sent."""
        if command.original_client_order_id != self.client_order_id:
            return self._refused(RequestRefusal.WRONG_ORDER)
        if self.is_terminal:
            return self._refused(RequestRefusal.ORDER_CLOSED, status=self.status)
        if self.cancel_client_order_id is not None:
            return self._refused(RequestRefusal.CANCEL_PENDING)
        if self.replace_client_order_id is not None:
            return self._refused(RequestRefusal.REPLACE_PENDING)
        if (command.limit_ticks is None) != (self.order_type is OrderType.MARKET):
            return self._refused(RequestRefusal.LIMIT_MISPLACED, order_type=self.order_type)
        if command.quantity_lots <= self.filled_lots:
            return self._refused(
                RequestRefusal.QUANTITY_NOT_ABOVE_FILLED,
                quantity_lots=command.quantity_lots,
                filled_lots=self.filled_lots,
            )
        return attrs.evolve(
            self,
            status=TRANSITIONS[self.status, ExecutionEvent.PENDING_REPLACE],
            replace_client_order_id=command.client_order_id,
            replace_quantity_lots=command.quantity_lots,
            replace_limit_ticks=command.limit_ticks,
        )

    def _concerns(self, report: ExecutionReport) -> bool:
        """Same venue, instrument and side, and a name that we or the venue gave this order."""
        ours = {
            self.client_order_id,
            self.root_client_order_id,
            self.replace_client_order_id,
            self.cancel_client_order_id,
        } - {None}
        named = {report.client_order_id, report.original_client_order_id} & ours
        return (
            report.venue_id == self.venue_id
            and report.instrument_id == self.instrument_id
            and report.side is self.side
            and (bool(named) or report.venue_order_id == self.venue_order_id)
        )

    def _is_stale(self, report: ExecutionReport) -> bool:
        """Whether the order has moved past what a report tells.

        A "pending" for a request that has been answered would leave the order pending for ever;
        unsolicited ones carry the order's own name. Other news of the order's state is stale when
        the venue's clock and the filled lots both lie behind. Executions are never stale.
        """
        in_flight = {
            ExecutionEvent.PENDING_CANCEL: self.cancel_client_order_id,
            ExecutionEvent.PENDING_REPLACE: self.replace_client_order_id,
        }
        if report.event in in_flight and report.client_order_id not in (
            in_flight[report.event],
            self.client_order_id,
            self.root_client_order_id,
        ):
            return True
        return (
            report.event not in EXECUTION_EVENTS | UNQUANTIFIED_EVENTS
            and report.occurred_at < self.updated_at
            and report.cumulative_lots < self.filled_lots
        )

    def _quantified(
        self, report: ExecutionReport, following: OrderStatus, base: tuple[int, int]
    ) -> Order | Refused:
        """Check every quantity the report states against what it must be, then move.

        `base` is what was filled, and its ticks x lots, before the report's own quantity counts.
        """
        is_replaced = report.event is ExecutionEvent.REPLACED
        quantity = report.quantity_lots if is_replaced else self.quantity_lots
        last = report.last_lots or 0
        filled = int(filled_after(base[0], last))
        level = FillLevel(fill_level(quantity, filled))
        settled = SETTLED[following, level]
        leaves = int(leaves_lots(quantity, filled, is_working(settled)))
        checks = (
            (ReportRefusal.CUMULATIVE_MISMATCH, report.cumulative_lots != filled),
            (ReportRefusal.OVERFILL, bool(is_overfilled(quantity, filled))),
            (ReportRefusal.QUANTITY_MISMATCH, report.quantity_lots != max(quantity, 1)),
            (ReportRefusal.LEAVES_MISMATCH, self._misstates_leaves(report, settled, leaves)),
            (ReportRefusal.FILL_LEVEL_MISMATCH, _misstates_level(report.event, level)),
        )
        for code, is_broken in checks:
            if is_broken:
                return self._refused(
                    code,
                    reported_filled_lots=report.cumulative_lots,
                    expected_filled_lots=filled,
                    reported_quantity_lots=report.quantity_lots,
                    expected_quantity_lots=quantity,
                    reported_leaves_lots=report.leaves_lots,
                    expected_leaves_lots=leaves,
                )
        moved = self._moved(report, settled)
        value = int(value_after(base[1], report.last_ticks or 0, last))
        return attrs.evolve(moved, filled_lots=filled, filled_tick_lots=value)

    def _misstates_leaves(
        self, report: ExecutionReport, settled: OrderStatus, expected: int
    ) -> bool:
        """News of executions that comes after the end tells the leaves of its own moment."""
        is_late = (
            report.event in EXECUTION_EVENTS
            and not is_working(self.status)
            and not is_working(settled)
        )
        return report.leaves_lots != expected and not is_late

    def _moved(self, report: ExecutionReport, status: OrderStatus) -> Order:
        """Return the order in its next status, with the names and terms the report settles."""
        event = report.event
        is_ended = is_terminal(status) and status is not OrderStatus.FILLED
        changes: dict[str, Any] = {
            "status": status,
            "updated_at": max(self.updated_at, report.occurred_at),
        }
        if event not in UNQUANTIFIED_EVENTS:
            # A cancel reject for an order the venue does not know carries OrderID (37) "NONE".
            changes["venue_order_id"] = report.venue_order_id
        if event is ExecutionEvent.REPLACED:
            changes.update(self._terms_of(report))
        is_answered = event is ExecutionEvent.REPLACED and (
            report.client_order_id == self.replace_client_order_id
        )
        if is_answered or is_ended or event is ExecutionEvent.REPLACE_REJECTED:
            changes.update(_NO_REPLACE)
        if is_ended or event is ExecutionEvent.CANCEL_REJECTED:
            changes["cancel_client_order_id"] = None
        return attrs.evolve(self, **changes)

    def _terms_of(self, report: ExecutionReport) -> dict[str, Any]:
        display = self.display_lots
        return {
            "client_order_id": report.client_order_id,
            "quantity_lots": report.quantity_lots,
            "limit_ticks": report.limit_ticks,
            "display_lots": None if display is None else clamp(display, 1, report.quantity_lots),
        }

    def _refused(self, code: IntEnum, **facts: int) -> Refused:
        return Refused(
            code,
            subject=self.client_order_id,
            facts={name: int(value) for name, value in facts.items()},
            is_transient=isinstance(code, ReportRefusal) and code in TRANSIENT_REFUSALS,
        )


def _misstates_level(event: ExecutionEvent, level: FillLevel) -> bool:
    if event is ExecutionEvent.FILL:
        return level is not FillLevel.ALL
    return event is ExecutionEvent.PARTIAL_FILL and level is not FillLevel.SOME
