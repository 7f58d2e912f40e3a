"""Fills that the suites of positions and valuation share."""

from __future__ import annotations

from typing import Any

import attrs
from hypothesis import strategies as st
from tests.domain.orders.examples import HOUR, OWNER, VENUE

from wattbook_domain.foundation.identifiers import ClientOrderId, ExecutionId
from wattbook_domain.foundation.instants import UtcNs
from wattbook_domain.orders.vocabulary import Side
from wattbook_domain.positions.fills import Fill
from wattbook_domain.positions.position import PositionKey
from wattbook_domain.quantities.money import Currency, Money

EUR = Currency.EUR
KEY = PositionKey(OWNER.desk_id, OWNER.ledger_id, HOUR)


def fill(name: str, side: Side, lots: int, ticks: int, **changes: Any) -> Fill:
    made = Fill(
        execution_id=ExecutionId(name),
        client_order_id=ClientOrderId("X"),
        instrument_id=HOUR,
        venue_id=VENUE,
        owner=OWNER,
        side=side,
        ticks=ticks,
        lots=lots,
        fee=Money.zero(EUR),
        at=UtcNs(5),
    )
    return attrs.evolve(made, **changes)


@st.composite
def fills(draw: st.DrawFn, *, max_size: int = 20) -> list[Fill]:
    trades = st.tuples(
        st.sampled_from(Side),
        st.integers(1, 50),
        st.integers(-300, 300),
        st.integers(-5, 20),
    )
    return [
        fill(f"E{index}", side, lots, ticks, fee=Money.of(fee, EUR) / 100)
        for index, (side, lots, ticks, fee) in enumerate(draw(st.lists(trades, max_size=max_size)))
    ]
