"""The row of an order: pinned to the byte, and nothing lost."""

from __future__ import annotations

import attrs
from hypothesis import given
from hypothesis import strategies as st
from tests.domain.orders.examples import order

from wattbook_domain.foundation.rows import offsets_of
from wattbook_domain.orders.order import Order
from wattbook_domain.orders.rows import ORDER_DTYPE, from_rows, to_rows
from wattbook_domain.orders.transitions import OrderStatus
from wattbook_domain.orders.vocabulary import OrderType, Side, TimeInForce

names = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.:/-]{0,63}", fullmatch=True)
ticks = st.integers(-(2**22), 2**22)


@st.composite
def orders(draw: st.DrawFn) -> Order:
    quantity = draw(st.integers(1, 2**20))
    return attrs.evolve(
        order(),
        client_order_id=draw(names),
        root_client_order_id=draw(names),
        side=draw(st.sampled_from(Side)),
        order_type=draw(st.sampled_from(OrderType)),
        time_in_force=draw(st.sampled_from(TimeInForce)),
        status=draw(st.sampled_from(OrderStatus)),
        quantity_lots=quantity,
        filled_lots=draw(st.integers(0, quantity)),
        filled_tick_lots=draw(st.integers(-(2**42), 2**42)),
        limit_ticks=draw(st.none() | ticks),
        display_lots=draw(st.none() | st.integers(1, quantity)),
        expires_at=draw(st.none() | st.integers(0, 2**63 - 1)),
        venue_order_id=draw(st.none() | names),
        replace_client_order_id=draw(st.none() | names),
        replace_quantity_lots=draw(st.none() | st.integers(1, 2**20)),
        replace_limit_ticks=draw(st.none() | ticks),
        cancel_client_order_id=draw(st.none() | names),
    )


@given(st.lists(orders(), max_size=6))
def test_rows_lose_nothing(listed: list[Order]) -> None:
    assert list(from_rows(to_rows(listed))) == listed


def test_the_layout_is_pinned() -> None:
    assert ORDER_DTYPE.itemsize == 792
    offsets = offsets_of(Order)
    assert list(offsets.values()) == sorted(offsets.values())
    assert {name: offsets[name] for name in ("status", "quantity_lots", "limit_ticks")} == {
        "status": 515,
        "quantity_lots": 520,
        "limit_ticks": 560,
    }
    assert ORDER_DTYPE["owner"]["desk_id"].itemsize == 64
