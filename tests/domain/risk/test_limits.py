"""The rules themselves: each holds at its limit and breaks one step beyond; operators only."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.equivalence.stream import FACTS, PASSING_CAPS

from wattbook_domain.foundation.bounds import PRICE_TICKS_ABS_MAX
from wattbook_domain.risk import limits
from wattbook_domain.risk.facts import COLLAR_BPS_MAX, OrderFacts

TICKS = st.integers(-PRICE_TICKS_ABS_MAX, PRICE_TICKS_ABS_MAX)
WIDTHS = st.integers(0, 2 * PRICE_TICKS_ABS_MAX)


@pytest.mark.parametrize(
    ("rule", "within", "beyond"),
    [
        (limits.kill_engaged, (0,), (1,)),
        (limits.kill_unknown, (1,), (2,)),
        (limits.gate_closed, (1, 99, 100), (1, 100, 100)),
        (limits.gate_closed, (0, 100, 0), (1, 100, 0)),
        (limits.off_lot, (1, 1), (0, 1)),
        (limits.off_lot, (10, 5), (11, 5)),
        (limits.off_tick, (1, -10, 5), (1, -11, 5)),
        (limits.off_tick, (0, -11, 5), (1, -11, 5)),
        (limits.reference_missing, (1, 1), (1, 0)),
        (limits.reference_missing, (0, 0), (1, 0)),
        (limits.reference_stale, (1, 1, 60, 60), (1, 1, 61, 60)),
        (limits.reference_stale, (0, 1, 61, 60), (1, 1, 61, 60)),
        (limits.reference_stale, (1, 0, 61, 60), (1, 1, 61, 60)),
        (limits.outside_bounds, (1, -50, -50, 400), (1, -51, -50, 400)),
        (limits.outside_bounds, (1, 400, -50, 400), (1, 401, -50, 400)),
        (limits.outside_bounds, (0, 401, -50, 400), (1, 401, -50, 400)),
        (limits.outside_collar, (1, 1, 110, 100, 10), (1, 1, 111, 100, 10)),
        (limits.outside_collar, (1, 1, 90, 100, 10), (1, 1, 89, 100, 10)),
        (limits.outside_collar, (1, 0, 111, 100, 10), (1, 1, 111, 100, 10)),
        (limits.outside_collar, (0, 1, 111, 100, 10), (1, 1, 111, 100, 10)),
        (limits.over_quantity, (50, 50), (51, 50)),
        (limits.over_order_value, (7, 7, 10, 70), (7, 8, 10, 79)),
        (limits.over_order_value, (-7, 0, 10, 70), (-8, 0, 10, 79)),
        (limits.over_loss, (1, -99, 100), (1, -100, 100)),
        (limits.over_loss, (0, -100, 100), (1, -100, 100)),
        (limits.over_long, (90, 10, 100), (91, 10, 100)),
        (limits.over_long, (200, 0, 100), (200, 1, 100)),
        (limits.over_short, (-90, 10, 100), (-91, 10, 100)),
        (limits.over_short, (-200, 0, 100), (-200, 1, 100)),
        (limits.over_gross, (10, 90, 100), (11, 90, 100)),
        (limits.over_gross, (0, 200, 100), (1, 200, 100)),
        (limits.over_open_orders, (1, 9, 10), (1, 10, 10)),
        (limits.over_open_orders, (0, 10, 10), (1, 10, 10)),
        (limits.meets_own_order, (0, 1, 99, 1, 100), (0, 1, 100, 1, 100)),
        (limits.meets_own_order, (1, 1, 101, 1, 100), (1, 1, 100, 1, 100)),
        (limits.meets_own_order, (0, 1, 100, 0, 100), (0, 0, 0, 1, 100)),
        (limits.is_duplicate, (1, 100, 100), (1, 99, 100)),
        (limits.is_duplicate, (0, 99, 100), (1, 99, 100)),
        (limits.over_message_rate, (9, 10), (10, 10)),
    ],
)
def test_a_rule_holds_at_its_limit_and_breaks_beyond(
    rule: Callable[..., Any], within: tuple[int, ...], beyond: tuple[int, ...]
) -> None:
    assert (int(rule(*within)), int(rule(*beyond))) == (0, 1)


@given(price=TICKS, reference=TICKS, bps=st.integers(0, COLLAR_BPS_MAX), floor=WIDTHS)
def test_the_collar_is_the_exact_inequality(
    price: int, reference: int, bps: int, floor: int
) -> None:
    exact = abs(price - reference) > max(Fraction(abs(reference) * bps, 10_000), Fraction(floor))
    width = limits.collar_width_ticks(reference, bps, floor)
    assert bool(limits.outside_collar(1, 1, price, reference, width)) == exact


@given(price=TICKS, reference=TICKS, bps=st.integers(0, COLLAR_BPS_MAX), floor=WIDTHS)
def test_the_collar_is_the_same_for_mirrored_prices(
    price: int, reference: int, bps: int, floor: int
) -> None:
    width = limits.collar_width_ticks(reference, bps, floor)
    assert limits.collar_width_ticks(-reference, bps, floor) == width
    assert limits.outside_collar(1, 1, price, reference, width) == limits.outside_collar(
        1, 1, -price, -reference, width
    )


@given(FACTS)
def test_the_reserve_covers_every_price_the_order_may_fill_at(facts: OrderFacts) -> None:
    low = limits.fill_low_ticks(facts, PASSING_CAPS)
    high = limits.fill_high_ticks(facts, PASSING_CAPS)
    reserve = limits.reserve_ticks(facts, PASSING_CAPS)

    if low <= high:
        assert reserve == max(abs(low), abs(high))
    assert 0 <= reserve <= PRICE_TICKS_ABS_MAX
    if facts.has_limit:
        assert low <= facts.limit_ticks <= high
        assert facts.limit_ticks in (low, high)


@given(
    held=st.integers(0, 200),
    wanted=st.integers(0, 200),
    held_ticks=st.integers(0, 500),
    new_ticks=st.integers(0, 500),
)
def test_the_value_of_a_replace_is_the_worst_moment_to_confirm_it(
    held: int, wanted: int, held_ticks: int, new_ticks: int
) -> None:
    """Fill k lots under the old terms, the rest under the new: no k is worth more than reserved."""
    added = max(wanted - held, 0)
    reserved = held * held_ticks + limits.added_value_units(
        added, wanted - added, 1, new_ticks, held_ticks
    )
    worst = max(k * held_ticks + max(wanted - k, 0) * new_ticks for k in range(held + 1))
    assert reserved >= worst
    if wanted >= held or new_ticks <= held_ticks:
        assert reserved == worst


FORBIDDEN = (
    ast.If,
    ast.IfExp,
    ast.BoolOp,
    ast.For,
    ast.While,
    ast.Try,
    ast.Match,
    ast.comprehension,
    ast.Not,
    ast.Invert,
    ast.Assert,
)


def test_rules_are_written_with_operators_only() -> None:
    tree = ast.parse(inspect.getsource(limits))
    rules = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    assert len(rules) > 25
    for name, rule in rules.items():
        for node in ast.walk(rule):
            assert not isinstance(node, FORBIDDEN), f"{name} branches: {ast.dump(node)[:80]}"
            if isinstance(node, ast.Compare):
                assert len(node.ops) == 1, f"{name} chains comparisons, which is a hidden `and`"
            if isinstance(node, ast.Call):
                assert isinstance(node.func, ast.Name)
                assert node.func.id in rules, f"{name} calls {node.func.id}, which is no rule"
