"""Decides the dense row of an order: derived from `Order`, pinned so that nobody moves a byte."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from wattbook_domain.foundation import rows
from wattbook_domain.foundation.rows import Rows, pinned_dtype_of
from wattbook_domain.orders.order import Order

ORDER_ROW_BYTES: Final = 792
"""Eleven identifiers of 64 bytes, four codes padded to a word, ten integers. A change of layout
is a change of format: stored rows need a migration."""

ORDER_DTYPE: Final = pinned_dtype_of(Order, row_bytes=ORDER_ROW_BYTES)
"""One order a row; see `foundation.rows` for the column types and the sentinels of absence."""


def to_rows(orders: Iterable[Order]) -> Rows:
    """Write orders as rows."""
    return rows.to_rows(Order, orders)


def from_rows(order_rows: Rows) -> tuple[Order, ...]:
    """Rebuild the orders; every invariant is checked again."""
    return rows.from_rows(Order, order_rows)
