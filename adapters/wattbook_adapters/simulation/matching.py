"""Decides which orders of one instrument trade with each other, at what price, and who is told.

Continuous matching by price-time priority in whole ticks and lots; a trade takes the resting
order's price. The rules, where venues differ:

* an iceberg's next tranche goes to the end of its price; as an incoming order it uses all its lots;
* a replace that only lowers the quantity keeps its priority; every other change loses it, and the
  order comes in again as if it were new, so it may trade;
* a market order never rests, and FOK counts hidden quantity but nothing of its own account;
* orders of one account never trade with each other (`SelfMatchPolicy`).

Every instant is an input. `OrderBook` keeps the orders, `SimulatedVenue` brings time and accounts.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence
from functools import partial
from itertools import count, islice

import attrs

from wattbook_adapters.simulation.book import BookOrder, OrderBook
from wattbook_adapters.simulation.terms import (
    BookPhase,
    BookTerms,
    SelfMatchPolicy,
    VenueNumbering,
)
from wattbook_domain.foundation.identifiers import AccountId, ClientOrderId
from wattbook_domain.foundation.instants import UtcNs
from wattbook_domain.marketdata.depth import DepthLevel, MarketDepth
from wattbook_domain.orders.commands import CancelOrder, NewOrder, ReplaceOrder
from wattbook_domain.orders.reports import ExecutionEvent, ExecutionReport
from wattbook_domain.orders.vocabulary import Side, TimeInForce

Emit = Callable[[AccountId, ExecutionReport], None]
"""Takes one report and the account it is for, in the order in which things happened."""


@attrs.frozen
class Quote:
    """One level of a mass quote."""

    side: Side
    price_ticks: int
    quantity_lots: int


class MatchingEngine:
    """The book of one instrument and the rules by which it trades.

    Deterministic: the same calls in the same order give the same reports, names included.
    """

    def __init__(
        self,
        terms: BookTerms,
        *,
        numbering: VenueNumbering,
        emit: Emit,
        self_match: SelfMatchPolicy = SelfMatchPolicy.CANCEL_RESTING,
    ) -> None:
        self.terms = terms
        self.phase = BookPhase.CLOSED
        self._numbering = numbering
        self._emit = emit
        self._self_match = self_match
        self._book = OrderBook()
        self._orders: dict[tuple[AccountId, ClientOrderId], BookOrder] = {}
        self._sent: dict[tuple[AccountId, ClientOrderId], NewOrder] = {}
        self._quotes: dict[AccountId, list[BookOrder]] = {}
        self._now = UtcNs(0)
        self._is_day_over = False
        self._serials = count()
        self._schedule: list[tuple[UtcNs, int, Callable[[UtcNs], None]]] = []
        self._plan(terms.opens_at, self._open)
        self._plan(terms.gate_closes_at, self._close_gate)
        self._plan(terms.day_ends_at, self._end_day)

    @property
    def book(self) -> OrderBook:
        """The resting orders, for reading."""
        return self._book

    @property
    def next_due(self) -> UtcNs | None:
        """When the book next opens, expires or closes something; `None` when nothing is planned.

        What was planned for an order that has gone meanwhile still counts, and does nothing.
        """
        return self._schedule[0][0] if self._schedule else None

    def advance(self, at: UtcNs) -> None:
        """Bring the book to an instant: do what is due (open, expire, close), in order of time.

        Raises:
            ValueError: if time would go back.
        """
        if at < self._now:
            raise ValueError(
                f"venue time never goes back, found {at} after {self._now} "
                f"on {self.terms.instrument_id}"
            )
        while self._schedule and self._schedule[0][0] <= at:
            due, _, act = heapq.heappop(self._schedule)
            act(due)
        self._now = at

    def halt(self, at: UtcNs) -> None:
        """Stop taking orders; resting orders stay where they are."""
        self.advance(at)
        if self.phase is BookPhase.OPEN:
            self.phase = BookPhase.HALTED

    def resume(self, at: UtcNs) -> None:
        """Take orders again after a halt."""
        self.advance(at)
        if self.phase is BookPhase.HALTED:
            self.phase = BookPhase.OPEN

    def submit(self, account: AccountId, order: NewOrder, at: UtcNs) -> None:
        """Take a new order: refuse it, or accept it, match it and let the rest stand or end.

        The same order sent twice is one order: the second sending changes and reports nothing.
        """
        self.advance(at)
        key = (account, order.client_order_id)
        if self._sent.get(key) == order:
            return
        entry = self._entry(account, order)
        if key in self._orders:
            self._report(entry, ExecutionEvent.REJECTED, at, reason="client order id in use")
            return
        self._sent[key] = order
        self._orders[key] = entry
        if reason := self._refusal(order, at):
            self._report(entry, ExecutionEvent.REJECTED, at, reason=reason)
            return
        self._report(entry, ExecutionEvent.ACCEPTED, at)
        self._plan(order.expires_at, partial(self._expire, entry))
        self._enter(entry, at)

    def replace(self, account: AccountId, command: ReplaceOrder, at: UtcNs) -> None:
        """Change price or total quantity of a working order; `limit_ticks=None` keeps the price.

        Raises:
            ValueError: if no such order was ever sent here.
        """
        self.advance(at)
        order = self._known(account, command.original_client_order_id)
        limit_ticks = order.limit_ticks if command.limit_ticks is None else command.limit_ticks
        if reason := self._replace_refusal(account, order, command, limit_ticks):
            # A request sent before the refusal is heard may already speak of the new name.
            self._orders.setdefault((account, command.client_order_id), order)
            self._report(order, ExecutionEvent.REPLACE_REJECTED, at, request=command, reason=reason)
            return
        keeps_priority = (
            limit_ticks == order.limit_ticks and command.quantity_lots <= order.quantity_lots
        )
        if not keeps_priority:
            self._book.remove(order)
        order.quantity_lots = command.quantity_lots
        order.limit_ticks = limit_ticks
        order.client_order_id = command.client_order_id
        self._orders[(account, command.client_order_id)] = order
        if keeps_priority:
            order.visible_lots = min(order.visible_lots, order.leaves_lots)
        self._report(order, ExecutionEvent.REPLACED, at, request=command)
        if not keeps_priority:
            self._enter(order, at)

    def cancel(self, account: AccountId, command: CancelOrder, at: UtcNs) -> None:
        """End a working order. Raises as `replace` does."""
        self.advance(at)
        order = self._known(account, command.original_client_order_id)
        if reason := self._request_refusal(order, command):
            self._report(order, ExecutionEvent.CANCEL_REJECTED, at, request=command, reason=reason)
            return
        self._end(order, ExecutionEvent.CANCELED, at, "canceled on request", request=command)

    def quote(self, account: AccountId, quotes: Sequence[Quote], at: UtcNs) -> None:
        """Put an account's quotes in place of all its earlier ones (a mass quote, FIX 35=i).

        A quote that reaches the other side trades first. Nothing happens unless the book is open.
        """
        self.advance(at)
        for order in self._quotes.pop(account, ()):
            if order in self._book:
                self._book.remove(order)
        if self.phase is not BookPhase.OPEN:
            return
        placed = self._quotes[account] = []
        for quote in quotes:
            order = self._quote_order(account, quote)
            placed.append(order)
            self._enter(order, at)

    def depth(self, levels_max: int) -> MarketDepth:
        """Return the visible book as of the engine's instant, at most so many levels a side."""
        bids, asks = (self._visible(side, levels_max) for side in Side)
        return MarketDepth(
            venue_id=self._numbering.venue_id,
            instrument_id=self.terms.instrument_id,
            at=self._now,
            bids=bids,
            asks=asks,
        )

    # Admission

    def _entry(self, account: AccountId, order: NewOrder) -> BookOrder:
        return BookOrder(
            account=account,
            client_order_id=order.client_order_id,
            venue_order_id=self._numbering.next_order_id(),
            side=order.side,
            limit_ticks=order.limit_ticks,
            quantity_lots=order.quantity_lots,
            time_in_force=order.time_in_force,
            display_lots=order.display_lots,
        )

    def _quote_order(self, account: AccountId, quote: Quote) -> BookOrder:
        name = self._numbering.next_order_id()
        return BookOrder(
            account=account,
            client_order_id=ClientOrderId(name),
            venue_order_id=name,
            side=quote.side,
            limit_ticks=quote.price_ticks,
            quantity_lots=quote.quantity_lots,
            time_in_force=TimeInForce.GTC,
            is_quote=True,
        )

    def _refusal(self, order: NewOrder, at: UtcNs) -> str:
        if self.phase is not BookPhase.OPEN:
            return f"the book is {self.phase.name.lower()}"
        if order.expires_at is not None and order.expires_at <= at:
            return f"good till date {order.expires_at} is not after the arrival at {at}"
        if order.time_in_force is TimeInForce.DAY and self._is_day_over:
            return "the trading day is over"
        return self._step_refusal(order.limit_ticks, order.quantity_lots, order.display_lots)

    def _step_refusal(
        self, limit_ticks: int | None, quantity_lots: int, display_lots: int | None = None
    ) -> str:
        price_step, step = self.terms.price_step_ticks, self.terms.quantity_step_lots
        if limit_ticks is not None and limit_ticks % price_step:
            return f"price must be a multiple of {price_step} ticks, found {limit_ticks}"
        if quantity_lots % step:
            return f"quantity must be a multiple of {step} lots, found {quantity_lots}"
        if display_lots is not None and display_lots % step:
            return f"display quantity must be a multiple of {step} lots, found {display_lots}"
        return ""

    def _replace_refusal(
        self,
        account: AccountId,
        order: BookOrder,
        command: ReplaceOrder,
        limit_ticks: int | None,
    ) -> str:
        if reason := self._request_refusal(order, command):
            return reason
        if self.phase is not BookPhase.OPEN:
            return f"the book is {self.phase.name.lower()}"
        if (account, command.client_order_id) in self._orders:
            return "client order id in use"
        if command.quantity_lots <= order.filled_lots:
            return f"quantity {command.quantity_lots} is not above {order.filled_lots} filled"
        return self._step_refusal(limit_ticks, command.quantity_lots)

    def _request_refusal(self, order: BookOrder, command: ReplaceOrder | CancelOrder) -> str:
        if order not in self._book:
            return "the order is no longer working"
        if order.client_order_id != command.original_client_order_id:
            return f"the order is now called {order.client_order_id}"
        return ""

    def _known(self, account: AccountId, name: ClientOrderId) -> BookOrder:
        order = self._orders.get((account, name))
        if order is None:
            raise ValueError(
                f"a request must name an order sent to {self._numbering.venue_id} before, "
                f"found {name}"
            )
        return order

    # Matching

    def _enter(self, order: BookOrder, at: UtcNs) -> None:
        if order.time_in_force is TimeInForce.FOK:
            reachable = self._fillable_lots(order)
            if reachable < order.leaves_lots:
                reason = f"fill or kill: {reachable} of {order.leaves_lots} lots can be filled"
                self._report(order, ExecutionEvent.CANCELED, at, reason=reason)
                return
        if not self._match(order, at) or order.leaves_lots == 0:
            return
        if order.limit_ticks is None:
            self._report(order, ExecutionEvent.CANCELED, at, reason="no more liquidity")
        elif order.time_in_force is TimeInForce.IOC:
            self._report(order, ExecutionEvent.CANCELED, at, reason="immediate or cancel")
        else:
            self._book.add(order)

    def _match(self, taker: BookOrder, at: UtcNs) -> bool:
        """Trade while the book allows it; return whether the order is still alive."""
        side = self._book.side(taker.side.opposite)
        while taker.leaves_lots > 0:
            maker = side.first()
            if maker is None or not _reaches(taker, maker.limit_ticks):
                return True
            if maker.account != taker.account:
                self._trade(taker, maker, at)
            elif not self._prevent_self_match(taker, maker, at):
                return False
        return True

    def _trade(self, taker: BookOrder, maker: BookOrder, at: UtcNs) -> None:
        lots = min(taker.leaves_lots, maker.visible_lots)
        taker.filled_lots += lots
        maker.filled_lots += lots
        maker.visible_lots -= lots
        for order in (taker, maker):
            event = ExecutionEvent.PARTIAL_FILL if order.leaves_lots else ExecutionEvent.FILL
            self._report(
                order,
                event,
                at,
                last_lots=lots,
                last_ticks=maker.limit_ticks,
                is_aggressor=order is taker,
            )
        self._book.settle(maker)

    def _prevent_self_match(self, taker: BookOrder, maker: BookOrder, at: UtcNs) -> bool:
        """Apply the policy to two orders of one account; return whether the taker lives on."""
        reason = "self-match prevention"
        if self._self_match is SelfMatchPolicy.CANCEL_RESTING:
            self._end(maker, ExecutionEvent.CANCELED, at, reason)
            return True
        if self._self_match is SelfMatchPolicy.CANCEL_INCOMING:
            self._report(taker, ExecutionEvent.CANCELED, at, reason=reason)
            return False
        lots = min(taker.leaves_lots, maker.visible_lots)
        if lots < maker.leaves_lots:
            self._lower(maker, lots, at, reason)
            maker.visible_lots -= lots
            self._book.settle(maker)
        else:
            self._end(maker, ExecutionEvent.CANCELED, at, reason)
        if lots < taker.leaves_lots:
            self._lower(taker, lots, at, reason)
            return True
        self._report(taker, ExecutionEvent.CANCELED, at, reason=reason)
        return False

    def _lower(self, order: BookOrder, lots: int, at: UtcNs, reason: str) -> None:
        order.quantity_lots -= lots
        self._report(order, ExecutionEvent.REPLACED, at, reason=reason)

    def _fillable_lots(self, taker: BookOrder) -> int:
        """Count the lots an order would fill on arrival, stopping once it has all it wants.

        Unless the policy clears own resting orders out of the way, the first one met ends the
        count: ahead of it only the visible tranches of its price can be reached.
        """
        clears_the_way = self._self_match is SelfMatchPolicy.CANCEL_RESTING
        total = 0
        for price_ticks, queue in self._book.side(taker.side.opposite).levels():
            if total >= taker.leaves_lots or not _reaches(taker, price_ticks):
                break
            orders = queue.values()
            if clears_the_way or all(order.account != taker.account for order in orders):
                total += sum(o.leaves_lots for o in orders if o.account != taker.account)
                continue
            for order in orders:
                if order.account == taker.account:
                    return total
                total += order.visible_lots
        return total

    # Ending and telling

    def _plan(self, due: UtcNs | None, act: Callable[[UtcNs], None]) -> None:
        if due is not None:
            heapq.heappush(self._schedule, (due, next(self._serials), act))

    def _open(self, _at: UtcNs) -> None:
        self.phase = BookPhase.OPEN

    def _expire(self, order: BookOrder, at: UtcNs) -> None:
        if order in self._book:
            self._end(order, ExecutionEvent.EXPIRED, at, "good till date is over")

    def _end_day(self, at: UtcNs) -> None:
        self._is_day_over = True
        for order in self._book:
            if order.time_in_force is TimeInForce.DAY:
                self._end(order, ExecutionEvent.EXPIRED, at, "the trading day is over")

    def _close_gate(self, at: UtcNs) -> None:
        self.phase = BookPhase.CLOSED
        for order in self._book:
            self._end(order, ExecutionEvent.EXPIRED, at, "the gate has closed")

    def _end(
        self,
        order: BookOrder,
        event: ExecutionEvent,
        at: UtcNs,
        reason: str,
        *,
        request: CancelOrder | None = None,
    ) -> None:
        self._book.remove(order)
        self._report(order, event, at, request=request, reason=reason)

    def _visible(self, side: Side, levels_max: int) -> tuple[DepthLevel, ...]:
        levels = islice(self._book.side(side).levels(), levels_max)
        return tuple(
            DepthLevel(price_ticks, sum(order.visible_lots for order in queue.values()))
            for price_ticks, queue in levels
        )

    def _report(
        self,
        order: BookOrder,
        event: ExecutionEvent,
        at: UtcNs,
        *,
        request: CancelOrder | ReplaceOrder | None = None,
        last_lots: int | None = None,
        last_ticks: int | None = None,
        is_aggressor: bool | None = None,
        reason: str = "",
    ) -> None:
        if order.is_quote and last_lots is None:
            return
        is_over = event in _ENDINGS or (event in _REQUEST_REFUSALS and order not in self._book)
        report = ExecutionReport(
            execution_id=self._numbering.next_execution_id(),
            venue_id=self._numbering.venue_id,
            venue_order_id=order.venue_order_id,
            client_order_id=request.client_order_id if request else order.client_order_id,
            original_client_order_id=request.original_client_order_id if request else None,
            instrument_id=self.terms.instrument_id,
            side=order.side,
            event=event,
            leaves_lots=0 if is_over else order.leaves_lots,
            cumulative_lots=order.filled_lots,
            quantity_lots=order.quantity_lots,
            limit_ticks=order.limit_ticks,
            last_lots=last_lots,
            last_ticks=last_ticks,
            is_aggressor=is_aggressor,
            occurred_at=at,
            reason=reason,
        )
        self._emit(order.account, report)


_ENDINGS = frozenset({ExecutionEvent.REJECTED, ExecutionEvent.CANCELED, ExecutionEvent.EXPIRED})
_REQUEST_REFUSALS = frozenset({ExecutionEvent.CANCEL_REJECTED, ExecutionEvent.REPLACE_REJECTED})


def _reaches(taker: BookOrder, price_ticks: int | None) -> bool:
    """Return whether the taker's limit accepts a price; a market order accepts every one."""
    if taker.limit_ticks is None or price_ticks is None:
        return True
    return taker.side.sign * (taker.limit_ticks - price_ticks) >= 0
