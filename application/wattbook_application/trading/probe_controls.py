"""Proves the gate before it is relied on: what must be refused is put to it, and never sent.

Trading firms test their pre-trade controls before use (Regulation (EU) 2017/589, Articles 9 and
15). A probe is judged like an order but never submitted, so it cannot leave. A probe that passes
means that a control does not hold: the kill switch is engaged for everything.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import attrs

from wattbook_application.effects import OrderEffect, TellRefusal
from wattbook_application.facts import ControlsProbed
from wattbook_application.state import DayState, Refusal
from wattbook_application.trading.check_risk import check_order
from wattbook_domain.foundation.bounds import PRICE_TICKS_ABS_MAX, QUANTITY_LOTS_MAX
from wattbook_domain.foundation.identifiers import ClientOrderId, child_id
from wattbook_domain.foundation.instants import UtcNs
from wattbook_domain.foundation.verdict import Refused
from wattbook_domain.orders.commands import NewOrder
from wattbook_domain.orders.vocabulary import OrderType, Side, TimeInForce
from wattbook_domain.risk.kill import KillScope, KillScopeKind

PROBER: Final = "gate-probe"
PERCENT: Final = 100


def probe_controls(state: DayState, fact: ControlsProbed) -> tuple[OrderEffect, ...]:
    """Handle `ControlsProbed`."""
    effects: list[OrderEffect] = []
    for order in fact.orders:
        verdict = check_order(state, order).verdict
        if isinstance(verdict, Refused):
            state.probes.append(Refusal(at=fact.at, order=order, verdict=verdict))
            effects.append(TellRefusal(at=fact.at, verdict=verdict))
        else:
            state.latch = state.latch.engage(
                KillScope(KillScopeKind.ALL),
                by=PROBER,
                at=fact.at,
                reason=f"the control probe {order.client_order_id} was not refused",
            )
    return tuple(effects)


def make_probes(state: DayState, *, at: UtcNs, probe_id: str) -> tuple[NewOrder, ...]:
    """Return one order for each control that is probed: size, price collar, gate closure.

    Raises:
        ValueError: before the auction, for without a reference price there is no collar.
    """
    return tuple(_probes(state, at, probe_id))


def _probes(state: DayState, at: UtcNs, probe_id: str) -> Iterator[NewOrder]:
    market = state.opened
    setup, instrument = market.setup, market.intraday[-1]
    reference = state.references.get(instrument.instrument_id)
    if reference is None:
        raise ValueError("controls are probed after the auction, when reference prices are known")
    sound = NewOrder(
        client_order_id=ClientOrderId(child_id(probe_id, 0)),
        instrument_id=instrument.instrument_id,
        venue_id=setup.market.continuous[0].venue_id,
        owner=setup.wind.owner,
        side=Side.BUY,
        order_type=OrderType.LIMIT,
        time_in_force=TimeInForce.IOC,
        quantity_lots=1,
        limit_ticks=reference.ticks,
        decided_at=at,
    )
    largest_lots = int(setup.limits.order_mw_max / setup.market.lot_mw)
    yield attrs.evolve(sound, quantity_lots=min(largest_lots + 1, QUANTITY_LOTS_MAX))
    collar_ticks = int(setup.limits.collar_absolute / setup.market.tick_size)
    share = setup.limits.collar_percent / PERCENT
    width_ticks = max(collar_ticks, int(share * abs(reference.ticks)))
    yield attrs.evolve(
        sound,
        client_order_id=ClientOrderId(child_id(probe_id, 1)),
        limit_ticks=min(reference.ticks + width_ticks + 1, PRICE_TICKS_ABS_MAX),
    )
    yield attrs.evolve(
        sound,
        client_order_id=ClientOrderId(child_id(probe_id, 2)),
        instrument_id=market.day_ahead[-1].instrument_id,
        venue_id=setup.market.auction.venue_id,
    )
