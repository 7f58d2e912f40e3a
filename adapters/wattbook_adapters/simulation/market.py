"""Runs the simulated venues of one day together: the auction, then the continuous books.

A `MarketSession`. The auction clears at the prices really published, which it alone knows; the
core hears of them when they are public. After a crash the session is rebuilt from the commands in
the journal, and repeats the reports that it gave.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

import attrs

from wattbook_adapters.simulation.auction import (
    AuctionTerms,
    SimulatedAuction,
    price_taker_curve,
)
from wattbook_adapters.simulation.clearing import PriceLimits
from wattbook_adapters.simulation.liquidity import PathTerms
from wattbook_adapters.simulation.venue import SimulatedInstrument, SimulatedVenue, SimulationPlan
from wattbook_contracts.descriptors import VenueDescriptor
from wattbook_contracts.errors import VenueFault
from wattbook_contracts.ports.venue import EventSink, VenueGateway
from wattbook_domain.foundation.identifiers import InstrumentId, VenueId
from wattbook_domain.foundation.instants import NS_PER_HOUR, NS_PER_MINUTE, UtcNs, instant
from wattbook_domain.foundation.verdict import Approved
from wattbook_domain.instruments.resolve import Instrument
from wattbook_domain.orders.commands import CancelOrder, NewOrder, ReplaceOrder

QUOTE_BEAT_NS: Final = 15 * NS_PER_MINUTE
"""How often the invented market renews its quotes."""

PRICE_TAKER_BOUND_LOTS: Final = 10_000
"""Up to this many lots of our own leave the auction's price alone: we are too small to move it."""

AUCTION_OPENS_NS: Final = 48 * NS_PER_HOUR
"""The auction's book takes orders this long before its gate."""

Command = Approved[NewOrder] | Approved[ReplaceOrder] | CancelOrder
VenueCommand = tuple[VenueId, Command]
"""A command with the venue it went to."""


@attrs.frozen(kw_only=True)
class SimulatedDay:
    """What the session is made of.

    Attributes:
        day_ahead, intraday: the day's instruments by interval, in the same order.
        published_ticks: the real day-ahead prices, by interval.
        intraday_opens_at: when the continuous books open.
    """

    auction: VenueDescriptor
    continuous: tuple[VenueDescriptor, ...]
    day_ahead: tuple[Instrument, ...]
    intraday: tuple[Instrument, ...]
    published_ticks: tuple[int, ...]
    limits: PriceLimits
    intraday_opens_at: UtcNs
    seed: int


class SimulatedMarket:
    """The venues of one day; everything between the published prices is invented."""

    is_simulated: Final = True

    def __init__(self, day: SimulatedDay, *, sink: EventSink) -> None:
        self._day = day
        gate = day.day_ahead[0].gate_closes_at
        if gate is None:
            raise ValueError("auction instruments have a gate closure, these have none")
        self._auction = SimulatedAuction(
            day.auction,
            [i.instrument_id for i in day.day_ahead],
            terms=AuctionTerms(
                opens_at=instant(gate - AUCTION_OPENS_NS), closes_at=gate, limits=day.limits
            ),
            sink=sink,
        )
        plan = SimulationPlan(opens_at=day.intraday_opens_at, beat_ns=QUOTE_BEAT_NS, seed=day.seed)
        listed = [
            SimulatedInstrument(instrument=i, path=PathTerms(start_ticks=ticks))
            for i, ticks in zip(day.intraday, day.published_ticks, strict=True)
        ]
        self._venues = {
            d.venue_id: SimulatedVenue(d, listed, plan=plan, sink=sink) for d in day.continuous
        }

    @property
    def gateways(self) -> Mapping[VenueId, VenueGateway]:
        """Every venue by its id."""
        auction: dict[VenueId, VenueGateway] = {self._auction.venue_id: self._auction}
        return MappingProxyType({**auction, **self._venues})

    def clear_auction(self, *, at: UtcNs) -> tuple[int, ...]:
        """Clear every interval at its published price. See `MarketSession`."""
        curves = {
            instrument.instrument_id: price_taker_curve(
                ticks, bound_lots=PRICE_TAKER_BOUND_LOTS, limits=self._day.limits
            )
            for instrument, ticks in zip(
                self._day.day_ahead, self._day.published_ticks, strict=True
            )
        }
        prices = [result.price_ticks for result in self._auction.clear(curves, at)]
        known = tuple(ticks for ticks in prices if ticks is not None)
        if len(known) != len(prices):
            raise VenueFault(
                f"the auction must give a price for each of {len(prices)} intervals, "
                f"found {len(known)}; its rest of the market trades nothing"
            )
        return known

    def show_depth(self, instruments: Sequence[InstrumentId], *, at: UtcNs) -> None:
        """Advance both books to an instant and publish them. See `MarketSession`."""
        for venue in self._venues.values():
            venue.publish_depth(at, instruments)

    def rebuild(self, commands: Iterable[VenueCommand], *, cleared_at: UtcNs | None) -> None:
        """Repeat a journal's commands on fresh venues, in order, and the clearing if it was.

        Args:
            commands: what was sent, with where it went.
            cleared_at: the instant of the auction's clearing; `None` if it did not come to that.
        """
        history = tuple(commands)
        self._auction.rebuild(())  # refuses a venue that has lived, as the others do below
        for venue in self._venues.values():
            venue.rebuild(())
        for venue_id, command in history:
            if venue_id == self._auction.venue_id:
                _send(self._auction, command)
        if cleared_at is not None:
            self.clear_auction(at=cleared_at)
        # In the order they were sent, over all venues: lost reports come again in the order in
        # which the core would have heard them, and the journal goes on as if unbroken.
        for venue_id, command in history:
            if venue_id != self._auction.venue_id:
                _send(self._venues[venue_id], command)


def _send(gateway: VenueGateway, command: Command) -> None:
    if isinstance(command, CancelOrder):
        gateway.cancel(command)
    elif isinstance(command.value, NewOrder):
        gateway.submit(command)
    else:
        gateway.replace(command)
