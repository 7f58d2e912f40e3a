"""Decides how a simulated day-ahead auction runs: collects until the gate, clears, tells.

`clearing` finds the price. The rest of the market is invented, but bound to the truth: its curve is
built from the price really published, so that without us the auction clears exactly there, and our
bounded volume does not move it: we are price takers. Everything is per interval, and a day has as
many intervals as its instruments say: 23, 24 or 25 hours, or quarters.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

import attrs

from wattbook_adapters.simulation.clearing import Bid, Clearing, PriceLimits, clear
from wattbook_adapters.simulation.terms import VenueInput, VenueNumbering
from wattbook_contracts.descriptors import VenueDescriptor
from wattbook_contracts.ports.venue import EventSink
from wattbook_domain.foundation.bounds import QUANTITY_LOTS_MAX, require_within
from wattbook_domain.foundation.identifiers import (
    ClientOrderId,
    InstrumentId,
    VenueId,
    VenueOrderId,
)
from wattbook_domain.foundation.instants import UtcNs, format_instant
from wattbook_domain.foundation.verdict import Approved
from wattbook_domain.orders.commands import CancelOrder, NewOrder, ReplaceOrder
from wattbook_domain.orders.reports import ExecutionEvent, ExecutionReport
from wattbook_domain.orders.vocabulary import OrderType, Side, TimeInForce

MarketCurve = tuple[Bid, ...]
"""The rest of the market in one interval, as bids of its own."""


def price_taker_curve(
    published_ticks: int, *, bound_lots: int, limits: PriceLimits, step_ticks: int = 10
) -> MarketCurve:
    """Build a rest of the market that clears at the published price, with or without us.

    It buys `bound_lots` at any price and offers twice as many exactly at the published price, so
    supply is split there and up to `bound_lots` of our own on either side leave the price alone.
    Beyond that bound each further `bound_lots` moves the price by `step_ticks`, once each way.

    Raises:
        ValueError: if the published price lies outside the limits.
    """
    require_within("published_ticks", published_ticks, limits.floor_ticks, limits.cap_ticks)
    require_within("bound_lots", bound_lots, 1, QUANTITY_LOTS_MAX // 2)
    above = min(published_ticks + step_ticks, limits.cap_ticks)
    below = max(published_ticks - step_ticks, limits.floor_ticks)
    return (
        Bid(Side.BUY, limits.cap_ticks, bound_lots),
        Bid(Side.SELL, published_ticks, 2 * bound_lots),
        Bid(Side.SELL, above, bound_lots),
        Bid(Side.BUY, below, bound_lots),
    )


@attrs.frozen(kw_only=True)
class AuctionResult:
    """What one interval cleared at, and what our orders got.

    Attributes:
        price_ticks: the uniform price; `None` where nothing traded.
        volume_lots: lots traded in all, the rest of the market included.
        accepted_lots: by order, our orders only.
    """

    instrument_id: InstrumentId
    price_ticks: int | None
    volume_lots: int
    accepted_lots: Mapping[ClientOrderId, int]


@attrs.define(kw_only=True, eq=False)
class _Entry:
    """An order in the auction's keeping."""

    order: NewOrder
    client_order_id: ClientOrderId
    venue_order_id: VenueOrderId
    quantity_lots: int
    limit_ticks: int | None
    filled_lots: int = 0
    is_open: bool = True

    @property
    def leaves_lots(self) -> int:
        return self.quantity_lots - self.filled_lots if self.is_open else 0


@attrs.frozen(kw_only=True)
class AuctionTerms:
    """Orders are taken in `[opens_at, closes_at)`, at prices within the limits."""

    opens_at: UtcNs
    closes_at: UtcNs
    limits: PriceLimits

    def __attrs_post_init__(self) -> None:
        if self.closes_at <= self.opens_at:
            raise ValueError(
                f"an auction closes after it opens, found {self.opens_at} and {self.closes_at}"
            )


class SimulatedAuction:
    """A day-ahead auction in memory, a `VenueGateway`. Its rest of the market is invented."""

    is_simulated: Final = True

    def __init__(
        self,
        descriptor: VenueDescriptor,
        instrument_ids: Sequence[InstrumentId],
        *,
        terms: AuctionTerms,
        sink: EventSink,
    ) -> None:
        self._descriptor = descriptor
        self._terms = terms
        self._sink = sink
        self._numbering = VenueNumbering(descriptor.venue_id)
        self._entries: dict[ClientOrderId, _Entry] = {}
        self._sent: dict[ClientOrderId, NewOrder] = {}
        self._books: dict[InstrumentId, list[_Entry]] = {name: [] for name in instrument_ids}
        self._cleared: set[InstrumentId] = set()

    @property
    def venue_id(self) -> VenueId:
        """The venue."""
        return self._descriptor.venue_id

    def submit(self, order: Approved[NewOrder]) -> None:
        """Take a limit or market order until the gate closes; the same order twice is one."""
        command = order.value
        if command.venue_id != self.venue_id:
            raise ValueError(
                f"an order for {command.venue_id} was given to {self.venue_id}; "
                "give it to the gateway of its own venue"
            )
        if self._sent.get(command.client_order_id) == command:
            return
        entry = _Entry(
            order=command,
            client_order_id=command.client_order_id,
            venue_order_id=self._numbering.next_order_id(),
            quantity_lots=command.quantity_lots,
            limit_ticks=command.limit_ticks,
        )
        reason = self._refusal(command)
        if command.client_order_id not in self._entries:
            self._entries[command.client_order_id] = entry
            self._sent[command.client_order_id] = command
        else:
            reason = "client order id in use"
        if reason:
            entry.is_open = False
            self._tell(entry, ExecutionEvent.REJECTED, command.decided_at, reason=reason)
            return
        self._books[command.instrument_id].append(entry)
        self._tell(entry, ExecutionEvent.ACCEPTED, command.decided_at)

    def replace(self, command: Approved[ReplaceOrder]) -> None:
        """Change an order before the gate; it keeps its turn only if the quantity alone falls.

        Raises:
            ValueError: if no order of that name was ever sent to this auction.
        """
        request = command.value
        entry = self._known(request.original_client_order_id)
        at = request.decided_at
        limit_ticks = entry.limit_ticks if request.limit_ticks is None else request.limit_ticks
        reason = self._request_refusal(entry, request, at)
        if not reason and request.client_order_id in self._entries:
            reason = "client order id in use"
        if reason:
            # A request sent before the refusal is heard may already speak of the new name.
            self._entries.setdefault(request.client_order_id, entry)
            self._tell(entry, ExecutionEvent.REPLACE_REJECTED, at, request=request, reason=reason)
            return
        if limit_ticks != entry.limit_ticks or request.quantity_lots > entry.quantity_lots:
            book = self._books[entry.order.instrument_id]
            book.remove(entry)
            book.append(entry)
        entry.quantity_lots, entry.limit_ticks = request.quantity_lots, limit_ticks
        entry.client_order_id = request.client_order_id
        self._entries[request.client_order_id] = entry
        self._tell(entry, ExecutionEvent.REPLACED, at, request=request)

    def cancel(self, command: CancelOrder) -> None:
        """Withdraw an order before the gate. Raises as `replace` does."""
        entry = self._known(command.original_client_order_id)
        at = command.decided_at
        if reason := self._request_refusal(entry, command, at):
            self._tell(entry, ExecutionEvent.CANCEL_REJECTED, at, request=command, reason=reason)
            return
        entry.is_open = False
        self._books[entry.order.instrument_id].remove(entry)
        self._tell(entry, ExecutionEvent.CANCELED, at, request=command)

    def clear(
        self, curves: Mapping[InstrumentId, MarketCurve], at: UtcNs
    ) -> tuple[AuctionResult, ...]:
        """Clear every interval, in the order in which it was listed, and tell every order's fate.

        Raises:
            ValueError: before the gate has closed, twice, or without a curve for every interval.
        """
        if at < self._terms.closes_at:
            raise ValueError(
                f"an auction clears after its gate, found {at} before {self._terms.closes_at}"
            )
        if self._cleared:
            raise ValueError(f"{self.venue_id} has cleared already; an auction clears once")
        if missing := sorted(self._books.keys() - curves.keys()):
            raise ValueError(f"every interval needs the rest of the market, missing {missing}")
        return tuple(self._clear_one(name, curves[name], at) for name in self._books)

    def rebuild(self, history: Iterable[VenueInput]) -> None:
        """Repeat the commands of a journal on a fresh auction, reports included.

        Instants are passed over: between opening and gate an auction only collects.

        Raises:
            ValueError: if anything was sent here already.
        """
        if self._entries:
            raise ValueError(f"only a fresh {self.venue_id} can be rebuilt, this one has lived")
        for entry in history:
            if isinstance(entry, int):
                continue
            if isinstance(entry, CancelOrder):
                self.cancel(entry)
            elif isinstance(entry.value, NewOrder):
                self.submit(entry)
            else:
                self.replace(entry)

    def _clear_one(self, name: InstrumentId, curve: MarketCurve, at: UtcNs) -> AuctionResult:
        self._cleared.add(name)
        entries = self._books[name]
        limits = self._terms.limits
        ours = tuple(_bid(entry, limits) for entry in entries)
        outcome = clear((*ours, *curve), limits)
        for entry, lots in zip(entries, outcome.accepted_lots, strict=False):
            self._settle(entry, lots, outcome, at)
        return AuctionResult(
            instrument_id=name,
            price_ticks=outcome.price_ticks,
            volume_lots=outcome.volume_lots,
            accepted_lots=MappingProxyType(
                {entry.client_order_id: entry.filled_lots for entry in entries}
            ),
        )

    def _settle(self, entry: _Entry, lots: int, outcome: Clearing, at: UtcNs) -> None:
        entry.filled_lots = lots
        is_complete = lots == entry.quantity_lots
        if lots and outcome.price_ticks is not None:
            event = ExecutionEvent.FILL if is_complete else ExecutionEvent.PARTIAL_FILL
            self._tell(entry, event, at, last_lots=lots, last_ticks=outcome.price_ticks)
        entry.is_open = False
        if not is_complete:
            self._tell(entry, ExecutionEvent.EXPIRED, at, reason="not accepted by the auction")

    def _refusal(self, command: NewOrder) -> str:
        if command.instrument_id not in self._books:
            return f"{command.instrument_id} is not listed here"
        if command.order_type is OrderType.ICEBERG:
            return "an auction shows no orders, so there is nothing to hide"
        if command.time_in_force in (TimeInForce.IOC, TimeInForce.FOK):
            return f"an auction fills nothing on arrival, so not {command.time_in_force.name}"
        return self._terms_refusal(command.limit_ticks, command.decided_at)

    def _terms_refusal(self, limit_ticks: int | None, at: UtcNs) -> str:
        limits = self._terms.limits
        if limit_ticks is not None and not limits.floor_ticks <= limit_ticks <= limits.cap_ticks:
            return (
                f"price must lie between {limits.floor_ticks} and {limits.cap_ticks} ticks, "
                f"found {limit_ticks}"
            )
        if at < self._terms.opens_at:
            return f"the auction opens at {format_instant(self._terms.opens_at)}"
        if at >= self._terms.closes_at:
            return f"the gate closed at {format_instant(self._terms.closes_at)}"
        return ""

    def _request_refusal(
        self, entry: _Entry, request: ReplaceOrder | CancelOrder, at: UtcNs
    ) -> str:
        if not entry.is_open:
            return "the order is no longer working"
        if entry.client_order_id != request.original_client_order_id:
            return f"the order is now called {entry.client_order_id}"
        limit_ticks = request.limit_ticks if isinstance(request, ReplaceOrder) else None
        return self._terms_refusal(limit_ticks, at)

    def _known(self, name: ClientOrderId) -> _Entry:
        entry = self._entries.get(name)
        if entry is None:
            raise ValueError(
                f"a request must name an order sent to {self.venue_id} before, found {name}"
            )
        return entry

    def _tell(
        self,
        entry: _Entry,
        event: ExecutionEvent,
        at: UtcNs,
        *,
        request: ReplaceOrder | CancelOrder | None = None,
        last_lots: int | None = None,
        last_ticks: int | None = None,
        reason: str = "",
    ) -> None:
        self._sink.report_received(
            ExecutionReport(
                execution_id=self._numbering.next_execution_id(),
                venue_id=self.venue_id,
                venue_order_id=entry.venue_order_id,
                client_order_id=request.client_order_id if request else entry.client_order_id,
                original_client_order_id=request.original_client_order_id if request else None,
                instrument_id=entry.order.instrument_id,
                side=entry.order.side,
                event=event,
                leaves_lots=entry.leaves_lots,
                cumulative_lots=entry.filled_lots,
                quantity_lots=entry.quantity_lots,
                limit_ticks=entry.limit_ticks,
                last_lots=last_lots,
                last_ticks=last_ticks,
                occurred_at=at,
                reason=reason,
            )
        )


def _bid(entry: _Entry, limits: PriceLimits) -> Bid:
    """Return an order as a bid; a market order bids at the price limit."""
    best = limits.cap_ticks if entry.order.side is Side.BUY else limits.floor_ticks
    limit = best if entry.limit_ticks is None else entry.limit_ticks
    return Bid(entry.order.side, limit, entry.quantity_lots)
