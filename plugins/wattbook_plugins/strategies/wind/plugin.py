"""Offers the wind strategies to the platform."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from wattbook_contracts.descriptors import StrategyDescriptor
from wattbook_contracts.hookspecs import hookimpl
from wattbook_contracts.manifest import PluginManifest
from wattbook_contracts.version import API_VERSION
from wattbook_plugins.strategies.wind.day_ahead import WindDayAhead
from wattbook_plugins.strategies.wind.rebalancing import WindRebalancing

MANIFEST: Final = PluginManifest(
    name="wind",
    summary="Sells forecast wind day-ahead and trades its forecast error away intraday.",
    api_version=API_VERSION,
    licence="Apache-2.0",
)


@hookimpl
def wattbook_register_strategies() -> Sequence[StrategyDescriptor]:
    """Offer the day-ahead sale and the intraday rebalancing."""
    return (
        StrategyDescriptor(name=WindDayAhead().name, build=WindDayAhead),
        StrategyDescriptor(name=WindRebalancing().name, build=WindRebalancing),
    )
