"""Decides what a parent order is: a quantity that is still to be split over venues and time.

Strategies emit parents; routing turns them into child orders, named by `child_id`.
"""

from __future__ import annotations

import attrs

from wattbook_domain.foundation.bounds import (
    PRICE_TICKS_ABS_MAX,
    QUANTITY_LOTS_MAX,
    require_within,
)
from wattbook_domain.foundation.identifiers import (
    ClientOrderId,
    InstrumentId,
    require_identifier,
)
from wattbook_domain.foundation.instants import UtcNs
from wattbook_domain.orders.commands import OrderOwner
from wattbook_domain.orders.vocabulary import Side


@attrs.frozen(kw_only=True)
class ParentOrder:
    """A quantity to trade now, at a limit or better, wherever it is best.

    Attributes:
        parent_id: children are named after it.
        limit_ticks: the worst acceptable price in ticks, fees apart; any sign.
        decided_at: the instant of the decision.
    """

    parent_id: ClientOrderId
    instrument_id: InstrumentId
    owner: OrderOwner
    side: Side
    quantity_lots: int
    limit_ticks: int
    decided_at: UtcNs

    def __attrs_post_init__(self) -> None:
        require_identifier("parent id", self.parent_id)
        require_within("quantity_lots", self.quantity_lots, 1, QUANTITY_LOTS_MAX)
        require_within("limit_ticks", self.limit_ticks, -PRICE_TICKS_ABS_MAX, PRICE_TICKS_ABS_MAX)
