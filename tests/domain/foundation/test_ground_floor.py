"""Bounds, instants, identifiers and verdicts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from enum import IntEnum

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wattbook_domain.foundation.bounds import (
    DELIVERY_SLOTS_MAX,
    INSTANT_NS_MAX,
    PRICE_TICKS_ABS_MAX,
    QUANTITY_LOTS_MAX,
    VALUE_UNITS_ABS_MAX,
    require_within,
)
from wattbook_domain.foundation.identifiers import child_id, require_identifier
from wattbook_domain.foundation.instants import (
    format_instant,
    from_datetime,
    instant,
    parse_instant,
    to_datetime,
)
from wattbook_domain.foundation.verdict import Approved, Refused


def test_no_product_of_the_bounds_leaves_int64() -> None:
    largest = PRICE_TICKS_ABS_MAX * QUANTITY_LOTS_MAX * DELIVERY_SLOTS_MAX
    assert largest == VALUE_UNITS_ABS_MAX
    columns = [
        np.array([bound], dtype=np.int64)
        for bound in (PRICE_TICKS_ABS_MAX, QUANTITY_LOTS_MAX, DELIVERY_SLOTS_MAX)
    ]
    assert (columns[0] * columns[1] * columns[2]).tolist() == [largest]
    assert (-columns[0] * columns[1] * columns[2]).tolist() == [-largest]


@pytest.mark.parametrize("value", [0, 5, 10])
def test_a_value_within_its_bounds_is_returned(value: int) -> None:
    assert require_within("lots", value, 0, 10) == value


@pytest.mark.parametrize("value", [-1, 11])
def test_a_value_beyond_its_bounds_is_refused(value: int) -> None:
    with pytest.raises(ValueError, match=f"lots must lie between 0 and 10, found {value}"):
        require_within("lots", value, 0, 10)


@pytest.mark.parametrize("value", [True, 1.0, "1", None])
def test_only_an_integer_has_bounds(value: object) -> None:
    with pytest.raises(TypeError, match="lots must be an integer"):
        require_within("lots", value, 0, 10)  # type: ignore[arg-type]


@given(st.integers(0, INSTANT_NS_MAX))
def test_an_instant_survives_its_text(ns: int) -> None:
    assert parse_instant(format_instant(instant(ns))) == ns


@given(
    st.datetimes(datetime(1970, 1, 2), datetime(2262, 1, 1)),  # noqa: DTZ001
    st.integers(-14 * 60, 14 * 60),
)
def test_a_datetime_survives_as_an_instant_in_any_zone(wall: datetime, minutes: int) -> None:
    moment = wall.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    at = from_datetime(moment)
    assert to_datetime(at) == moment
    assert parse_instant(moment.isoformat()) == at


def test_known_instants() -> None:
    """The noon gate of 24 January 2017, 11:00 UTC; the last representable instant."""
    assert from_datetime(datetime(2017, 1, 24, 11, tzinfo=UTC)) == 1_485_255_600_000_000_000
    assert format_instant(instant(1)) == "1970-01-01T00:00:00.000000001Z"
    assert format_instant(instant(1_500_000_000)) == "1970-01-01T00:00:01.5Z"
    assert format_instant(instant(INSTANT_NS_MAX)).startswith("2262-04-11T23:47:16.854775807")


@pytest.mark.parametrize("text", ["2017-01-24T11:00:00", "2017-01-24", "noon"])
def test_a_text_without_a_zone_is_no_instant(text: str) -> None:
    with pytest.raises(ValueError, match=r"zone|isoformat"):
        parse_instant(text)


def test_an_instant_is_never_negative_nor_naive() -> None:
    with pytest.raises(ValueError, match="instant must lie"):
        instant(-1)
    with pytest.raises(ValueError, match="needs a zone"):
        from_datetime(datetime(2017, 1, 24, 11))  # noqa: DTZ001


@pytest.mark.parametrize("text", ["a", "EPEX:DE:ID:H09", "20260328T2300Z/20260329", "x" * 64])
def test_an_identifier_is_returned(text: str) -> None:
    assert require_identifier("id", text) == text


@pytest.mark.parametrize("text", ["", "-a", " a", "a b", "a\n", "x" * 65, "Zürich", "a;b"])
def test_a_surprising_identifier_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="id must be 1 to 64 letters"):
        require_identifier("id", text)


def test_children_are_named_by_parent_and_index() -> None:
    assert child_id("D1", 0) == "D1.0"
    assert len({child_id("D1", index) for index in range(100)}) == 100
    with pytest.raises(ValueError, match="must not be negative"):
        child_id("D1", -1)
    with pytest.raises(ValueError, match="child id must be"):
        child_id("x" * 63, 10)


class _Reason(IntEnum):
    LIMIT = 3


def test_a_refusal_explains_itself_in_a_stable_order_and_cannot_be_changed() -> None:
    facts = {"net_lots": 120, "cap_lots": 100}
    refused = Refused(_Reason.LIMIT, "X", facts)
    facts["net_lots"] = 0
    assert refused.explain() == "LIMIT refused X (cap_lots=100, net_lots=120)"
    assert Refused(_Reason.LIMIT, "X").explain() == "LIMIT refused X"
    with pytest.raises(TypeError):
        refused.facts["net_lots"] = 1  # type: ignore[index]


def test_an_approval_carries_the_version_of_its_limits() -> None:
    assert Approved("order", "v7") == Approved("order", "v7")
    assert Approved("order", "v7") != Approved("order", "v8")
