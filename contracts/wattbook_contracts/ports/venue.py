"""How orders leave and how news comes back."""

from __future__ import annotations

from typing import Protocol

from wattbook_domain.foundation.identifiers import VenueId
from wattbook_domain.foundation.verdict import Approved
from wattbook_domain.marketdata.depth import MarketDepth
from wattbook_domain.orders.commands import CancelOrder, NewOrder, ReplaceOrder
from wattbook_domain.orders.reports import ExecutionReport


class EventSink(Protocol):
    """Where a gateway drops what it hears; the engine's entrance, never a callback into it."""

    def report_received(self, report: ExecutionReport) -> None:
        """Queue one execution report for sequencing."""
        ...

    def depth_received(self, depth: MarketDepth) -> None:
        """Queue one picture of a venue's book for sequencing."""
        ...


class VenueGateway(Protocol):
    """Sends approved orders to one venue.

    The types are the control: a bare `NewOrder` does not fit, so no order leaves unchecked.
    A cancel reduces risk and needs no approval.
    """

    @property
    def venue_id(self) -> VenueId:
        """The venue this gateway speaks to."""
        ...

    def submit(self, order: Approved[NewOrder]) -> None:
        """Send a new order.

        Raises:
            VenueFault: if it is not certain that the order left; the state is then asked for.
        """
        ...

    def replace(self, command: Approved[ReplaceOrder]) -> None:
        """Ask to change an order. Raises as `submit` does."""
        ...

    def cancel(self, command: CancelOrder) -> None:
        """Ask to end an order. Raises as `submit` does."""
        ...
