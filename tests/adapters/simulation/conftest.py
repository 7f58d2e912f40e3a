"""Builders that the suites of the simulated venues share: hours, orders, approvals, a listener."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import attrs
import pytest

from wattbook_adapters.simulation.venue import SimulatedInstrument, SimulatedVenue, SimulationPlan
from wattbook_contracts.descriptors import SimulatedBook, VenueDescriptor, VenueFees
from wattbook_domain.delivery.markets import GERMAN_POWER
from wattbook_domain.delivery.period import DeliveryPeriod
from wattbook_domain.foundation.identifiers import (
    AlgorithmId,
    ClientOrderId,
    DeskId,
    InstrumentId,
    LedgerId,
    TraderId,
    VenueId,
)
from wattbook_domain.foundation.instants import NS_PER_HOUR, UtcNs, from_datetime
from wattbook_domain.foundation.verdict import Approved
from wattbook_domain.instruments.products import Listing, spot_interval
from wattbook_domain.instruments.resolve import Instrument, resolve
from wattbook_domain.instruments.spec import Commodity
from wattbook_domain.marketdata.depth import MarketDepth
from wattbook_domain.orders.commands import CancelOrder, NewOrder, OrderOwner, ReplaceOrder
from wattbook_domain.orders.reports import ExecutionReport
from wattbook_domain.orders.vocabulary import OrderType, Side, TimeInForce
from wattbook_domain.quantities.money import Currency
from wattbook_domain.reference.gate_closure import LeadTimeGate

OWNER = OrderOwner(
    desk_id=DeskId("D"),
    ledger_id=LedgerId("L"),
    trader_id=TraderId("T"),
    algorithm_id=AlgorithmId("A"),
)
GERMANY = Listing(
    prefix="SIM:DE",
    commodity=Commodity.POWER,
    currency=Currency.EUR,
    tick_size=Decimal("0.01"),
    lot_mw=Decimal("0.1"),
    delivery_point_eic="10Y1001A1001A82H",
)
OPENS = from_datetime(datetime(2017, 1, 23, 15, tzinfo=ZoneInfo("Europe/Berlin")))


@attrs.define
class Listener:
    """An `EventSink` that keeps what it hears."""

    reports: list[ExecutionReport] = attrs.field(factory=list)
    depths: list[MarketDepth] = attrs.field(factory=list)

    def report_received(self, report: ExecutionReport) -> None:
        self.reports.append(report)

    def depth_received(self, depth: MarketDepth) -> None:
        self.depths.append(depth)

    def events(self) -> list[tuple[str, str]]:
        return [(r.client_order_id, r.event.name) for r in self.reports]


def hours(day: date) -> tuple[Instrument, ...]:
    """The hours of a German day: 23, 24 or 25, each tradable until five minutes before."""
    count = int(DeliveryPeriod.day(day, "Europe/Berlin").hours)
    return tuple(
        resolve(
            spot_interval(GERMANY, DeliveryPeriod.hour(day, index, "Europe/Berlin")),
            calendar=GERMAN_POWER,
            gate_closure=LeadTimeGate(minutes=5),
        )
        for index in range(count)
    )


def order(
    name: str,
    instrument_id: str,
    *,
    side: Side = Side.BUY,
    lots: int = 5,
    ticks: int | None = 0,
    at: int = OPENS,
    venue: str = "POWERX",
    kind: OrderType = OrderType.LIMIT,
    tif: TimeInForce = TimeInForce.GTC,
    display: int | None = None,
    expires_at: int | None = None,
) -> NewOrder:
    return NewOrder(
        client_order_id=ClientOrderId(name),
        instrument_id=InstrumentId(instrument_id),
        venue_id=VenueId(venue),
        owner=OWNER,
        side=side,
        order_type=kind,
        time_in_force=tif,
        quantity_lots=lots,
        limit_ticks=ticks,
        decided_at=UtcNs(at),
        display_lots=display,
        expires_at=None if expires_at is None else UtcNs(expires_at),
    )


def replace(name: str, original: str, *, lots: int, ticks: int, at: int = OPENS) -> ReplaceOrder:
    return ReplaceOrder(
        client_order_id=ClientOrderId(name),
        original_client_order_id=ClientOrderId(original),
        quantity_lots=lots,
        limit_ticks=ticks,
        decided_at=UtcNs(at),
    )


def cancel(name: str, original: str, *, at: int = OPENS) -> CancelOrder:
    return CancelOrder(
        client_order_id=ClientOrderId(name),
        original_client_order_id=ClientOrderId(original),
        decided_at=UtcNs(at),
    )


def approve(value):
    """Stand in for the gate, which has suites of its own."""
    return Approved(value, limits_version="test")


def descriptor(
    name: str = "POWERX", *, tick: str = "0.01", book: SimulatedBook | None = None
) -> VenueDescriptor:
    return VenueDescriptor(
        venue_id=VenueId(name),
        engine="simulation.continuous",
        market_code="SIM1",
        tick_size=Decimal(tick),
        lot_mw=Decimal("0.1"),
        fees=VenueFees(
            maker_per_mwh=Decimal(0),
            taker_per_mwh=Decimal(0),
            per_order=Decimal(0),
            currency="EUR",
        ),
        capabilities=frozenset(),
        is_simulated=True,
        book=book
        or SimulatedBook(
            half_spread_ticks=20, level_gap_ticks=10, levels=3, level_lots=40, latency_ns=1000
        ),
    )


def plan(*, seed: int = 7, beat_ns: int = NS_PER_HOUR, jitter_ns_max: int = 0) -> SimulationPlan:
    return SimulationPlan(opens_at=OPENS, beat_ns=beat_ns, seed=seed, jitter_ns_max=jitter_ns_max)


def quiet_venue(listener: Listener, instruments: tuple[Instrument, ...]) -> SimulatedVenue:
    """A venue whose books hold our orders only."""
    return SimulatedVenue(
        descriptor(),
        [SimulatedInstrument(instrument=i, path=None) for i in instruments],
        plan=plan(),
        sink=listener,
    )


@pytest.fixture(scope="session")
def sim() -> SimpleNamespace:
    """The builders under one name."""
    builders: dict[str, Callable[..., object] | object] = {
        "Listener": Listener,
        "hours": hours,
        "order": order,
        "replace": replace,
        "cancel": cancel,
        "approve": approve,
        "descriptor": descriptor,
        "plan": plan,
        "quiet_venue": quiet_venue,
        "opens": OPENS,
    }
    return SimpleNamespace(**builders)
