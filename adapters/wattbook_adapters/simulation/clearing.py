"""Decides the one price at which an auction clears, and who gets how much of it.

Uniform-price clearing of hourly limit orders for one delivery interval. The rules, in order:

1. *Welfare.* Orders better than the price are filled completely, worse ones not at all. Such an
   allocation maximises buyers' limits less sellers' limits over the lots traded.
2. *Volume.* Among those, as many lots trade as can.
3. *Price.* Prices at which demand meets supply form a closed interval; the middle is taken,
   rounded down to a whole tick. Where nothing can trade there is no price (`None`, never zero).
4. *Margin.* Orders limited exactly at the price share what is left for their side in proportion
   to their lots, in whole lots: each gets the whole part of its share, and the lots still over go
   one each to the largest remainders, the earlier order first among equals.

A market order bids at the auction's price limit, as the harmonised limits of the coupled European
day-ahead auction have it; at that price it is at the margin like any other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import accumulate

import attrs

from wattbook_domain.foundation.bounds import (
    PRICE_TICKS_ABS_MAX,
    QUANTITY_LOTS_MAX,
    require_within,
)
from wattbook_domain.orders.vocabulary import Side


@attrs.frozen(kw_only=True)
class PriceLimits:
    """The lowest and the highest price an auction can give, both included."""

    floor_ticks: int
    cap_ticks: int

    def __attrs_post_init__(self) -> None:
        require_within("floor_ticks", self.floor_ticks, -PRICE_TICKS_ABS_MAX, self.cap_ticks)
        require_within("cap_ticks", self.cap_ticks, self.floor_ticks, PRICE_TICKS_ABS_MAX)


@attrs.frozen
class Bid:
    """Lots wanted at a limit or better; for a sale, lots offered."""

    side: Side
    limit_ticks: int
    lots: int

    def __attrs_post_init__(self) -> None:
        require_within("limit_ticks", self.limit_ticks, -PRICE_TICKS_ABS_MAX, PRICE_TICKS_ABS_MAX)
        require_within("lots", self.lots, 1, QUANTITY_LOTS_MAX)


@attrs.frozen(kw_only=True)
class Clearing:
    """The outcome of one interval.

    Attributes:
        price_ticks: the one price; `None` where nothing traded.
        volume_lots: lots bought, which are the lots sold.
        accepted_lots: for each bid, in the order in which they were given.
    """

    price_ticks: int | None
    volume_lots: int
    accepted_lots: tuple[int, ...]


def clear(bids: Sequence[Bid], limits: PriceLimits) -> Clearing:
    """Clear one interval.

    Raises:
        ValueError: if a bid's limit lies outside the auction's price limits.
    """
    for bid in bids:
        require_within("limit_ticks", bid.limit_ticks, limits.floor_ticks, limits.cap_ticks)
    price = _price(bids)
    if price is None:
        return Clearing(price_ticks=None, volume_lots=0, accepted_lots=(0,) * len(bids))
    demand = sum(b.lots for b in bids if b.side is Side.BUY and b.limit_ticks >= price)
    supply = sum(b.lots for b in bids if b.side is Side.SELL and b.limit_ticks <= price)
    volume = min(demand, supply)
    accepted = [0] * len(bids)
    for side in Side:
        _accept(bids, side=side, price_ticks=price, volume_lots=volume, accepted=accepted)
    return Clearing(price_ticks=price, volume_lots=volume, accepted_lots=tuple(accepted))


def share_pro_rata(lots: Sequence[int], available: int) -> list[int]:
    """Share `available` whole lots in proportion to `lots`, by largest remainder.

    >>> share_pro_rata([10, 10, 10], 20)
    [7, 7, 6]
    """
    total = sum(lots)
    if available >= total:
        return list(lots)
    shares = [wanted * available // total for wanted in lots]
    remainders = sorted(
        range(len(lots)), key=lambda index: (-(lots[index] * available % total), index)
    )
    for index in remainders[: available - sum(shares)]:
        shares[index] += 1
    return shares


def _price(bids: Sequence[Bid]) -> int | None:
    """Return the middle of the interval of clearing prices, or `None` where nothing can trade.

    A price clears when buyers just above it want no more than sellers at or below it offer, and
    sellers just below it offer no more than buyers at or above it want. Net demand only falls as
    the price rises, so the first holds from some limit upwards and the second up to some limit.
    """
    buys = [bid.limit_ticks for bid in bids if bid.side is Side.BUY]
    sells = [bid.limit_ticks for bid in bids if bid.side is Side.SELL]
    if not buys or not sells or max(buys) < min(sells):
        return None
    prices, net = _net_demand(bids)
    low = next(p for p, above in zip(prices, net[1:], strict=True) if above <= 0)
    high = max(p for p, below in zip(prices, net[:-1], strict=True) if below >= 0)
    return (low + high) // 2


def _net_demand(bids: Sequence[Bid]) -> tuple[list[int], list[int]]:
    """Return the limits in rising order, and net demand below the first and above each of them.

    Passing a limit upwards loses its buyers and gains its sellers: both lower net demand.
    """
    lots_at: defaultdict[int, int] = defaultdict(int)
    for bid in bids:
        lots_at[bid.limit_ticks] += bid.lots
    prices = sorted(lots_at)
    below_all = sum(bid.lots for bid in bids if bid.side is Side.BUY)
    return prices, list(accumulate((-lots_at[price] for price in prices), initial=below_all))


def _accept(
    bids: Sequence[Bid], *, side: Side, price_ticks: int, volume_lots: int, accepted: list[int]
) -> None:
    """Give `volume_lots` to the bids of one side: better than the price first, then the margin."""
    margin: list[int] = []
    for index, bid in enumerate(bids):
        advantage = side.sign * (bid.limit_ticks - price_ticks)
        if bid.side is side and advantage > 0:
            accepted[index] = bid.lots
            volume_lots -= bid.lots
        elif bid.side is side and advantage == 0:
            margin.append(index)
    shares = share_pro_rata([bids[index].lots for index in margin], volume_lots)
    for index, share in zip(margin, shares, strict=True):
        accepted[index] = share
