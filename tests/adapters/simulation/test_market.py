"""A whole invented day: the published prices clear, quotes begin there, and a crash repeats it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import attrs
import pytest

from wattbook_adapters.simulation.clearing import PriceLimits
from wattbook_adapters.simulation.market import SimulatedDay, SimulatedMarket
from wattbook_domain.delivery.markets import GERMAN_POWER
from wattbook_domain.delivery.period import DeliveryPeriod
from wattbook_domain.foundation.canonical import state_hash
from wattbook_domain.foundation.instants import NS_PER_HOUR, UtcNs
from wattbook_domain.instruments.products import Listing, auction_interval
from wattbook_domain.instruments.resolve import resolve
from wattbook_domain.instruments.spec import Commodity
from wattbook_domain.orders.vocabulary import Side
from wattbook_domain.quantities.money import Currency
from wattbook_domain.reference.gate_closure import GATE_CLOSURES, AuctionGate
from wattbook_plugins.venues.simulated.plugin import DAYAHEAD, ENERGEX, POWERX

BERLIN = "Europe/Berlin"


def day_of(sim, delivery: date) -> SimulatedDay:
    listing = Listing(
        prefix="SIM:DE",
        commodity=Commodity.POWER,
        currency=Currency.EUR,
        tick_size=Decimal("0.01"),
        lot_mw=Decimal("0.1"),
        delivery_point_eic="10Y1001A1001A82H",
    )
    gate = next(rule for rule in GATE_CLOSURES.values() if isinstance(rule, AuctionGate))
    count = int(DeliveryPeriod.day(delivery, BERLIN).hours)
    auction = tuple(
        resolve(
            auction_interval(listing, DeliveryPeriod.hour(delivery, index, BERLIN)),
            calendar=GERMAN_POWER,
            gate_closure=gate,
        )
        for index in range(count)
    )
    return SimulatedDay(
        auction=DAYAHEAD,
        continuous=(POWERX, ENERGEX),
        day_ahead=auction,
        intraday=sim.hours(delivery),
        published_ticks=tuple(-8_300 + 400 * index for index in range(count)),
        limits=PriceLimits(floor_ticks=-50_000, cap_ticks=300_000),
        intraday_opens_at=UtcNs(auction[0].gate_closes_at + 3 * NS_PER_HOUR),
        seed=11,
    )


DAYS = [(date(2017, 3, 26), 23), (date(2017, 1, 24), 24), (date(2017, 10, 29), 25)]


@pytest.mark.parametrize(("delivery", "count"), DAYS)
def test_the_day_clears_at_the_published_prices_and_quotes_begin_there(sim, delivery, count):
    day = day_of(sim, delivery)
    ears = sim.Listener()
    market = SimulatedMarket(day, sink=ears)
    prices = market.clear_auction(at=UtcNs(day.day_ahead[0].gate_closes_at + NS_PER_HOUR))
    assert prices == day.published_ticks
    assert len(prices) == count
    names = [i.instrument_id for i in day.intraday]
    market.show_depth(names, at=day.intraday_opens_at)
    tight = {d.instrument_id: d for d in ears.depths if d.venue_id == "POWERX"}
    assert [tight[name].mid_ticks_x2 for name in names] == [2 * ticks for ticks in prices]
    assert len(ears.depths) == 2 * count


def test_a_day_repeated_from_its_commands_gives_the_same_reports_and_books(sim):
    day = day_of(sim, date(2017, 10, 29))
    opens, cleared = day.intraday_opens_at, UtcNs(day.day_ahead[0].gate_closes_at + NS_PER_HOUR)
    bid = sim.approve(
        sim.order(
            "DA",
            day.day_ahead[3].instrument_id,
            lots=50,
            ticks=0,
            venue="DAYAHEAD",
            at=day.day_ahead[0].gate_closes_at - 1,
        )
    )
    takes = [
        sim.approve(
            sim.order(
                f"ID{number}",
                day.intraday[3 + number].instrument_id,
                side=Side.SELL,
                lots=120,
                ticks=-20_000,
                venue=venue,
                at=opens + number * NS_PER_HOUR,
            )
        )
        for number, venue in enumerate(["POWERX", "ENERGEX", "POWERX"])
    ]
    names = [i.instrument_id for i in day.intraday]
    lived_ears, rebuilt_ears = sim.Listener(), sim.Listener()
    lived = SimulatedMarket(day, sink=lived_ears)
    lived.gateways["DAYAHEAD"].submit(bid)
    lived.clear_auction(at=cleared)
    for take in takes:
        lived.show_depth(names, at=take.value.decided_at)
        lived.gateways[take.value.venue_id].submit(take)
    rebuilt = SimulatedMarket(day, sink=rebuilt_ears)
    rebuilt.rebuild([(order.value.venue_id, order) for order in (bid, *takes)], cleared_at=cleared)
    by_id = {(r.venue_id, r.execution_id): r for r in rebuilt_ears.reports}
    assert {(r.venue_id, r.execution_id): r for r in lived_ears.reports} == by_id
    assert sum(r.last_lots or 0 for r in by_id.values()) > 50
    for market, ears in ((lived, lived_ears), (rebuilt, rebuilt_ears)):
        ears.depths.clear()
        market.show_depth(names, at=UtcNs(opens + 3 * NS_PER_HOUR))
    assert state_hash(lived_ears.depths) == state_hash(rebuilt_ears.depths)


def test_another_seed_is_another_intraday_market_with_the_same_auction(sim):
    day = day_of(sim, date(2017, 1, 24))
    later = UtcNs(day.intraday_opens_at + 5 * NS_PER_HOUR)
    shown = []
    for seed in (11, 12):
        ears = sim.Listener()
        market = SimulatedMarket(attrs.evolve(day, seed=seed), sink=ears)
        market.clear_auction(at=UtcNs(day.day_ahead[0].gate_closes_at))
        market.show_depth([day.intraday[9].instrument_id], at=later)
        shown.append(state_hash(ears.depths))
    assert shown[0] != shown[1]
