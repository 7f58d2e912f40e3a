"""Opens the day: makes its instruments, its limits and its empty books out of the setup."""

from __future__ import annotations

from typing import Final

from wattbook_application.facts import DayOpened
from wattbook_application.setup import DaySetup, LimitSetup, MarketSetup, VenueSetup
from wattbook_application.state import DayState, Market
from wattbook_domain.delivery.calendars import MarketCalendar
from wattbook_domain.delivery.granularity import Granularity
from wattbook_domain.delivery.markets import MARKET_CALENDARS
from wattbook_domain.delivery.period import DeliveryPeriod
from wattbook_domain.delivery.profile import DeliveryProfile
from wattbook_domain.foundation.identifiers import AlgorithmId, InstrumentId
from wattbook_domain.foundation.instants import (
    NS_PER_HOUR,
    NS_PER_SECOND,
    to_datetime,
)
from wattbook_domain.instruments.resolve import Instrument, resolve
from wattbook_domain.instruments.spec import Commodity, InstrumentKind, InstrumentSpec
from wattbook_domain.quantities.money import Money
from wattbook_domain.quantities.power import Power
from wattbook_domain.quantities.price import Price
from wattbook_domain.reference.gate_closure import GATE_CLOSURES, GateClosure, LeadTimeGate
from wattbook_domain.risk.exposure import ExposureBook
from wattbook_domain.risk.limit_set import AlgorithmLimits, DeskLimits, LimitSet, VenueLimits
from wattbook_domain.risk.terms import terms_of

REFERENCE_AGE_MAX_NS: Final = 36 * NS_PER_HOUR
"""An intraday contract trades until the afternoon after its day-ahead price was formed."""

NS_PER_MS: Final = 1_000_000
BASIS_POINTS_PER_PERCENT: Final = 100


def open_day(state: DayState, fact: DayOpened) -> tuple[()]:
    """Handle `DayOpened`."""
    market = build_market(fact.setup)
    state.market = market
    state.exposure = ExposureBook(market.horizon)
    return ()


def build_market(setup: DaySetup) -> Market:
    """Resolve every instrument of the day and state its limits."""
    day = DeliveryPeriod.day(setup.delivery_date, setup.market.zone)
    intervals = day.split(Granularity.HOUR)
    calendar = MARKET_CALENDARS[setup.market.calendar]
    noon, lead = GATE_CLOSURES["day-ahead"], LeadTimeGate(minutes=setup.market.gate_closure_minutes)
    day_ahead = tuple(
        _instrument("DA", InstrumentKind.AUCTION, i, setup.market, calendar, noon)
        for i in intervals
    )
    intraday = tuple(
        _instrument("ID", InstrumentKind.SPOT, i, setup.market, calendar, lead) for i in intervals
    )
    return Market(
        setup=setup,
        intervals=intervals,
        day_ahead=day_ahead,
        intraday=intraday,
        terms={i.instrument_id: terms_of(i) for i in (*day_ahead, *intraday)},
        limits=build_limits(setup),
    )


def _instrument(
    prefix: str,
    kind: InstrumentKind,
    interval: DeliveryPeriod,
    market: MarketSetup,
    calendar: MarketCalendar,
    gate: GateClosure,
) -> Instrument:
    # Named by the UTC instant of its start: the two hours called 02:00 in autumn differ in it.
    spec = InstrumentSpec(
        instrument_id=InstrumentId(f"{prefix}-{to_datetime(interval.start):%Y%m%dT%H%MZ}"),
        kind=kind,
        commodity=Commodity.POWER,
        currency=market.currency,
        tick_size=market.tick_size,
        lot_mw=market.lot_mw,
        delivery=interval,
        profile=DeliveryProfile.BASE,
        granularity=Granularity.HOUR,
        delivery_point_eic=market.delivery_point_eic,
    )
    return resolve(spec, calendar=calendar, gate_closure=gate)


def build_limits(setup: DaySetup) -> LimitSet:
    """State the day's limits for its desk, its venues and its two algorithms."""
    market, limits = setup.market, setup.limits
    owners = {setup.battery.owner, setup.wind.owner}
    desks = {owner.desk_id for owner in owners}
    return LimitSet(
        name=limits.name,
        desks=tuple(
            DeskLimits(
                desk_id=desk_id,
                net_long_max=Power.of_mw(limits.net_mw_max),
                net_short_max=Power.of_mw(limits.net_mw_max),
                gross_notional_max=Money.of(limits.gross_notional_max, market.currency),
                day_loss_max=Money.of(limits.loss_max, market.currency),
                permitted_venues=tuple(venue.venue_id for venue in market.venues),
            )
            for desk_id in sorted(desks)
        ),
        venues=tuple(
            _venue_limits(setup, venue, is_auction=venue == market.auction)
            for venue in market.venues
        ),
        algorithms=tuple(
            _algorithm_limits(limits, algorithm_id, market)
            for algorithm_id in sorted({owner.algorithm_id for owner in owners})
        ),
    )


def _venue_limits(setup: DaySetup, venue: VenueSetup, *, is_auction: bool) -> VenueLimits:
    market, limits = setup.market, setup.limits
    # An auction forms its own price, so the only collar around it is the market's price limits.
    span = market.price_max - market.price_min
    return VenueLimits(
        venue_id=venue.venue_id,
        price_min=Price.of(market.price_min, market.currency),
        price_max=Price.of(market.price_max, market.currency),
        collar_bps=int(limits.collar_percent * BASIS_POINTS_PER_PERCENT),
        collar_floor=Price.of(span if is_auction else limits.collar_absolute, market.currency),
        reference_age_max_ns=REFERENCE_AGE_MAX_NS,
        quantity_max=Power.of_mw(limits.order_mw_max),
        order_value_max=Money.of(limits.order_value_max, market.currency),
        requires_reference=not is_auction,
        pairs_orders=not is_auction,
    )


def _algorithm_limits(
    limits: LimitSetup, algorithm_id: AlgorithmId, market: MarketSetup
) -> AlgorithmLimits:
    return AlgorithmLimits(
        algorithm_id=algorithm_id,
        quantity_max=Power.of_mw(limits.order_mw_max),
        order_value_max=Money.of(limits.order_value_max, market.currency),
        open_orders_max=limits.open_orders_max,
        messages_max=limits.messages_per_second_max,
        message_window_ns=NS_PER_SECOND,
        duplicate_window_ns=limits.duplicate_window_ms * NS_PER_MS,
    )
