"""Cascades: the ladder, and what exchanges do when a future expires."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from tests.domain.delivery.strategies import BERLIN, calendar_periods

from wattbook_domain.delivery import (
    GAS_MARKETS,
    NEXT_RUNG,
    DeliveryPeriod,
    Granularity,
    Season,
    cascade,
    cascade_at_expiry,
    merge,
)

TTF = GAS_MARKETS["TTF"]

# EEX and ICE Endex: the quarter that delivers first is opened to months.
AT_EXPIRY = [
    (
        DeliveryPeriod.year(2026, BERLIN),
        ["Jan-2026", "Feb-2026", "Mar-2026", "Q2-2026", "Q3-2026", "Q4-2026"],
    ),
    (DeliveryPeriod.quarter(2026, 2, BERLIN), ["Apr-2026", "May-2026", "Jun-2026"]),
    (
        DeliveryPeriod.season(2026, Season.WINTER, BERLIN),
        ["Oct-2026", "Nov-2026", "Dec-2026", "Q1-2027"],
    ),
    (
        TTF.calendar_year(2027),
        [
            f"{name} from 06:00"
            for name in ("Jan-2027", "Feb-2027", "Mar-2027", "Q2-2027", "Q3-2027", "Q4-2027")
        ],
    ),
    (
        TTF.season(2026, Season.SUMMER),
        [f"{name} from 06:00" for name in ("Apr-2026", "May-2026", "Jun-2026", "Q3-2026")],
    ),
]


@pytest.mark.parametrize(("period", "labels"), AT_EXPIRY)
def test_what_replaces_a_future_at_expiry(period: DeliveryPeriod, labels: list[str]) -> None:
    pieces = cascade_at_expiry(period)
    assert [piece.label for piece in pieces] == labels
    assert merge(pieces) == period


@pytest.mark.parametrize(
    "period",
    [
        DeliveryPeriod.month(2026, 1, BERLIN),
        DeliveryPeriod.day(date(2026, 1, 1), BERLIN),
        DeliveryPeriod.week(date(2026, 1, 1), BERLIN),
    ],
)
def test_what_is_in_delivery_does_not_cascade_at_expiry(period: DeliveryPeriod) -> None:
    with pytest.raises(ValueError, match="delivered, not cascaded"):
        cascade_at_expiry(period)


def test_the_ladder_ends_at_the_slot() -> None:
    slot = DeliveryPeriod.interval(date(2026, 1, 1), 0, Granularity.MINUTES_5, BERLIN)
    with pytest.raises(ValueError, match="cascades no further"):
        cascade(slot)
    assert cascade(slot, Granularity.MINUTES_5) == (slot,)


def test_a_target_off_the_ladder_is_refused() -> None:
    with pytest.raises(ValueError, match="cascades no further"):
        cascade(DeliveryPeriod.day(date(2026, 1, 1), BERLIN), Granularity.MONTH)


def test_every_granularity_but_block_and_slot_has_a_next_rung() -> None:
    assert set(Granularity) - set(NEXT_RUNG) == {Granularity.BLOCK, Granularity.MINUTES_5}


@given(calendar_periods())
def test_one_rung_down_and_merged_is_the_same_delivery(period: DeliveryPeriod) -> None:
    pieces = cascade(period)
    rung = NEXT_RUNG[period.granularity]
    assert all(piece.granularity is rung for piece in pieces)
    assert merge(pieces) == period
