"""Decides when the slices of a parent are sent; `splitting` divides each slice over venues."""

from __future__ import annotations

import attrs

from wattbook_domain.execution.splitting import ParentOrder
from wattbook_domain.foundation.bounds import QUANTITY_LOTS_MAX, require_within
from wattbook_domain.foundation.identifiers import ClientOrderId, child_id
from wattbook_domain.foundation.instants import UtcNs


@attrs.frozen
class TimeWindow:
    """Half-open `[start, end)`."""

    start: UtcNs
    end: UtcNs

    def __attrs_post_init__(self) -> None:
        if self.end <= self.start:
            raise ValueError(f"a window must end after it starts, found {self.start}, {self.end}")


def twap_slices(parent: ParentOrder, window: TimeWindow, *, slices: int) -> tuple[ParentOrder, ...]:
    """Spread a parent evenly over a window: equal times, lots as equal as whole lots allow.

    Slice `i` is decided at `start + i * length / slices`. By then `i + 1` slices have sent
    `floor(quantity * (i + 1) / slices)` lots in all, so no prefix is ever a lot ahead of or a full
    lot behind the straight line. A slice that would have no lots is left out.

    Raises:
        ValueError: if `slices` is not positive.
    """
    require_within("slices", slices, 1, QUANTITY_LOTS_MAX)
    length = window.end - window.start
    planned: list[ParentOrder] = []
    for index in range(slices):
        before = parent.quantity_lots * index // slices
        lots = parent.quantity_lots * (index + 1) // slices - before
        if lots:
            planned.append(
                attrs.evolve(
                    parent,
                    client_order_id=ClientOrderId(child_id(parent.client_order_id, index)),
                    quantity_lots=lots,
                    decided_at=UtcNs(window.start + length * index // slices),
                )
            )
    return tuple(planned)
