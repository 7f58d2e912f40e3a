"""Decides which lots to trade intraday so that what is sold follows the newest wind forecast.

The distance between forecast and contracts is traded when it leaves a dead band, and only at
prices that cost less than leaving it to the balancing market: trading one MWh costs the distance
from the mid price over all venues to the level that is hit, and is worth it while that does not
exceed the expected imbalance cost. A curtailable farm never sells below its floor; it runs less.

Parent orders ask for what the books show within that price; a router splits them into children
that fill at once or not at all. Nothing rests, so what did not fill is found again, as distance, at
the next beat.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

import attrs

from wattbook_contracts.ports.strategy import StrategyContext
from wattbook_domain.delivery.schedule import DeliverySchedule
from wattbook_domain.execution.splitting import ParentOrder
from wattbook_domain.foundation.identifiers import ClientOrderId, child_id
from wattbook_domain.instruments.resolve import Instrument
from wattbook_domain.marketdata.depth import MarketDepth
from wattbook_domain.orders.vocabulary import Side
from wattbook_domain.portfolio.assets import WindFarm
from wattbook_domain.portfolio.residual import residual_power
from wattbook_domain.quantities.power import Power
from wattbook_domain.quantities.price import Price
from wattbook_domain.quantities.rounding import Rounding, round_whole


@attrs.frozen(kw_only=True)
class WindRebalancing:
    """Trades the forecast error away, patiently.

    Attributes:
        dead_band: distances up to here are left alone; wind errors cancel by themselves, and every
            round trip costs a spread.
    """

    dead_band: Power = attrs.field(factory=lambda: Power.of_kw(500))

    def __attrs_post_init__(self) -> None:
        if self.dead_band.is_negative:
            raise ValueError(f"dead_band must not be negative, found {self.dead_band}")

    @property
    def name(self) -> str:
        """The name in settings and reports."""
        return "wind-rebalancing"

    def decide(self, context: StrategyContext) -> tuple[ParentOrder, ...]:
        """Return at most one order an open instrument; overlapping ones share one distance.

        Raises:
            ValueError: if the asset is no wind farm or the imbalance cost is not given.
        """
        farm = context.asset
        if not isinstance(farm, WindFarm):
            raise ValueError(f"{self.name} needs a wind farm, found {farm.asset_id}")
        if context.imbalance_cost is None:
            raise ValueError(
                f"{self.name} compares trading with imbalance; give the expected imbalance cost"
            )
        return tuple(self._orders(context, farm, context.imbalance_cost))

    def _orders(
        self, context: StrategyContext, farm: WindFarm, imbalance_cost: Price
    ) -> Iterator[ParentOrder]:
        contracted = context.contracted
        for index, instrument in enumerate(context.instruments):
            to_sell = self._lots_to_sell(context, instrument, contracted)
            market = Market.of(instrument, context.depths)
            if to_sell == 0 or market is None:
                continue
            side = Side.SELL if to_sell > 0 else Side.BUY
            limit_ticks = _limit_ticks(market, side, farm=farm, imbalance_cost=imbalance_cost)
            limit_ticks = context.price_limits.clamp(limit_ticks)
            lots = market.fillable_lots(side, abs(to_sell), limit_ticks)
            if lots > 0:
                # Counted as filled, so that an hour and its quarters do not trade one error twice.
                contracted += _sold(instrument, side, lots)
                yield _order(context, index, side=side, lots=lots, limit_ticks=limit_ticks)

    def _lots_to_sell(
        self, context: StrategyContext, instrument: Instrument, contracted: DeliverySchedule
    ) -> int:
        """Signed lots, negative to buy: none within the dead band or after the gate."""
        if not instrument.accepts_at(context.decided_at):
            return 0
        distance = residual_power(instrument, wanted=context.wanted, contracted=contracted)
        if distance is None or abs(distance) <= self.dead_band:
            return 0
        return round_whole(distance.kw / instrument.lot_kw, Rounding.DOWN)


@attrs.frozen
class Market:
    """The books of every venue for one instrument, with both sides quoted somewhere."""

    instrument: Instrument
    books: tuple[MarketDepth, ...]
    mid_ticks: Fraction

    @classmethod
    def of(cls, instrument: Instrument, depths: Iterable[MarketDepth]) -> Market | None:
        """Gather the books; `None` when no mid price can be told, so no cost either."""
        books = tuple(d for d in depths if d.instrument_id == instrument.instrument_id)
        bids = [book.best_bid.price_ticks for book in books if book.best_bid is not None]
        asks = [book.best_ask.price_ticks for book in books if book.best_ask is not None]
        if not bids or not asks:
            return None
        return cls(instrument, books, Fraction(max(bids) + min(asks), 2))

    def fillable_lots(self, side: Side, lots: int, limit_ticks: int) -> int:
        """Return how many of `lots` all venues together show within a limit."""
        shown = sum(
            book.to_sell(lots, limit_ticks).filled_lots
            if side is Side.SELL
            else book.to_buy(lots, limit_ticks).filled_lots
            for book in self.books
        )
        return min(shown, lots)


def _limit_ticks(market: Market, side: Side, *, farm: WindFarm, imbalance_cost: Price) -> int:
    """The last price at which trading costs no more than imbalance, rounded to that side of it."""
    tick = market.instrument.price(1)
    worst = market.mid_ticks + side.sign * (imbalance_cost / tick)
    if side is Side.BUY:
        return round_whole(worst, Rounding.FLOOR)
    if farm.is_curtailable:
        worst = max(worst, farm.floor_price / tick)
    return round_whole(worst, Rounding.CEILING)


def _sold(instrument: Instrument, side: Side, lots: int) -> DeliverySchedule:
    power = instrument.power(-side.sign * lots)
    return DeliverySchedule.of((interval, power) for interval in instrument.intervals)


def _order(
    context: StrategyContext, index: int, *, side: Side, lots: int, limit_ticks: int
) -> ParentOrder:
    return ParentOrder(
        client_order_id=ClientOrderId(child_id(context.decision_id, index)),
        instrument_id=context.instruments[index].instrument_id,
        owner=context.owner,
        side=side,
        quantity_lots=lots,
        limit_ticks=limit_ticks,
        decided_at=context.decided_at,
    )
