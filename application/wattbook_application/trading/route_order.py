"""Routes a parent over the continuous venues: which venue gets how many lots, at which limit."""

from __future__ import annotations

from collections.abc import Sequence

from wattbook_application.state import DayState
from wattbook_domain.execution.fees import LotTerms
from wattbook_domain.execution.scoring import VenueView
from wattbook_domain.execution.splitting import ParentOrder, split_order
from wattbook_domain.orders.commands import NewOrder


def route_order(state: DayState, parent: ParentOrder) -> tuple[NewOrder, ...]:
    """Return the children of a parent, by the newest depth of each venue.

    A venue whose book was never seen, or that shows nothing within the limit, gets nothing; what
    cannot be placed now is for the strategy's next decision.
    """
    market = state.opened
    currency = market.setup.market.currency
    seen = [
        VenueView(depth=depth, fees=venue.fees(currency))
        for venue in market.setup.market.continuous
        if (depth := state.depths.get((venue.venue_id, parent.instrument_id))) is not None
    ]
    mid = consolidated_mid_x2(seen)
    if mid is not None:
        state.decision_mid_x2[parent.client_order_id] = mid
    instrument = market.instruments[parent.instrument_id]
    return split_order(parent, seen, terms=LotTerms.of(instrument)).children


def consolidated_mid_x2(views: Sequence[VenueView]) -> int | None:
    """Return best bid plus best ask over all venues, twice the mid; `None` without both sides."""
    bids = [v.depth.best_bid.price_ticks for v in views if v.depth.best_bid is not None]
    asks = [v.depth.best_ask.price_ticks for v in views if v.depth.best_ask is not None]
    return max(bids) + min(asks) if bids and asks else None
