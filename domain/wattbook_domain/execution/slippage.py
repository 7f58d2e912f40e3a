"""Decides how far a trade ended from its benchmark, and names the benchmark every time.

Signed by side: positive is a cost, negative a gain. Differences are told in ticks and in money per
MWh. A percentage of a power price means nothing near zero and below, so basis points exist only
beyond `BPS_MID_FLOOR_PER_MWH`. Definitions follow Perold (1988), "The Implementation Shortfall:
Paper versus Reality", and Huang and Stoll (1996) for the decomposition of the effective spread.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from fractions import Fraction
from typing import Final

import attrs

from wattbook_domain.execution.fees import LotTerms
from wattbook_domain.foundation.bounds import (
    PRICE_TICKS_ABS_MAX,
    QUANTITY_LOTS_MAX,
    require_within,
)
from wattbook_domain.marketdata.depth import MarketDepth
from wattbook_domain.orders.reports import FILL_EVENTS, ExecutionReport
from wattbook_domain.orders.vocabulary import Side
from wattbook_domain.quantities.money import Money
from wattbook_domain.quantities.price import Price

BPS_MID_FLOOR_PER_MWH: Final = Fraction(10)
"""Below this distance from zero, in currency per MWh, a share of the price is not reported."""


class Benchmark(Enum):
    """What a price is compared with."""

    DECISION_MID = "the mid when the decision was taken"
    ARRIVAL_MID = "the mid when the order reached the venue"
    ARRIVAL_TOUCH = "the best opposite price when the order reached the venue"
    WINDOW_VWAP = "the volume-weighted price of all trades in the order's own window"


@attrs.frozen
class TradedLots:
    """Lots at a price."""

    ticks: int
    lots: int

    def __attrs_post_init__(self) -> None:
        require_within("ticks", self.ticks, -PRICE_TICKS_ABS_MAX, PRICE_TICKS_ABS_MAX)
        require_within("lots", self.lots, 1, QUANTITY_LOTS_MAX)


def traded(reports: Sequence[ExecutionReport]) -> tuple[TradedLots, ...]:
    """Keep the fills of a stream of reports. The reports must be free of duplicates and busts."""
    return tuple(
        TradedLots(report.last_ticks, report.last_lots)
        for report in reports
        if report.event in FILL_EVENTS
        and report.last_ticks is not None
        and report.last_lots is not None
    )


def average_ticks(trades: Sequence[TradedLots]) -> Fraction | None:
    """Return the volume-weighted price, exactly; `None` where nothing traded."""
    lots = sum(trade.lots for trade in trades)
    return Fraction(sum(t.ticks * t.lots for t in trades), lots) if lots else None


def mid_ticks(depth: MarketDepth) -> Fraction | None:
    """Return the mid price in ticks; `None` without both sides."""
    doubled = depth.mid_ticks_x2
    return None if doubled is None else Fraction(doubled, 2)


@attrs.frozen(kw_only=True)
class Slippage:
    """The distance of an average price from a benchmark; positive is a cost."""

    benchmark: Benchmark
    benchmark_ticks: Fraction
    ticks: Fraction

    def per_mwh(self, tick: Price) -> Price:
        """Return it in money per MWh; `tick` is the price of one tick."""
        return tick * self.ticks

    def bps(self, tick: Price) -> Fraction | None:
        """Return it in basis points of the benchmark price.

        `None` where the benchmark is within `BPS_MID_FLOOR_PER_MWH` of zero: a share of nearly
        nothing, or of a negative price, would mislead.
        """
        benchmark = abs((tick * self.benchmark_ticks).amount)
        if benchmark <= BPS_MID_FLOOR_PER_MWH:
            return None
        return 10_000 * (tick * self.ticks).amount / benchmark


def slippage(
    trades: Sequence[TradedLots], *, side: Side, benchmark: Benchmark, benchmark_ticks: Fraction
) -> Slippage | None:
    """Compare the average price of `trades` with a benchmark; `None` where nothing traded."""
    average = average_ticks(trades)
    if average is None:
        return None
    return Slippage(
        benchmark=benchmark,
        benchmark_ticks=benchmark_ticks,
        ticks=side.sign * (average - benchmark_ticks),
    )


@attrs.frozen(kw_only=True)
class PriceTrail:
    """The three mids of an order's life, in ticks: decided, arrived at the venue, ended."""

    decision_ticks: Fraction
    arrival_ticks: Fraction
    end_ticks: Fraction


@attrs.frozen(kw_only=True)
class Shortfall:
    """The paper portfolio's result less the real one's, by cause; positive is a cost.

    Attributes:
        execution: from arrival to the fills. delay: from decision to arrival, on what was filled.
        opportunity: from decision to the end, on what was not. fees: what the venues charged.
    """

    execution: Money
    delay: Money
    opportunity: Money
    fees: Money

    @property
    def total(self) -> Money:
        """The sum of the four causes."""
        return self.execution + self.delay + self.opportunity + self.fees


def implementation_shortfall(
    trades: Sequence[TradedLots],
    *,
    side: Side,
    ordered_lots: int,
    trail: PriceTrail,
    fees: Money,
    terms: LotTerms,
) -> Shortfall:
    """Explain what an order cost against having traded all of it at the decision mid.

    Raises:
        ValueError: if more was traded than ordered.
    """
    filled = sum(trade.lots for trade in trades)
    if filled > ordered_lots:
        raise ValueError(f"no more can trade than was ordered, found {filled} of {ordered_lots}")
    paid = sum(trade.ticks * trade.lots for trade in trades)
    worth = terms.tick_lot * side.sign
    return Shortfall(
        execution=worth * (paid - trail.arrival_ticks * filled),
        delay=worth * ((trail.arrival_ticks - trail.decision_ticks) * filled),
        opportunity=worth * ((trail.end_ticks - trail.decision_ticks) * (ordered_lots - filled)),
        fees=fees,
    )


@attrs.frozen(kw_only=True)
class SpreadCost:
    """One trade's effective spread and how it divides, in ticks, round trip (twice the half).

    The effective spread is what the taker gave; the realised spread is what the maker kept once
    the mid had moved; the difference is adverse selection.
    """

    effective_ticks: Fraction
    realised_ticks: Fraction

    @property
    def adverse_selection_ticks(self) -> Fraction:
        """What the mid moved against the maker."""
        return self.effective_ticks - self.realised_ticks


def spread_cost(
    price_ticks: int, *, taker_side: Side, mid_ticks: Fraction, later_mid_ticks: Fraction
) -> SpreadCost:
    """Divide a trade's spread; the horizon of the later mid (30 s, 5 min) is the caller's."""
    doubled = 2 * taker_side.sign
    return SpreadCost(
        effective_ticks=doubled * (price_ticks - mid_ticks),
        realised_ticks=doubled * (price_ticks - later_mid_ticks),
    )
