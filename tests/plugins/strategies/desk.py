"""A small desk for strategy tests: one zone, auction and intraday instruments, books, owners."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time
from decimal import Decimal

from wattbook_contracts.ports.strategy import PriceLimits, StrategyContext
from wattbook_domain.delivery.granularity import Granularity
from wattbook_domain.delivery.markets import GERMAN_POWER
from wattbook_domain.delivery.period import DeliveryPeriod
from wattbook_domain.delivery.profile import DeliveryProfile
from wattbook_domain.delivery.schedule import DeliverySchedule
from wattbook_domain.foundation.identifiers import (
    AlgorithmId,
    DeskId,
    InstrumentId,
    LedgerId,
    TraderId,
    VenueId,
)
from wattbook_domain.foundation.instants import NS_PER_HOUR, UtcNs
from wattbook_domain.instruments.resolve import Instrument, resolve
from wattbook_domain.instruments.spec import Commodity, InstrumentKind, InstrumentSpec
from wattbook_domain.marketdata.depth import DepthLevel, MarketDepth
from wattbook_domain.orders.commands import OrderOwner
from wattbook_domain.portfolio.assets import Battery, WindFarm
from wattbook_domain.quantities.energy import Energy
from wattbook_domain.quantities.money import Currency
from wattbook_domain.quantities.power import Power
from wattbook_domain.quantities.price import Price
from wattbook_domain.reference.gate_closure import AuctionGate, LeadTimeGate

BERLIN = "Europe/Berlin"
NORMAL, SHORT, LONG = date(2017, 1, 24), date(2017, 3, 26), date(2017, 10, 29)
LIMITS = PriceLimits(min_ticks=-50_000, max_ticks=300_000)
OWNER = OrderOwner(
    desk_id=DeskId("D1"),
    ledger_id=LedgerId("L1"),
    trader_id=TraderId("T1"),
    algorithm_id=AlgorithmId("A1"),
)
BATTERY = Battery(
    asset_id="B1",
    charge_power=Power.of_mw(10),
    discharge_power=Power.of_mw(10),
    capacity=Energy.of_mwh(20),
    charge_efficiency="0.95",
    discharge_efficiency="0.95",
    initial_energy=Energy.zero(),
    final_energy=Energy.zero(),
    wear_cost=Price.of(5, Currency.EUR),
)


def farm(*, is_curtailable: bool = True, floor: str = "-20.005") -> WindFarm:
    return WindFarm(
        asset_id="W1",
        capacity=Power.of_mw(50),
        is_curtailable=is_curtailable,
        floor_price=Price.of(floor, Currency.EUR),
    )


def intervals_of(
    day: date = NORMAL, granularity: Granularity = Granularity.HOUR
) -> tuple[DeliveryPeriod, ...]:
    return DeliveryPeriod.day(day, BERLIN).split(granularity)


def instrument(
    delivery: DeliveryPeriod, *, is_auction: bool, granularity: Granularity = Granularity.HOUR
) -> Instrument:
    prefix = "DA" if is_auction else "ID"
    spec = InstrumentSpec(
        instrument_id=InstrumentId(f"{prefix}/{delivery.key.replace('/Europe/Berlin', '')}"),
        kind=InstrumentKind.AUCTION if is_auction else InstrumentKind.SPOT,
        commodity=Commodity.POWER,
        currency=Currency.EUR,
        tick_size=Decimal("0.01"),
        lot_mw=Decimal("0.1"),
        delivery=delivery,
        profile=DeliveryProfile.BASE,
        granularity=granularity,
        delivery_point_eic="10Y1001A1001A82H",
    )
    gate = AuctionGate(local_time=time(12), zone=BERLIN) if is_auction else LeadTimeGate(minutes=5)
    return resolve(spec, calendar=GERMAN_POWER, gate_closure=gate)


def auction_of(
    day: date = NORMAL, granularity: Granularity = Granularity.HOUR
) -> tuple[Instrument, ...]:
    return tuple(
        instrument(i, is_auction=True, granularity=granularity)
        for i in intervals_of(day, granularity)
    )


def schedule(
    megawatts: Sequence[str | int], intervals: Sequence[DeliveryPeriod]
) -> DeliverySchedule:
    return DeliverySchedule.of(
        (i, Power.of_mw(mw)) for i, mw in zip(intervals, megawatts, strict=True)
    )


def before(period: DeliveryPeriod, hours: float) -> UtcNs:
    return UtcNs(period.start - round(hours * NS_PER_HOUR))


def book(
    traded: Instrument,
    *,
    bids: Sequence[tuple[int, int]] = (),
    asks: Sequence[tuple[int, int]] = (),
    venue: str = "V1",
) -> MarketDepth:
    return MarketDepth(
        VenueId(venue),
        traded.instrument_id,
        UtcNs(0),
        tuple(DepthLevel(*level) for level in bids),
        tuple(DepthLevel(*level) for level in asks),
    )


def context(**given: object) -> StrategyContext:
    usual: dict[str, object] = {
        "decided_at": before(intervals_of()[0], 14),
        "decision_id": "D1-20170124",
        "owner": OWNER,
        "venue_id": VenueId("DAYAHEAD"),
        "price_limits": LIMITS,
        "instruments": auction_of(),
        "asset": BATTERY,
        "wanted": DeliverySchedule(),
    }
    return StrategyContext(**(usual | given))
