"""Decides how tomorrow's wind is offered in the day-ahead auction: all of it, down to a floor.

A farm that may curtail asks at least its floor price; below it the auction leaves the energy with
the farm, which then does not run. A farm that may not curtail sells at any price.
"""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from wattbook_contracts.ports.strategy import StrategyContext
from wattbook_domain.foundation.identifiers import ClientOrderId, child_id
from wattbook_domain.instruments.resolve import Instrument
from wattbook_domain.orders.commands import NewOrder
from wattbook_domain.orders.vocabulary import OrderType, Side, TimeInForce
from wattbook_domain.portfolio.assets import WindFarm
from wattbook_domain.portfolio.residual import residual_power
from wattbook_domain.quantities.rounding import Rounding, round_whole


@attrs.frozen
class WindDayAhead:
    """Offers the forecast wind, in whole lots and never more than forecast."""

    @property
    def name(self) -> str:
        """The name in settings and reports."""
        return "wind-day-ahead"

    def decide(self, context: StrategyContext) -> tuple[NewOrder, ...]:
        """Return one sale for each auction interval with at least one lot of wind.

        Raises:
            ValueError: if the asset is no wind farm.
        """
        farm = context.asset
        if not isinstance(farm, WindFarm):
            raise ValueError(f"{self.name} needs a wind farm, found {farm.asset_id}")
        return tuple(_orders(context, farm))


def _orders(context: StrategyContext, farm: WindFarm) -> Iterator[NewOrder]:
    for index, instrument in enumerate(context.instruments):
        unsold = residual_power(instrument, wanted=context.wanted, contracted=context.contracted)
        if unsold is None or not instrument.accepts_at(context.decided_at):
            continue
        lots = round_whole(unsold.kw / instrument.lot_kw, Rounding.FLOOR)
        if lots > 0:
            yield NewOrder(
                client_order_id=ClientOrderId(child_id(context.decision_id, index)),
                instrument_id=instrument.instrument_id,
                venue_id=context.auction,
                owner=context.owner,
                side=Side.SELL,
                order_type=OrderType.LIMIT,
                time_in_force=TimeInForce.DAY,
                quantity_lots=lots,
                limit_ticks=_least_ticks(context, instrument, farm),
                decided_at=context.decided_at,
            )


def _least_ticks(context: StrategyContext, instrument: Instrument, farm: WindFarm) -> int:
    if not farm.is_curtailable:
        return context.price_limits.min_ticks
    floor = round_whole(farm.floor_price / instrument.price(1), Rounding.CEILING)
    return context.price_limits.clamp(floor)
