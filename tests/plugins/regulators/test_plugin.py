"""The plugin as bootstrap sees it: manifest, hook, files, and parties that are invented."""

from __future__ import annotations

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.plugins.regulators.filings import BERLIN, WINTER, contract, filing, order, trade

from wattbook_contracts.version import API_VERSION
from wattbook_domain.delivery.granularity import Granularity
from wattbook_domain.delivery.period import DeliveryPeriod
from wattbook_domain.regulation.codes import eic_fault
from wattbook_domain.regulation.facts import RegulatoryFiling
from wattbook_plugins.regulators.remit.demo_parties import DEMO_PARTIES
from wattbook_plugins.regulators.remit.documents import read_document
from wattbook_plugins.regulators.remit.files import documents_of
from wattbook_plugins.regulators.remit.interpret import interpret
from wattbook_plugins.regulators.remit.plugin import MANIFEST, wattbook_register_regulators
from wattbook_plugins.regulators.remit.reporter import AREA_ZONES, RemitReporter


def test_the_plugin_offers_one_reporter() -> None:
    (descriptor,) = wattbook_register_regulators()
    assert API_VERSION.accepts(MANIFEST.api_version)
    assert (descriptor.name, descriptor.schema_ids) == ("remit", ("REMITTable1_V3",))
    assert descriptor.build().regime == descriptor.regime == "REMIT Table 1"


def test_the_parties_of_demonstrations_say_that_they_are_invented() -> None:
    assert DEMO_PARTIES.is_fictional
    codes = [
        DEMO_PARTIES.participant,
        DEMO_PARTIES.participant_lei,
        DEMO_PARTIES.counterparty,
        DEMO_PARTIES.day_ahead_market,
        *DEMO_PARTIES.intraday_markets,
    ]
    assert all("DEMO" in code.text for code in codes)
    assert AREA_ZONES[DEMO_PARTIES.delivery_area.text] == DEMO_PARTIES.delivery_zone


def test_every_known_area_holds() -> None:
    assert [eic for eic in AREA_ZONES if eic_fault(eic) is not None] == []


def day_filing() -> RegulatoryFiling:
    hours = DeliveryPeriod.day(WINTER, BERLIN).split(Granularity.HOUR)
    contracts = tuple(contract(hour) for hour in hours)
    return filing(
        contracts,
        tuple(order(c, order_id=f"O{n}") for n, c in enumerate(contracts)),
        tuple(trade(c, transaction_id=f"T{n}") for n, c in enumerate(contracts)),
    )


@settings(max_examples=15)
@given(st.integers(9_000, 120_000))
def test_a_large_filing_is_cut_and_nothing_is_lost(bytes_max: int) -> None:
    whole = day_filing()
    parts = documents_of(whole, bytes_max=bytes_max)
    filings = [
        interpret(read_document(document.content), zones=AREA_ZONES, filed_on=whole.filed_on)
        for document, _ in parts
    ]
    assert all(len(document.content) <= bytes_max for document, _ in parts)
    assert tuple(o for part in filings for o in part.orders) == whole.orders
    assert tuple(t for part in filings for t in part.trades) == whole.trades
    assert [document.name.rsplit("_", 1)[1] for document, _ in parts] == [
        f"{number}.xml" for number in range(1, len(parts) + 1)
    ]
    assert (
        all({c.contract_id for c in part.contracts} == part.used_contract_ids for part in filings)
        or len(parts) == 1
    )
    for document, table in parts:
        assert (document.order_count, document.trade_count) == (
            len(table.orders),
            len(table.trades),
        )
        assert [record.sequence for record in table.orders] == [*range(1, document.order_count + 1)]


def test_a_report_that_fits_no_file_is_refused() -> None:
    with pytest.raises(ValueError, match="in a single report"):
        documents_of(day_filing(), bytes_max=100)


def test_the_name_needs_the_acer_code_of_the_reporting_entity() -> None:
    by_lei = attrs.evolve(day_filing(), reporting_entity=DEMO_PARTIES.participant_lei)
    with pytest.raises(ValueError, match="ACER code"):
        RemitReporter().prepare(by_lei)


def test_equal_filings_give_equal_bytes() -> None:
    first, second = (RemitReporter().prepare(day_filing()) for _ in range(2))
    assert first.documents == second.documents
    assert first.findings == ()
