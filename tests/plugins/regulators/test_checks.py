"""Three layers of verdict: the mutations of ACER's example, and every rule beyond the schema."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import attrs
import pytest
from tests.plugins.regulators.filings import (
    BERLIN,
    WINTER,
    contract,
    filing,
    order,
    small_filing,
    trade,
)
from tests.plugins.regulators.test_documents import as_v3, example

from wattbook_contracts.ports.regulator import ReportBatch, Reporter
from wattbook_domain.delivery.period import DeliveryPeriod
from wattbook_domain.regulation.codes import Gln
from wattbook_domain.regulation.facts import OffMarket, PriceStep, RegulatoryFiling
from wattbook_domain.regulation.findings import Layer, Severity
from wattbook_domain.regulation.words import ActionType, OrderDuration
from wattbook_plugins.regulators.remit.demo_parties import DEMO_PARTIES
from wattbook_plugins.regulators.remit.describe import describe
from wattbook_plugins.regulators.remit.documents import read_document, write_document
from wattbook_plugins.regulators.remit.interpret import interpret
from wattbook_plugins.regulators.remit.reporter import AREA_ZONES, RemitReporter

REPORTER: Reporter = RemitReporter()


def without(content: bytes, element: str) -> bytes:
    """Remove every occurrence of an element."""
    while (start := content.find(f"<{element}>".encode())) >= 0:
        end = content.find(f"</{element}>".encode(), start) + len(element) + 3
        content = content[:start] + content[end:]
    return content


def swap(old: str, new: str, count: int = -1) -> Callable[[bytes], bytes]:
    def change(content: bytes) -> bytes:
        assert old.encode() in content
        return content.replace(old.encode(), new.encode(), count)

    return change


# T5: the verdict of REMITTable1_V3 on mutations of example 0102.
MUTATIONS: dict[str, tuple[Callable[[bytes], bytes], bool]] = {
    "unchanged": (lambda content: content, True),
    "totals removed": (lambda content: without(content, "totalNotionalContractQuantity"), False),
    "contract name removed": (lambda content: without(content, "contractName"), False),
    "commodity LG": (swap("<energyCommodity>EL", "<energyCommodity>LG"), True),
    "five decimals": (swap("<price>41<", "<price>41.12345<"), True),
    "six decimals": (swap("<price>41<", "<price>41.123456<"), False),
    "negative price": (swap("<price>41<", "<price>-41<"), True),
    "ACER code of 13": (swap("<ace>T1241247G.EU<", "<ace>T1241247GG.EU<"), False),
    "currency JPY": (swap("<priceCurrency>EUR", "<priceCurrency>JPY", 1), False),
    "trader with #": (swap("Trader12345", "Trader#1", 1), False),
    "status XXX": (swap("<orderStatus>ACT", "<orderStatus>XXX", 1), False),
    "LEI of 19": (swap("<lei>a1b2c3d4e5f6g7h8i9l0", "<lei>a1b2c3d4e5f6g7h8i9l", 1), False),
    "no trader": (lambda content: without(content, "traderID"), False),
    "no duration": (lambda content: without(content, "orderDuration"), False),
    "two pairs of extra": (
        swap("<actionType>N</actionType>", "<actionType>N</actionType><Extra>a==1;b==2</Extra>", 1),
        True,
    ),
    "EIC check character": (swap("10YEU-EUROPOW--8", "10YEU-EUROPOW--7"), True),
}


@pytest.mark.parametrize("name", MUTATIONS)
def test_the_verdict_of_the_schema_on_mutations_of_0102(name: str) -> None:
    mutate, is_valid = MUTATIONS[name]
    findings = REPORTER.verify(mutate(as_v3(example("0102"))))
    against_schema = [finding for finding in findings if finding.layer is Layer.SCHEMA]
    assert (not against_schema) is is_valid, [f.explain() for f in against_schema]


def test_the_schema_passes_what_the_code_layer_refuses() -> None:
    findings = REPORTER.verify(as_v3(example("0102")))
    by_rule = {finding.rule_id: finding for finding in findings}
    # ACER's placeholder area and its fake LEI.
    assert "expected check 'A'" in by_rule["REMIT-CODE-EIC"].remedy
    assert by_rule["REMIT-CODE-LEI"].severity is Severity.ERROR
    assert by_rule["REMIT-HOURS"].severity is Severity.NOTE


def test_the_arithmetic_of_acers_own_example_draws_a_warning() -> None:
    # The second trade of 0102: 10 MW over 10:00 to 13:00 is 30 MWh, the example says 15.
    zones = {"10YEU-EUROPOW--8": BERLIN}
    findings = RemitReporter(zones=zones).verify(as_v3(example("0102")))
    warned = [finding for finding in findings if finding.rule_id == "REMIT-TNCQ"]
    assert [(f.where, f.value, f.severity) for f in warned] == [
        ("TradeReport 2", "15", Severity.WARNING)
    ]
    assert "30.00000 MWh" in warned[0].remedy


def test_a_sound_filing_has_no_findings() -> None:
    batch = REPORTER.prepare(small_filing())
    assert batch.findings == ()
    assert batch.is_submittable
    assert REPORTER.verify(batch.documents[0].content) == ()
    assert batch.documents[0].name == "20170125_REMITTable1_V3_A0000DEMO.DE_1.xml"


def rules(content: bytes) -> list[tuple[str, Severity]]:
    return [(finding.rule_id, finding.severity) for finding in REPORTER.verify(content)]


def document(of: RegulatoryFiling | None = None) -> bytes:
    return write_document(describe(of or small_filing()))


ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "<totalNotionalContractQuantity>\n        <value>10.1<",
            "<totalNotionalContractQuantity>\n        <value>10.2<",
            [("REMIT-TNCQ", WARNING)] * 2 + [("REMIT-NOTIONAL", WARNING)],
        ),
        (
            "<totalNotionalContractQuantity>\n        <value>10.1<",
            "<totalNotionalContractQuantity>\n        <value>10.109<",
            [],
        ),
        (
            "<totalNotionalContractQuantity>\n        <value>10.1<",
            "<totalNotionalContractQuantity>\n        <value>-10.1<",
            [
                ("REMIT-TNCQ-SIGN", ERROR),
                ("REMIT-TNCQ", WARNING),
                ("REMIT-TNCQ-SIGN", ERROR),
                ("REMIT-TNCQ", WARNING),
                ("REMIT-NOTIONAL", WARNING),
            ],
        ),
        (
            "<quantity>\n        <value>10.1</value>\n        <unit>MW<",
            "<quantity>\n        <value>10.1</value>\n        <unit>Therm/d<",
            [("REMIT-UNIT", ERROR)] * 2,
        ),
        (
            "<quantity>\n        <value>10.1</value>\n        <unit>MW<",
            "<quantity>\n        <value>10100</value>\n        <unit>KW<",
            [],
        ),
        (
            "<contractInfo>\n        <contractId>DEATLU",
            "<contractInfo>\n        <contractId>ELSEWHERE",
            [("REMIT-REFERENCE", ERROR)] * 2,
        ),
        (
            "<deliveryEndDate>2017-01-24",
            "<deliveryEndDate>2017-01-23",
            [("REMIT-DATES", ERROR), ("REMIT-HOURS", NOTE)],
        ),
        (
            "<contractName>Power 2017-01-24 17:00 CET",
            "<contractName>BILCONTRACT",
            [("REMIT-BILATERAL", ERROR)],
        ),
        ("<duration>DAY", "<duration>GTD", [("REMIT-EXPIRY", ERROR)]),
        (
            "10Y1001A1001A63L",
            "10Y1001A1001A63K",
            [("REMIT-CODE-EIC", ERROR), ("REMIT-HOURS", NOTE)],
        ),
    ],
)
def test_rules_beyond_the_schema(old: str, new: str, expected: list[tuple[str, Severity]]) -> None:
    assert rules(swap(old, new)(document())) == expected


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("<traderIdForOrganisedMarket>algo-1", "<traderIdForOrganisedMarket>algo#1", "trader"),
        ("<priceCurrency>EUR", "<priceCurrency>JPY", "priceCurrency"),
        ("<transactionTime>2017-01-23T09:15:00.5Z", "<transactionTime>2017-01-23T09:15:00", "Time"),
        ("<loadDeliveryStartTime>17:00:00", "<loadDeliveryStartTime>17:00:00Z", "Time"),
        ("<orderStatus>ACT", "<orderStatus>XXX", "orderStatus"),
        ("<contractId>DEATLU-", "<contractId>DE/AT-", "contractId"),
        ("<RecordSeqNumber>1", "<RecordSeqNumber>0", "RecordSeqNumber"),
        ("T1</unique", " T1</unique", "uniqueTransactionIdentifier"),
    ],
)
def test_the_schema_names_the_field_and_the_other_layers_are_not_asked(
    old: str, new: str, field: str
) -> None:
    findings = REPORTER.verify(swap(old, new)(document()))
    assert findings
    assert {(finding.layer, finding.severity) for finding in findings} == {(Layer.SCHEMA, ERROR)}
    assert any(field in finding.field for finding in findings)


def test_a_bilateral_deal_is_told_under_its_fixed_name_and_comes_back() -> None:
    (hour,), _ = _alone()
    bilateral = attrs.evolve(hour, name="BILCONTRACT", market_place=OffMarket.BILATERAL)
    deal = attrs.evolve(
        trade(bilateral), market_place=OffMarket.BILATERAL, counterparty=DEMO_PARTIES.counterparty
    )
    told = filing((bilateral,), (), (deal,))
    (prepared,) = REPORTER.prepare(told).documents
    assert REPORTER.prepare(told).findings == ()
    assert b"<bil>XBIL</bil>" in prepared.content
    assert b"<traderIdForMarketParticipant>algo-1" in prepared.content
    table = read_document(prepared.content)
    assert interpret(table, zones=AREA_ZONES, filed_on=told.filed_on) == told


def test_a_limit_order_states_its_price() -> None:
    content = without(document(filing(*_alone())), "priceDetails")
    assert rules(content) == [("REMIT-LIMIT-PRICE", ERROR)]


def _alone() -> tuple[Any, Any]:
    hour = contract(DeliveryPeriod.hour(WINTER, 17, BERLIN))
    return (hour,), (order(hour),)


def test_volumes_of_one_order_have_one_unit() -> None:
    contracts, (plain,) = _alone()
    iceberg = attrs.evolve(plain, undisclosed_mw=Decimal(7))
    content = swap(
        "<undisclosedVolume>\n        <value>7</value>\n        <unit>MW",
        "<undisclosedVolume>\n        <value>7</value>\n        <unit>KW",
    )(document(filing(contracts, (iceberg,))))
    assert rules(content) == [("REMIT-UNITS-EQUAL", ERROR)]


def test_a_quantity_has_no_sign() -> None:
    content = swap("<value>10.1<", "<value>-10.1<")(document(filing(*_alone())))
    assert ("REMIT-SIGN", ERROR) in rules(content)


def test_actions_out_of_turn_are_errors() -> None:
    (hour,), _ = _alone()
    twice = filing((hour,), (order(hour), order(hour)))
    (finding,) = REPORTER.prepare(twice).findings
    assert (finding.rule_id, finding.where) == ("REMIT-LIFECYCLE", "OrderReport 2")
    assert "ALREADY_LIVE" in finding.remedy
    assert not REPORTER.prepare(twice).is_submittable


def test_a_life_in_turn_is_sound_whatever_was_filed_before() -> None:
    (hour,), _ = _alone()
    orders = tuple(order(hour, action=ActionType(code)) for code in "NMMCEN")
    trades = tuple(trade(hour, action=ActionType(code)) for code in "ME")
    assert REPORTER.prepare(filing((hour,), orders, trades)).findings == ()


def test_one_order_id_may_live_in_two_contracts() -> None:
    hours = tuple(contract(DeliveryPeriod.hour(WINTER, index, BERLIN)) for index in (17, 18))
    orders = tuple(order(hour) for hour in hours)
    assert REPORTER.prepare(filing(hours, orders)).findings == ()


def test_a_trade_that_ends_early_states_when() -> None:
    (hour,), _ = _alone()
    ended = trade(hour, action=ActionType.CANCEL)
    (finding,) = REPORTER.prepare(filing((hour,), (), (ended,))).findings
    assert (finding.rule_id, finding.severity) == ("REMIT-TERMINATION", WARNING)
    when = attrs.evolve(ended, terminated_at=ended.at)
    assert REPORTER.prepare(filing((hour,), (), (when,))).findings == ()


def test_parties_of_every_scheme_are_checked() -> None:
    (hour,), _ = _alone()
    deal = attrs.evolve(
        trade(hour), counterparty=Gln("4012345000009"), beneficiary=Gln("4012345000009")
    )
    content = document(filing((hour,), (), (deal,)))
    assert rules(content) == []
    broken = swap("4012345000009", "4012345000008")(content)
    assert rules(broken) == [("REMIT-CODE-GLN", ERROR)] * 2


def test_a_price_that_is_too_fine_is_a_schema_finding_with_its_place() -> None:
    (hour,), (plain,) = _alone()
    fine = attrs.evolve(plain, price=Decimal("41.123456"))
    batch: ReportBatch = REPORTER.prepare(filing((hour,), (fine,)))
    finding = batch.findings[0]
    assert (finding.layer, finding.where, finding.field, finding.value) == (
        Layer.SCHEMA,
        "OrderReport 1",
        "price",
        "41.123456",
    )
    assert not batch.is_submittable


def test_a_contract_spelt_out_inside_a_report_is_judged_too() -> None:
    table = read_document(document())
    (described,) = table.contracts
    inline = attrs.evolve(table.trades[0].contract, contract_id=None, contract=described)
    assert table.trade_list is not None
    moved = attrs.evolve(
        table,
        contract_list=None,
        order_list=None,
        trade_list=attrs.evolve(
            table.trade_list, trades=(attrs.evolve(table.trades[0], contract=inline),)
        ),
    )
    assert rules(write_document(moved)) == []


def test_a_dated_order_with_its_expiry_is_sound() -> None:
    contracts, (plain,) = _alone()
    dated = attrs.evolve(plain, duration=OrderDuration.GOOD_TILL_DATE, expires_at=plain.at)
    assert REPORTER.prepare(filing(contracts, (dated,))).findings == ()


def test_an_order_of_steps_has_no_totals_to_check() -> None:
    contracts, (plain,) = _alone()
    step = PriceStep(delivery=contracts[0].deliveries[0], quantity_mw=Decimal(1), price=Decimal(-5))
    curve = attrs.evolve(plain, price=None, quantity_mw=None, steps=(step,))
    assert REPORTER.prepare(filing(contracts, (curve,))).findings == ()
