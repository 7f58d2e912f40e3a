"""Decides under which regime a product is reported, and keeps the reasons with the decision.

The rules are an ordered table of data; the first that fits decides. What the table does not know
is not guessed: the outcome is `NEEDS_REVIEW` and a person decides. Only REMIT Table 1 for exchange
traded spot power and gas is served by documents today; other outcomes name the regime truthfully.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import Enum
from types import MappingProxyType
from typing import Final

import attrs


class TradingPlace(Enum):
    """Where a product is dealt in."""

    ENERGY_EXCHANGE = "energy exchange"
    REGULATED_MARKET = "regulated market or MTF"
    ORGANISED_FACILITY = "OTF"
    BILATERAL = "bilateral"
    CAPACITY_PLATFORM = "capacity allocation platform"


class ProductKind(Enum):
    """What a product is, as far as routing asks."""

    DAY_AHEAD_SPOT = "day-ahead spot"
    INTRADAY_SPOT = "intraday spot"
    FUTURE = "future"
    PHYSICAL_FORWARD = "physically settled forward"
    FLEXIBLE_CONTRACT = "contract without fixed price or volume"
    SWAP_OR_OPTION = "financial swap or option"
    ALLOWANCE = "emission allowance"
    CAPACITY_RIGHT = "transmission capacity right"


class Area(Enum):
    """Where delivery happens, as far as routing asks."""

    EU_OR_NORWAY = "EU or Norway"
    GREAT_BRITAIN = "Great Britain"
    UNITED_STATES = "United States"


class Regime(Enum):
    """The reporting regime and table that a product falls under."""

    REMIT_TABLE_1 = "REMIT Table 1"
    REMIT_TABLE_2 = "REMIT Table 2"
    REMIT_TRANSPORT = "REMIT Table 3 or 4"
    EMIR = "EMIR"
    FERC_EQR = "FERC EQR"
    NONE = "no transaction report"
    NEEDS_REVIEW = "a person decides"


class Reporter(Enum):
    """Who owes the report first."""

    MARKET_PLACE = "the organised market place, on request or by default"
    PARTICIPANT = "the market participant"
    NOBODY = "nobody"


@attrs.frozen(kw_only=True)
class RoutedProduct:
    """The inputs of a routing decision, kept with it."""

    kind: ProductKind
    place: TradingPlace
    area: Area


@attrs.frozen(kw_only=True)
class RoutingRule:
    """One row: where kind, place and area fit, this is the outcome. Empty means any."""

    rule_id: str
    regime: Regime
    reporter: Reporter
    reports_orders: bool
    reason: str
    kinds: frozenset[ProductKind] = frozenset()
    places: frozenset[TradingPlace] = frozenset()
    areas: frozenset[Area] = frozenset()

    def fits(self, product: RoutedProduct) -> bool:
        """Return whether the row speaks of this product."""
        return (
            (not self.kinds or product.kind in self.kinds)
            and (not self.places or product.place in self.places)
            and (not self.areas or product.area in self.areas)
        )


ROUTING_VERSION: Final = "2024-07"
_EU: Final = frozenset({Area.EU_OR_NORWAY})
_SPOT: Final = frozenset({ProductKind.DAY_AHEAD_SPOT, ProductKind.INTRADAY_SPOT})

ROUTING_RULES: Final = (
    RoutingRule(
        rule_id="R1",
        kinds=_SPOT,
        places=frozenset({TradingPlace.ENERGY_EXCHANGE, TradingPlace.ORGANISED_FACILITY}),
        areas=_EU,
        regime=Regime.REMIT_TABLE_1,
        reporter=Reporter.MARKET_PLACE,
        reports_orders=True,
        reason="a standard contract on an organised market place for delivery in the Union: "
        "orders and trades, Table 1; a physical spot product is no financial instrument",
    ),
    RoutingRule(
        rule_id="R2",
        kinds=frozenset({ProductKind.PHYSICAL_FORWARD}),
        places=frozenset({TradingPlace.ORGANISED_FACILITY}),
        areas=_EU,
        regime=Regime.REMIT_TABLE_1,
        reporter=Reporter.MARKET_PLACE,
        reports_orders=True,
        reason="must be settled physically and is dealt in on an OTF: REMIT, not EMIR",
    ),
    RoutingRule(
        rule_id="R3",
        kinds=_SPOT | {ProductKind.PHYSICAL_FORWARD},
        places=frozenset({TradingPlace.BILATERAL}),
        areas=_EU,
        regime=Regime.REMIT_TABLE_1,
        reporter=Reporter.PARTICIPANT,
        reports_orders=False,
        reason="a bilateral deal with known price and volume: Table 1 as BILCONTRACT",
    ),
    RoutingRule(
        rule_id="R4",
        kinds=frozenset({ProductKind.FLEXIBLE_CONTRACT}),
        areas=_EU,
        regime=Regime.REMIT_TABLE_2,
        reporter=Reporter.PARTICIPANT,
        reports_orders=False,
        reason="price or volume is not fixed: Table 2, executions later in Table 1",
    ),
    RoutingRule(
        rule_id="R5",
        kinds=frozenset({ProductKind.CAPACITY_RIGHT}),
        areas=_EU,
        regime=Regime.REMIT_TRANSPORT,
        reporter=Reporter.MARKET_PLACE,
        reports_orders=True,
        reason="a transportation contract: Table 3 for electricity, Table 4 for gas",
    ),
    RoutingRule(
        rule_id="R6",
        kinds=frozenset({ProductKind.FUTURE}),
        places=frozenset({TradingPlace.REGULATED_MARKET}),
        areas=_EU,
        regime=Regime.EMIR,
        reporter=Reporter.PARTICIPANT,
        reports_orders=True,
        reason="a derivative on a regulated market: the trade under EMIR, orders under REMIT by "
        "the market place; a trade is not reported twice",
    ),
    RoutingRule(
        rule_id="R7",
        kinds=_SPOT,
        areas=frozenset({Area.UNITED_STATES}),
        regime=Regime.FERC_EQR,
        reporter=Reporter.PARTICIPANT,
        reports_orders=False,
        reason="a wholesale power sale under FERC: quarterly, if the seller is jurisdictional",
    ),
)
"""Rows R1, R4 and R5 follow the text of 1348/2014; R2, R3, R6 and R7 want a lawyer's eye."""

SCHEMA_IN_FORCE_FROM: Final[Mapping[str, date]] = MappingProxyType(
    {"REMITTable1_V3": date(2023, 10, 16)}
)
"""From when a schema was the only form accepted (its predecessor retired that day)."""


@attrs.frozen(kw_only=True)
class RoutingDecision:
    """Which regime, by whom, why, under which version of the rules; stored with the report."""

    product: RoutedProduct
    decided_for: date
    regime: Regime
    reporter: Reporter
    reports_orders: bool
    rule_id: str
    rules_version: str
    reasons: tuple[str, ...]


def route(
    product: RoutedProduct, *, decided_for: date, schema: str = "REMITTable1_V3"
) -> RoutingDecision:
    """Decide under which regime a product is reported.

    Raises:
        ValueError: if the schema's date of entry into force is not known here.
    """
    if schema not in SCHEMA_IN_FORCE_FROM:
        raise ValueError(f"schema must be one of {sorted(SCHEMA_IN_FORCE_FROM)}, found {schema!r}")
    rule = next((row for row in ROUTING_RULES if row.fits(product)), _UNKNOWN)
    reasons: tuple[str, ...] = (rule.reason,)
    in_force_from = SCHEMA_IN_FORCE_FROM[schema]
    if rule.regime is Regime.REMIT_TABLE_1 and decided_for < in_force_from:
        replay = (
            f"replay: {schema} is the only form since {in_force_from.isoformat()}; reports for "
            f"{decided_for.isoformat()} are written in it all the same"
        )
        reasons = (*reasons, replay)
    return RoutingDecision(
        product=product,
        decided_for=decided_for,
        regime=rule.regime,
        reporter=rule.reporter,
        reports_orders=rule.reports_orders,
        rule_id=rule.rule_id,
        rules_version=ROUTING_VERSION,
        reasons=reasons,
    )


_UNKNOWN: Final = RoutingRule(
    rule_id="R0",
    regime=Regime.NEEDS_REVIEW,
    reporter=Reporter.NOBODY,
    reports_orders=False,
    reason="no rule of this version speaks of the product; a person decides and adds one",
)
