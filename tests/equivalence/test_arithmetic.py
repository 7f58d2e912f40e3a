"""Fill and position arithmetic: one function object on int, columns and Numba, to the bounds."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wattbook_adapters.kernels.compiled import rules_of
from wattbook_domain.foundation.bounds import PRICE_TICKS_ABS_MAX, QUANTITY_LOTS_MAX
from wattbook_domain.orders import arithmetic as order_arithmetic
from wattbook_domain.positions import arithmetic as position_arithmetic

LOTS = st.integers(0, QUANTITY_LOTS_MAX)
SIGNED_LOTS = st.integers(-QUANTITY_LOTS_MAX, QUANTITY_LOTS_MAX)
TICKS = st.integers(-PRICE_TICKS_ABS_MAX, PRICE_TICKS_ABS_MAX)
TICK_LOTS = st.integers(
    -PRICE_TICKS_ABS_MAX * QUANTITY_LOTS_MAX, PRICE_TICKS_ABS_MAX * QUANTITY_LOTS_MAX
)
TRUTH = st.integers(0, 1)

DOMAIN_OF = {
    "quantity": LOTS,
    "filled": LOTS,
    "last": LOTS,
    "lots": LOTS,
    "closing": LOTS,
    "working": TRUTH,
    "side": TRUTH,
    "net": SIGNED_LOTS,
    "traded": SIGNED_LOTS,
    "ticks": TICKS,
    "mark_ticks": TICKS,
    "cost": TICK_LOTS,
    "cash": TICK_LOTS,
    "value": TICK_LOTS,
    "low": st.integers(-100, 0),
    "high": st.integers(0, 100),
}
"""What each argument of an arithmetic rule may be, by its name."""

RULES = [*rules_of(order_arithmetic), *rules_of(position_arithmetic)]


@cache
def compiled(rule: Callable[..., Any]) -> Callable[..., Any]:
    numba = pytest.importorskip("numba", reason="needs the extra kernels")
    from wattbook_adapters.kernels import compiled as kernels

    kernels.register_rules()
    made: Callable[..., Any] = numba.njit(rule)
    return made


def test_there_are_rules_to_compare() -> None:
    assert len(RULES) >= 14


@pytest.mark.extra
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_int_columns_and_numba_agree(rule: Callable[..., Any]) -> None:
    names = list(inspect.signature(rule).parameters)

    @given(st.lists(st.tuples(*(DOMAIN_OF[name] for name in names)), min_size=1, max_size=8))
    @settings(max_examples=40)
    def agree(rows: list[tuple[int, ...]]) -> None:
        expected = [int(rule(*row)) for row in rows]
        columns = [np.array(column, dtype=np.int64) for column in zip(*rows, strict=True)]
        assert np.asarray(rule(*columns)).astype(np.int64).tolist() == expected
        assert [int(compiled(rule)(*row)) for row in rows] == expected

    agree()
