"""Decides what one open order can still do: the lots and the notional it must be held at.

While a replace is in flight both terms are possible and the worse mix counts. `exposure` adds
these up by desk and delivery slot.
"""

from __future__ import annotations

from typing import Final

import attrs

from wattbook_domain.foundation.identifiers import AlgorithmId, ClientOrderId, DeskId
from wattbook_domain.orders.reports import ExecutionEvent, ExecutionReport
from wattbook_domain.orders.vocabulary import Side
from wattbook_domain.risk.limits import added_value_units
from wattbook_domain.risk.terms import InstrumentTerms

ENDED: Final = frozenset({ExecutionEvent.REJECTED, ExecutionEvent.CANCELED, ExecutionEvent.EXPIRED})
"""Events after which nothing of an order can fill. Done for day is not among them: a GTC order
comes back the next morning, and what comes back must still be counted."""


@attrs.frozen(kw_only=True)
class PendingReplace:
    """A replace in flight."""

    client_order_id: ClientOrderId
    total_lots: int
    limit_ticks: int | None
    reserve_ticks: int


@attrs.frozen(kw_only=True)
class HeldOrder:
    """What the book remembers of one order.

    Attributes:
        total_lots: as last confirmed. filled_lots: as last reported.
        reserve_ticks: worst price magnitude of what may still fill under the confirmed terms.
        pending: a replace in flight, if any.
        is_ended: whether the venue has said that nothing more can fill.
    """

    client_order_id: ClientOrderId
    desk_id: DeskId
    algorithm_id: AlgorithmId
    side: Side
    terms: InstrumentTerms
    limit_ticks: int | None
    total_lots: int
    reserve_ticks: int
    filled_lots: int = 0
    pending: PendingReplace | None = None
    is_ended: bool = False

    @property
    def confirmed_open_lots(self) -> int:
        """Lots that may still fill under the confirmed terms."""
        return 0 if self.is_ended else max(self.total_lots - self.filled_lots, 0)

    @property
    def pending_open_lots(self) -> int:
        """Lots that may still fill if the replace in flight succeeds."""
        if self.is_ended or self.pending is None:
            return 0
        return max(self.pending.total_lots - self.filled_lots, 0)

    @property
    def held_lots(self) -> int:
        """Lots the book counts as resting: the worse of confirmed and pending."""
        return max(self.confirmed_open_lots, self.pending_open_lots)

    @property
    def held_grains(self) -> int:
        """Gross notional reserved, in grains: the worst mix of old and new terms."""
        open_lots = self.confirmed_open_lots
        units = added_value_units(open_lots, 0, self.terms.delivery_slots, self.reserve_ticks, 0)
        if self.pending is not None and not self.is_ended:
            after_lots = self.pending_open_lots
            added_lots = max(after_lots - open_lots, 0)
            units += added_value_units(
                added_lots,
                after_lots - added_lots,
                self.terms.delivery_slots,
                self.pending.reserve_ticks,
                self.reserve_ticks,
            )
        return int(units) * self.terms.grains_per_unit

    @property
    def worst_reserve_ticks(self) -> int:
        """Worst price magnitude of either terms, confirmed or pending."""
        pending_ticks = 0 if self.pending is None else self.pending.reserve_ticks
        return max(self.reserve_ticks, pending_ticks)

    @property
    def is_open(self) -> bool:
        """Whether anything may still fill."""
        return self.held_lots > 0

    @property
    def limits_ticks(self) -> tuple[int | None, ...]:
        """Every limit price the order may be resting at: confirmed, and pending if any."""
        return (
            (self.limit_ticks,)
            if self.pending is None
            else (
                self.limit_ticks,
                self.pending.limit_ticks,
            )
        )


def after_report(order: HeldOrder, report: ExecutionReport) -> HeldOrder:
    """Return the order's terms as the report leaves them."""
    if report.event in ENDED:
        return attrs.evolve(order, is_ended=True, pending=None)
    pending = order.pending
    answers = pending is not None and pending.client_order_id in (
        report.client_order_id,
        report.original_client_order_id,
    )
    if report.event is ExecutionEvent.REPLACE_REJECTED:
        return attrs.evolve(order, pending=None if answers else pending)
    if report.event is not ExecutionEvent.REPLACED:
        return order
    restated_ticks = abs(report.limit_ticks or 0)
    return attrs.evolve(
        order,
        total_lots=report.quantity_lots,
        limit_ticks=report.limit_ticks,
        reserve_ticks=max(
            pending.reserve_ticks if pending is not None and answers else order.reserve_ticks,
            restated_ticks,
        ),
        pending=None if answers else pending,
    )
