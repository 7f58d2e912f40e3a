"""Decides how the facts of an order are gathered; judging them is left to `limits`.

Gathering reads values and aggregates that somebody folded from the journal. It never fails open:
what is not known becomes a fact of its own (`has_reference` 0, `kill_state` unknown), never a
number that looks harmless.
"""

from __future__ import annotations

from typing import Final

import attrs

from wattbook_domain.foundation.bounds import (
    POWER_KW_ABS_MAX,
    PRICE_TICKS_ABS_MAX,
    VALUE_UNITS_ABS_MAX,
    require_within,
)
from wattbook_domain.foundation.identifiers import AlgorithmId, ClientOrderId, VenueId
from wattbook_domain.foundation.instants import UtcNs
from wattbook_domain.orders.commands import NewOrder, OrderOwner, ReplaceOrder
from wattbook_domain.orders.vocabulary import Side
from wattbook_domain.risk.exposure import ExposureBook
from wattbook_domain.risk.facts import OrderFacts
from wattbook_domain.risk.held import HeldOrder
from wattbook_domain.risk.kill import KillLatch
from wattbook_domain.risk.limit_set import ResolvedLimits
from wattbook_domain.risk.terms import InstrumentTerms
from wattbook_domain.risk.traffic import Traffic


@attrs.frozen(kw_only=True)
class ReferencePrice:
    """The price an order is compared with, and when it was formed."""

    ticks: int
    at: UtcNs

    def __attrs_post_init__(self) -> None:
        require_within("ticks", self.ticks, -PRICE_TICKS_ABS_MAX, PRICE_TICKS_ABS_MAX)


@attrs.frozen(kw_only=True)
class GateView:
    """Everything the gate may look at when an order arrives.

    Attributes:
        reference: last trade, mid or settlement of the instrument; `None` when none is known.
        is_halted: whether the venue has suspended the instrument.
        day_pnl_grains: the desk's P&L of the day in value grains; `None` when not marked.
    """

    exposure: ExposureBook
    traffic: Traffic
    latch: KillLatch
    reference: ReferencePrice | None
    is_halted: bool
    day_pnl_grains: int | None


def gather_new_order(
    order: NewOrder, *, terms: InstrumentTerms, limits: ResolvedLimits, view: GateView
) -> OrderFacts:
    """Return the facts of a new order.

    Raises:
        ValueError: if the terms are another instrument's.
    """
    if order.instrument_id != terms.instrument_id:
        raise ValueError(f"terms of {terms.instrument_id} cannot judge {order.instrument_id}")
    asked = _Asked(
        client_order_id=order.client_order_id,
        owner=order.owner,
        venue_id=order.venue_id,
        side=order.side,
        limit_ticks=order.limit_ticks,
        quantity_lots=order.quantity_lots,
        now=order.decided_at,
        message_window_ns=limits.message_window_ns,
        pairs_orders=limits.pairs_orders,
        twin_age_ns=view.traffic.twin_age_ns(order),
        held=None,
    )
    return _gather(asked, terms, view)


def gather_replace(
    command: ReplaceOrder,
    *,
    original: NewOrder,
    terms: InstrumentTerms,
    limits: ResolvedLimits,
    view: GateView,
) -> OrderFacts:
    """Return the facts of a replace. `original` says who owns the order and where it rests.

    Raises:
        ValueError: if the terms or the original belong to another order.
    """
    held = view.exposure.held(command.original_client_order_id)
    if original.instrument_id != terms.instrument_id:
        raise ValueError(f"terms of {terms.instrument_id} cannot judge {original.instrument_id}")
    if held is not None and held.client_order_id != original.client_order_id:
        raise ValueError(
            f"{command.original_client_order_id} is {held.client_order_id}, not "
            f"{original.client_order_id}"
        )
    asked = _Asked(
        client_order_id=command.client_order_id,
        owner=original.owner,
        venue_id=original.venue_id,
        side=original.side,
        limit_ticks=command.limit_ticks,
        quantity_lots=command.quantity_lots,
        now=command.decided_at,
        message_window_ns=limits.message_window_ns,
        pairs_orders=limits.pairs_orders,
        twin_age_ns=None,
        held=held,
        is_replace=True,
    )
    return _gather(asked, terms, view)


@attrs.frozen(kw_only=True)
class _Asked:
    """What new orders and replaces have in common."""

    client_order_id: ClientOrderId
    owner: OrderOwner
    venue_id: VenueId
    side: Side
    limit_ticks: int | None
    quantity_lots: int
    now: UtcNs
    message_window_ns: int
    pairs_orders: bool
    twin_age_ns: int | None
    held: HeldOrder | None
    is_replace: bool = False

    @property
    def algorithm_id(self) -> AlgorithmId:
        return self.owner.algorithm_id

    @property
    def open_lots(self) -> int:
        filled = 0 if self.held is None else self.held.filled_lots
        return max(self.quantity_lots - filled, 0)


_NOT_PENDING: Final = 0


def _gather(asked: _Asked, terms: InstrumentTerms, view: GateView) -> OrderFacts:
    book = view.exposure
    desk_id = asked.owner.desk_id
    is_covered = book.covers(terms)
    held = asked.held
    opposite = _nearest_opposite(asked, terms, view) if asked.pairs_orders else None
    reference = view.reference
    return OrderFacts(
        is_new=int(not asked.is_replace),
        side=int(asked.side),
        has_limit=int(asked.limit_ticks is not None),
        limit_ticks=asked.limit_ticks or 0,
        quantity_lots=asked.quantity_lots,
        open_lots=asked.open_lots,
        held_lots=0 if held is None else held.held_lots,
        held_ticks=0 if held is None else held.reserve_ticks,
        lot_kw=terms.lot_kw,
        delivery_slots=terms.delivery_slots,
        lot_step_lots=terms.lot_step_lots,
        tick_step_ticks=terms.tick_step_ticks,
        kill_state=int(
            view.latch.state_for(
                asked.owner, venue_id=asked.venue_id, instrument_id=terms.instrument_id
            )
        ),
        is_halted=int(view.is_halted),
        is_identity_used=int(view.traffic.is_used(asked.client_order_id)),
        is_target_open=int(not asked.is_replace or (held is not None and held.is_open)),
        is_replace_pending=_NOT_PENDING if held is None else int(held.pending is not None),
        is_within_horizon=int(is_covered),
        now_ns=asked.now,
        has_gate_closure=int(terms.gate_closes_at is not None),
        gate_closes_ns=terms.gate_closes_at or 0,
        has_reference=int(reference is not None),
        reference_ticks=0 if reference is None else reference.ticks,
        reference_age_ns=0 if reference is None else max(asked.now - reference.at, 0),
        net_high_kw=_clip(book.highest_net_kw(desk_id, terms), POWER_KW_ABS_MAX)
        if is_covered
        else 0,
        net_low_kw=_clip(book.lowest_net_kw(desk_id, terms), POWER_KW_ABS_MAX) if is_covered else 0,
        gross_units=_units_up(book.gross_grains(desk_id), terms.grains_per_unit),
        has_pnl=int(view.day_pnl_grains is not None),
        day_pnl_grains=_clip(view.day_pnl_grains or 0, VALUE_UNITS_ABS_MAX),
        open_orders=book.open_orders(asked.algorithm_id),
        has_opposite=int(opposite is not None),
        opposite_ticks=opposite or 0,
        has_twin=int(asked.twin_age_ns is not None),
        twin_age_ns=max(asked.twin_age_ns or 0, 0),
        messages_in_window=view.traffic.messages_within(
            asked.algorithm_id, window_ns=asked.message_window_ns, now=asked.now
        ),
    )


def _nearest_opposite(asked: _Asked, terms: InstrumentTerms, view: GateView) -> int | None:
    """Return the own price that would be met first; an own market order is met at any price."""
    apart_from = None if asked.held is None else asked.held.client_order_id
    limits = view.exposure.opposite_limits(terms.instrument_id, asked.side, apart_from=apart_from)
    if not limits:
        return None
    met_always = -asked.side.sign * PRICE_TICKS_ABS_MAX
    prices = [met_always if ticks is None else ticks for ticks in limits]
    return min(prices) if asked.side is Side.BUY else max(prices)


def _units_up(grains: int, grains_per_unit: int) -> int:
    """Round up: what is already used is never understated."""
    return min(-(-grains // grains_per_unit), VALUE_UNITS_ABS_MAX)


def _clip(value: int, bound: int) -> int:
    """Bring a running total into the bounds of the rules; at the bound every limit is breached."""
    return max(-bound, min(value, bound))
