"""Bidding zones by code, EIC and date, against the published list of areas where it is at hand."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wattbook_domain.delivery.zones import zone_info
from wattbook_domain.reference.points import HUBS, DeliveryPoint, require_eic_form
from wattbook_domain.reference.zones import (
    BIDDING_ZONES,
    bidding_zone,
    bidding_zone_of_eic,
    price_zone,
)
from wattbook_domain.regulation.codes import eic_fault

AREAS = Path(__file__).parents[3].parent / "shared/data/regulatory/codes/eic_areas.csv"


def test_germany_was_one_zone_with_austria_until_the_end_of_september_2018() -> None:
    """10Y1001A1001A63L until deliveries of 2018-09-30, 10Y1001A1001A82H since (ENTSO-E)."""
    last, first = date(2018, 9, 30), date(2018, 10, 1)
    for country in ("DE", "AT", "LU"):
        assert price_zone(country, last).eic == "10Y1001A1001A63L"
    assert price_zone("DE", first).eic == "10Y1001A1001A82H"
    assert price_zone("LU", first).eic == "10Y1001A1001A82H"
    assert price_zone("AT", first).eic == "10YAT-APG------L"


@given(st.dates(date(2012, 1, 1), date(2030, 12, 31)))
def test_germany_has_exactly_one_zone_on_every_day(day: date) -> None:
    assert price_zone("DE", day).is_valid_on(day)


def test_a_country_of_several_zones_must_be_asked_by_code() -> None:
    with pytest.raises(ValueError, match="found NO1, NO2, NO3, NO4, NO5; name the zone"):
        price_zone("NO", date(2020, 1, 1))
    with pytest.raises(ValueError, match="found none"):
        price_zone("XX", date(2020, 1, 1))


def test_every_zone_is_found_by_code_and_eic_and_keeps_a_real_clock() -> None:
    for code, zone in BIDDING_ZONES.items():
        assert bidding_zone(code) is zone
        assert bidding_zone_of_eic(zone.eic) is zone
        assert eic_fault(require_eic_form(zone.eic)) is None
        assert zone_info(zone.zone).key == zone.zone
    with pytest.raises(ValueError, match="a bidding zone is one of"):
        bidding_zone("DE")
    with pytest.raises(ValueError, match="no bidding zone in the table has the EIC"):
        bidding_zone_of_eic("10Y1001A1001A83F")


def test_codes_and_clocks_are_those_of_the_published_areas() -> None:
    if not AREAS.exists():
        pytest.skip("the list of EIC areas is not beside the checkout")
    with AREAS.open(newline="") as lines:
        published = {(row["area"], row["eic"], row["timezone"]) for row in csv.DictReader(lines)}
    joined = {(area.replace("_", ""), eic, zone) for area, eic, zone in published}
    for zone in BIDDING_ZONES.values():
        assert (zone.code.replace("-", ""), zone.eic, zone.zone) in joined


def test_zones_that_end_are_followed_without_a_gap() -> None:
    ended = [zone for zone in BIDDING_ZONES.values() if zone.valid_until is not None]
    assert [zone.code for zone in ended] == ["DE-AT-LU"]
    for zone in ended:
        assert zone.valid_until is not None
        assert not zone.is_valid_on(zone.valid_until)
        assert zone.is_valid_on(zone.valid_until - timedelta(days=1))


def test_hubs_know_their_gas_day() -> None:
    assert {code: hub.market.start_hour for code, hub in HUBS.items()} == {
        "TTF": 6, "THE": 6, "NBP": 5, "PEG": 6, "PSV": 6, "HENRY-HUB": 9,
    }  # fmt: skip
    point = HUBS["TTF"].delivery_point
    assert point is not None
    assert eic_fault(point.eic) is None
    assert HUBS["NBP"].delivery_point is None


@pytest.mark.parametrize("text", ["", "TTF", "21YNL----TTF---", "xxYNL----TTF---1"])
def test_a_delivery_point_has_an_eic(text: str) -> None:
    with pytest.raises(ValueError, match="an EIC is two digits"):
        DeliveryPoint(eic=text, name="nowhere")
