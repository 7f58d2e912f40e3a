"""Translates settings and plugins into the values the application starts from.

Nothing is decided here but whether the parts fit: a name that no plugin offers, a simulated venue
where none is allowed, a venue in another currency each stop with one line.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from importlib.metadata import version
from typing import Final, TypeVar

from wattbook.plugin_manager import Catalogue
from wattbook.settings import Section, Settings
from wattbook_application.setup import (
    BatterySetup,
    DataSetup,
    DaySetup,
    LimitSetup,
    MarketSetup,
    VenueSetup,
    WindSetup,
)
from wattbook_contracts.descriptors import FeedDescriptor, VenueDescriptor
from wattbook_contracts.errors import ConfigurationFault
from wattbook_contracts.ports.market_feed import MarketFeed
from wattbook_domain.delivery.markets import MARKET_CALENDARS
from wattbook_domain.foundation.canonical import sha256_hex
from wattbook_domain.foundation.identifiers import (
    AlgorithmId,
    DeskId,
    LedgerId,
    RunId,
    TraderId,
)
from wattbook_domain.orders.commands import OrderOwner
from wattbook_domain.quantities.money import Currency
from wattbook_domain.reference.zones import bidding_zone
from wattbook_domain.signals.series import DeliveryDay

T = TypeVar("T")

AUCTION_ENGINE: Final = "simulation.auction"
CONTINUOUS_ENGINE: Final = "simulation.continuous"
"""The adapters of this release that speak to venues, by the stage they serve."""

BATTERY_ALGORITHM: Final = AlgorithmId("battery-day-ahead")
WIND_ALGORITHM: Final = AlgorithmId("wind-rebalancing")
RUN_DIGITS: Final = 8


def offered(kind: str, offers: Mapping[str, T], name: str) -> T:
    """Return the descriptor of that name.

    Raises:
        ConfigurationFault: if no loaded plugin offers it.
    """
    if name not in offers:
        raise ConfigurationFault(
            f"no loaded plugin offers the {kind} {name!r}; "
            f"offered are {', '.join(offers) or 'none'}"
        )
    return offers[name]


def venues_of(
    settings: Settings, catalogue: Catalogue
) -> tuple[VenueDescriptor, tuple[VenueDescriptor, ...]]:
    """Return the auction and the continuous venues.

    Raises:
        ConfigurationFault: for an unknown venue, or a simulated one where none is allowed.
    """
    auction = offered("venue", catalogue.venues, settings.venues.auction)
    continuous = tuple(
        offered("venue", catalogue.venues, name) for name in settings.venues.continuous
    )
    for venue in (auction, *continuous):
        if venue.is_simulated and not settings.plugins.simulated_venues:
            raise ConfigurationFault(
                f"this profile trades on real venues only, {venue.venue_id} is simulated; install "
                "a venue plugin of your own and name it in venues.continuous and venues.auction"
            )
    _require_engine("venues.auction", auction, AUCTION_ENGINE)
    for venue in continuous:
        _require_engine("venues.continuous", venue, CONTINUOUS_ENGINE)
    return auction, continuous


def _require_engine(key: str, venue: VenueDescriptor, engine: str) -> None:
    if venue.engine != engine:
        raise ConfigurationFault(
            f"setting {key} takes venues of the engine {engine}, "
            f"found {venue.venue_id} of {venue.engine}; name another venue"
        )


@contextmanager
def settings_that_fit() -> Iterator[None]:
    """Say of what the domain refuses while the day is set up that the settings are to blame.

    Raises:
        ConfigurationFault: with the domain's own words.
    """
    try:
        yield
    except ValueError as cause:
        raise ConfigurationFault(
            f"these settings make no day that could be traded: {cause}; "
            "`wattbook config show` tells where each value comes from"
        ) from cause


def require_price_limits(settings: Settings, day: DeliveryDay) -> None:
    """Require that the venues' price limits leave room for the prices that were published.

    Raises:
        ConfigurationFault: naming the first price outside.
    """
    low, high = settings.market.price_min, settings.market.price_max
    for interval, price in zip(day.intervals, day.prices, strict=True):
        if not low <= price <= high:
            raise ConfigurationFault(
                f"settings market.price_min and market.price_max must span the day's prices, "
                f"found {low} to {high} and {price} at {interval.label}; widen them"
            )


def setup_of(
    settings: Settings,
    catalogue: Catalogue,
    *,
    profile: str,
    day: date,
    feed: MarketFeed,
) -> DaySetup:
    """Return the setup of one day. Equal settings and data give the same run id."""
    auction, continuous = venues_of(settings, catalogue)
    _require_two_ledgers(settings)
    descriptor = offered("feed", catalogue.feeds, settings.market.feed)
    return DaySetup(
        run_id=_run_id(settings, profile=profile, day=day, data_sha256=feed.content_sha256),
        participant_code=settings.desk.participant_code,
        profile=profile,
        version=version("wattbook"),
        delivery_date=day,
        seed=settings.run.seed,
        market=_market(settings, feed, auction, continuous),
        battery=_battery(settings),
        wind=_wind(settings),
        limits=_limits(settings),
        data=_data(feed, descriptor),
        interval_level=settings.forecast.level,
        risk_level=settings.risk.level,
        lookback_days=settings.risk.lookback_days,
    )


def _require_two_ledgers(settings: Settings) -> None:
    desk = settings.desk
    if desk.battery_ledger == desk.wind_ledger:
        raise ConfigurationFault(
            "settings desk.battery_ledger and desk.wind_ledger must differ, for each result is its "
            f"ledger's; found {desk.wind_ledger!r} for both"
        )


def _run_id(settings: Settings, *, profile: str, day: date, data_sha256: str) -> RunId:
    # Where a run is kept, by which file its data came and what else was allowed to be loaded does
    # not change what it is: the data's hash and the names that are used are in it.
    relevant = settings.model_dump_json(
        exclude={
            "run": {"out", "date", "last_date"},
            "storage": True,
            "market": {"file"},
            "plugins": True,
        }
    )
    digest = sha256_hex(f"{relevant}\n{data_sha256}".encode())
    return RunId(f"{profile}-{day:%Y%m%d}-{digest[:RUN_DIGITS]}")


def _market(
    settings: Settings,
    feed: MarketFeed,
    auction: VenueDescriptor,
    continuous: tuple[VenueDescriptor, ...],
) -> MarketSetup:
    if feed.currency != settings.market.currency:
        raise ConfigurationFault(
            f"setting market.currency is {settings.market.currency}, the feed {feed.name} "
            f"counts in {feed.currency}; use the feed's currency"
        )
    for venue in (auction, *continuous):
        if venue.fees.currency != settings.market.currency:
            raise ConfigurationFault(
                f"setting market.currency is {settings.market.currency}, the venue "
                f"{venue.venue_id} charges in {venue.fees.currency}; name another venue"
            )
    if settings.market.calendar not in MARKET_CALENDARS:
        raise ConfigurationFault(
            f"setting market.calendar must be one of {', '.join(sorted(MARKET_CALENDARS))}, "
            f"found {settings.market.calendar!r}"
        )
    return MarketSetup(
        calendar=settings.market.calendar,
        zone=feed.zone,
        bidding_zone=feed.bidding_zone,
        delivery_point_eic=bidding_zone(feed.bidding_zone).eic,
        currency=Currency(settings.market.currency),
        tick_size=auction.tick_size,
        lot_mw=auction.lot_mw,
        price_min=_decimal(settings.market.price_min),
        price_max=_decimal(settings.market.price_max),
        gate_closure_minutes=settings.venues.gate_closure_minutes,
        auction=_venue(auction),
        continuous=tuple(_venue(venue) for venue in continuous),
    )


def _venue(descriptor: VenueDescriptor) -> VenueSetup:
    return VenueSetup(
        venue_id=descriptor.venue_id,
        market_code=descriptor.market_code,
        maker_fee_per_mwh=descriptor.fees.maker_per_mwh,
        taker_fee_per_mwh=descriptor.fees.taker_per_mwh,
        fee_per_order=descriptor.fees.per_order,
        is_simulated=descriptor.is_simulated,
    )


def _owner(settings: Settings, ledger: str, algorithm: AlgorithmId) -> OrderOwner:
    return OrderOwner(
        desk_id=DeskId(settings.desk.desk_id),
        ledger_id=LedgerId(ledger),
        trader_id=TraderId(settings.desk.trader_id),
        algorithm_id=algorithm,
    )


def _battery(settings: Settings) -> BatterySetup:
    owner = _owner(settings, settings.desk.battery_ledger, BATTERY_ALGORITHM)
    return BatterySetup(owner=owner, **_decimals(settings.battery))


def _wind(settings: Settings) -> WindSetup:
    owner = _owner(settings, settings.desk.wind_ledger, WIND_ALGORITHM)
    return WindSetup(owner=owner, **_decimals(settings.wind))


def _limits(settings: Settings) -> LimitSetup:
    limits = settings.limits
    return LimitSetup(
        name=limits.version,
        order_mw_max=_decimal(limits.order_mw_max),
        order_value_max=_decimal(limits.order_value_max),
        collar_percent=_decimal(limits.collar_percent),
        collar_absolute=_decimal(limits.collar_absolute),
        net_mw_max=_decimal(limits.net_mw_max),
        gross_notional_max=_decimal(limits.gross_notional_max),
        messages_per_second_max=limits.messages_per_second_max,
        duplicate_window_ms=limits.duplicate_window_ms,
        open_orders_max=limits.open_orders_max,
        loss_max=_decimal(limits.loss_max),
    )


def _data(feed: MarketFeed, descriptor: FeedDescriptor) -> DataSetup:
    return DataSetup(
        feed=feed.name,
        licence=descriptor.licence,
        citation=descriptor.citation,
        sha256=feed.content_sha256,
        first_day=feed.first_day,
        last_day=feed.last_day,
    )


def _decimals(section: Section) -> dict[str, Decimal]:
    return {name: _decimal(getattr(section, name)) for name in type(section).model_fields}


def _decimal(value: float) -> Decimal:
    """Read a setting at the digits it was written with, not at its binary value."""
    return Decimal(repr(value))
