"""Decides at which price each hour of a battery's plan is bid into a day-ahead auction.

*Price-taking* bids name the technical limits: the auction accepts them at any price, so every hour
of the plan is filled and the state of charge stays the planned one. If the forecast was wrong the
plan is executed at a loss, but it can be executed.

*Guarded* bids name break-even prices: never buy dearer, or sell cheaper, than the plan can bear.
A guard that strikes leaves the plan with a hole, so the state of charge must be repaired by a new
plan intraday before the first missing hour. Choose it only where that is done.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum

import attrs

from wattbook_contracts.ports.strategy import StrategyContext
from wattbook_domain.foundation.identifiers import ClientOrderId, child_id
from wattbook_domain.instruments.resolve import Instrument
from wattbook_domain.orders.commands import NewOrder
from wattbook_domain.orders.vocabulary import OrderType, Side, TimeInForce
from wattbook_domain.portfolio.assets import Battery
from wattbook_domain.portfolio.residual import residual_power
from wattbook_domain.quantities.power import Power
from wattbook_domain.quantities.rounding import Rounding, round_whole
from wattbook_plugins.strategies.battery.guard import BreakEven, break_even


class BiddingStyle(Enum):
    """How the limit of each bid is chosen."""

    PRICE_TAKING = "accepted at any price; the plan stays feasible"
    GUARDED = "never at a price the plan cannot bear; the plan may need repair"


@attrs.frozen(kw_only=True)
class BatteryDayAhead:
    """Bids the whole of a plan, one order an auction hour."""

    style: BiddingStyle = BiddingStyle.PRICE_TAKING

    @property
    def name(self) -> str:
        """The name in settings and reports."""
        match self.style:
            case BiddingStyle.PRICE_TAKING:
                return "battery-day-ahead"
            case BiddingStyle.GUARDED:
                return "battery-day-ahead-guarded"

    def decide(self, context: StrategyContext) -> tuple[NewOrder, ...]:
        """Return a sale where the plan discharges and a purchase where it charges.

        Raises:
            ValueError: if the asset is no battery, the plan is not in whole lots, or a guarded bid
                lacks expected prices.
        """
        battery = context.asset
        if not isinstance(battery, Battery):
            raise ValueError(f"{self.name} needs a battery, found {battery.asset_id}")
        guard = None if self.style is BiddingStyle.PRICE_TAKING else _guard(context, battery)
        return tuple(_orders(context, guard))


def _guard(context: StrategyContext, battery: Battery) -> BreakEven:
    if context.expected_prices is None:
        raise ValueError("guarded bids need expected prices; bid price-taking without a forecast")
    return break_even(battery, plan=context.wanted, prices=context.expected_prices)


def _orders(context: StrategyContext, guard: BreakEven | None) -> Iterator[NewOrder]:
    for index, instrument in enumerate(context.instruments):
        residual = residual_power(instrument, wanted=context.wanted, contracted=context.contracted)
        is_open = instrument.accepts_at(context.decided_at)
        if residual is not None and not residual.is_zero and is_open:
            yield _order(context, index, residual, guard)


def _order(
    context: StrategyContext, index: int, residual: Power, guard: BreakEven | None
) -> NewOrder:
    instrument = context.instruments[index]
    side = Side.BUY if residual.is_negative else Side.SELL
    return NewOrder(
        client_order_id=ClientOrderId(child_id(context.decision_id, index)),
        instrument_id=instrument.instrument_id,
        venue_id=context.auction,
        owner=context.owner,
        side=side,
        order_type=OrderType.LIMIT,
        time_in_force=TimeInForce.DAY,
        quantity_lots=instrument.lots(abs(residual)),
        limit_ticks=_limit_ticks(context, instrument, side, guard),
        decided_at=context.decided_at,
    )


def _limit_ticks(
    context: StrategyContext, instrument: Instrument, side: Side, guard: BreakEven | None
) -> int:
    """The worst price still accepted; a guard is rounded to the side that loses nothing."""
    limits = context.price_limits
    worst = limits.max_ticks if side is Side.BUY else limits.min_ticks
    price = None if guard is None else guard.limit(side)
    if price is None:
        return worst
    tick = instrument.price(1)
    rounding = Rounding.FLOOR if side is Side.BUY else Rounding.CEILING
    return limits.clamp(round_whole(price / tick, rounding))
