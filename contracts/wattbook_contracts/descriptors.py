"""What plugins hand over: frozen descriptions, with a factory where something must be opened.

A descriptor costs nothing to hold. Nothing is opened, connected or computed until bootstrap calls
its factory, and bootstrap calls it once.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from wattbook_contracts.capabilities import Capability
from wattbook_domain.foundation.identifiers import VenueId, require_identifier

if TYPE_CHECKING:
    from wattbook_contracts.ports.forecaster import Forecaster
    from wattbook_contracts.ports.market_feed import MarketFeed
    from wattbook_contracts.ports.regulator import Reporter
    from wattbook_contracts.ports.strategy import Strategy


@attrs.frozen(kw_only=True)
class VenueFees:
    """What a venue charges, in currency units per MWh and per order; a rebate is negative."""

    maker_per_mwh: Decimal
    taker_per_mwh: Decimal
    per_order: Decimal
    currency: str


@attrs.frozen(kw_only=True)
class SimulatedBook:
    """How the simulated venue's liquidity looks, in whole ticks, lots and nanoseconds.

    Attributes:
        half_spread_ticks: from the reference price to the best level.
        level_gap_ticks: between one level and the next.
        levels: number of levels on each side.
        level_lots: lots on each level before the seeded variation.
        latency_ns: from an order's decision to its arrival at the book, in event time.
    """

    half_spread_ticks: int
    level_gap_ticks: int
    levels: int
    level_lots: int
    latency_ns: int


@attrs.frozen(kw_only=True)
class VenueDescriptor:
    """One venue a plugin offers.

    Attributes:
        engine: the adapter that speaks to it, for example `simulation.continuous`,
            `simulation.auction` or, later, `fix`.
        market_code: the organised market place code that reports name (MIC or ACER code).
        tick_size: least price step in currency per MWh. lot_mw: least quantity step.
        capabilities: what it can do; conformance cards are skipped by absence here, and only so.
        book: the simulated liquidity of a simulated continuous venue; absent for every other.
    """

    venue_id: VenueId
    engine: str
    market_code: str
    tick_size: Decimal
    lot_mw: Decimal
    fees: VenueFees
    capabilities: frozenset[Capability]
    is_simulated: bool
    book: SimulatedBook | None = None

    def __attrs_post_init__(self) -> None:
        require_identifier("venue id", self.venue_id)


@attrs.frozen(kw_only=True)
class FeedDescriptor:
    """One source of market data.

    `open` takes a file of the same layout in place of the packaged one, or `None`.
    """

    name: str
    zone: str
    licence: str
    citation: str
    open: Callable[[Path | None], MarketFeed]


@attrs.frozen(kw_only=True)
class ForecasterDescriptor:
    """One forecasting model. `build` makes a forecaster that holds no state between calls.

    `minimum_history_days` lets the caller choose a model that the data can feed.
    """

    name: str
    minimum_history_days: int
    build: Callable[[], Forecaster]


@attrs.frozen(kw_only=True)
class StrategyDescriptor:
    """One strategy, with the stage of the day it decides at."""

    name: str
    build: Callable[[], Strategy]


@attrs.frozen(kw_only=True)
class RegulatorDescriptor:
    """One reporting regime. `build` makes its reporter; `schema_ids` names what it validates by."""

    name: str
    regime: str
    schema_ids: tuple[str, ...]
    build: Callable[[], Reporter]
