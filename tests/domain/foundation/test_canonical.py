"""Equal values have equal bytes, and the bytes give the value back."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wattbook_domain.foundation.canonical import (
    canonical_bytes,
    from_plain,
    sha256_hex,
    state_hash,
    to_plain,
)
from wattbook_domain.foundation.identifiers import VenueId


class Stage(Enum):
    DAY_AHEAD = "da"
    INTRADAY = "id"


@attrs.frozen
class Leaf:
    ratio: Fraction
    price: Decimal
    day: date


@attrs.frozen
class Tree:
    stage: Stage
    venue_id: VenueId
    leaves: tuple[Leaf, ...]
    pair: tuple[int, str]
    by_hour: Mapping[int, float]
    by_stage: Mapping[Stage, bool]
    maybe: Leaf | None = None
    _hidden: int = 0


leaves = st.builds(
    Leaf,
    st.fractions(),
    st.decimals(allow_nan=False, allow_infinity=False),
    st.dates(),
)
trees = st.builds(
    Tree,
    st.sampled_from(Stage),
    st.text(),
    st.lists(leaves, max_size=3).map(tuple),
    st.tuples(st.integers(), st.text()),
    st.dictionaries(st.integers(), st.floats(allow_nan=False, allow_infinity=False), max_size=3),
    st.dictionaries(st.sampled_from(Stage), st.booleans()),
    st.none() | leaves,
    st.integers(),
)


@given(trees)
def test_a_value_comes_back_from_its_bytes(tree: Tree) -> None:
    assert from_plain(Tree, json.loads(canonical_bytes(tree))) == tree


@given(st.dictionaries(st.text(), st.integers()))
def test_the_order_of_insertion_leaves_no_trace(mapping: dict[str, int]) -> None:
    backwards = dict(reversed(mapping.items()))
    assert canonical_bytes(mapping) == canonical_bytes(backwards)
    assert state_hash(mapping) == state_hash(backwards)


def test_known_bytes_and_hash() -> None:
    """SHA-256 of the empty text and of "abc": FIPS 180-4 examples."""
    assert canonical_bytes({"b": Decimal("1.10"), "a": [None, True, Fraction(1, 3)]}) == (
        b'{"a":[null,true,"1/3"],"b":"1.10"}'
    )
    assert sha256_hex(b"").startswith("e3b0c44298fc1c14")
    assert sha256_hex(b"abc").startswith("ba7816bf8f01cfea")


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_a_float_must_be_finite(value: float) -> None:
    with pytest.raises(ValueError, match="use None for absence"):
        to_plain(value)


def test_a_type_without_an_agreed_form_is_refused() -> None:
    with pytest.raises(TypeError, match="no canonical form for object"):
        to_plain(object())


PLAIN: dict[str, Any] = {
    "stage": "DAY_AHEAD",
    "venue_id": "EPEX",
    "leaves": [],
    "pair": [1, "a"],
    "by_hour": {},
    "by_stage": {},
}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"stage": "da"}, "Tree.stage must be one of DAY_AHEAD, INTRADAY, found 'da'"),
        ({"stage": 1}, "Tree.stage must be one of"),
        ({"venue_id": 1}, "Tree.venue_id must be str, found int 1"),
        ({"leaves": {}}, "Tree.leaves must be a list, found dict"),
        ({"leaves": [{}]}, r"Tree.leaves\[0\] lacks the field day, price, ratio"),
        ({"leaves": [3]}, r"Tree.leaves\[0\] must be an object"),
        ({"pair": [1]}, "Tree.pair must have 2 items, found 1"),
        ({"pair": [True, "a"]}, "must be int, found bool True"),
        ({"by_hour": []}, "Tree.by_hour must be an object"),
        ({"by_hour": {"1": True}}, "Tree.by_hour.1 must be float, found bool"),
        ({"unknown": 1}, "Tree has no field unknown"),
    ],
)
def test_content_that_does_not_fit_names_its_field(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        from_plain(Tree, PLAIN | changes)


def test_defaults_may_be_left_out_and_integers_may_stand_for_floats() -> None:
    tree = from_plain(Tree, PLAIN | {"by_hour": {"9": 2}})
    assert tree.maybe is None
    assert tree.by_hour == {9: 2.0}


@attrs.frozen
class Loose:
    anything: object
    many: Sequence[int] = ()
    mixed: int | str = 0


def test_an_untyped_field_keeps_its_plain_content_and_a_bare_union_is_refused() -> None:
    assert from_plain(Loose, {"anything": [1, {"a": None}]}).anything == [1, {"a": None}]
    assert from_plain(Loose, {"anything": 1, "many": [1, 2]}).many == (1, 2)
    with pytest.raises(ValueError, match="cannot be decoded without a tag"):
        from_plain(Loose, {"anything": 1, "mixed": 1})
