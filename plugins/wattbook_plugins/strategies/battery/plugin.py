"""Offers the battery's day-ahead bidding to the platform."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from wattbook_contracts.descriptors import StrategyDescriptor
from wattbook_contracts.hookspecs import hookimpl
from wattbook_contracts.manifest import PluginManifest
from wattbook_contracts.ports.strategy import Strategy
from wattbook_contracts.version import API_VERSION
from wattbook_plugins.strategies.battery.bidding import BatteryDayAhead, BiddingStyle

MANIFEST: Final = PluginManifest(
    name="battery",
    summary="Bids a battery's plan into the day-ahead auction, price-taking or guarded.",
    api_version=API_VERSION,
    licence="Apache-2.0",
)


@hookimpl
def wattbook_register_strategies() -> Sequence[StrategyDescriptor]:
    """Offer both styles of bidding."""
    return tuple(
        StrategyDescriptor(name=BatteryDayAhead(style=style).name, build=build)
        for style, build in (
            (BiddingStyle.PRICE_TAKING, _price_taking),
            (BiddingStyle.GUARDED, _guarded),
        )
    )


def _price_taking() -> Strategy:
    return BatteryDayAhead(style=BiddingStyle.PRICE_TAKING)


def _guarded() -> Strategy:
    return BatteryDayAhead(style=BiddingStyle.GUARDED)
