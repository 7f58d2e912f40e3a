"""Decides which fills count, and keeps every position as their fold.

Booking is idempotent by venue and execution id. A bust takes a fill out of the sequence and a
correction rewrites it in its place; the position is then folded again from what remains, so that
it equals, to the last integer, the position in which the mistake never happened. A bust or a
correction that overtakes its fill is kept and applied when the fill arrives.
"""

from __future__ import annotations

from enum import IntEnum

import attrs

from wattbook_domain.foundation.verdict import Refused
from wattbook_domain.positions.arithmetic import NET_LOTS_ABS_MAX
from wattbook_domain.positions.fills import (
    ExecutionKey,
    Fill,
    FillBusted,
    FillCorrected,
    FillEvent,
)
from wattbook_domain.positions.position import Position, PositionKey, fold


class Booking(IntEnum):
    """What became of an event."""

    BOOKED = 0
    DUPLICATE = 1
    """Known already: nothing changed."""
    REVERSED = 2
    CORRECTED = 3
    AWAITING_FILL = 4
    """A bust or correction came before its fill."""
    VOID = 5
    """The fill had been busted before it came, or a correction found its fill busted."""


class BookingRefusal(IntEnum):
    """Why an event cannot be booked, in order of precedence."""

    CONFLICTING_EXECUTION = 1
    """The same venue and execution id came with other contents."""
    NET_LOTS_BEYOND_BOUNDS = 2


@attrs.define
class Positions:
    """Every position of every desk and ledger, as a fold of fill events.

    `apply` is the only mutator, and the state depends on the events alone.
    """

    _fills: dict[PositionKey, dict[ExecutionKey, Fill]] = attrs.field(factory=dict, init=False)
    _reported: dict[ExecutionKey, Fill] = attrs.field(factory=dict, init=False)
    _restated: set[ExecutionKey] = attrs.field(factory=set, init=False)
    _busted: set[ExecutionKey] = attrs.field(factory=set, init=False)
    _corrections: dict[ExecutionKey, FillCorrected] = attrs.field(factory=dict, init=False)
    _positions: dict[PositionKey, Position] = attrs.field(factory=dict, init=False)

    def apply(self, event: FillEvent) -> Booking | Refused:
        """Book one event, once."""
        if isinstance(event, Fill):
            return self._fill(event)
        if event.key in self._restated:
            return Booking.DUPLICATE
        outcome = self._bust(event) if isinstance(event, FillBusted) else self._correct(event)
        if not isinstance(outcome, Refused):
            self._restated.add(event.key)
        return outcome

    def position(self, key: PositionKey) -> Position:
        """Return one position; one that never traded is flat."""
        return self._positions.get(key, Position(key=key))

    def snapshot(self) -> tuple[Position, ...]:
        """Return every position that was ever traded, in the order of the keys."""
        return tuple(self._positions[key] for key in sorted(self._positions))

    def fills(self, key: PositionKey) -> tuple[Fill, ...]:
        """Return the surviving fills of a position, as corrected, in booking order."""
        return tuple(self._fills.get(key, {}).values())

    @property
    def unmatched(self) -> tuple[ExecutionKey, ...]:
        """Executions that were busted or corrected but never reported, for reconciliation."""
        spoken_of = self._busted | self._corrections.keys()
        return tuple(
            sorted(spoken_of - self._reported.keys(), key=lambda k: (k.venue_id, k.execution_id))
        )

    def _fill(self, fill: Fill) -> Booking | Refused:
        known = self._reported.get(fill.key)
        if known is not None:
            if known == fill:
                return Booking.DUPLICATE
            return Refused(BookingRefusal.CONFLICTING_EXECUTION, subject=fill.execution_id)
        if fill.key in self._busted:
            self._reported[fill.key] = fill
            return Booking.VOID
        counted = self._as_corrected(fill)
        key = PositionKey.of(fill)
        position = self.position(key)
        if not position.can_book(counted):
            return _beyond_bounds(counted, position.net_lots + counted.signed_lots)
        self._reported[fill.key] = fill
        self._fills.setdefault(key, {})[fill.key] = counted
        self._positions[key] = position.after(counted)
        return Booking.BOOKED

    def _bust(self, bust: FillBusted) -> Booking | Refused:
        if bust.original in self._busted:
            return Booking.DUPLICATE
        reported = self._reported.get(bust.original)
        if reported is None:
            self._busted.add(bust.original)
            return Booking.AWAITING_FILL
        key = PositionKey.of(reported)
        remaining = {k: fill for k, fill in self._fills[key].items() if k != bust.original}
        refusal = self._refold(key, remaining)
        if refusal is None:
            self._busted.add(bust.original)
        return Booking.REVERSED if refusal is None else refusal

    def _correct(self, correction: FillCorrected) -> Booking | Refused:
        if correction.original in self._busted:
            return Booking.VOID
        reported = self._reported.get(correction.original)
        if reported is None:
            self._corrections[correction.original] = correction
            return Booking.AWAITING_FILL
        key = PositionKey.of(reported)
        current = self._fills[key][correction.original]
        rewritten = {**self._fills[key], correction.original: _corrected(current, correction)}
        refusal = self._refold(key, rewritten)
        if refusal is None:
            self._corrections[correction.original] = correction
        return Booking.CORRECTED if refusal is None else refusal

    def _refold(self, key: PositionKey, fills: dict[ExecutionKey, Fill]) -> Refused | None:
        """Replace the fills of a position, unless some prefix of them leaves the bounds."""
        net = 0
        for fill in fills.values():
            net += fill.signed_lots
            if abs(net) > NET_LOTS_ABS_MAX:
                return _beyond_bounds(fill, net)
        self._fills[key] = fills
        self._positions[key] = fold(key, fills.values())
        return None

    def _as_corrected(self, fill: Fill) -> Fill:
        correction = self._corrections.get(fill.key)
        return fill if correction is None else _corrected(fill, correction)


def _corrected(fill: Fill, correction: FillCorrected) -> Fill:
    fee = fill.fee if correction.fee is None else correction.fee
    return attrs.evolve(fill, ticks=correction.ticks, lots=correction.lots, fee=fee)


def _beyond_bounds(fill: Fill, net: int) -> Refused:
    return Refused(
        BookingRefusal.NET_LOTS_BEYOND_BOUNDS,
        subject=fill.execution_id,
        facts={"net_lots": net, "net_lots_abs_max": NET_LOTS_ABS_MAX},
    )
