"""Decides how a whole run of orders, fills and ends goes through the gate in one compiled pass.

For backtests: the exposure of one desk is updated between orders, so every order meets the book
that its predecessors left. The limits, the grid and the reservation are the domain's own function
objects; only the loop over events is written here. The reference is `ExposureBook` with the gate,
and `state_hash` of both must agree.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

from wattbook_adapters.kernels.compiled import compile_kernel, require_stamp
from wattbook_adapters.kernels.rows import as_records, checked
from wattbook_contracts.ports.kernels import Masks, Rows
from wattbook_domain.foundation.canonical import state_hash
from wattbook_domain.foundation.identifiers import AlgorithmId, DeskId
from wattbook_domain.foundation.rows import dtype_of
from wattbook_domain.risk.grid import add_kw, highest_kw, lowest_kw
from wattbook_domain.risk.limits import added_value_units, reject_mask, reserve_ticks
from wattbook_domain.risk.terms import SlotSpan


class SequenceEvent(IntEnum):
    """What a row of a sequence does."""

    NEW = 0
    FILL = 1
    END = 2


@attrs.frozen(kw_only=True)
class SequenceRow:
    """One event about one order.

    Attributes:
        order: row of the order's facts. first, end: its delivery slots from the horizon's first.
        lots, ticks: of a fill; not read otherwise.
    """

    event: SequenceEvent
    order: int
    first: int
    end: int
    lots: int
    ticks: int


SEQUENCE_DTYPE = dtype_of(SequenceRow)


@attrs.frozen(kw_only=True)
class SequenceOutcome:
    """What became of a sequence: one mask an order, and the desk's exposure at the end."""

    masks: Masks
    net_kw: npt.NDArray[np.int64]
    buys_kw: npt.NDArray[np.int64]
    sells_kw: npt.NDArray[np.int64]
    filled_units: int
    reserved_units: int
    open_orders: int

    def state_hash(
        self, *, desk_id: DeskId, algorithm_id: AlgorithmId, grains_per_unit: int
    ) -> str:
        """Return the hash that an `ExposureBook` in the same state returns."""
        desk = {
            "net_kw": self.net_kw.tolist(),
            "buys_kw": self.buys_kw.tolist(),
            "sells_kw": self.sells_kw.tolist(),
            "filled_grains": self.filled_units * grains_per_unit,
            "reserved_grains": self.reserved_units * grains_per_unit,
        }
        open_orders = {algorithm_id: self.open_orders} if self.open_orders else {}
        return state_hash({"desks": {desk_id: desk}, "open": open_orders})


class SequenceKernel:
    """The gate and the exposure of one desk, one algorithm and one value unit, compiled."""

    def __init__(self, horizon: SlotSpan) -> None:
        """Prepare an empty grid over the horizon.

        Raises:
            MissingExtraFault: if Numba is not installed.
        """
        self._slots = horizon.slots
        self._kernel = compile_kernel(_build)

    def run(self, events: Rows, *, facts: Rows, caps: Rows) -> SequenceOutcome:
        """Send every event through; the facts that depend on exposure are filled in on the way.

        Raises:
            ValueError: if rows have another dtype, or an event leaves its arrays.
        """
        orders, limits = checked(facts.copy(), caps)
        self._require_within(events, len(facts))
        masks = np.zeros(len(orders), dtype=np.int64)
        grid = np.zeros((3, self._slots), dtype=np.int64)
        totals = np.zeros(3, dtype=np.int64)
        held = np.zeros((len(orders), 2), dtype=np.int64)
        require_stamp(self._kernel(as_records(events), orders, limits, masks, grid, totals, held))
        return SequenceOutcome(
            masks=masks,
            net_kw=grid[0],
            buys_kw=grid[1],
            sells_kw=grid[2],
            filled_units=int(totals[0]),
            reserved_units=int(totals[1]),
            open_orders=int(totals[2]),
        )

    def _require_within(self, events: Rows, orders: int) -> None:
        if events.dtype != SEQUENCE_DTYPE or events.ndim != 1:
            raise ValueError(f"events must be a vector of SequenceRow, found {events.dtype}")
        is_inside = (
            (events["order"] >= 0)
            & (events["order"] < orders)
            & (events["first"] >= 0)
            & (events["first"] < events["end"])
            & (events["end"] <= self._slots)
        )
        if not is_inside.all():
            raise ValueError(
                f"event {int(np.argmin(is_inside))} names an order or a slot that does not exist"
            )
        sent = events["order"][events["event"] == SequenceEvent.NEW]
        if len(np.unique(sent)) != len(sent):
            raise ValueError("each order is sent once, found one that is sent again")


def _build(stamp: int) -> Callable[..., int]:
    def run_all(
        events: Any, orders: Any, limits: Any, masks: Any, grid: Any, totals: Any, held: Any
    ) -> int:
        net, buys, sells = grid[0], grid[1], grid[2]
        stride = 0 if len(limits) == 1 else 1
        for place in range(len(events)):
            event = events[place]
            row = event.order
            order = orders[row]
            was_open = held[row, 0] > 0
            change = -held[row, 0]
            if event.event == SequenceEvent.NEW:
                cap = limits[row * stride]
                order.net_high_kw = highest_kw(net, buys, event.first, event.end)
                order.net_low_kw = lowest_kw(net, sells, event.first, event.end)
                order.gross_units = totals[0] + totals[1]
                order.open_orders = totals[2]
                masks[row] = reject_mask(order, cap)
                held[row, 1] = reserve_ticks(order, cap)
                change = order.open_lots * (masks[row] == 0)
            elif event.event == SequenceEvent.FILL:
                lots = min(event.lots, held[row, 0])
                change = -lots
                add_kw(net, event.first, event.end, (1 - 2 * order.side) * lots * order.lot_kw)
                totals[0] += added_value_units(lots, 0, order.delivery_slots, abs(event.ticks), 0)
            held[row, 0] += change
            resting = buys if order.side == 0 else sells
            add_kw(resting, event.first, event.end, change * order.lot_kw)
            totals[1] += change * order.delivery_slots * held[row, 1]
            totals[2] += 1 * (held[row, 0] > 0) - 1 * was_open
        return stamp

    return run_all
