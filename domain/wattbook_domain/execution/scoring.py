"""Decides which venue looks better for one order: price after fees, displayed depth, expected fill.

A score explains; `splitting` decides how much goes where.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import attrs

from wattbook_domain.execution.fees import FeeSchedule, LotTerms
from wattbook_domain.foundation.bounds import QUANTITY_LOTS_MAX, require_within
from wattbook_domain.foundation.identifiers import VenueId
from wattbook_domain.marketdata.depth import DepthLevel, MarketDepth
from wattbook_domain.orders.vocabulary import Side


@attrs.frozen(kw_only=True)
class VenueView:
    """One venue as a router sees it at the moment of deciding.

    Attributes:
        minimum_lots: the smallest order the venue takes.
        fill_ratio: the share of displayed lots expected to be still there on arrival, in (0, 1].
    """

    depth: MarketDepth
    fees: FeeSchedule
    minimum_lots: int = 1
    fill_ratio: Fraction = Fraction(1)

    def __attrs_post_init__(self) -> None:
        require_within("minimum_lots", self.minimum_lots, 1, QUANTITY_LOTS_MAX)
        if not 0 < self.fill_ratio <= 1:
            raise ValueError(f"fill_ratio must lie in (0, 1], found {self.fill_ratio}")

    @property
    def venue_id(self) -> VenueId:
        """The venue."""
        return self.depth.venue_id

    def reachable(self, side: Side, limit_ticks: int | None) -> tuple[DepthLevel, ...]:
        """Return the levels an order of `side` could trade with, the best first."""
        levels = self.depth.asks if side is Side.BUY else self.depth.bids
        if limit_ticks is None:
            return levels
        return tuple(
            level for level in levels if side.sign * (limit_ticks - level.price_ticks) >= 0
        )

    def taker_ticks(self, terms: LotTerms) -> Fraction:
        """Return the fee for taking one lot, in ticks."""
        return terms.fee_ticks(self.fees.taker)


@attrs.frozen(kw_only=True)
class VenueScore:
    """What one venue alone would do for an order.

    Attributes:
        displayed_lots: lots shown within the limit, at most the order's.
        expected_lots: those expected to be still there on arrival.
        all_in_ticks: average price per lot after all fees; `None` where nothing can be had.
    """

    venue_id: VenueId
    displayed_lots: int
    expected_lots: Fraction
    all_in_ticks: Fraction | None


def score_venues(
    views: Sequence[VenueView],
    *,
    side: Side,
    lots: int,
    terms: LotTerms,
    limit_ticks: int | None = None,
) -> tuple[VenueScore, ...]:
    """Score each venue for an order of `lots`, the best first.

    Venues that could fill more come first; among equals the better price after fees, then the
    venue's name, so that the same market gives the same answer everywhere.
    """
    require_within("lots", lots, 1, QUANTITY_LOTS_MAX)
    scores = [_score(view, side, lots, terms, limit_ticks) for view in views]

    def rank(score: VenueScore) -> tuple[Fraction, Fraction, VenueId]:
        price = Fraction(0) if score.all_in_ticks is None else side.sign * score.all_in_ticks
        return -score.expected_lots, price, score.venue_id

    return tuple(sorted(scores, key=rank))


def _score(
    view: VenueView, side: Side, lots: int, terms: LotTerms, limit_ticks: int | None
) -> VenueScore:
    depth = view.depth
    walk = depth.to_buy if side is Side.BUY else depth.to_sell
    sweep = walk(lots, limit_ticks)
    if sweep.filled_lots < view.minimum_lots:
        return VenueScore(
            venue_id=view.venue_id,
            displayed_lots=sweep.filled_lots,
            expected_lots=Fraction(0),
            all_in_ticks=None,
        )
    order_fee = terms.fee_tick_lots(view.fees.per_order) / sweep.filled_lots
    average = Fraction(sweep.value_tick_lots, sweep.filled_lots)
    all_in = average + side.sign * (view.taker_ticks(terms) + order_fee)
    return VenueScore(
        venue_id=view.venue_id,
        displayed_lots=sweep.filled_lots,
        expected_lots=view.fill_ratio * sweep.filled_lots,
        all_in_ticks=all_in,
    )
