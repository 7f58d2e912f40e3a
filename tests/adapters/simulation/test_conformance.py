"""Both simulated venues play every venue card of the conformance kit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from itertools import count

import attrs
import pytest

from wattbook_adapters.simulation.venue import SimulatedInstrument, SimulatedVenue, SimulationPlan
from wattbook_contracts.capabilities import Capability
from wattbook_contracts.conformance.cards import Outcome, failures, run_cards
from wattbook_contracts.conformance.venue import VENUE_CARDS
from wattbook_contracts.descriptors import VenueDescriptor
from wattbook_domain.delivery.markets import GERMAN_POWER
from wattbook_domain.delivery.period import DeliveryPeriod
from wattbook_domain.foundation.identifiers import InstrumentId, VenueId
from wattbook_domain.foundation.instants import UtcNs
from wattbook_domain.instruments.products import Listing, spot_interval
from wattbook_domain.instruments.resolve import resolve
from wattbook_domain.instruments.spec import Commodity
from wattbook_domain.marketdata.depth import MarketDepth
from wattbook_domain.orders.commands import CancelOrder, NewOrder, OrderOwner, ReplaceOrder
from wattbook_domain.orders.reports import ExecutionReport
from wattbook_domain.orders.vocabulary import Side
from wattbook_domain.quantities.money import Currency
from wattbook_plugins.venues.simulated.plugin import DAYAHEAD, ENERGEX, POWERX


@attrs.define
class SimulatedHarness:
    """A `VenueHarness` on a simulated venue whose only liquidity is what the card rests."""

    venue: SimulatedVenue
    listener: object
    approve: object
    make_order: object
    owner: OrderOwner
    instrument_id: InstrumentId
    base_ticks: int = -50
    _instants: Iterator[int] = attrs.field(factory=lambda: count(1_485_183_600_000_000_000))
    _numbers: Iterator[int] = attrs.field(factory=count)

    @property
    def venue_id(self) -> VenueId:
        return self.venue.venue_id

    def now(self) -> UtcNs:
        return UtcNs(next(self._instants))

    def submit(self, order: NewOrder) -> None:
        self.venue.submit(self.approve(order))

    def replace(self, command: ReplaceOrder) -> None:
        self.venue.replace(self.approve(command))

    def cancel(self, command: CancelOrder) -> None:
        self.venue.cancel(command)

    def rest(self, side: Side, ticks: int, lots: int) -> None:
        order = self.make_order(
            f"OTHER-{next(self._numbers)}",
            self.instrument_id,
            side=side,
            ticks=ticks,
            lots=lots,
            venue=self.venue_id,
        )
        self.venue.submit_as_other(order)

    def reports(self) -> Sequence[ExecutionReport]:
        return tuple(self.listener.reports)

    def depth(self) -> MarketDepth:
        return self.venue.depth(self.instrument_id)


def instrument_of(descriptor: VenueDescriptor):
    """An hour quoted in the venue's own steps, so that every tick is admissible."""
    listing = Listing(
        prefix="SIM:DE",
        commodity=Commodity.POWER,
        currency=Currency.EUR,
        tick_size=descriptor.tick_size,
        lot_mw=descriptor.lot_mw,
        delivery_point_eic="10Y1001A1001A82H",
    )
    hour = DeliveryPeriod.hour(date(2017, 1, 24), 9, "Europe/Berlin")
    return resolve(spot_interval(listing, hour), calendar=GERMAN_POWER)


def results(sim, descriptor: VenueDescriptor):
    @contextmanager
    def fresh() -> Iterator[SimulatedHarness]:
        listener = sim.Listener()
        instrument = instrument_of(descriptor)
        venue = SimulatedVenue(
            descriptor,
            [SimulatedInstrument(instrument=instrument, path=None)],
            plan=SimulationPlan(opens_at=UtcNs(sim.opens), beat_ns=10**12, seed=1),
            sink=listener,
        )
        venue.advance(UtcNs(sim.opens))
        owner = sim.order("X", instrument.instrument_id).owner
        yield SimulatedHarness(
            venue, listener, sim.approve, sim.order, owner, instrument.instrument_id
        )

    return run_cards(VENUE_CARDS, fresh, descriptor.capabilities)


@pytest.mark.parametrize("descriptor", [POWERX, ENERGEX], ids=lambda d: d.venue_id)
def test_a_simulated_continuous_venue_passes_every_card(sim, descriptor):
    played = results(sim, descriptor)
    assert not failures(played)
    assert {result.outcome for result in played} == {Outcome.PASSED}
    assert len(played) == len(VENUE_CARDS)


def test_the_cards_are_for_continuous_venues_and_the_auction_says_it_is_none():
    assert Capability.CONTINUOUS not in DAYAHEAD.capabilities
