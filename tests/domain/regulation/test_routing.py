"""Routing: which regime, by whom, and why."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest

from wattbook_domain.regulation.findings import Finding, Layer, Severity, has_errors
from wattbook_domain.regulation.routing import (
    ROUTING_RULES,
    ROUTING_VERSION,
    Area,
    ProductKind,
    Regime,
    Reporter,
    RoutedProduct,
    TradingPlace,
    route,
)

TODAY = date(2024, 7, 1)


def routed(kind: ProductKind, place: TradingPlace, area: Area) -> Regime:
    return route(RoutedProduct(kind=kind, place=place, area=area), decided_for=TODAY).regime


@pytest.mark.parametrize("kind", [ProductKind.DAY_AHEAD_SPOT, ProductKind.INTRADAY_SPOT])
def test_exchange_traded_spot_power_is_remit_table_1(kind: ProductKind) -> None:
    asked = RoutedProduct(kind=kind, place=TradingPlace.ENERGY_EXCHANGE, area=Area.EU_OR_NORWAY)
    found = route(asked, decided_for=TODAY)
    assert found.regime is Regime.REMIT_TABLE_1
    assert found.reporter is Reporter.MARKET_PLACE
    assert found.reports_orders
    assert (found.rule_id, found.rules_version) == ("R1", ROUTING_VERSION)
    assert found.product == asked
    assert len(found.reasons) == 1


def test_a_replayed_day_says_that_its_form_is_todays() -> None:
    found = route(
        RoutedProduct(
            kind=ProductKind.DAY_AHEAD_SPOT,
            place=TradingPlace.ENERGY_EXCHANGE,
            area=Area.EU_OR_NORWAY,
        ),
        decided_for=date(2017, 1, 24),
    )
    assert found.regime is Regime.REMIT_TABLE_1
    assert "2023-10-16" in found.reasons[1]
    assert "2017-01-24" in found.reasons[1]


@pytest.mark.parametrize(
    ("kind", "place", "area", "regime"),
    [
        (
            ProductKind.FUTURE,
            TradingPlace.REGULATED_MARKET,
            Area.EU_OR_NORWAY,
            Regime.EMIR,
        ),
        (
            ProductKind.PHYSICAL_FORWARD,
            TradingPlace.ORGANISED_FACILITY,
            Area.EU_OR_NORWAY,
            Regime.REMIT_TABLE_1,
        ),
        (
            ProductKind.PHYSICAL_FORWARD,
            TradingPlace.BILATERAL,
            Area.EU_OR_NORWAY,
            Regime.REMIT_TABLE_1,
        ),
        (
            ProductKind.FLEXIBLE_CONTRACT,
            TradingPlace.BILATERAL,
            Area.EU_OR_NORWAY,
            Regime.REMIT_TABLE_2,
        ),
        (
            ProductKind.CAPACITY_RIGHT,
            TradingPlace.CAPACITY_PLATFORM,
            Area.EU_OR_NORWAY,
            Regime.REMIT_TRANSPORT,
        ),
        (
            ProductKind.DAY_AHEAD_SPOT,
            TradingPlace.ENERGY_EXCHANGE,
            Area.UNITED_STATES,
            Regime.FERC_EQR,
        ),
        (
            ProductKind.ALLOWANCE,
            TradingPlace.REGULATED_MARKET,
            Area.EU_OR_NORWAY,
            Regime.NEEDS_REVIEW,
        ),
    ],
)
def test_the_rows_of_the_routing_table(
    kind: ProductKind, place: TradingPlace, area: Area, regime: Regime
) -> None:
    assert routed(kind, place, area) is regime


def test_every_product_gets_one_decision_and_every_row_decides_something() -> None:
    deciding = {
        route(RoutedProduct(kind=kind, place=place, area=area), decided_for=TODAY).rule_id
        for kind, place, area in product(ProductKind, TradingPlace, Area)
    }
    assert deciding == {rule.rule_id for rule in ROUTING_RULES} | {"R0"}


def test_an_unknown_schema_is_refused() -> None:
    asked = RoutedProduct(
        kind=ProductKind.FUTURE, place=TradingPlace.BILATERAL, area=Area.GREAT_BRITAIN
    )
    with pytest.raises(ValueError, match="REMITTable1_V3"):
        route(asked, decided_for=TODAY, schema="REMITTable1_V9")


def test_only_errors_keep_a_document_back() -> None:
    note = Finding(
        rule_id="X",
        layer=Layer.RULE,
        severity=Severity.WARNING,
        where="TradeReport 1",
        field="price",
        value="1",
        remedy="look",
    )
    assert not has_errors([note])
    assert note.explain() == "WARNING X in TradeReport 1, price = '1': look"
