"""Takes market facts in: history, depth, auction prices, generation. Reference prices follow."""

from __future__ import annotations

from wattbook_application.facts import (
    AuctionCleared,
    DepthReceived,
    GenerationExpected,
    GenerationMetered,
    MarketDataReceived,
)
from wattbook_application.state import DayState
from wattbook_domain.risk.gather import ReferencePrice


def receive_market_data(state: DayState, fact: MarketDataReceived) -> tuple[()]:
    """Handle `MarketDataReceived`."""
    state.data = fact
    return ()


def receive_depth(state: DayState, fact: DepthReceived) -> tuple[()]:
    """Handle `DepthReceived`: the newest picture counts, and its mid is the reference price.

    A picture older than the one known changes nothing, and no reference goes back in time, whatever
    venue it comes from. Where a side is missing the last reference stays, with its age: the gate
    judges staleness.
    """
    depth = fact.depth
    shown = state.depths.get((depth.venue_id, depth.instrument_id))
    if shown is not None and depth.at < shown.at:
        return ()
    state.depths[depth.venue_id, depth.instrument_id] = depth
    reference = state.references.get(depth.instrument_id)
    is_newest = reference is None or depth.at >= reference.at
    if depth.mid_ticks_x2 is not None and is_newest:
        # Half a tick is given to the bid, so that the reference is a price one can quote.
        mid = ReferencePrice(ticks=depth.mid_ticks_x2 // 2, at=depth.at)
        state.references[depth.instrument_id] = mid
    return ()


def receive_auction(state: DayState, fact: AuctionCleared) -> tuple[()]:
    """Handle `AuctionCleared`: the day-ahead price is the first reference of both markets."""
    market = state.opened
    if len(fact.price_ticks) != len(market.intervals):
        raise ValueError(
            f"an auction clears each of the {len(market.intervals)} intervals of the day, "
            f"found {len(fact.price_ticks)} prices"
        )
    state.auction = fact
    for ahead, intraday, ticks in zip(
        market.day_ahead, market.intraday, fact.price_ticks, strict=True
    ):
        price = ReferencePrice(ticks=ticks, at=fact.at)
        state.references[ahead.instrument_id] = price
        state.references[intraday.instrument_id] = price
    return ()


def receive_generation(state: DayState, fact: GenerationExpected) -> tuple[()]:
    """Handle `GenerationExpected`: each newer expectation stands beside the older ones."""
    state.generation_kw.append(fact.power_kw)
    return ()


def receive_metering(state: DayState, fact: GenerationMetered) -> tuple[()]:
    """Handle `GenerationMetered`."""
    state.metered = fact
    return ()
