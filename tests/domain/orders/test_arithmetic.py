"""The fill rules: their meaning on integers, and one function object for ints and columns."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wattbook_domain.foundation.bounds import PRICE_TICKS_ABS_MAX, QUANTITY_LOTS_MAX
from wattbook_domain.orders.arithmetic import (
    clamp,
    fill_level,
    filled_after,
    is_overfilled,
    leaves_lots,
    value_after,
)

lots = st.integers(0, QUANTITY_LOTS_MAX)
ticks = st.integers(-PRICE_TICKS_ABS_MAX, PRICE_TICKS_ABS_MAX)


@given(ticks, ticks, ticks)
def test_clamp_is_the_median(value: int, one: int, other: int) -> None:
    low, high = sorted((one, other))
    assert clamp(value, low, high) == sorted((value, low, high))[1]


@given(lots, lots)
def test_leaves_and_filled_make_the_quantity_while_working(quantity: int, filled: int) -> None:
    assert leaves_lots(quantity, filled, 1) + filled == quantity
    assert leaves_lots(quantity, filled, 0) == 0


@given(lots, lots)
def test_the_fill_level_counts_the_thresholds_passed(quantity: int, filled: int) -> None:
    expected = 0 if filled == 0 else 1 if filled < quantity else 2
    assert fill_level(quantity, filled) == expected
    assert is_overfilled(quantity, filled) == (filled > quantity)


@given(st.lists(st.tuples(ticks, st.integers(1, 1000)), max_size=50))
def test_value_and_quantity_are_sums_over_the_fills(fills: list[tuple[int, int]]) -> None:
    value = filled = 0
    for price, size in fills:
        value, filled = value_after(value, price, size), filled_after(filled, size)
    assert value == sum(price * size for price, size in fills)
    assert filled == sum(size for _, size in fills)


@pytest.mark.parametrize(
    ("rule", "arity"),
    [(clamp, 3), (leaves_lots, 3), (filled_after, 2), (value_after, 3), (is_overfilled, 2),
     (fill_level, 2)],
)  # fmt: skip
@given(data=st.data())
def test_columns_agree_with_integers(
    rule: Callable[..., object], arity: int, data: st.DataObject
) -> None:
    rows = data.draw(st.lists(st.tuples(*[lots] * arity), min_size=1, max_size=20))
    columns = [np.array(column, dtype=np.int64) for column in zip(*rows, strict=True)]
    result = np.asarray(rule(*columns))
    assert result.tolist() == [rule(*row) for row in rows]
