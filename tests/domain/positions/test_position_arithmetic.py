"""Average cost in integers: what is conserved, what is mirrored, and every shape agrees."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wattbook_domain.foundation.bounds import PRICE_TICKS_ABS_MAX
from wattbook_domain.positions.arithmetic import (
    NET_LOTS_ABS_MAX,
    cash_after,
    closing_lots,
    cost_after,
    magnitude,
    net_after,
    realised,
    released_cost,
    sign,
    signed_lots,
    unrealised,
)

lots = st.integers(-NET_LOTS_ABS_MAX, NET_LOTS_ABS_MAX)
ticks = st.integers(-PRICE_TICKS_ABS_MAX, PRICE_TICKS_ABS_MAX)
trades = st.lists(st.tuples(st.integers(-50, 50).filter(bool), st.integers(-300, 300)), max_size=30)


def run(sequence: list[tuple[int, int]]) -> tuple[int, int, int]:
    net = cost = cash = 0
    for traded, price in sequence:
        cost = cost_after(cost, net, traded, price)
        cash = cash_after(cash, traded, price)
        net = net_after(net, traded)
    return net, cost, cash


@given(trades, ticks)
def test_realised_and_unrealised_are_cash_and_value_exactly(
    sequence: list[tuple[int, int]], mark: int
) -> None:
    net, cost, cash = run(sequence)
    assert realised(cash, cost) + unrealised(net, cost, mark) == cash + net * mark
    assert cash == -sum(traded * price for traded, price in sequence)


@given(trades)
def test_a_flat_position_has_realised_its_cash_and_keeps_no_cost(
    sequence: list[tuple[int, int]],
) -> None:
    net, _, _ = run(sequence)
    flat = [*sequence, (-net, 7)] if net else sequence
    net, cost, cash = run(flat)
    assert (net, cost) == (0, 0)
    assert realised(cash, cost) == cash


@given(trades)
def test_a_mirrored_position_mirrors_everything(sequence: list[tuple[int, int]]) -> None:
    net, cost, cash = run(sequence)
    assert run([(-traded, price) for traded, price in sequence]) == (-net, -cost, -cash)


@given(trades)
def test_cost_stays_within_one_tick_lot_per_reduction_of_the_rational_average(
    sequence: list[tuple[int, int]],
) -> None:
    """The rational average cost, carried as a Fraction, is the reference."""
    net = integer_cost = reductions = 0
    exact_cost = Fraction(0)
    for traded, price in sequence:
        closing = closing_lots(net, traded)
        opening = traded - sign(traded) * closing
        if closing:
            exact_cost -= exact_cost * closing / abs(net)
            reductions += closing < abs(net)
        exact_cost += opening * price
        integer_cost = cost_after(integer_cost, net, traded, price)
        net += traded
        assert abs(integer_cost - exact_cost) <= reductions


def test_a_worked_example_with_a_remainder_and_a_turn() -> None:
    """Buy 3 at 10.01 and 1 at -5: cost 2,503 ticks for 4. Sell 3 releases 1,877 of 1,877.25."""
    net, cost, cash = run([(3, 1001), (1, -500)])
    assert (net, cost, cash) == (4, 2503, -2503)
    net, cost, cash = run([(3, 1001), (1, -500), (-3, 900)])
    assert (net, cost, realised(cash, cost)) == (1, 626, 2700 - 1877)
    net, cost, cash = run([(3, 1001), (1, -500), (-3, 900), (-3, 100)])
    assert (net, cost) == (-2, -200)
    assert realised(cash, cost) == (2700 - 1877) + (100 - 626)


@given(lots, lots)
def test_closing_is_what_the_trade_takes_from_the_position(net: int, traded: int) -> None:
    closing = closing_lots(net, traded)
    assert abs(net + traded) == abs(net) + abs(traded) - 2 * closing
    assert 0 <= closing <= min(abs(net), abs(traded))


@given(st.integers(1, NET_LOTS_ABS_MAX), ticks, st.data())
def test_the_largest_release_stays_within_int64(held: int, price: int, data: st.DataObject) -> None:
    closing = data.draw(st.integers(0, held))
    cost = held * price
    column = released_cost(np.array([cost]), np.array([held]), np.array([closing]))
    assert column.tolist() == [closing * price]
    assert abs(cost * closing) <= 2**62


def test_sides_and_signs() -> None:
    assert [signed_lots(0, 5), signed_lots(1, 5)] == [5, -5]
    assert [sign(value) for value in (-3, 0, 3)] == [-1, 0, 1]
    assert [magnitude(value) for value in (-3, 0, 3)] == [3, 0, 3]
    assert released_cost(0, 0, 0) == 0


small = st.integers(-1000, 1000)


@pytest.mark.parametrize(
    ("rule", "arity"),
    [
        (sign, 1),
        (magnitude, 1),
        (closing_lots, 2),
        (released_cost, 3),
        (net_after, 2),
        (cost_after, 4),
        (cash_after, 3),
        (realised, 2),
        (unrealised, 3),
    ],
)
@given(data=st.data())
def test_columns_agree_with_integers(
    rule: Callable[..., object], arity: int, data: st.DataObject
) -> None:
    rows = data.draw(st.lists(st.tuples(*[small] * arity), min_size=1, max_size=20))
    columns = [np.array(column, dtype=np.int64) for column in zip(*rows, strict=True)]
    assert np.asarray(rule(*columns)).tolist() == [rule(*row) for row in rows]
