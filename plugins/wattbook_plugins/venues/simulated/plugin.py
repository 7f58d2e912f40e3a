"""Offers three invented venues: two that match continuously and differ, and a day-ahead auction.

The names are fictional, the market codes belong to nobody, and every figure below is an assumption
stated in the README. What trades is decided by the engines of `wattbook_adapters.simulation`.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from wattbook_contracts.capabilities import Capability
from wattbook_contracts.descriptors import SimulatedBook, VenueDescriptor, VenueFees
from wattbook_contracts.hookspecs import hookimpl
from wattbook_contracts.manifest import PluginManifest
from wattbook_contracts.version import API_VERSION
from wattbook_domain.foundation.identifiers import VenueId

MANIFEST: Final = PluginManifest(
    name="simulated",
    summary="Two invented continuous venues and an invented day-ahead auction.",
    api_version=API_VERSION,
    licence="Apache-2.0",
    is_simulated=True,
)

_CONTINUOUS: Final = frozenset(
    {
        Capability.CONTINUOUS,
        Capability.MARKET_ORDERS,
        Capability.ICEBERG,
        Capability.IOC,
        Capability.FOK,
        Capability.GTC,
        Capability.GTD,
        Capability.CANCEL,
        Capability.CANCEL_REPLACE,
        Capability.SELF_MATCH_PREVENTION,
        Capability.IDEMPOTENT_SUBMIT,
    }
)

POWERX: Final = VenueDescriptor(
    venue_id=VenueId("POWERX"),
    engine="simulation.continuous",
    market_code="SIM1",
    tick_size=Decimal("0.01"),
    lot_mw=Decimal("0.1"),
    fees=VenueFees(
        maker_per_mwh=Decimal("0.04"),
        taker_per_mwh=Decimal("0.09"),
        per_order=Decimal(0),
        currency="EUR",
    ),
    capabilities=_CONTINUOUS,
    is_simulated=True,
    book=SimulatedBook(
        half_spread_ticks=20,
        level_gap_ticks=10,
        levels=5,
        level_lots=12,
        latency_ns=5_000_000,
    ),
)
"""Tight and quick, thin levels, dear to take from."""

ENERGEX: Final = VenueDescriptor(
    venue_id=VenueId("ENERGEX"),
    engine="simulation.continuous",
    market_code="SIM2",
    tick_size=Decimal("0.05"),
    lot_mw=Decimal("0.1"),
    fees=VenueFees(
        maker_per_mwh=Decimal("-0.01"),
        taker_per_mwh=Decimal("0.05"),
        per_order=Decimal("0.02"),
        currency="EUR",
    ),
    capabilities=_CONTINUOUS,
    is_simulated=True,
    book=SimulatedBook(
        half_spread_ticks=30,
        level_gap_ticks=15,
        levels=8,
        level_lots=80,
        latency_ns=12_000_000,
    ),
)
"""Wider and slower, deep levels, pays makers, charges for each order that trades."""

DAYAHEAD: Final = VenueDescriptor(
    venue_id=VenueId("DAYAHEAD"),
    engine="simulation.auction",
    market_code="SIM3",
    tick_size=Decimal("0.01"),
    lot_mw=Decimal("0.1"),
    fees=VenueFees(
        maker_per_mwh=Decimal("0.04"),
        taker_per_mwh=Decimal("0.04"),
        per_order=Decimal(0),
        currency="EUR",
    ),
    capabilities=frozenset(
        {
            Capability.AUCTION,
            Capability.MARKET_ORDERS,
            Capability.CANCEL,
            Capability.CANCEL_REPLACE,
            Capability.IDEMPOTENT_SUBMIT,
        }
    ),
    is_simulated=True,
)
"""Clears each interval at one price: the one really published, which we are too small to move."""


@hookimpl
def wattbook_register_venues() -> Sequence[VenueDescriptor]:
    """Offer the three venues."""
    return (POWERX, ENERGEX, DAYAHEAD)
