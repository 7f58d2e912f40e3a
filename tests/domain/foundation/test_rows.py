"""Rows are derived from classes, lose nothing, and refuse what has no fixed width."""

from __future__ import annotations

from decimal import Decimal
from enum import IntEnum

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wattbook_domain.foundation.identifiers import InstrumentId, VenueId
from wattbook_domain.foundation.instants import UtcNs
from wattbook_domain.foundation.rows import (
    CODE_ABSENT,
    IDENTIFIER_ABSENT,
    INT_ABSENT,
    absent_as,
    codes_of,
    dtype_of,
    from_rows,
    offsets_of,
    pinned_dtype_of,
    to_rows,
)


class Colour(IntEnum):
    RED = 0
    BLUE = 7


@attrs.frozen
class Inner:
    is_on: bool
    colour: Colour


@attrs.frozen
class Outer:
    colour: Colour
    ticks: int
    at: UtcNs
    instrument_id: InstrumentId
    inner: Inner
    maybe_ticks: int | None = attrs.field(metadata=absent_as(INT_ABSENT))
    maybe_colour: Colour | None = attrs.field(metadata=absent_as(CODE_ABSENT))
    maybe_on: bool | None = attrs.field(metadata=absent_as(CODE_ABSENT))
    maybe_venue: VenueId | None = attrs.field(metadata=absent_as(IDENTIFIER_ABSENT))


int64 = st.integers(-(2**63) + 1, 2**63 - 1)
names = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.:/-]{0,63}", fullmatch=True)
inners = st.builds(Inner, st.booleans(), st.sampled_from(Colour))
outers = st.builds(
    Outer,
    st.sampled_from(Colour),
    int64,
    st.integers(0, 2**63 - 1),
    names,
    inners,
    st.none() | int64,
    st.none() | st.sampled_from(Colour),
    st.none() | st.booleans(),
    st.none() | names,
)
EXAMPLE = Outer(
    Colour.BLUE, -5, UtcNs(9), InstrumentId("H09"), Inner(True, Colour.RED), 0, None, None, None
)


@given(st.lists(outers, max_size=8))
def test_rows_lose_nothing(objects: list[Outer]) -> None:
    rows = to_rows(Outer, objects)
    assert rows.dtype == dtype_of(Outer)
    assert list(from_rows(Outer, rows)) == objects


@given(st.lists(outers, max_size=4))
def test_rows_survive_their_bytes_and_padding_is_zero(objects: list[Outer]) -> None:
    rows = to_rows(Outer, objects)
    again = np.frombuffer(rows.tobytes(), dtype=dtype_of(Outer))
    assert list(from_rows(Outer, again)) == objects
    assert to_rows(Outer, objects).tobytes() == rows.tobytes()
    assert all(rows.tobytes()[i * rows.itemsize + 1 : i * rows.itemsize + 8] == bytes(7)
               for i in range(len(rows)))  # fmt: skip


def test_the_layout_is_the_one_a_c_compiler_would_choose() -> None:
    assert dtype_of(Outer).itemsize == 176
    assert offsets_of(Outer) == {
        "colour": 0,
        "ticks": 8,
        "at": 16,
        "instrument_id": 24,
        "inner": 88,
        "maybe_ticks": 96,
        "maybe_colour": 104,
        "maybe_on": 105,
        "maybe_venue": 106,
    }
    assert pinned_dtype_of(Outer, row_bytes=176) == dtype_of(Outer)
    with pytest.raises(ValueError, match="must be 160 bytes, found 176"):
        pinned_dtype_of(Outer, row_bytes=160)


def test_absence_is_a_sentinel_and_zero_stays_zero() -> None:
    rows = to_rows(Outer, [EXAMPLE, attrs.evolve(EXAMPLE, maybe_ticks=None)])
    assert rows["maybe_ticks"].tolist() == [0, INT_ABSENT]
    assert rows["maybe_colour"].tolist() == [CODE_ABSENT, CODE_ABSENT]
    assert rows["maybe_venue"].tolist() == [b"", b""]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"maybe_ticks": INT_ABSENT}, "how absence is written"),
        ({"ticks": 2**63}, "does not fit"),
        ({"ticks": "9x"}, "does not fit|invalid literal"),
        ({"instrument_id": InstrumentId("x" * 65)}, "64 ASCII characters"),
        ({"instrument_id": InstrumentId("Zürich")}, "64 ASCII characters"),
        ({"instrument_id": InstrumentId("a\0")}, "64 ASCII characters"),
    ],
)
def test_a_value_that_would_not_come_back_is_refused(
    changes: dict[str, object], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        to_rows(Outer, [attrs.evolve(EXAMPLE, **changes)])


def test_rows_hold_one_class_only() -> None:
    with pytest.raises(TypeError, match="a row of Outer cannot hold a Inner"):
        to_rows(Outer, [Inner(True, Colour.RED)])  # type: ignore[list-item]
    with pytest.raises(TypeError, match="rows of Outer have the dtype"):
        from_rows(Outer, to_rows(Inner, [Inner(True, Colour.RED)]))


def test_fields_without_a_fixed_width_are_refused() -> None:
    class Wide(IntEnum):
        TOO_LARGE = 255

    for annotation, message in (
        (str, "no fixed-width column"),
        (float, "no fixed-width column"),
        (Decimal, "no fixed-width column"),
        (tuple[int, ...], "no fixed-width column"),
        (Inner | None, "must declare a row sentinel"),
        (int | None, "must declare a row sentinel"),
        (int | bool, "may be one type or None"),
        (Wide, "must lie between 0 and 254"),
    ):
        made = attrs.make_class("Made", {"field": attrs.field(type=annotation)})
        with pytest.raises(TypeError, match=message):
            dtype_of(made)
    with pytest.raises(TypeError, match="derived from an attrs class"):
        dtype_of(int)


def test_a_sentinel_belongs_to_optional_fields_and_never_to_a_nested_class() -> None:
    for annotation in (int, Inner | None):
        field = attrs.field(type=annotation, metadata=absent_as(INT_ABSENT))
        with pytest.raises(TypeError, match=r"sentinel|no fixed-width"):
            dtype_of(attrs.make_class("Made", {"field": field}))


@given(st.lists(names, min_size=1, max_size=20))
def test_codes_and_names_are_the_column(texts: list[str]) -> None:
    column = np.array([text.encode() for text in texts], dtype="S64")
    codes, found = codes_of(column)
    assert [found[code] for code in codes] == texts
    assert codes.dtype == np.int64
    assert list(found) == sorted(set(texts))
