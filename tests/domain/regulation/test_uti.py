"""The unique transaction identifier against the published vectors of ACER's generator."""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wattbook_domain.regulation.codes import AcerCode
from wattbook_domain.regulation.uti import (
    HASH_CHARACTERS,
    DealTerms,
    PricedTerms,
    UtiProfile,
    contract_id,
    uti,
    uti_text,
)

VECTORS = (
    Path(__file__).resolve().parents[4] / "shared/data/regulatory/remit/acer_uti_vectors_even.json"
)

# Worked example of the ACER UTI generator (TRUM Annex IV), progressive number 1.
WORKED_TEXT = (
    "C0643778W.EUC06AG978W.EUFWELP2014-11-210.000001.0000000000MW10YCB-EUROPEU--8"
    "2015-01-012015-01-31"
)
WORKED_UTI = "v3Y9Z6BFbaatVrxFl59Z2a7sP33ukZCepB1ZcRIFgY001"

TERMS = DealTerms(
    buyer=AcerCode("C0643778W.EU"),
    seller=AcerCode("C06AG978W.EU"),
    contract_type="FW",
    commodity="EL",
    settlement="P",
    traded_on=date(2014, 11, 21),
    delivery_point="10YCB-EUROPEU--8",
    delivery_start=date(2015, 1, 1),
    delivery_end=date(2015, 1, 31),
)
PRICED = PricedTerms(price=Decimal(0), currency="", quantity=Decimal(1), unit="MW")

# More vectors of the same workbook: text, progressive number, identifier.
KNOWN = [
    (
        PricedTerms(price=Decimal("53.5"), currency="GBP", quantity=Decimal(1), unit="MW"),
        AcerCode("C0643778F.EU"),
        "SAnj5xuDkKyZ8pFcLk0sZmu8Yc43Oz7ReXLdt7QeXj001",
    ),
    (
        PricedTerms(price=Decimal("0.535"), currency="GBP", quantity=Decimal(1), unit="MW"),
        AcerCode("C0643778H.EU"),
        "rV1BTxoAsIOeihIgeMs0qXE4efH4yCXkA1KWYFHDL1001",
    ),
]

_FIELDS = re.compile(
    r"(?P<buyer>.{12})(?P<seller>.{12})(?P<type>[A-Z_]+?)(?P<commodity>EL|NG)(?P<settlement>[PCO])"
    r"(?P<on>\d{4}-\d\d-\d\d)"
    r"(?:(?P<price>-?\d+\.\d{5})(?P<currency>[A-Z]{3})?(?P<quantity>\d+\.\d{10})(?P<unit>.*?))?"
    r"(?P<point>\d\d[XYZTWV].{13})(?P<start>\d{4}-\d\d-\d\d)(?P<end>\d{4}-\d\d-\d\d)"
)


def vectors() -> list[dict[str, Any]]:
    if not VECTORS.exists():
        pytest.skip("the generator's vectors are not beside the checkout")
    found: list[dict[str, Any]] = json.loads(VECTORS.read_text())["vettori"]
    return found


def terms_of(text: str) -> tuple[DealTerms, PricedTerms | None]:
    match = _FIELDS.fullmatch(text)
    assert match is not None, text
    terms = DealTerms(
        buyer=AcerCode(match["buyer"]),
        seller=AcerCode(match["seller"]),
        contract_type=match["type"],
        commodity=match["commodity"],
        settlement=match["settlement"],
        traded_on=date.fromisoformat(match["on"]),
        delivery_point=match["point"],
        delivery_start=date.fromisoformat(match["start"]),
        delivery_end=date.fromisoformat(match["end"]),
    )
    if match["price"] is None:
        return terms, None
    priced = PricedTerms(
        price=Decimal(match["price"]),
        currency=match["currency"] or "",
        quantity=Decimal(match["quantity"]),
        unit=match["unit"],
    )
    return terms, priced


def test_the_worked_example() -> None:
    assert uti_text(TERMS, PRICED, profile=UtiProfile.AS_AGREED) == WORKED_TEXT
    assert uti(TERMS, PRICED) == WORKED_UTI


@pytest.mark.parametrize(("priced", "buyer", "expected"), KNOWN)
def test_known_identifiers(priced: PricedTerms, buyer: AcerCode, expected: str) -> None:
    terms = attrs.evolve(TERMS, buyer=buyer, delivery_point="10YCB-EUROPEU--8")
    assert uti(terms, priced) == expected


def test_all_public_vectors_are_reproduced_from_their_fields() -> None:
    tables = {"uti_table1": 0, "contract_id_table2": 0}
    for vector in vectors():
        terms, priced = terms_of(vector["concatenato"])
        progressive = vector["progressivo"]
        found = (
            contract_id(terms, progressive=progressive)
            if priced is None
            else uti(terms, priced, progressive=progressive)
        )
        assert found == vector["atteso"]
        tables[vector["tipo"]] += 1
    assert tables == {"uti_table1": 64, "contract_id_table2": 27}


CHANGES: list[dict[str, object]] = [
    {"buyer": AcerCode("C0643778X.EU")},
    {"seller": AcerCode("C06AG978X.EU")},
    {"contract_type": "FU"},
    {"commodity": "NG"},
    {"settlement": "C"},
    {"traded_on": date(2014, 11, 22)},
    {"delivery_point": "10Y1001A1001A63L"},
    {"delivery_start": date(2015, 1, 2)},
    {"delivery_end": date(2015, 1, 30)},
]
PRICE_CHANGES: list[dict[str, object]] = [
    {"price": Decimal("0.00001")},
    {"currency": "EUR"},
    {"quantity": Decimal("1.0000000001")},
    {"unit": "MWh/h"},
]


@pytest.mark.parametrize("change", CHANGES)
def test_each_of_the_nine_fields_changes_both_identifiers(change: dict[str, Any]) -> None:
    changed = attrs.evolve(TERMS, **change)
    assert uti(changed, PRICED)[:HASH_CHARACTERS] != uti(TERMS, PRICED)[:HASH_CHARACTERS]
    assert contract_id(changed)[:HASH_CHARACTERS] != contract_id(TERMS)[:HASH_CHARACTERS]


@pytest.mark.parametrize("change", PRICE_CHANGES)
def test_each_of_the_four_priced_fields_changes_the_hash(change: dict[str, Any]) -> None:
    changed = attrs.evolve(PRICED, **change)
    assert uti(TERMS, changed)[:HASH_CHARACTERS] != uti(TERMS, PRICED)[:HASH_CHARACTERS]


def test_the_progressive_number_changes_the_last_three_characters_only() -> None:
    first, second = uti(TERMS, PRICED), uti(TERMS, PRICED, progressive=2)
    assert first[:HASH_CHARACTERS] == second[:HASH_CHARACTERS]
    assert (first[HASH_CHARACTERS:], second[HASH_CHARACTERS:]) == ("001", "002")


@given(
    st.decimals(allow_nan=False, allow_infinity=False, places=5, min_value=-4000, max_value=4000),
    st.integers(1, 999),
)
def test_an_identifier_has_45_plain_characters(price: Decimal, progressive: int) -> None:
    found = uti(TERMS, attrs.evolve(PRICED, price=price), progressive=progressive)
    assert re.fullmatch(r"[A-Za-z0-9]{42}\d{3}", found)


def test_a_decimal_is_hashed_by_value_and_not_by_spelling() -> None:
    spelt = attrs.evolve(PRICED, price=Decimal("5E+1"), quantity=Decimal("1.000"))
    plain = attrs.evolve(PRICED, price=Decimal("50.0"))
    assert uti(TERMS, spelt) == uti(TERMS, plain)
    assert uti(TERMS, attrs.evolve(PRICED, price=Decimal("-0.000001"))) == uti(TERMS, PRICED)


def test_the_workbook_profile_states_one_base_unit() -> None:
    deal = PricedTerms(price=Decimal("1337.5"), currency="GBP", quantity=Decimal(25), unit="MW")
    per_unit = attrs.evolve(deal, price=Decimal("53.5"), quantity=Decimal(1))
    profile = UtiProfile.PER_BASE_UNIT
    assert uti(TERMS, deal, profile=profile) == uti(TERMS, per_unit)
    assert uti(TERMS, deal) != uti(TERMS, per_unit)


def test_misuse_is_refused() -> None:
    with pytest.raises(ValueError, match="convert it first"):
        uti(TERMS, attrs.evolve(PRICED, unit="KW"), profile=UtiProfile.PER_BASE_UNIT)
    with pytest.raises(ValueError, match="progressive"):
        uti(TERMS, PRICED, progressive=1000)
    with pytest.raises(TypeError, match="Decimal"):
        attrs.evolve(PRICED, price=0.1)
    with pytest.raises(ValueError, match="finite"):
        attrs.evolve(PRICED, quantity=Decimal("NaN"))
    with pytest.raises(ValueError, match="positive"):
        attrs.evolve(PRICED, quantity=Decimal(0))
    with pytest.raises(ValueError, match="empty text"):
        attrs.evolve(TERMS, commodity=" ")
    with pytest.raises(ValueError, match="16 characters"):
        attrs.evolve(TERMS, delivery_point="10Y")
    with pytest.raises(ValueError, match="end before"):
        attrs.evolve(TERMS, delivery_end=date(2014, 12, 31))
