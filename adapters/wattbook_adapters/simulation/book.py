"""Decides in which order resting orders stand, price first and time second; rules are `matching`'s.

Prices are kept as ranks, `side.sign * ticks`, so that on both sides a higher rank is better and the
best rank is the last item of one sorted list. A level is an `OrderedDict`, whose first item is
found, removed and moved to the end in constant time. Nothing here scans orders.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import OrderedDict
from collections.abc import Iterator

import attrs

from wattbook_domain.foundation.identifiers import AccountId, ClientOrderId, VenueOrderId
from wattbook_domain.orders.vocabulary import Side, TimeInForce

Queue = OrderedDict[VenueOrderId, "BookOrder"]
"""The orders of one price, the oldest first."""


@attrs.define(kw_only=True, eq=False)
class BookOrder:
    """One order as the venue keeps it; mutable, private to its matching engine.

    Attributes:
        limit_ticks: `None` for a market order, which never rests.
        display_lots: the iceberg's tranche; `None` shows everything.
        visible_lots: what is left of the tranche now shown; zero while the order does not rest.
        is_quote: part of a mass quote: its fills are reported, its coming and going are not.
    """

    account: AccountId
    client_order_id: ClientOrderId
    venue_order_id: VenueOrderId
    side: Side
    limit_ticks: int | None
    quantity_lots: int
    time_in_force: TimeInForce
    display_lots: int | None = None
    is_quote: bool = False
    filled_lots: int = 0
    visible_lots: int = 0

    @property
    def leaves_lots(self) -> int:
        """Lots not yet filled, shown or hidden."""
        return self.quantity_lots - self.filled_lots

    def show(self) -> None:
        """Bring the next tranche to light: all that is left, or the display quantity."""
        leaves = self.leaves_lots
        self.visible_lots = leaves if self.display_lots is None else min(self.display_lots, leaves)


class BookSide:
    """The resting orders of one side."""

    def __init__(self, side: Side) -> None:
        self._sign = side.sign
        self._ranks: list[int] = []
        self._queues: dict[int, Queue] = {}

    def first(self) -> BookOrder | None:
        """Return the order with the highest priority."""
        if not self._ranks:
            return None
        return next(iter(self._queues[self._ranks[-1]].values()))

    def add(self, order: BookOrder, limit_ticks: int) -> None:
        """Place an order behind all others of its price."""
        rank = self._sign * limit_ticks
        queue = self._queues.get(rank)
        if queue is None:
            queue = self._queues[rank] = OrderedDict()
            insort(self._ranks, rank)
        queue[order.venue_order_id] = order

    def remove(self, order: BookOrder, limit_ticks: int) -> None:
        """Take an order out, and its level with it when it was the last."""
        rank = self._sign * limit_ticks
        queue = self._queues[rank]
        del queue[order.venue_order_id]
        if not queue:
            del self._queues[rank]
            del self._ranks[bisect_left(self._ranks, rank)]

    def requeue(self, order: BookOrder, limit_ticks: int) -> None:
        """Send an order to the end of its price: it keeps the price and loses the time."""
        self._queues[self._sign * limit_ticks].move_to_end(order.venue_order_id)

    def levels(self) -> Iterator[tuple[int, Queue]]:
        """Yield price in ticks and queue, the best price first."""
        for rank in reversed(self._ranks):
            yield self._sign * rank, self._queues[rank]


class OrderBook:
    """Both sides of one instrument at one venue, and an index of what rests there."""

    def __init__(self) -> None:
        self._sides = (BookSide(Side.BUY), BookSide(Side.SELL))
        self._resting: dict[VenueOrderId, BookOrder] = {}

    def __contains__(self, order: BookOrder) -> bool:
        return order.venue_order_id in self._resting

    def __iter__(self) -> Iterator[BookOrder]:
        """Yield the resting orders in the order of their arrival in the book."""
        return iter(tuple(self._resting.values()))

    def side(self, side: Side) -> BookSide:
        """Return one side."""
        return self._sides[side]

    def add(self, order: BookOrder) -> None:
        """Let an order rest; its first tranche becomes visible."""
        order.show()
        self._sides[order.side].add(order, _limit_of(order))
        self._resting[order.venue_order_id] = order

    def remove(self, order: BookOrder) -> None:
        """Take an order out of the book."""
        self._sides[order.side].remove(order, _limit_of(order))
        del self._resting[order.venue_order_id]
        order.visible_lots = 0

    def settle(self, order: BookOrder) -> None:
        """Bring the book into line after lots were taken from a resting order's visible tranche.

        An exhausted order leaves; an exhausted tranche is refreshed and goes to the end.
        """
        if order.leaves_lots == 0:
            self.remove(order)
        elif order.visible_lots == 0:
            order.show()
            self._sides[order.side].requeue(order, _limit_of(order))


def _limit_of(order: BookOrder) -> int:
    if order.limit_ticks is None:
        raise ValueError(f"a market order cannot rest, found {order.client_order_id} in the book")
    return order.limit_ticks
