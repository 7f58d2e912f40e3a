"""Holds what is known during the day: the fold of the journal, and nothing that is not in it.

Handlers change it in place; everybody else reads. `fingerprint` names it, so that two runs, or a
run and its replay, can be compared by one hash.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Final

import attrs

from wattbook_application.facts import (
    AuctionCleared,
    GenerationMetered,
    MarketDataReceived,
    OrdersDecided,
)
from wattbook_application.setup import DaySetup, VenueSetup
from wattbook_application.steps import TradingStep
from wattbook_domain.delivery.period import DeliveryPeriod
from wattbook_domain.execution.splitting import ParentOrder
from wattbook_domain.foundation.canonical import state_hash
from wattbook_domain.foundation.identifiers import ClientOrderId, InstrumentId, VenueId
from wattbook_domain.foundation.instants import NS_PER_SECOND, UtcNs
from wattbook_domain.foundation.verdict import Refused
from wattbook_domain.instruments.resolve import Instrument
from wattbook_domain.marketdata.depth import MarketDepth
from wattbook_domain.orders.commands import NewOrder
from wattbook_domain.orders.fold import OrderFold
from wattbook_domain.orders.order import Order
from wattbook_domain.orders.reports import ExecutionReport
from wattbook_domain.portfolio.dispatch import DispatchPlan
from wattbook_domain.positions.fills import ExecutionKey, Fill
from wattbook_domain.positions.ledger import Positions
from wattbook_domain.risk.exposure import ExposureBook
from wattbook_domain.risk.gather import ReferencePrice
from wattbook_domain.risk.kill import RELEASED_LATCH, KillLatch
from wattbook_domain.risk.limit_set import LimitSet
from wattbook_domain.risk.terms import InstrumentTerms, SlotSpan
from wattbook_domain.risk.traffic import Traffic
from wattbook_domain.signals.forecast import Forecast

EPOCH: Final = UtcNs(0)

TRAFFIC_HORIZON_NS: Final = 60 * NS_PER_SECOND
"""No limit of the platform asks further back than a minute."""


@attrs.frozen(kw_only=True)
class Market:
    """The day's instruments, resolved once, and the limits they are traded within.

    Attributes:
        intervals: the delivery intervals of the day, 23, 24 or 25 of them when hourly.
        day_ahead, intraday: the instrument of each interval, in the same order.
    """

    setup: DaySetup
    intervals: tuple[DeliveryPeriod, ...]
    day_ahead: tuple[Instrument, ...]
    intraday: tuple[Instrument, ...]
    terms: Mapping[InstrumentId, InstrumentTerms]
    limits: LimitSet

    @cached_property
    def instruments(self) -> Mapping[InstrumentId, Instrument]:
        """Every instrument of the day by its identifier."""
        return {i.instrument_id: i for i in (*self.day_ahead, *self.intraday)}

    def venue(self, venue_id: VenueId) -> VenueSetup:
        """Return one venue's setup.

        Raises:
            ValueError: if the day was not set up with it.
        """
        for venue in self.setup.market.venues:
            if venue.venue_id == venue_id:
                return venue
        raise ValueError(f"the day has no venue {venue_id}")

    @property
    def horizon(self) -> SlotSpan:
        """The delivery slots of the day."""
        return SlotSpan.between(self.intervals[0].start, self.intervals[-1].end)


@attrs.frozen(kw_only=True)
class Refusal:
    """An order, a parent or a request that was not let through, and why."""

    at: UtcNs
    order: NewOrder | None
    verdict: Refused


@attrs.define
class DayState:
    """The state of one trading day. Before the day is opened it is empty and has no market.

    Attributes:
        roots: every name an order was ever called by, requests included, to its first one.
        sent_at: the latest instant of anything that was sent.
        reports: every report heard. followed: those that fitted an order, with its first name.
        decision_mid_x2: twice the mid over all venues when a parent was routed.
        misfits: reports that fit no order, or can never apply, for a person to reconcile.
    """

    market: Market | None = None
    exposure: ExposureBook | None = None
    traffic: Traffic = attrs.field(factory=lambda: Traffic(horizon_ns=TRAFFIC_HORIZON_NS))
    latch: KillLatch = RELEASED_LATCH
    positions: Positions = attrs.field(factory=Positions)

    data: MarketDataReceived | None = None
    forecast: Forecast | None = None
    confidence: float | None = None
    plan: DispatchPlan | None = None
    generation_kw: list[tuple[int, ...]] = attrs.field(factory=list)
    metered: GenerationMetered | None = None
    auction: AuctionCleared | None = None

    decisions: dict[str, OrdersDecided] = attrs.field(factory=dict)
    commands: dict[ClientOrderId, NewOrder] = attrs.field(factory=dict)
    parents: dict[ClientOrderId, ParentOrder] = attrs.field(factory=dict)
    folds: dict[ClientOrderId, OrderFold] = attrs.field(factory=dict)
    roots: dict[ClientOrderId, ClientOrderId] = attrs.field(factory=dict)
    sent_at: UtcNs = EPOCH
    reports: dict[ExecutionKey, ExecutionReport] = attrs.field(factory=dict)
    followed: dict[ExecutionKey, ClientOrderId] = attrs.field(factory=dict)
    fills: list[Fill] = attrs.field(factory=list)
    decision_mid_x2: dict[ClientOrderId, int] = attrs.field(factory=dict)
    refusals: list[Refusal] = attrs.field(factory=list)
    probes: list[Refusal] = attrs.field(factory=list)
    misfits: list[Refused] = attrs.field(factory=list)

    references: dict[InstrumentId, ReferencePrice] = attrs.field(factory=dict)
    depths: dict[tuple[VenueId, InstrumentId], MarketDepth] = attrs.field(factory=dict)
    finished: dict[TradingStep, str] = attrs.field(factory=dict)
    documents: dict[str, str] = attrs.field(factory=dict)
    closed_at_hash: str | None = None

    @property
    def opened(self) -> Market:
        """The market of the day.

        Raises:
            ValueError: if no run was opened; the first fact of a journal opens it.
        """
        if self.market is None:
            raise ValueError("the day is not open; a journal begins with the fact day-opened")
        return self.market

    @property
    def book(self) -> ExposureBook:
        """The exposure book of the day. Raises as `opened` does."""
        if self.exposure is None:
            raise ValueError("the day is not open; a journal begins with the fact day-opened")
        return self.exposure

    @property
    def orders(self) -> Mapping[ClientOrderId, Order]:
        """Every order that was sent, as it stands, by its first client order id."""
        return {root: fold.order for root, fold in self.folds.items()}

    def has_report(self, report: ExecutionReport) -> bool:
        """Return whether a report is known already; a venue may repeat itself after a crash."""
        return ExecutionKey(report.venue_id, report.execution_id) in self.reports


def fingerprint(state: DayState) -> str:
    """Return one hash of everything the day has come to.

    Documents and the closing fact are left out: they are made from the state and name its hash.
    """
    return state_hash(
        {
            "setup": None if state.market is None else state.market.setup,
            "exposure": None if state.exposure is None else state.exposure.state_hash(),
            "latch": state.latch,
            "positions": state.positions.snapshot(),
            "data": state.data,
            "forecast": state.forecast,
            "confidence": state.confidence,
            "references": state.references,
            "plan": state.plan,
            "generation_kw": state.generation_kw,
            "metered": state.metered,
            "auction": state.auction,
            "decisions": list(state.decisions),
            "orders": list(state.orders.values()),
            "waiting": [fold.waiting for fold in state.folds.values() if fold.waiting],
            "followed": list(state.followed.values()),
            "fills": state.fills,
            "mids": state.decision_mid_x2,
            "refusals": [(r.at, r.verdict.code, r.verdict.subject) for r in state.refusals],
            "probes": [(p.at, p.verdict.code, p.verdict.subject) for p in state.probes],
            "misfits": [(m.code, m.subject) for m in state.misfits],
            "finished": {step.name: text for step, text in state.finished.items()},
        }
    )
