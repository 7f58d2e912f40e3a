"""A small real desk for engine tests: orders go out, fills come back, the remainder is cancelled.

The venue lives outside the engine, answers at once, and treats a repeated request as one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import attrs

from wattbook_application.program import Effect, Fact, FactRegistry, Program
from wattbook_domain.audit.chain import JournalEntry, PendingEntry
from wattbook_domain.foundation.identifiers import (
    ClientOrderId,
    ExecutionId,
    InstrumentId,
    VenueId,
    VenueOrderId,
)
from wattbook_domain.foundation.instants import UtcNs
from wattbook_domain.orders.reports import FILL_EVENTS, ExecutionEvent, ExecutionReport
from wattbook_domain.orders.vocabulary import Side

LOTS_MAX = 50
VENUE = VenueId("SIM")
TERMINAL = {"REJECTED", "FILL", "CANCELED", "REFUSED"}


@attrs.frozen(kw_only=True)
class OrderWanted:
    order_id: ClientOrderId
    side: Side
    lots: int
    ticks: int
    at: UtcNs


@attrs.frozen(kw_only=True)
class ReportReceived:
    report: ExecutionReport

    @property
    def at(self) -> UtcNs:
        return self.report.occurred_at


@attrs.frozen(kw_only=True)
class SendOrder:
    order_id: ClientOrderId
    side: Side
    lots: int
    ticks: int


@attrs.frozen(kw_only=True)
class SendCancel:
    order_id: ClientOrderId


@attrs.define
class DeskOrder:
    side: Side
    status: str


@attrs.define
class DeskState:
    orders: dict[str, DeskOrder] = attrs.field(factory=dict)
    booked: dict[str, int] = attrs.field(factory=dict)
    position_lots: int = 0
    cash_units: int = 0


def on_wanted(state: DeskState, fact: OrderWanted) -> Sequence[Effect]:
    if fact.order_id in state.orders:
        return []
    if fact.lots > LOTS_MAX:
        state.orders[fact.order_id] = DeskOrder(fact.side, "REFUSED")
        return []
    state.orders[fact.order_id] = DeskOrder(fact.side, "SENT")
    return [
        SendOrder(order_id=fact.order_id, side=fact.side, lots=fact.lots, ticks=fact.ticks),
    ]


def on_report(state: DeskState, fact: ReportReceived) -> Sequence[Effect]:
    report = fact.report
    key = f"{report.venue_id}|{report.execution_id}"
    if key in state.booked:
        return []
    state.booked[key] = report.last_lots or 0
    state.orders[report.client_order_id].status = report.event.name
    if report.event not in FILL_EVENTS:
        return []
    assert report.last_lots is not None
    assert report.last_ticks is not None
    state.position_lots += report.side.sign * report.last_lots
    state.cash_units -= report.side.sign * report.last_lots * report.last_ticks
    if report.event is ExecutionEvent.PARTIAL_FILL:
        return [SendCancel(order_id=report.client_order_id)]
    return []


def is_answered(state: DeskState, effect: Effect) -> bool:
    assert isinstance(effect, SendOrder | SendCancel)
    return state.orders[effect.order_id].status in TERMINAL


REGISTRY = FactRegistry({"order.wanted": OrderWanted, "report.received": ReportReceived})
PROGRAM: Program[DeskState] = Program(
    registry=REGISTRY,
    handlers={OrderWanted: on_wanted, ReportReceived: on_report},
    initial=DeskState,
)


@attrs.define
class Venue:
    """Even orders fill at once, odd ones by half, then wait; a repeated request repeats answers."""

    tell: Callable[[Fact], None] = attrs.field(default=lambda fact: None)
    sent: dict[str, SendOrder] = attrs.field(factory=dict)
    answers: dict[str, list[ExecutionReport]] = attrs.field(factory=dict)

    def perform(self, effect: Effect) -> None:
        assert isinstance(effect, SendOrder | SendCancel)
        known = len(self.answers.get(effect.order_id, ()))
        if isinstance(effect, SendOrder):
            fresh = self._submit(effect)
        else:
            fresh = self._cancel(effect.order_id)
        for report in fresh or self.answers[effect.order_id]:
            self.tell(ReportReceived(report=report))
        assert len(self.answers[effect.order_id]) == known + len(fresh)

    def _submit(self, order: SendOrder) -> list[ExecutionReport]:
        if order.order_id in self.sent:
            return []
        self.sent[order.order_id] = order
        self.answers[order.order_id] = []
        fresh = [self._answer(order.order_id, ExecutionEvent.ACCEPTED, 0, 0)]
        half = order.lots // 2
        if order.lots % 2 == 0:
            fresh.append(self._answer(order.order_id, ExecutionEvent.FILL, order.lots, order.lots))
        elif half:
            fresh.append(self._answer(order.order_id, ExecutionEvent.PARTIAL_FILL, half, half))
        else:
            fresh.append(self._answer(order.order_id, ExecutionEvent.CANCELED, 0, 0))
        return fresh

    def _cancel(self, order_id: ClientOrderId) -> list[ExecutionReport]:
        last = self.answers[order_id][-1]
        if last.event is not ExecutionEvent.PARTIAL_FILL:
            return []
        return [self._answer(order_id, ExecutionEvent.CANCELED, 0, last.cumulative_lots)]

    def _answer(
        self, order_id: ClientOrderId, event: ExecutionEvent, last: int, filled: int
    ) -> ExecutionReport:
        order = self.sent[order_id]
        is_over = event.name in TERMINAL
        report = ExecutionReport(
            execution_id=ExecutionId(f"{order_id}.{len(self.answers[order_id])}"),
            venue_id=VENUE,
            venue_order_id=VenueOrderId(f"V-{order_id}"),
            client_order_id=order_id,
            instrument_id=InstrumentId("DE-H09"),
            side=order.side,
            event=event,
            leaves_lots=0 if is_over else order.lots - filled,
            cumulative_lots=filled,
            quantity_lots=order.lots,
            occurred_at=UtcNs(len(self.answers[order_id])),
            limit_ticks=order.ticks,
            last_lots=last or None,
            last_ticks=order.ticks if last else None,
        )
        self.answers[order_id].append(report)
        return report

    @property
    def position_lots(self) -> int:
        return sum(
            report.side.sign * (report.last_lots or 0)
            for reports in self.answers.values()
            for report in reports
        )


@attrs.define
class CountingClock:
    ticks: int = 0

    def now(self) -> UtcNs:
        self.ticks += 1
        return UtcNs(self.ticks)


class PowerLost(BaseException):
    """The process ends here; nothing in it may catch this."""


@attrs.define
class Fuse:
    """Blows at the `at`-th time current flows through it, and never again."""

    at: int
    count: int = 0

    def current(self) -> None:
        self.count += 1
        if self.count == self.at:
            raise PowerLost


@attrs.define
class FusedJournal:
    """Loses power before or after it keeps a group; then the caller never hears of it."""

    inner: object
    fuse: Fuse

    def append(self, pending: Sequence[PendingEntry]) -> tuple[JournalEntry, ...]:
        self.fuse.current()
        entries = self.inner.append(pending)  # type: ignore[attr-defined]
        self.fuse.current()
        return tuple(entries)

    def __getattr__(self, name: str) -> object:
        return getattr(self.inner, name)
