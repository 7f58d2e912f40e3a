"""EXEC cards: what every continuous venue must do with an order, whatever speaks to it.

The instrument's book is empty when a card begins. The card rests liquidity of somebody else, sends
orders of ours and reads the reports. It judges them by the platform's own order fold, so a venue
passes exactly when the platform can follow it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol

import attrs

from wattbook_contracts.capabilities import Capability
from wattbook_contracts.conformance.cards import card, deck, require, require_equal
from wattbook_domain.foundation.identifiers import (
    ClientOrderId,
    InstrumentId,
    VenueId,
    child_id,
)
from wattbook_domain.foundation.instants import UtcNs
from wattbook_domain.foundation.verdict import Refused
from wattbook_domain.marketdata.depth import MarketDepth
from wattbook_domain.orders.commands import CancelOrder, NewOrder, OrderOwner, ReplaceOrder
from wattbook_domain.orders.fold import OrderFold
from wattbook_domain.orders.order import Order
from wattbook_domain.orders.reports import FILL_EVENTS, ExecutionEvent, ExecutionReport
from wattbook_domain.orders.transitions import OrderStatus
from wattbook_domain.orders.vocabulary import OrderType, Side, TimeInForce


class VenueHarness(Protocol):
    """One venue with one tradable instrument, its book empty."""

    @property
    def venue_id(self) -> VenueId:
        """The venue under test."""
        ...

    @property
    def instrument_id(self) -> InstrumentId:
        """An instrument that trades there now."""
        ...

    @property
    def owner(self) -> OrderOwner:
        """Somebody who may trade it."""
        ...

    @property
    def base_ticks(self) -> int:
        """A price with a hundred admissible ticks on either side."""
        ...

    def now(self) -> UtcNs:
        """Return the instant to date the next command with."""
        ...

    def submit(self, order: NewOrder) -> None:
        """Approve the order as the platform would, and send it."""
        ...

    def replace(self, command: ReplaceOrder) -> None:
        """Approve the replacement as the platform would, and send it."""
        ...

    def cancel(self, command: CancelOrder) -> None:
        """Send the cancel request."""
        ...

    def rest(self, side: Side, ticks: int, lots: int) -> None:
        """Rest liquidity of somebody else in the book, at the end of the queue at its price."""
        ...

    def reports(self) -> Sequence[ExecutionReport]:
        """Return every report on our orders so far, in order, once the venue has no more to say."""
        ...

    def depth(self) -> MarketDepth:
        """Return the book as the public sees it."""
        ...


@attrs.define
class _Trader:
    """Sends orders through a harness and follows each of them through the platform's fold."""

    harness: VenueHarness
    folds: dict[str, OrderFold] = attrs.field(factory=dict)
    heard: int = 0

    def submit(
        self,
        side: Side,
        lots: int,
        offset_ticks: int | None,
        *,
        time_in_force: TimeInForce = TimeInForce.DAY,
        display_lots: int | None = None,
    ) -> NewOrder:
        """Send an order priced from the base; no offset makes a market order."""
        order = self.write(side, lots, offset_ticks, time_in_force, display_lots)
        self.folds[order.client_order_id] = OrderFold(Order.of(order))
        self.harness.submit(order)
        return order

    def replace(self, order: NewOrder, lots: int, offset_ticks: int) -> ReplaceOrder:
        """Ask for another total quantity and price."""
        command = ReplaceOrder(
            client_order_id=self._next_id(order),
            original_client_order_id=self.order(order).client_order_id,
            quantity_lots=lots,
            limit_ticks=self.harness.base_ticks + offset_ticks,
            decided_at=self.harness.now(),
        )
        self.folds[order.client_order_id].apply(command)
        self.harness.replace(command)
        return command

    def cancel(self, order: NewOrder) -> CancelOrder:
        """Ask for the end of an order."""
        command = CancelOrder(
            client_order_id=self._next_id(order),
            original_client_order_id=self.order(order).client_order_id,
            decided_at=self.harness.now(),
        )
        self.folds[order.client_order_id].apply(command)
        self.harness.cancel(command)
        return command

    def order(self, order: NewOrder) -> Order:
        """Return what the platform makes of all reports so far; a report it refuses fails."""
        reports = self.harness.reports()
        for report in reports[self.heard :]:
            self._hear(report)
        self.heard = len(reports)
        return self.folds[order.client_order_id].order

    def reports(self, order: NewOrder) -> list[ExecutionReport]:
        """Return the reports on one order."""
        self.order(order)
        return [r for r in self.harness.reports() if self._name_of(r) == order.client_order_id]

    def events(self, order: NewOrder) -> list[ExecutionEvent]:
        """Return what happened to one order, without the "pending" courtesies of some venues."""
        return [r.event for r in self.reports(order) if r.event not in _COURTESIES]

    def filled(self, order: NewOrder) -> list[tuple[int, int]]:
        """Return price and lots of each fill of one order."""
        return [
            (r.last_ticks, r.last_lots)
            for r in self.reports(order)
            if r.last_ticks is not None and r.last_lots is not None
        ]

    def _hear(self, report: ExecutionReport) -> None:
        name = self._name_of(report)
        require(name in self.folds, f"a report must name an order of ours, found {report}")
        outcome = self.folds[name].apply(report)
        if isinstance(outcome, Refused):
            require(False, f"the platform cannot follow the venue: {outcome.explain()}; {report}")

    def _name_of(self, report: ExecutionReport) -> str:
        for name in (report.client_order_id, report.original_client_order_id or ""):
            root = name.partition(".")[0]
            if root in self.folds:
                return root
        return report.client_order_id

    def _next_id(self, order: NewOrder) -> ClientOrderId:
        current = self.order(order).client_order_id
        index = int(current.partition(".")[2] or 0) + 1
        return ClientOrderId(child_id(order.client_order_id, index))

    def write(
        self,
        side: Side,
        lots: int,
        offset_ticks: int | None,
        time_in_force: TimeInForce,
        display_lots: int | None,
    ) -> NewOrder:
        """Write the next order without sending it."""
        kind = OrderType.LIMIT if display_lots is None else OrderType.ICEBERG
        harness = self.harness
        return NewOrder(
            client_order_id=ClientOrderId(f"CARD-{len(self.folds) + 1}"),
            instrument_id=harness.instrument_id,
            venue_id=harness.venue_id,
            owner=harness.owner,
            side=side,
            order_type=kind if offset_ticks is not None else OrderType.MARKET,
            time_in_force=time_in_force,
            quantity_lots=lots,
            limit_ticks=None if offset_ticks is None else harness.base_ticks + offset_ticks,
            decided_at=harness.now(),
            display_lots=display_lots,
        )


_COURTESIES: Final = frozenset(
    {
        ExecutionEvent.PENDING_NEW,
        ExecutionEvent.PENDING_CANCEL,
        ExecutionEvent.PENDING_REPLACE,
    }
)
_UNFILLED_ENDS: Final = frozenset({OrderStatus.CANCELED, OrderStatus.EXPIRED, OrderStatus.REJECTED})


@card("EXEC-01")
def accepted(harness: VenueHarness) -> None:
    """An order that meets nothing is accepted, rests, and has a name of the venue's own."""
    trader = _Trader(harness)
    order = trader.submit(Side.BUY, 10, -5)
    require_equal("events", trader.events(order), [ExecutionEvent.ACCEPTED])
    require_equal("status", trader.order(order).status, OrderStatus.NEW)
    report = trader.reports(order)[-1]
    require(bool(report.venue_order_id), f"venue order id: expected one, found {report}")
    require_equal("leaves, cumulative", (report.leaves_lots, report.cumulative_lots), (10, 0))
    best = harness.depth().best_bid
    require(
        best is not None and (best.price_ticks, best.quantity_lots) == (harness.base_ticks - 5, 10),
        f"best bid: expected our order, found {best}",
    )


@card("EXEC-02")
def unknown_instrument(harness: VenueHarness) -> None:
    """An order for an unknown instrument is rejected with a reason, and nothing else happens."""
    trader = _Trader(harness)
    order = attrs.evolve(
        trader.write(Side.BUY, 1, 0, TimeInForce.DAY, None),
        instrument_id=InstrumentId("NO-SUCH-THING"),
    )
    trader.folds[order.client_order_id] = OrderFold(Order.of(order))
    harness.submit(order)
    require_equal("events", trader.events(order), [ExecutionEvent.REJECTED])
    report = trader.reports(order)[-1]
    require_equal("leaves", report.leaves_lots, 0)
    require(bool(report.reason), "reason: expected the venue's words, found none")


@card("EXEC-03")
def partly_then_fully(harness: VenueHarness) -> None:
    """A resting order is filled in part, then fully, at its own price."""
    trader = _Trader(harness)
    order = trader.submit(Side.BUY, 10, 0)
    harness.rest(Side.SELL, harness.base_ticks, 4)
    require_equal("status", trader.order(order).status, OrderStatus.PARTIALLY_FILLED)
    require_equal("leaves", trader.order(order).leaves_lots, 6)
    harness.rest(Side.SELL, harness.base_ticks, 6)
    require_equal(
        "events",
        trader.events(order),
        [ExecutionEvent.ACCEPTED, ExecutionEvent.PARTIAL_FILL, ExecutionEvent.FILL],
    )
    base = harness.base_ticks
    require_equal("fills", trader.filled(order), [(base, 4), (base, 6)])


@card("EXEC-04")
def price_of_the_resting(harness: VenueHarness) -> None:
    """An incoming order trades at resting prices, best first, never beyond its own limit."""
    trader, base = _Trader(harness), harness.base_ticks
    for offset, lots in ((2, 3), (1, 3), (4, 3)):
        harness.rest(Side.SELL, base + offset, lots)
    order = trader.submit(Side.BUY, 10, 3)
    require_equal("fills", trader.filled(order), [(base + 1, 3), (base + 2, 3)])
    require_equal("leaves", trader.order(order).leaves_lots, 4)


@card("EXEC-05")
def time_priority(harness: VenueHarness) -> None:
    """At one price the older order is filled first."""
    trader = _Trader(harness)
    older = trader.submit(Side.SELL, 5, 0)
    younger = trader.submit(Side.SELL, 5, 0)
    harness.rest(Side.BUY, harness.base_ticks, 6)
    require_equal("older filled", trader.order(older).filled_lots, 5)
    require_equal("younger filled", trader.order(younger).filled_lots, 1)


@card("EXEC-06", Capability.CANCEL)
def canceled(harness: VenueHarness) -> None:
    """A working order is ended on request, its fills kept, and leaves the book."""
    trader = _Trader(harness)
    order = trader.submit(Side.SELL, 10, 0)
    harness.rest(Side.BUY, harness.base_ticks, 3)
    trader.cancel(order)
    found = trader.order(order)
    require_equal("status", found.status, OrderStatus.CANCELED)
    require_equal("filled, leaves", (found.filled_lots, found.leaves_lots), (3, 0))
    require_equal("best ask", harness.depth().best_ask, None)


@card("EXEC-07", Capability.CANCEL)
def canceled_too_late(harness: VenueHarness) -> None:
    """A cancel that comes after the last fill is rejected and changes nothing."""
    trader = _Trader(harness)
    harness.rest(Side.BUY, harness.base_ticks, 5)
    order = trader.submit(Side.SELL, 5, 0)
    before = trader.order(order)
    require_equal("status", before.status, OrderStatus.FILLED)
    trader.cancel(order)
    require_equal("last event", trader.events(order)[-1], ExecutionEvent.CANCEL_REJECTED)
    after = trader.order(order)
    require_equal("order", attrs.evolve(after, updated_at=before.updated_at), before)


@card("EXEC-08", Capability.CANCEL_REPLACE)
def replaced(harness: VenueHarness) -> None:
    """A replacement keeps what was filled; its quantity is the new total."""
    trader, base = _Trader(harness), harness.base_ticks
    order = trader.submit(Side.BUY, 10, 0)
    harness.rest(Side.SELL, base, 4)
    command = trader.replace(order, 12, -1)
    found = trader.order(order)
    require_equal(
        "total, filled, leaves",
        (found.quantity_lots, found.filled_lots, found.leaves_lots),
        (12, 4, 8),
    )
    require_equal("limit", found.limit_ticks, base - 1)
    require_equal("name", found.client_order_id, command.client_order_id)
    harness.rest(Side.SELL, base - 1, 8)
    require_equal("status", trader.order(order).status, OrderStatus.FILLED)
    require_equal("fills", trader.filled(order), [(base, 4), (base - 1, 8)])


@card("EXEC-09", Capability.CANCEL_REPLACE)
def replaced_into_the_market(harness: VenueHarness) -> None:
    """A replacement whose new price crosses the book trades at once."""
    trader, base = _Trader(harness), harness.base_ticks
    harness.rest(Side.SELL, base + 3, 5)
    order = trader.submit(Side.BUY, 5, 0)
    trader.replace(order, 5, 3)
    require_equal("fills", trader.filled(order), [(base + 3, 5)])
    require_equal("status", trader.order(order).status, OrderStatus.FILLED)


@card("EXEC-10", Capability.IOC)
def immediate_or_cancel(harness: VenueHarness) -> None:
    """An IOC order takes what is there and cancels the rest."""
    trader = _Trader(harness)
    harness.rest(Side.SELL, harness.base_ticks, 4)
    order = trader.submit(Side.BUY, 10, 0, time_in_force=TimeInForce.IOC)
    found = trader.order(order)
    require_equal("filled, leaves", (found.filled_lots, found.leaves_lots), (4, 0))
    require(found.status in _UNFILLED_ENDS, f"status: expected an end, found {found.status.name}")
    require_equal("best bid", harness.depth().best_bid, None)


@card("EXEC-11", Capability.FOK)
def fill_or_kill(harness: VenueHarness) -> None:
    """A FOK order is filled completely or not at all, and takes nothing when it is not."""
    trader, base = _Trader(harness), harness.base_ticks
    harness.rest(Side.SELL, base, 4)
    harness.rest(Side.SELL, base + 1, 4)
    too_large = trader.submit(Side.BUY, 9, 1, time_in_force=TimeInForce.FOK)
    found = trader.order(too_large)
    require_equal("filled, leaves", (found.filled_lots, found.leaves_lots), (0, 0))
    require(found.status in _UNFILLED_ENDS, f"status: expected an end, found {found.status.name}")
    fitting = trader.submit(Side.BUY, 8, 1, time_in_force=TimeInForce.FOK)
    require_equal("status", trader.order(fitting).status, OrderStatus.FILLED)
    require_equal("fills", trader.filled(fitting), [(base, 4), (base + 1, 4)])


@card("EXEC-12", Capability.MARKET_ORDERS)
def market(harness: VenueHarness) -> None:
    """A market order takes the best prices there are."""
    trader, base = _Trader(harness), harness.base_ticks
    harness.rest(Side.BUY, base - 7, 5)
    harness.rest(Side.BUY, base, 5)
    order = trader.submit(Side.SELL, 8, None, time_in_force=TimeInForce.IOC)
    require_equal("fills", trader.filled(order), [(base, 5), (base - 7, 3)])
    require_equal("status", trader.order(order).status, OrderStatus.FILLED)


@card("EXEC-13", Capability.ICEBERG)
def iceberg(harness: VenueHarness) -> None:
    """An iceberg shows its display quantity only, refills it, and fills completely."""
    trader = _Trader(harness)
    order = trader.submit(Side.SELL, 10, 0, display_lots=3)
    for taken, shown in ((0, 3), (3, 3), (3, 3), (3, 1)):
        if taken:
            harness.rest(Side.BUY, harness.base_ticks, taken)
        best = harness.depth().best_ask
        found = None if best is None else best.quantity_lots
        require_equal(f"shown after {trader.order(order).filled_lots} filled", found, shown)
    harness.rest(Side.BUY, harness.base_ticks, 1)
    require_equal("status", trader.order(order).status, OrderStatus.FILLED)
    require_equal("best ask", harness.depth().best_ask, None)


@card("EXEC-14")
def unique_executions(harness: VenueHarness) -> None:
    """Every report has an execution id of its own."""
    trader = _Trader(harness)
    for number in range(1, 6):
        harness.rest(Side.SELL, harness.base_ticks, number)
        trader.submit(Side.BUY, 2 * number, 0)
    found = [report.execution_id for report in harness.reports()]
    require(len(found) >= 10, f"reports: expected an accept and a fill each, found {len(found)}")
    require_equal("distinct execution ids", len(set(found)), len(found))


@card("EXEC-15")
def consistent_quantities(harness: VenueHarness) -> None:
    """Cumulative is the sum of the fills; with the leaves it makes the quantity of a live order."""
    trader = _Trader(harness)
    order = trader.submit(Side.SELL, 20, 0)
    for lots in (1, 7, 2, 10):
        harness.rest(Side.BUY, harness.base_ticks, lots)
    total = 0
    for report in trader.reports(order):
        total += report.last_lots or 0
        require_equal(f"cumulative on {report.execution_id}", report.cumulative_lots, total)
        require_equal(f"leaves on {report.execution_id}", report.leaves_lots, 20 - total)
        require(
            report.event in FILL_EVENTS or report.last_lots is None,
            f"last_lots belongs to fills, found it on {report}",
        )
    require_equal("total", total, 20)


@card("EXEC-16")
def duplicate_name(harness: VenueHarness) -> None:
    """A second order under a client order id already used makes no second order."""
    trader = _Trader(harness)
    order = trader.submit(Side.BUY, 10, -5)
    harness.submit(order)
    best = harness.depth().best_bid
    require_equal("lots in the book", best and best.quantity_lots, 10)
    harness.rest(Side.SELL, harness.base_ticks - 5, 20)
    bought = sum(r.last_lots or 0 for r in harness.reports())
    require_equal("lots bought", bought, order.quantity_lots)


@card("EXEC-17")
def dated(harness: VenueHarness) -> None:
    """Reports carry the venue's clock, which does not go back."""
    trader = _Trader(harness)
    trader.submit(Side.BUY, 2, 0)
    harness.rest(Side.SELL, harness.base_ticks, 1)
    trader.submit(Side.BUY, 2, -1)
    found = [report.occurred_at for report in harness.reports()]
    require_equal("instants", found, sorted(found))


@card("EXEC-18", Capability.SELF_MATCH_PREVENTION)
def no_self_match(harness: VenueHarness) -> None:
    """Two orders of one owner do not trade with each other."""
    trader = _Trader(harness)
    first = trader.submit(Side.BUY, 5, 0)
    second = trader.submit(Side.SELL, 5, 0)
    require_equal("fills of the first", trader.filled(first), [])
    require_equal("fills of the second", trader.filled(second), [])


VENUE_CARDS: Final = deck(
    accepted,
    unknown_instrument,
    partly_then_fully,
    price_of_the_resting,
    time_priority,
    canceled,
    canceled_too_late,
    replaced,
    replaced_into_the_market,
    immediate_or_cancel,
    fill_or_kill,
    market,
    iceberg,
    unique_executions,
    consistent_quantities,
    duplicate_name,
    dated,
    no_self_match,
)
