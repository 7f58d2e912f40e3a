"""Table 1 documents: written, valid, read back; ACER's examples; hostile XML."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from lxml import etree
from tests.plugins.regulators.filings import WINTER, filings, small_filing

from wattbook_contracts.errors import DataFault
from wattbook_domain.foundation.canonical import sha256_hex
from wattbook_domain.regulation.facts import RegulatoryFiling
from wattbook_plugins.regulators.remit.describe import describe
from wattbook_plugins.regulators.remit.documents import (
    DOCUMENT_BYTES_MAX,
    NAMESPACE,
    read_document,
    write_document,
)
from wattbook_plugins.regulators.remit.elements import read_moment
from wattbook_plugins.regulators.remit.interpret import interpret
from wattbook_plugins.regulators.remit.reporter import AREA_ZONES
from wattbook_plugins.regulators.remit.schema import SCHEMA_SHA256, schema_bytes, schema_findings

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data" / "regulatory" / "remit"
V2 = "http://www.acer.europa.eu/REMIT/REMITTable1_V2.xsd"

# Public examples of TRUM Annex II: name, contracts, orders, trades.
EXAMPLES = [
    ("0102", 1, 2, 2),
    ("0209", 1, 2, 2),
    ("0304", 1, 2, 2),
    ("0305", 1, 2, 2),
    ("0310", 2, 2, 4),
]


def example(name: str) -> bytes:
    path = SHARED / "table1_v2_samples" / f"EXAMPLE.{name}.xml"
    if not path.exists():
        pytest.skip("ACER's examples are not beside the checkout")
    return path.read_bytes()


def as_v3(content: bytes) -> bytes:
    return content.replace(V2.encode(), NAMESPACE.encode())


def test_the_schema_is_the_pinned_one() -> None:
    assert sha256_hex(schema_bytes()) == SCHEMA_SHA256


@settings(
    max_examples=100, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(filings())
def test_any_filing_is_schema_valid_and_comes_back(drawn: RegulatoryFiling) -> None:
    content = write_document(describe(drawn))
    assert schema_findings(content) == ()
    read = read_document(content)
    assert read == describe(drawn)
    assert write_document(read) == content
    assert interpret(read, zones=AREA_ZONES, filed_on=drawn.filed_on) == drawn


def test_the_bytes_of_a_small_filing_are_known() -> None:
    content = write_document(describe(small_filing())).decode()
    assert content.startswith(
        "<?xml version='1.0' encoding='UTF-8'?>\n"
        f'<REMITTable1 xmlns="{NAMESPACE}">\n  <reportingEntityID>\n    <ace>A0000DEMO.DE</ace>\n'
    )
    for line in (
        "<contractId>DEATLU-201701241600Z-201701241700Z</contractId>",
        "<contractName>Power 2017-01-24 17:00 CET</contractName>",
        "<lastTradingDateTime>2017-01-24T16:00:00Z</lastTradingDateTime>",
        "<loadDeliveryStartTime>17:00:00</loadDeliveryStartTime>",
        "<transactionTime>2017-01-23T09:15:00.5Z</transactionTime>",
        "<price>-83.06</price>",
        # 10.1 MW over one hour at -12.34 EUR/MWh.
        "<notionalAmount>-124.634</notionalAmount>",
    ):
        assert line in content
    assert f"{WINTER}" in content


@pytest.mark.parametrize(("name", "contracts", "orders", "trades"), EXAMPLES)
def test_acer_examples_are_valid_and_lose_nothing(
    name: str, contracts: int, orders: int, trades: int
) -> None:
    original = example(name)
    old_schema = etree.XMLSchema(etree.parse(str(SHARED / "Table1_V2.xsd")))
    assert old_schema.validate(etree.fromstring(original))

    content = as_v3(original)
    assert schema_findings(content) == ()
    table = read_document(content)
    assert (len(table.contracts), len(table.orders), len(table.trades)) == (
        contracts,
        orders,
        trades,
    )
    written = write_document(table)
    assert schema_findings(written) == ()
    assert leaves(written) == leaves(content)
    assert write_document(read_document(written)) == written


def leaves(content: bytes) -> list[tuple[str, object]]:
    """Every element with its text in document order; instants by value, not by offset."""
    return [
        (str(element.tag), _value(element))
        for element in etree.fromstring(content).iter()
        if len(element) == 0
    ]


def _value(element: etree._Element) -> object:
    text = (element.text or "").strip()
    is_moment = etree.QName(element).localname in (
        "transactionTime",
        "lastTradingDateTime",
        "executionTime",
        "terminationDate",
        "expirationDateTime",
    )
    return read_moment(text) if is_moment else text


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2014-07-31T24:00:00+02:00", "2014-07-31T22:00:00Z"),
        ("2014-07-31T12:00:00.000+02:00", "2014-07-31T10:00:00Z"),
        ("2014-07-31T10:00:00.123456789Z", "2014-07-31T10:00:00.123456789Z"),
        ("2014-07-31T10:00:00.1234567890Z", "2014-07-31T10:00:00.123456789Z"),
    ],
)
def test_instants_are_read_exactly_in_any_offset(written: str, expected: str) -> None:
    assert read_moment(written) == read_moment(expected)


@pytest.mark.parametrize(
    "written",
    ["2014-07-31T10:00:00", "2014-07-31T10:00:00.1234567891Z", "2014-02-30T10:00:00Z", "soon"],
)
def test_an_instant_without_zone_or_sense_is_refused(written: str) -> None:
    with pytest.raises(DataFault, match="date and time"):
        read_moment(written)


ENTITY = b"""<!DOCTYPE x [<!ENTITY leak SYSTEM "file:///etc/passwd">]>"""
BOMB = b"""<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>"""


def hostile() -> dict[str, bytes]:
    body = write_document(describe(small_filing())).split(b"?>\n", 1)[1]
    return {
        "external entity": ENTITY + body.replace(b"algo-1", b"&leak;"),
        "entity expansion": BOMB + body.replace(b"algo-1", b"&b;"),
        "harmless document type": b"<!DOCTYPE REMITTable1>" + body,
        "external document type": b'<!DOCTYPE r SYSTEM "http://example.invalid/x.dtd">' + body,
        "not well formed": body[:-20],
        "other root": f'<Other xmlns="{NAMESPACE}"/>'.encode(),
        "other version": body.replace(NAMESPACE.encode(), V2.encode()),
        "other encoding": ("<?xml version='1.0' encoding='UTF-16'?>" + body.decode()).encode(
            "utf-16"
        ),
        "too large": b" " * (DOCUMENT_BYTES_MAX + 1),
        "empty": b"",
    }


@pytest.mark.parametrize("kind", sorted(hostile()))
def test_hostile_documents_are_refused_and_judged(kind: str) -> None:
    content = hostile()[kind]
    with pytest.raises(DataFault, match="document"):
        read_document(content)
    (finding,) = schema_findings(content)
    assert finding.rule_id == "REMIT-XML"
    assert "root:" not in finding.explain()


def test_comments_and_instructions_do_not_split_a_value() -> None:
    content = write_document(describe(small_filing()))
    commented = content.replace(
        b"<price>-83.06</price>", b"<!-- a --><price>-83<!-- b -->.06<?c d?></price>"
    )
    assert read_document(commented) == read_document(content)


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        (b"<price>-83.06</price>", b"<price>cheap</price>", "decimal"),
        (b"<RecordSeqNumber>1", b"<RecordSeqNumber>one", "integer"),
        (b"<deliveryEndDate>2017-01-24", b"<deliveryEndDate>today", "YYYY-MM-DD"),
        (b"<actionType>N</actionType>", b"", "lacks action"),
        (b"<actionType>", b"<extraField/><actionType>", "lacks action"),
        (b"<ace>A0000DEMO.DE</ace>", b"", "one code"),
    ],
)
def test_the_reader_names_what_it_cannot_read(old: bytes, new: bytes, rule: str) -> None:
    content = write_document(describe(small_filing()))
    with pytest.raises(DataFault, match=rule):
        read_document(content.replace(old, new))


def test_the_reader_refuses_what_follows_a_record() -> None:
    content = write_document(describe(small_filing()))
    with pytest.raises(DataFault, match="must not hold 'more'"):
        read_document(content.replace(b"</OrderReport>", b"<more/></OrderReport>"))
