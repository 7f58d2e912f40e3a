"""Decides the shape of a book of resting quantity at one instant; `quality` says if it is fit.

A crossed or empty book is representable on purpose: it happens in opening auctions and in feeds
that lag, and the judgement belongs to the quality rules, not to the constructor.
"""

from __future__ import annotations

from itertools import pairwise

import attrs

from wattbook_domain.foundation.bounds import (
    PRICE_TICKS_ABS_MAX,
    QUANTITY_LOTS_MAX,
    require_within,
)
from wattbook_domain.foundation.identifiers import InstrumentId, VenueId
from wattbook_domain.foundation.instants import UtcNs


@attrs.frozen
class DepthLevel:
    """The quantity that rests at one price: ticks signed, zero allowed; lots positive."""

    price_ticks: int
    quantity_lots: int

    def __attrs_post_init__(self) -> None:
        require_within("price_ticks", self.price_ticks, -PRICE_TICKS_ABS_MAX, PRICE_TICKS_ABS_MAX)
        require_within("quantity_lots", self.quantity_lots, 1, QUANTITY_LOTS_MAX)


@attrs.frozen
class Sweep:
    """What an order of some size would meet in a book, level by level.

    Attributes:
        filled_lots: how much the book can fill at once.
        value_tick_lots: sum of ticks x lots over those fills; divide for the average price.
        worst_ticks: the last price touched; `None` when nothing would fill.
    """

    filled_lots: int
    value_tick_lots: int
    worst_ticks: int | None


@attrs.frozen
class MarketDepth:
    """One venue's aggregated book for one instrument (L2), best level first on both sides.

    Raises:
        ValueError: if a side is not strictly ordered from its best price outwards.
    """

    venue_id: VenueId
    instrument_id: InstrumentId
    at: UtcNs
    bids: tuple[DepthLevel, ...]
    asks: tuple[DepthLevel, ...]

    def __attrs_post_init__(self) -> None:
        if any(worse.price_ticks >= better.price_ticks for better, worse in pairwise(self.bids)):
            raise ValueError(
                f"bids must fall strictly from the best, found {_prices(self.bids)}; "
                "merge the levels of one price before building the depth"
            )
        if any(worse.price_ticks <= better.price_ticks for better, worse in pairwise(self.asks)):
            raise ValueError(
                f"asks must rise strictly from the best, found {_prices(self.asks)}; "
                "merge the levels of one price before building the depth"
            )

    @property
    def best_bid(self) -> DepthLevel | None:
        """The highest bid, or `None` when nobody bids."""
        return self.bids[0] if self.bids else None

    @property
    def best_ask(self) -> DepthLevel | None:
        """The lowest ask, or `None` when nobody offers."""
        return self.asks[0] if self.asks else None

    @property
    def mid_ticks_x2(self) -> int | None:
        """Twice the mid price, so that it stays an integer; `None` without both sides."""
        if not self.bids or not self.asks:
            return None
        return self.bids[0].price_ticks + self.asks[0].price_ticks

    @property
    def spread_ticks(self) -> int | None:
        """Best ask less best bid: negative in a crossed book, `None` without both sides."""
        if not self.bids or not self.asks:
            return None
        return self.asks[0].price_ticks - self.bids[0].price_ticks

    def to_buy(self, lots: int, limit_ticks: int | None = None) -> Sweep:
        """Walk the asks for `lots`, paying no more than `limit_ticks`; `None` is any price."""
        return _sweep(self.asks, lots, limit_ticks, sign=1)

    def to_sell(self, lots: int, limit_ticks: int | None = None) -> Sweep:
        """Walk the bids for `lots`, taking no less than `limit_ticks`; `None` is any price."""
        return _sweep(self.bids, lots, limit_ticks, sign=-1)


def _sweep(
    levels: tuple[DepthLevel, ...], lots: int, limit_ticks: int | None, *, sign: int
) -> Sweep:
    require_within("lots", lots, 1, QUANTITY_LOTS_MAX)
    filled = value = 0
    worst: int | None = None
    for level in levels:
        beyond = limit_ticks is not None and sign * (level.price_ticks - limit_ticks) > 0
        if beyond or filled == lots:
            break
        taken = min(level.quantity_lots, lots - filled)
        filled += taken
        value += taken * level.price_ticks
        worst = level.price_ticks
    return Sweep(filled_lots=filled, value_tick_lots=value, worst_ticks=worst)


def _prices(levels: tuple[DepthLevel, ...]) -> list[int]:
    return [level.price_ticks for level in levels]
