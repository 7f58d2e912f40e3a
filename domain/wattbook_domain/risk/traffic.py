"""Decides what counts as too often: messages per window, twins of an order, reused identities.

A fold of what was sent. Cancels count as messages, for venues and RTS 6 count them, but a cancel
is never refused. Only the last `horizon_ns` of traffic is remembered, except identities, which are
used once for ever.
"""

from __future__ import annotations

from collections import deque

from wattbook_domain.foundation.identifiers import (
    AlgorithmId,
    ClientOrderId,
    DeskId,
    InstrumentId,
    VenueId,
)
from wattbook_domain.foundation.instants import UtcNs
from wattbook_domain.orders.commands import Command, NewOrder, OrderOwner
from wattbook_domain.orders.vocabulary import Side

_TwinKey = tuple[DeskId, VenueId, InstrumentId, Side, int, int | None]


class Traffic:
    """Who sent what, and when. `apply` is the only way to change it; instants never go back."""

    __slots__ = ("_horizon_ns", "_identities", "_messages", "_twins")

    def __init__(self, *, horizon_ns: int) -> None:
        """Remember at least `horizon_ns` of traffic: the longest window any limit asks about."""
        if horizon_ns < 1:
            raise ValueError(f"horizon_ns must be positive, found {horizon_ns}")
        self._horizon_ns = horizon_ns
        self._messages: dict[AlgorithmId, deque[UtcNs]] = {}
        self._twins: dict[_TwinKey, UtcNs] = {}
        self._identities: set[ClientOrderId] = set()

    def apply(self, command: Command, *, owner: OrderOwner) -> None:
        """Count one message that was sent, whatever becomes of it.

        Raises:
            ValueError: if its instant lies before the algorithm's last one.
        """
        at = command.decided_at
        sent = self._messages.setdefault(owner.algorithm_id, deque())
        if sent and at < sent[-1]:
            raise ValueError(f"messages are counted in order, found {at} after {sent[-1]}")
        while sent and sent[0] <= at - self._horizon_ns:
            sent.popleft()
        sent.append(at)
        self._identities.add(command.client_order_id)
        if isinstance(command, NewOrder):
            self._note_twin(_twin_key(command), at)

    def messages_within(self, algorithm_id: AlgorithmId, *, window_ns: int, now: UtcNs) -> int:
        """Return how many messages lie in `(now - window, now]`.

        Raises:
            ValueError: if the window is longer than what is remembered.
        """
        if window_ns > self._horizon_ns:
            raise ValueError(
                f"a message window may last {self._horizon_ns} ns at most, found {window_ns}"
            )
        oldest = now - window_ns
        return sum(at > oldest for at in self._messages.get(algorithm_id, ()))

    def twin_age_ns(self, order: NewOrder) -> int | None:
        """Return the time since the same order was last sent; `None` if not within the horizon."""
        last = self._twins.get(_twin_key(order))
        return None if last is None else order.decided_at - last

    def is_used(self, client_order_id: ClientOrderId) -> bool:
        """Return whether a client order id was ever sent."""
        return client_order_id in self._identities

    def _note_twin(self, key: _TwinKey, at: UtcNs) -> None:
        # Re-inserted at the end, so that the oldest twins stand in front and leave in order.
        self._twins.pop(key, None)
        self._twins[key] = at
        while (oldest := next(iter(self._twins))) != key and (
            self._twins[oldest] <= at - self._horizon_ns
        ):
            del self._twins[oldest]


def _twin_key(order: NewOrder) -> _TwinKey:
    return (
        order.owner.desk_id,
        order.venue_id,
        order.instrument_id,
        order.side,
        order.quantity_lots,
        order.limit_ticks,
    )
