"""Builds, from settings and plugins, everything one day's run is made of; nothing is written here.

Whatever does not fit is refused here, before a folder is touched: a name that nobody offers, a
plugin that raises, a file that is not sound, a battery that is none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final, Protocol, TypeVar

import attrs

from wattbook.assembly import offered, require_price_limits, settings_that_fit, setup_of, venues_of
from wattbook.containers import AnalyticsContainer, MarketContainer
from wattbook.foreign import blamed, guarded
from wattbook.plugin_manager import Catalogue
from wattbook.settings import LoadedSettings, Settings
from wattbook_adapters.generation.simulated_wind import PublishedArea
from wattbook_adapters.simulation.clearing import PriceLimits
from wattbook_adapters.simulation.market import SimulatedDay
from wattbook_application.portfolio.dispatch import battery_of, wind_farm_of
from wattbook_application.setup import DaySetup
from wattbook_application.state import Market
from wattbook_application.trading.open_day import build_market
from wattbook_contracts.descriptors import VenueDescriptor
from wattbook_contracts.errors import ConfigurationFault
from wattbook_contracts.ports.market_feed import MarketFeed, QualityFault
from wattbook_contracts.ports.regulator import Reporter
from wattbook_domain.foundation.instants import UtcNs
from wattbook_domain.signals.quality import QualityCode
from wattbook_domain.signals.series import DayOutlook, DayTable, DeliveryDay

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

WIND_DRIVER: Final = "wind_solar_forecast_mw"
REGULATOR: Final = "remit"
REGULATOR_PLUGIN: Final = "remit"
"""The regime that the desk reports under, and the plugin that this release ships for it."""
STRATEGIES: Final = {
    "battery_day_ahead": "battery-day-ahead",
    "wind_day_ahead": "wind-day-ahead",
    "wind_intraday": "wind-rebalancing",
}
"""The strategy for each part of the desk's day."""


@attrs.frozen(kw_only=True)
class PublishedDay:
    """What the feed knows of a day at the instant its prices came out."""

    feed: MarketFeed
    at: UtcNs
    prices: DeliveryDay
    history: DayTable
    outlook: DayOutlook


@attrs.frozen(kw_only=True)
class DayParts:
    """What one day's run is made of, apart from where it is kept."""

    setup: DaySetup
    published: PublishedDay
    world: MarketContainer
    analytics: AnalyticsContainer
    reporter: Reporter


def build_parts(loaded: LoadedSettings, catalogue: Catalogue, day: date) -> DayParts:
    """Open the feed, fix the day's terms, and build world, analytics and reporter.

    Raises:
        ConfigurationFault: settings name what nobody offers, or fit no day.
        DataFault: the feed's file is not sound, or does not hold the day.
        PluginFault: a plugin raised.
    """
    settings = loaded.settings
    published = _published(open_feed(settings, catalogue), day)
    with settings_that_fit():
        setup = setup_of(settings, catalogue, profile=loaded.profile, day=day, feed=published.feed)
        require_price_limits(settings, published.prices)
        world = _world(setup, published, *venues_of(settings, catalogue))
    return DayParts(
        setup=setup,
        published=published,
        world=world,
        analytics=_analytics(settings, catalogue),
        reporter=build_reporter(catalogue),
    )


def open_feed(settings: Settings, catalogue: Catalogue) -> MarketFeed:
    """Open the feed of the settings.

    Raises:
        ConfigurationFault: if no plugin offers it.
        DataFault: if its file is not sound.
    """
    name = settings.market.feed
    descriptor = offered("feed", catalogue.feeds, name)
    plugin = catalogue.owner_of("feed", name)
    with blamed(plugin, "open"):
        return guarded(plugin, descriptor.open(settings.market.file))


def build_reporter(catalogue: Catalogue) -> Reporter:
    """Build the reporter of the desk's regime.

    Raises:
        ConfigurationFault: if no plugin offers it.
    """
    return _built(catalogue, "regulator", catalogue.regulators, REGULATOR)


def _published(feed: MarketFeed, day: date) -> PublishedDay:
    # Asked first: far outside there is not even an instant at which prices could come out.
    if not feed.first_day <= day <= feed.last_day:
        raise QualityFault(
            QualityCode.UNKNOWN_DATE,
            f"the feed {feed.name} holds {feed.first_day} to {feed.last_day}, found {day}; "
            "choose a date in that range",
        )
    at = feed.publication.prices_published_at(day)
    return PublishedDay(
        feed=feed,
        at=at,
        prices=feed.delivery_day(day, as_of=at),
        history=feed.history(day, as_of=at),
        outlook=feed.outlook(day, as_of=at),
    )


def _world(
    setup: DaySetup,
    published: PublishedDay,
    auction: VenueDescriptor,
    continuous: tuple[VenueDescriptor, ...],
) -> MarketContainer:
    """Build the simulated world around the published prices and forecasts."""
    market = build_market(setup)
    instrument = market.day_ahead[0]
    world = MarketContainer(
        simulated_day=SimulatedDay(
            auction=auction,
            continuous=continuous,
            day_ahead=market.day_ahead,
            intraday=market.intraday,
            published_ticks=tuple(map(instrument.ticks, published.prices.prices)),
            limits=PriceLimits(
                floor_ticks=instrument.ticks(setup.market.price_min),
                cap_ticks=instrument.ticks(setup.market.price_max),
            ),
            intraday_opens_at=published.at,
            seed=setup.seed,
        ),
        farm=wind_farm_of(setup),
        area=_area(published, market),
        seed=setup.seed,
    )
    # Both refuse here what they would refuse when the day has begun.
    battery_of(setup)
    world.session()
    return world


def _area(published: PublishedDay, market: Market) -> PublishedArea:
    """Return the public wind and solar forecast of the day, scaled by the largest one ever seen."""
    history = published.history
    if WIND_DRIVER not in history.driver_names:
        raise ConfigurationFault(
            f"the simulated wind farm needs a feed with {WIND_DRIVER}, found "
            f"{published.feed.name} with {', '.join(history.driver_names) or 'no drivers'}; "
            "name another market.feed"
        )
    column = history.driver_names.index(WIND_DRIVER)
    values = published.outlook.on_delivery(WIND_DRIVER)
    return PublishedArea(
        forecast_mw=dict(zip(market.intervals, values, strict=True)),
        installed_mw=max(float(history.drivers[:, :, column].max()), *values),
    )


def _analytics(settings: Settings, catalogue: Catalogue) -> AnalyticsContainer:
    forecasters, names = catalogue.forecasters, settings.forecast
    return AnalyticsContainer(
        main_forecaster=_built(catalogue, "forecaster", forecasters, names.model),
        main_days=forecasters[names.model].minimum_history_days,
        fallback_forecaster=_built(catalogue, "forecaster", forecasters, names.fallback),
        fallback_days=forecasters[names.fallback].minimum_history_days,
        **{
            part: _built(catalogue, "strategy", catalogue.strategies, name)
            for part, name in STRATEGIES.items()
        },
    )


class _Buildable(Protocol[T_co]):
    """A descriptor with a factory."""

    @property
    def build(self) -> Callable[[], T_co]: ...


def _built(catalogue: Catalogue, kind: str, offers: Mapping[str, _Buildable[T]], name: str) -> T:
    """Build what a plugin offers, and guard it: whatever it raises names its plugin."""
    descriptor = offered(kind, offers, name)
    plugin = catalogue.owner_of(kind, name)
    with blamed(plugin, "build"):
        return guarded(plugin, descriptor.build())
