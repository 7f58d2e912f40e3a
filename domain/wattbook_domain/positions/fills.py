"""Decides what a fill is, and what may later be said about it; `ledger` books it."""

from __future__ import annotations

import attrs

from wattbook_domain.foundation.bounds import (
    PRICE_TICKS_ABS_MAX,
    QUANTITY_LOTS_MAX,
    require_within,
)
from wattbook_domain.foundation.identifiers import (
    ClientOrderId,
    ExecutionId,
    InstrumentId,
    VenueId,
    require_identifier,
)
from wattbook_domain.foundation.instants import UtcNs
from wattbook_domain.orders.commands import OrderOwner
from wattbook_domain.orders.vocabulary import Side
from wattbook_domain.quantities.money import Money


@attrs.frozen
class ExecutionKey:
    """What makes booking idempotent: execution ids are unique per venue, not between venues."""

    venue_id: VenueId
    execution_id: ExecutionId


@attrs.frozen(kw_only=True)
class Fill:
    """One trade of ours, as booked.

    Attributes:
        ticks: price in ticks of the instrument, signed, zero allowed.
        lots: quantity in lots, positive; `side` says which way.
        fee: what the venue charges for this fill, positive; a rebate is negative.
        at: when the venue says it happened.
    """

    execution_id: ExecutionId
    client_order_id: ClientOrderId
    instrument_id: InstrumentId
    venue_id: VenueId
    owner: OrderOwner
    side: Side
    ticks: int
    lots: int
    fee: Money
    at: UtcNs

    def __attrs_post_init__(self) -> None:
        require_identifier("execution id", self.execution_id)
        require_within("ticks", self.ticks, -PRICE_TICKS_ABS_MAX, PRICE_TICKS_ABS_MAX)
        require_within("lots", self.lots, 1, QUANTITY_LOTS_MAX)

    @property
    def key(self) -> ExecutionKey:
        """Venue and execution id."""
        return ExecutionKey(self.venue_id, self.execution_id)

    @property
    def signed_lots(self) -> int:
        """Lots with the sign of the trade: a sale is negative."""
        return self.side.sign * self.lots


@attrs.frozen(kw_only=True)
class FillBusted:
    """The venue took a trade back (FIX 150=H): as if it had never been.

    Attributes:
        execution_id: of this report itself (FIX 17); makes it idempotent.
        original: the fill that is taken back (FIX 19).
    """

    execution_id: ExecutionId
    original: ExecutionKey
    at: UtcNs

    @property
    def key(self) -> ExecutionKey:
        """Venue and execution id of the report."""
        return ExecutionKey(self.original.venue_id, self.execution_id)


@attrs.frozen(kw_only=True)
class FillCorrected:
    """The venue restated a trade (FIX 150=G): price or quantity differ, its place does not.

    Attributes:
        execution_id: of this report itself (FIX 17); makes it idempotent.
        original: the fill as first reported (FIX 19), however often it was corrected since.
        fee: of the corrected trade; `None` keeps the one already booked.
    """

    execution_id: ExecutionId
    original: ExecutionKey
    ticks: int
    lots: int
    at: UtcNs
    fee: Money | None = None

    def __attrs_post_init__(self) -> None:
        require_within("ticks", self.ticks, -PRICE_TICKS_ABS_MAX, PRICE_TICKS_ABS_MAX)
        require_within("lots", self.lots, 1, QUANTITY_LOTS_MAX)

    @property
    def key(self) -> ExecutionKey:
        """Venue and execution id of the report."""
        return ExecutionKey(self.original.venue_id, self.execution_id)


FillEvent = Fill | FillBusted | FillCorrected
"""Everything that may be booked."""
