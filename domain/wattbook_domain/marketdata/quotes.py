"""Decides the shape of a top of book and of a public trade; `quality` says whether they are fit."""

from __future__ import annotations

from enum import IntEnum

import attrs

from wattbook_domain.foundation.bounds import (
    PRICE_TICKS_ABS_MAX,
    QUANTITY_LOTS_MAX,
    require_within,
)
from wattbook_domain.foundation.identifiers import InstrumentId, VenueId
from wattbook_domain.foundation.instants import UtcNs
from wattbook_domain.foundation.rows import CODE_ABSENT, INT_ABSENT, absent_as
from wattbook_domain.marketdata.depth import DepthLevel, MarketDepth


class Aggressor(IntEnum):
    """Who took liquidity in a trade."""

    BUYER = 0
    SELLER = 1


@attrs.frozen(kw_only=True)
class TopOfBook:
    """Best bid and offer with their lots (L1); a side nobody quotes is absent, price and lots.

    Raises:
        ValueError: when a side has a price without lots or lots without a price.
    """

    venue_id: VenueId
    instrument_id: InstrumentId
    at: UtcNs
    bid_ticks: int | None = attrs.field(metadata=absent_as(INT_ABSENT))
    bid_lots: int | None = attrs.field(metadata=absent_as(INT_ABSENT))
    ask_ticks: int | None = attrs.field(metadata=absent_as(INT_ABSENT))
    ask_lots: int | None = attrs.field(metadata=absent_as(INT_ABSENT))

    def __attrs_post_init__(self) -> None:
        _level("bid", self.bid_ticks, self.bid_lots)
        _level("ask", self.ask_ticks, self.ask_lots)

    @classmethod
    def of(cls, depth: MarketDepth) -> TopOfBook:
        """The best levels of a deeper book."""
        bid, ask = depth.best_bid, depth.best_ask
        return cls(
            venue_id=depth.venue_id,
            instrument_id=depth.instrument_id,
            at=depth.at,
            bid_ticks=None if bid is None else bid.price_ticks,
            bid_lots=None if bid is None else bid.quantity_lots,
            ask_ticks=None if ask is None else ask.price_ticks,
            ask_lots=None if ask is None else ask.quantity_lots,
        )

    @property
    def bid(self) -> DepthLevel | None:
        """The best bid, or `None` when nobody bids."""
        return _level("bid", self.bid_ticks, self.bid_lots)

    @property
    def ask(self) -> DepthLevel | None:
        """The best offer, or `None` when nobody offers."""
        return _level("ask", self.ask_ticks, self.ask_lots)


@attrs.frozen(kw_only=True)
class Trade:
    """One public trade; `aggressor` is `None` where the venue does not tell."""

    venue_id: VenueId
    instrument_id: InstrumentId
    at: UtcNs
    price_ticks: int
    quantity_lots: int
    aggressor: Aggressor | None = attrs.field(default=None, metadata=absent_as(CODE_ABSENT))

    def __attrs_post_init__(self) -> None:
        require_within("price_ticks", self.price_ticks, -PRICE_TICKS_ABS_MAX, PRICE_TICKS_ABS_MAX)
        require_within("quantity_lots", self.quantity_lots, 1, QUANTITY_LOTS_MAX)


def _level(name: str, ticks: int | None, lots: int | None) -> DepthLevel | None:
    if ticks is None and lots is None:
        return None
    if ticks is None or lots is None:
        raise ValueError(
            f"a {name} has a price and lots, or neither, found ticks={ticks} lots={lots}"
        )
    return DepthLevel(ticks, lots)
