"""Decides how a parent order is divided over venues: whole lots, least cost, exactly optimal.

The cost of taking `x` lots at a venue is convex (levels only get worse) plus a fixed fee for
sending an order there at all. For a given set of venues the cheapest division is therefore greedy:
the venues' minimum orders first, then the cheapest lots of what is left. The best set is found by
trying every one, which is exact and, at the handful of venues where one contract trades, cheap.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import combinations
from typing import Final

import attrs

from wattbook_domain.execution.fees import LotTerms, ticks_after_fees
from wattbook_domain.execution.scoring import VenueView
from wattbook_domain.foundation.bounds import (
    PRICE_TICKS_ABS_MAX,
    QUANTITY_LOTS_MAX,
    require_within,
)
from wattbook_domain.foundation.identifiers import (
    ClientOrderId,
    InstrumentId,
    VenueId,
    child_id,
)
from wattbook_domain.foundation.instants import UtcNs
from wattbook_domain.orders.commands import NewOrder, OrderOwner
from wattbook_domain.orders.vocabulary import OrderType, Side, TimeInForce

VENUES_MAX: Final = 10
"""Every set of venues is tried: 2**10 sets at most."""


@attrs.frozen(kw_only=True)
class ParentOrder:
    """A quantity to trade in one instrument, before any venue is chosen.

    `limit_ticks=None` takes any displayed price. Children are immediate-or-cancel.
    """

    client_order_id: ClientOrderId
    instrument_id: InstrumentId
    owner: OrderOwner
    side: Side
    quantity_lots: int
    limit_ticks: int | None
    decided_at: UtcNs

    def __attrs_post_init__(self) -> None:
        # Children are named after it, so their names must fit, too.
        child_id(self.client_order_id, VENUES_MAX - 1)
        require_within("quantity_lots", self.quantity_lots, 1, QUANTITY_LOTS_MAX)
        if self.limit_ticks is not None:
            require_within(
                "limit_ticks", self.limit_ticks, -PRICE_TICKS_ABS_MAX, PRICE_TICKS_ABS_MAX
            )


@attrs.frozen(kw_only=True)
class SplitPlan:
    """A division of a parent order.

    Attributes:
        children: one order per chosen venue, in the order of venue names.
        unplaced_lots: what no venue shows within the limit and the minimums.
        cost_tick_lots: what the children are expected to cost a buyer, or bring a seller with the
            sign turned: ticks x lots after fees, and the cost of lots expected to be missed.
    """

    parent: ParentOrder
    children: tuple[NewOrder, ...]
    unplaced_lots: int
    cost_tick_lots: Fraction


@attrs.frozen
class _Step:
    """Lots of one price at one venue; `cost_ticks` is per lot, and less is better on both sides."""

    cost_ticks: Fraction
    venue: int
    price_ticks: int
    lots: int


@attrs.frozen
class _Division:
    """Lots and last price touched by venue number."""

    lots: Mapping[int, int]
    worst_ticks: Mapping[int, int]
    cost: Fraction

    @property
    def placed_lots(self) -> int:
        return sum(self.lots.values())


def split_order(
    parent: ParentOrder,
    views: Sequence[VenueView],
    *,
    terms: LotTerms,
    miss_cost_ticks: Fraction = Fraction(0),
) -> SplitPlan:
    """Place as many lots as the venues show within the limit, at the least cost after fees.

    Args:
        parent: what to trade.
        views: the venues, each once, all showing the parent's instrument.
        terms: what ticks and lots of the instrument are worth.
        miss_cost_ticks: what a lot costs that was shown but is gone on arrival; with it a venue
            with a low `fill_ratio` must be cheaper by the expected miss to be chosen.

    Raises:
        ValueError: for two views of one venue, a foreign instrument, or more than `VENUES_MAX`.
    """
    _require_fit(parent, views)
    ordered = sorted(views, key=lambda view: view.venue_id)
    ladders = [
        _ladder(number, view, parent=parent, terms=terms, miss_cost_ticks=miss_cost_ticks)
        for number, view in enumerate(ordered)
    ]
    fixed = [terms.fee_tick_lots(view.fees.per_order) for view in ordered]
    minimums = [view.minimum_lots for view in ordered]
    divisions = (
        _cheapest(chosen, ladders=ladders, minimums=minimums, fixed=fixed, parent=parent)
        for chosen in _sets(len(ordered))
    )
    best = min(
        (division for division in divisions if division is not None),
        key=lambda d: (-d.placed_lots, d.cost, len(d.lots)),
    )
    children = tuple(
        _child(parent, index, ordered[venue].venue_id, best.lots[venue], best.worst_ticks[venue])
        for index, venue in enumerate(sorted(best.lots))
    )
    return SplitPlan(
        parent=parent,
        children=children,
        unplaced_lots=parent.quantity_lots - best.placed_lots,
        cost_tick_lots=best.cost,
    )


def _require_fit(parent: ParentOrder, views: Sequence[VenueView]) -> None:
    names = [view.venue_id for view in views]
    if len(set(names)) != len(names):
        raise ValueError(f"each venue may be seen once, found {names}; keep the newest view")
    if len(names) > VENUES_MAX:
        raise ValueError(f"at most {VENUES_MAX} venues can be compared, found {len(names)}")
    foreign = {v.depth.instrument_id for v in views} - {parent.instrument_id}
    if foreign:
        raise ValueError(f"every view must show {parent.instrument_id}, found {sorted(foreign)}")


def _sets(count: int) -> Iterator[tuple[int, ...]]:
    """Yield every set of venue numbers, the empty one first."""
    for size in range(count + 1):
        yield from combinations(range(count), size)


def _ladder(
    number: int,
    view: VenueView,
    *,
    parent: ParentOrder,
    terms: LotTerms,
    miss_cost_ticks: Fraction,
) -> tuple[_Step, ...]:
    side, fee = parent.side, view.taker_ticks(terms)
    expected_miss = (1 - view.fill_ratio) * miss_cost_ticks
    return tuple(
        _Step(
            side.sign * ticks_after_fees(level.price_ticks, side=side, fee_ticks=fee)
            + expected_miss,
            number,
            level.price_ticks,
            level.quantity_lots,
        )
        for level in view.reachable(side, parent.limit_ticks)
    )


def _cheapest(
    chosen: tuple[int, ...],
    *,
    ladders: Sequence[tuple[_Step, ...]],
    minimums: Sequence[int],
    fixed: Sequence[Fraction],
    parent: ParentOrder,
) -> _Division | None:
    """Divide the parent over exactly these venues; `None` if their minimums do not fit."""
    shown = [sum(step.lots for step in ladders[venue]) for venue in chosen]
    needed = sum(minimums[venue] for venue in chosen)
    if needed > parent.quantity_lots or any(
        lots < minimums[venue] for lots, venue in zip(shown, chosen, strict=True)
    ):
        return None
    taken: list[_Step] = []
    rest: list[_Step] = []
    for venue in chosen:
        head, tail = _cut(ladders[venue], minimums[venue])
        taken += head
        rest += tail
    # The sort is stable and each ladder only gets worse, so a venue's levels stay in order.
    head, _ = _cut(sorted(rest, key=lambda step: step.cost_ticks), parent.quantity_lots - needed)
    taken += head
    return _Division(
        lots={v: sum(step.lots for step in taken if step.venue == v) for v in chosen},
        worst_ticks={step.venue: step.price_ticks for step in taken},
        cost=sum((step.cost_ticks * step.lots for step in taken), Fraction(0))
        + sum((fixed[v] for v in chosen), Fraction(0)),
    )


def _cut(steps: Sequence[_Step], lots: int) -> tuple[list[_Step], list[_Step]]:
    """Split a ladder after so many lots (or at its end)."""
    head: list[_Step] = []
    tail: list[_Step] = []
    for step in steps:
        used = min(step.lots, lots)
        lots -= used
        if used:
            head.append(attrs.evolve(step, lots=used))
        if used < step.lots:
            tail.append(attrs.evolve(step, lots=step.lots - used))
    return head, tail


def _child(
    parent: ParentOrder, index: int, venue_id: VenueId, lots: int, worst_ticks: int
) -> NewOrder:
    """Limit the child to the worst price planned: it can do better than the plan, never worse."""
    return NewOrder(
        client_order_id=ClientOrderId(child_id(parent.client_order_id, index)),
        instrument_id=parent.instrument_id,
        venue_id=venue_id,
        owner=parent.owner,
        side=parent.side,
        order_type=OrderType.LIMIT,
        time_in_force=TimeInForce.IOC,
        quantity_lots=lots,
        limit_ticks=worst_ticks,
        decided_at=parent.decided_at,
    )
