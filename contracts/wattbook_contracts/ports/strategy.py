"""How a strategy is asked what to trade."""

from __future__ import annotations

from typing import Protocol

import attrs

from wattbook_domain.delivery.schedule import DeliverySchedule
from wattbook_domain.execution.splitting import ParentOrder
from wattbook_domain.foundation.bounds import PRICE_TICKS_ABS_MAX, require_within
from wattbook_domain.foundation.identifiers import VenueId, require_identifier
from wattbook_domain.foundation.instants import UtcNs
from wattbook_domain.instruments.resolve import Instrument
from wattbook_domain.marketdata.depth import MarketDepth
from wattbook_domain.orders.commands import NewOrder, OrderOwner
from wattbook_domain.portfolio.assets import Asset
from wattbook_domain.portfolio.horizon import PriceStrip
from wattbook_domain.quantities.price import Price


@attrs.frozen(kw_only=True)
class PriceLimits:
    """The technical limits of a venue in ticks: no order may name a price beyond them."""

    min_ticks: int
    max_ticks: int

    def __attrs_post_init__(self) -> None:
        require_within("min_ticks", self.min_ticks, -PRICE_TICKS_ABS_MAX, PRICE_TICKS_ABS_MAX)
        require_within("max_ticks", self.max_ticks, self.min_ticks, PRICE_TICKS_ABS_MAX)

    def clamp(self, ticks: int) -> int:
        """Return the allowed price nearest to `ticks`."""
        return max(self.min_ticks, min(ticks, self.max_ticks))


@attrs.frozen(kw_only=True)
class StrategyContext:
    """Everything a decision may look at; the same context gives the same orders.

    Attributes:
        decided_at: the instant of the decision.
        decision_id: names this decision, unique for ever; order ids are derived from it.
        owner: in whose name the orders are.
        venue_id: the auction in which bids are made; `None` where a router chooses among venues.
        price_limits: the technical limits of the auction, or those all venues share.
        instruments: what may be traded, resolved; the strategy checks whether the gate is open.
        asset: what stands behind the position.
        wanted: power the asset is going to deliver, by the plan or the newest forecast; nothing is
            decided about intervals it does not cover.
        contracted: net power sold so far; nothing sold is a contract for nothing.
        expected_prices: the forecast, where there is one.
        imbalance_cost: expected cost per MWh of leaving a deviation to the balancing market, beside
            the market price; `None` when unknown.
        depths: the newest book of every venue and instrument that may be traded continuously.
    """

    decided_at: UtcNs
    decision_id: str
    owner: OrderOwner
    venue_id: VenueId | None
    price_limits: PriceLimits
    instruments: tuple[Instrument, ...]
    asset: Asset
    wanted: DeliverySchedule
    contracted: DeliverySchedule = attrs.field(factory=DeliverySchedule)
    expected_prices: PriceStrip | None = None
    imbalance_cost: Price | None = None
    depths: tuple[MarketDepth, ...] = ()

    def __attrs_post_init__(self) -> None:
        require_identifier("decision id", self.decision_id)

    @property
    def auction(self) -> VenueId:
        """The auction in which bids are made.

        Raises:
            ValueError: if none is given.
        """
        if self.venue_id is None:
            raise ValueError(f"{self.decision_id} bids into an auction; give its venue_id")
        return self.venue_id


StrategyOrder = NewOrder | ParentOrder
"""An order for one venue, or a quantity for which a router will choose venues."""


class Strategy(Protocol):
    """Turns what is wanted, contracted and quoted into orders: a pure decision without I/O.

    Orders are unchecked; the risk gate has the last word. A decision that is asked for again after
    partial fills trades only what remains, because `contracted` has moved.
    """

    @property
    def name(self) -> str:
        """The strategy's name in settings and reports."""
        ...

    def decide(self, context: StrategyContext) -> tuple[StrategyOrder, ...]:
        """Return the orders to send now; none is an ordinary answer.

        Raises:
            ValueError: if the context lacks what this strategy needs, or describes another kind of
                asset.
        """
        ...
