"""Asks the gate whether an order may be sent, with everything the journal says about it."""

from __future__ import annotations

from fractions import Fraction

import attrs

from wattbook_application.state import DayState
from wattbook_domain.foundation.identifiers import DeskId, InstrumentId
from wattbook_domain.foundation.verdict import Approved, Refused
from wattbook_domain.orders.commands import NewOrder, ReplaceOrder
from wattbook_domain.risk.denial import DenialCode
from wattbook_domain.risk.gate import check_new_order, check_replace, reserve_ticks_of
from wattbook_domain.risk.gather import GateView, gather_new_order, gather_replace
from wattbook_domain.risk.terms import grains_of


@attrs.frozen(kw_only=True)
class Checked:
    """The gate's verdict, and the price magnitude at which the exposure book holds the order."""

    verdict: Approved[NewOrder] | Refused
    reserve_ticks: int


@attrs.frozen(kw_only=True)
class CheckedReplace:
    """The same for a replace."""

    verdict: Approved[ReplaceOrder] | Refused
    reserve_ticks: int


def check_order(state: DayState, order: NewOrder) -> Checked:
    """Judge a new order against the state as it is now; the state is not changed.

    An instrument that is not of the day has no terms to be judged by, so it is refused here.
    """
    market = state.opened
    terms = market.terms.get(order.instrument_id)
    if terms is None:
        foreign = Refused(
            DenialCode.INSTRUMENT_NOT_PERMITTED,
            f"{order.client_order_id}: {order.instrument_id} is no instrument of the day",
        )
        return Checked(verdict=foreign, reserve_ticks=0)
    limits = market.limits.resolve(order.owner, venue_id=order.venue_id, terms=terms)
    view = _view(state, order.instrument_id, order.owner.desk_id)
    facts = gather_new_order(order, terms=terms, limits=limits, view=view)
    return Checked(
        verdict=check_new_order(order, facts=facts, limits=limits),
        reserve_ticks=reserve_ticks_of(facts, limits),
    )


def check_change(state: DayState, command: ReplaceOrder, original: NewOrder) -> CheckedReplace:
    """Judge a replace of `original` against the state as it is now."""
    market = state.opened
    terms = market.terms[original.instrument_id]
    limits = market.limits.resolve(original.owner, venue_id=original.venue_id, terms=terms)
    view = _view(state, original.instrument_id, original.owner.desk_id)
    facts = gather_replace(command, original=original, terms=terms, limits=limits, view=view)
    return CheckedReplace(
        verdict=check_replace(command, facts=facts, limits=limits),
        reserve_ticks=reserve_ticks_of(facts, limits),
    )


def _view(state: DayState, instrument_id: InstrumentId, desk_id: DeskId) -> GateView:
    return GateView(
        exposure=state.book,
        traffic=state.traffic,
        latch=state.latch,
        reference=state.references.get(instrument_id),
        is_halted=False,
        day_pnl_grains=day_pnl_grains(state, desk_id),
    )


def day_pnl_grains(state: DayState, desk_id: DeskId) -> int | None:
    """Return the desk's trading result at reference prices, in value grains, rounded down.

    Contracts only: what the assets deliver against them is not yet money. `None` when a held
    instrument has no reference price, for then the result is not known.
    """
    total = Fraction(0)
    instruments = state.opened.instruments
    for position in state.positions.snapshot():
        if position.key.desk_id != desk_id:
            continue
        instrument = instruments[position.key.instrument_id]
        reference = state.references.get(position.key.instrument_id)
        if reference is None and not position.is_flat:
            return None
        mark = 0 if reference is None else reference.ticks
        tick_lots = position.cash_tick_lots + position.net_lots * mark
        total += grains_of(instrument.value(tick_lots * instrument.delivery_slots))
        total -= sum((grains_of(fee) for fee in position.fees), Fraction(0))
    return total.numerator // total.denominator
