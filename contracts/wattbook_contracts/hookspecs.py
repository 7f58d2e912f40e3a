"""The five hooks. Each returns descriptors, never live objects, and is called once, at start-up.

A plugin is a module with a `MANIFEST` and one or more functions decorated with `hookimpl`. It is
found through the entry-point group `wattbook.plugins`. A misspelt hook stops start-up.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pluggy

from wattbook_contracts.descriptors import (
    FeedDescriptor,
    ForecasterDescriptor,
    RegulatorDescriptor,
    StrategyDescriptor,
    VenueDescriptor,
)

PROJECT_NAME: Final = "wattbook"
ENTRY_POINT_GROUP: Final = "wattbook.plugins"

hookspec = pluggy.HookspecMarker(PROJECT_NAME)
hookimpl = pluggy.HookimplMarker(PROJECT_NAME)


@hookspec
def wattbook_register_venues() -> Sequence[VenueDescriptor]:  # type: ignore[empty-body]
    """Offer venues: their words, fees and capabilities, and the engine that speaks to them."""


@hookspec
def wattbook_register_feeds() -> Sequence[FeedDescriptor]:  # type: ignore[empty-body]
    """Offer market data: what is measured, where, under which licence, and how to open it."""


@hookspec
def wattbook_register_forecasters() -> Sequence[ForecasterDescriptor]:  # type: ignore[empty-body]
    """Offer forecasting models."""


@hookspec
def wattbook_register_strategies() -> Sequence[StrategyDescriptor]:  # type: ignore[empty-body]
    """Offer strategies: pure decisions from forecast, position and market to orders."""


@hookspec
def wattbook_register_regulators() -> Sequence[RegulatorDescriptor]:  # type: ignore[empty-body]
    """Offer regulators: reporting regimes with their tables, schemas and verdicts."""
