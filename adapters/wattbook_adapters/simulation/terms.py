"""Decides under which terms a venue trades an instrument; `matching` applies them, order by order.

Also names what moves a venue, the phases of a book, the self-match policies, and how a venue
numbers what it says.
"""

from __future__ import annotations

from enum import Enum

import attrs

from wattbook_domain.foundation.bounds import (
    PRICE_TICKS_ABS_MAX,
    QUANTITY_LOTS_MAX,
    require_within,
)
from wattbook_domain.foundation.identifiers import (
    ExecutionId,
    InstrumentId,
    VenueId,
    VenueOrderId,
    require_identifier,
)
from wattbook_domain.foundation.instants import UtcNs
from wattbook_domain.foundation.verdict import Approved
from wattbook_domain.orders.commands import CancelOrder, NewOrder, ReplaceOrder

VenueInput = Approved[NewOrder] | Approved[ReplaceOrder] | CancelOrder | UtcNs
"""What moves a venue: a command, or an instant that stands for a clock beat."""


class BookPhase(Enum):
    """Whether a book takes orders. Cancels are taken in every phase."""

    CLOSED = "not yet opened, or past its gate closure: no orders"
    OPEN = "orders are taken and matched"
    HALTED = "resting orders stay, new ones and changes are refused"


class SelfMatchPolicy(Enum):
    """What happens when two orders of one account would trade with each other."""

    CANCEL_RESTING = "the resting order ends, the incoming one goes on"
    CANCEL_INCOMING = "what is left of the incoming order ends"
    DECREMENT = "both lose the quantity they would have traded"


@attrs.frozen(kw_only=True)
class BookTerms:
    """One instrument as one venue trades it.

    Attributes:
        opens_at: first instant at which orders are taken.
        gate_closes_at: first instant at which they are not: trading is `[opens_at,
            gate_closes_at)`; what still rests then expires. `None` never closes.
        day_ends_at: instant at which DAY orders expire; `None` leaves them to the gate closure.
        price_step_ticks: the venue's own price step, in ticks of the instrument.
        quantity_step_lots: the venue's own quantity step, in lots of the instrument.
    """

    instrument_id: InstrumentId
    opens_at: UtcNs
    gate_closes_at: UtcNs | None = None
    day_ends_at: UtcNs | None = None
    price_step_ticks: int = 1
    quantity_step_lots: int = 1

    def __attrs_post_init__(self) -> None:
        require_within("price_step_ticks", self.price_step_ticks, 1, PRICE_TICKS_ABS_MAX)
        require_within("quantity_step_lots", self.quantity_step_lots, 1, QUANTITY_LOTS_MAX)
        if self.gate_closes_at is not None and self.gate_closes_at <= self.opens_at:
            raise ValueError(
                f"{self.instrument_id} must open before its gate closes, found opens_at "
                f"{self.opens_at} and gate_closes_at {self.gate_closes_at}"
            )


class VenueNumbering:
    """Gives a venue's orders and executions their names: venue and count, nothing else.

    The same sequence of events gives the same names, so a rebuilt venue repeats itself exactly.

    >>> numbering = VenueNumbering(VenueId("POWERX"))
    >>> numbering.next_order_id(), numbering.next_execution_id(), numbering.next_execution_id()
    ('POWERX-O1', 'POWERX-E1', 'POWERX-E2')
    """

    def __init__(self, venue_id: VenueId) -> None:
        require_identifier("venue id", venue_id)
        self.venue_id = venue_id
        self._orders = 0
        self._executions = 0

    def next_order_id(self) -> VenueOrderId:
        """Name the next order."""
        self._orders += 1
        return VenueOrderId(f"{self.venue_id}-O{self._orders}")

    def next_execution_id(self) -> ExecutionId:
        """Name the next report."""
        self._executions += 1
        return ExecutionId(f"{self.venue_id}-E{self._executions}")
