"""Check digits: known answers of the registers, and what each rule detects."""

from __future__ import annotations

import csv
import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wattbook_domain.regulation.codes import (
    AcerCode,
    Bic,
    Eic,
    EicKind,
    Gln,
    Lei,
    Mic,
    acer_fault,
    bic_fault,
    eic_check_character,
    eic_fault,
    gln_check_digit,
    gln_fault,
    lei_check_digits,
    lei_fault,
    mic_fault,
)

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data" / "regulatory" / "codes"
ALPHANUMERIC = string.digits + string.ascii_uppercase
EIC_ALPHABET = ALPHANUMERIC + "-"

# Registered codes: GLEIF (public domain data), ENTSO-E allocated codes.
VALID_LEIS = ["529900T8BM49AURSDO55", "213800QILIUD4ROSUO03", "7H6GLXDRUGQFU57RNE97"]
VALID_EICS = [
    "10Y1001A1001A63L",
    "10Y1001A1001A82H",
    "10YDE-VE-------2",
    "10YAT-APG------L",
    "22XWATTPLUS----G",
    "21Z000000000163R",
    "10YTR-TEIAS----W",
    "21YNL----TTF---1",
    "37Y701133MH0000P",
]
# Placeholders of ACER's published examples, with the character the rule demands.
INVALID_EICS = {
    "10YCB-EUROPEU--8": "Q",
    "10YEU-EUROPOW--8": "A",
    "21YIT-SNAMRG--PX": "9",
    "21Y100A1001A1011": "X",
    "22XWATTPLUS----X": "G",
}


def shared_rows(name: str) -> list[dict[str, str]]:
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"{name} is not beside the checkout")
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("text", VALID_LEIS)
def test_registered_leis_hold_and_complete_themselves(text: str) -> None:
    assert lei_fault(text) is None
    assert lei_check_digits(text[:18]) == text[18:]
    assert str(Lei.complete(text[:18])) == text


def test_every_lei_of_the_gleif_sample_holds() -> None:
    rows = shared_rows("lei_sample.csv")
    assert len(rows) == 194
    assert [row["lei"] for row in rows if lei_fault(row["lei"]) is not None] == []


def test_a_wrong_lei_names_the_digits_expected() -> None:
    fault = lei_fault("969500ABCDEFGHIJKL12")
    assert fault is not None
    assert fault.expected == "46"
    assert "'46'" in fault.explain()


@pytest.mark.parametrize(
    "text",
    [
        "529900t8bm49aursdo55",
        "529900T8BM49AURSDO5",
        "529900T8BM49 AURSDO55",
        "529900T8BM49AURSDOXX",
        "529900T8BM49AURSDO55\n",
        "",
    ],
)
def test_an_lei_of_wrong_form_has_a_fault_without_expectation(text: str) -> None:
    fault = lei_fault(text)
    assert fault is not None
    assert fault.expected is None
    with pytest.raises(ValueError, match="18 digits or capital letters"):
        Lei(text)


@given(st.text(ALPHANUMERIC, min_size=18, max_size=18), st.data())
def test_an_lei_detects_every_substitution_within_digits_and_within_letters(
    first_18: str, data: st.DataObject
) -> None:
    text = Lei.complete(first_18).text
    place = data.draw(st.integers(0, 19))
    alphabet = string.digits if text[place].isdigit() else string.ascii_uppercase
    other = data.draw(st.sampled_from(alphabet).filter(lambda c: c != text[place]))
    assert lei_fault(text[:place] + other + text[place + 1 :]) is not None


@pytest.mark.parametrize(("place", "swap"), [(3, "Q"), (6, "9"), (10, "M"), (11, "N"), (12, "1")])
def test_a_few_swaps_of_letter_and_digit_escape_the_lei_rule(place: int, swap: str) -> None:
    # Why the register must be asked as well (computed for this very code).
    text = "529900T8BM49AURSDO55"
    assert lei_fault(text[:place] + swap + text[place + 1 :]) is None


@pytest.mark.parametrize("text", VALID_EICS)
def test_allocated_eics_hold_and_complete_themselves(text: str) -> None:
    assert eic_fault(text) is None
    assert eic_check_character(text[:15]) == text[15]
    assert Eic.complete(text[:15]).text == text


def test_every_area_of_the_entso_e_list_holds() -> None:
    rows = shared_rows("eic_areas.csv")
    assert len(rows) == 101
    assert [row["eic"] for row in rows if eic_fault(row["eic"]) is not None] == []


@pytest.mark.parametrize(("text", "expected"), INVALID_EICS.items())
def test_a_wrong_eic_names_the_character_expected(text: str, expected: str) -> None:
    fault = eic_fault(text)
    assert fault is not None
    assert fault.expected == expected


def eic_prefixes() -> st.SearchStrategy[str]:
    return st.builds(
        lambda office, kind, rest: office + kind + rest,
        st.text(string.digits, min_size=2, max_size=2),
        st.sampled_from("XYZTWVA"),
        st.text(EIC_ALPHABET, min_size=12, max_size=12),
    ).filter(lambda text: not _demands_hyphen(text))


def _demands_hyphen(first_15: str) -> bool:
    try:
        eic_check_character(first_15)
    except ValueError:
        return True
    return False


@given(eic_prefixes(), st.data())
def test_an_eic_detects_every_substitution(first_15: str, data: st.DataObject) -> None:
    text = Eic.complete(first_15).text
    place = data.draw(st.integers(0, 15))
    other = data.draw(st.sampled_from(EIC_ALPHABET).filter(lambda c: c != text[place]))
    assert eic_fault(text[:place] + other + text[place + 1 :]) is not None


def test_an_eic_that_demands_a_hyphen_must_not_be_issued() -> None:
    # 16 x 1 + 14 x 34 (Y) + 2 x 32 (W) = 556 = 1 modulo 37, which leaves value 36: a hyphen.
    found = [text for a in EIC_ALPHABET for text in [f"10Y00000000000{a}"] if _demands_hyphen(text)]
    assert found == ["10Y00000000000W"]
    with pytest.raises(ValueError, match="hyphen"):
        eic_check_character(found[0])
    assert eic_fault(f"{found[0]}-") is not None


def test_an_eic_says_what_it_names() -> None:
    assert Eic("10Y1001A1001A63L").kind is EicKind.AREA
    assert Eic("22XWATTPLUS----G").kind is EicKind.PARTY


# GS1: the example of the General Specifications, and the number of GS1 Germany.
@pytest.mark.parametrize("text", ["4012345000009", "4000001000005", "0614141000012"])
def test_global_location_numbers_hold(text: str) -> None:
    assert gln_fault(text) is None
    assert Gln.complete(text[:12]).text == text


@given(st.text(string.digits, min_size=12, max_size=12), st.data())
def test_a_gln_detects_every_substitution(first_12: str, data: st.DataObject) -> None:
    text = Gln.complete(first_12).text
    place = data.draw(st.integers(0, 12))
    other = data.draw(st.sampled_from(string.digits).filter(lambda c: c != text[place]))
    fault = gln_fault(text[:place] + other + text[place + 1 :])
    assert fault is not None
    assert fault.expected is not None


def test_a_gln_of_wrong_form_is_a_fault() -> None:
    assert gln_fault("401234500000X") is not None


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        (
            AcerCode,
            "C0643778W.EU",
            ["C0643778W.eu", "C0643778.EU", "C0643778WXEU", "T1241247G.EU0"],
        ),
        (Bic, "DEUTDEFFXXX", ["DEUTDEFF", "deutdeffxxx", "DEUT1EFFXXX"]),
        (Mic, "XEEE", ["xeee", "XEE", "XEEEE"]),
    ],
)
def test_codes_without_check_digit_are_judged_by_form(
    kind: type[AcerCode | Bic | Mic], good: str, bad: list[str]
) -> None:
    assert str(kind(good)) == good
    for text in bad:
        with pytest.raises(ValueError, match="must be"):
            kind(text)


def test_faults_without_check_rule_expect_nothing() -> None:
    for fault in (acer_fault("?"), bic_fault("?"), mic_fault("?"), eic_fault("?")):
        assert fault is not None
        assert fault.expected is None


@pytest.mark.parametrize(
    ("complete", "text"),
    [(lei_check_digits, "short"), (eic_check_character, "10Q000000000000"), (gln_check_digit, "1")],
)
def test_only_the_right_prefix_can_be_completed(complete: object, text: str) -> None:
    with pytest.raises(ValueError, match="starts with"):
        complete(text)  # type: ignore[operator]
