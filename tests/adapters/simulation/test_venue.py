"""The simulated continuous venue: time, latency, expiries, independence and rebuilding."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wattbook_adapters.simulation.liquidity import PathTerms
from wattbook_adapters.simulation.venue import SimulatedInstrument, SimulatedVenue
from wattbook_contracts.descriptors import SimulatedBook
from wattbook_domain.foundation.canonical import state_hash
from wattbook_domain.foundation.instants import NS_PER_HOUR, NS_PER_MINUTE, UtcNs
from wattbook_domain.orders.commands import NewOrder, ReplaceOrder
from wattbook_domain.orders.vocabulary import OrderType, Side, TimeInForce

DAY = date(2017, 1, 24)
LATENCY = 1000


def lively(sim, instruments, listener, *, name="POWERX", plan=None, **kind):
    return SimulatedVenue(
        sim.descriptor(name, **kind),
        [
            SimulatedInstrument(instrument=i, path=PathTerms(start_ticks=100 * number - 300))
            for number, i in enumerate(instruments)
        ],
        plan=plan or sim.plan(),
        sink=listener,
    )


def test_a_command_arrives_after_the_venue_s_latency(sim):
    hour = sim.hours(DAY)[9]
    listener = sim.Listener()
    venue = sim.quiet_venue(listener, [hour])
    venue.submit(sim.approve(sim.order("A", hour.instrument_id, at=sim.opens + 5)))
    assert [r.occurred_at for r in listener.reports] == [sim.opens + 5 + LATENCY]
    assert venue.now == sim.opens + 5 + LATENCY


def test_jitter_is_bounded_repeatable_and_never_lets_a_command_overtake(sim):
    hour = sim.hours(DAY)[9]

    def instants(seed: int) -> list[int]:
        listener = sim.Listener()
        venue = lively(sim, [hour], listener, plan=sim.plan(seed=seed, jitter_ns_max=5_000))
        for number in range(20):
            venue.submit(
                sim.approve(sim.order(f"A{number}", hour.instrument_id, ticks=-90_000, lots=1))
            )
        return [r.occurred_at - sim.opens for r in listener.reports]

    found = instants(1)
    assert found == instants(1) != instants(2)
    assert found == sorted(found)
    assert found[0] >= LATENCY
    assert found[-1] <= LATENCY + 5_000


def test_orders_before_the_opening_and_after_the_gate_are_rejected(sim):
    hour = sim.hours(DAY)[0]
    listener = sim.Listener()
    venue = sim.quiet_venue(listener, [hour])
    gate = hour.gate_closes_at
    for name, at in (
        ("EARLY", sim.opens - LATENCY - 1),
        ("FIRST", sim.opens - LATENCY),
        ("LAST", gate - LATENCY - 1),
        ("LATE", gate - LATENCY),
    ):
        venue.submit(sim.approve(sim.order(name, hour.instrument_id, at=at, ticks=1, lots=1)))
    assert listener.events() == [
        ("EARLY", "REJECTED"),
        ("FIRST", "ACCEPTED"),
        ("LAST", "ACCEPTED"),
        ("FIRST", "EXPIRED"),
        ("LAST", "EXPIRED"),
        ("LATE", "REJECTED"),
    ]
    assert {r.occurred_at for r in listener.reports if r.event.name == "EXPIRED"} == {gate}


def test_a_good_till_date_order_ends_at_its_instant_though_nobody_sends_a_command(sim):
    hour = sim.hours(DAY)[9]
    listener = sim.Listener()
    venue = sim.quiet_venue(listener, [hour])
    ends = sim.opens + NS_PER_MINUTE
    venue.submit(
        sim.approve(
            sim.order("G", hour.instrument_id, tif=TimeInForce.GTD, expires_at=ends, ticks=0)
        )
    )
    venue.advance(UtcNs(ends - 1))
    assert listener.events() == [("G", "ACCEPTED")]
    venue.advance(UtcNs(ends))
    assert listener.events()[-1] == ("G", "EXPIRED")
    assert listener.reports[-1].occurred_at == ends


def test_a_passive_order_is_filled_when_the_invented_market_comes_to_it(sim):
    hour = sim.hours(DAY)[9]
    listener = sim.Listener()
    venue = SimulatedVenue(
        sim.descriptor(),
        [
            SimulatedInstrument(
                instrument=hour,
                path=PathTerms(
                    start_ticks=0,
                    target_ticks=-2000,
                    reversion_permille=1000,
                    volatility_milliticks=0,
                ),
            )
        ],
        plan=sim.plan(),
        sink=listener,
    )
    venue.submit(sim.approve(sim.order("P", hour.instrument_id, ticks=-100, lots=5)))
    venue.advance(UtcNs(sim.opens + NS_PER_HOUR))
    fill = listener.reports[-1]
    assert (fill.event.name, fill.last_ticks, fill.is_aggressor) == ("FILL", -100, False)


def test_an_instrument_trades_the_same_whoever_is_listed_beside_it(sim):
    hours = sim.hours(DAY)
    chosen = hours[9]
    alone, crowded = sim.Listener(), sim.Listener()
    path = PathTerms(start_ticks=500)

    def venue(listener, instruments):
        return SimulatedVenue(
            sim.descriptor(),
            [SimulatedInstrument(instrument=i, path=path) for i in instruments],
            plan=sim.plan(),
            sink=listener,
        )

    for house in (venue(alone, [chosen]), venue(crowded, hours)):
        for beat in range(5):
            house.publish_depth(UtcNs(sim.opens + beat * NS_PER_HOUR), [chosen.instrument_id])
    assert state_hash(alone.depths) == state_hash(crowded.depths)


def test_depth_is_published_for_open_listed_books_only(sim):
    hours = sim.hours(DAY)
    listener = sim.Listener()
    venue = lively(sim, hours[:2], listener)
    names = [i.instrument_id for i in hours[:3]]
    venue.publish_depth(UtcNs(hours[0].gate_closes_at), names)
    assert [d.instrument_id for d in listener.depths] == [names[1]]
    assert listener.depths[0].best_bid.price_ticks < listener.depths[0].best_ask.price_ticks


def test_a_venue_with_a_coarser_step_quotes_and_accepts_multiples_only(sim):
    hour = sim.hours(DAY)[9]
    listener = sim.Listener()
    venue = lively(sim, [hour], listener, tick="0.05")
    venue.submit(sim.approve(sim.order("X", hour.instrument_id, ticks=-901)))
    assert listener.reports[-1].reason == "price must be a multiple of 5 ticks, found -901"
    depth = venue.depth(hour.instrument_id)
    assert all(level.price_ticks % 5 == 0 for level in (*depth.bids, *depth.asks))


def test_a_step_finer_than_the_instrument_s_is_misuse(sim):
    with pytest.raises(ValueError, match="tick must be a whole multiple"):
        lively(sim, sim.hours(DAY)[:1], sim.Listener(), tick="0.001")


def test_an_unlisted_instrument_is_a_rejection_and_an_unknown_order_is_misuse(sim):
    listener = sim.Listener()
    venue = sim.quiet_venue(listener, sim.hours(DAY)[:1])
    venue.submit(sim.approve(sim.order("X", "NOWHERE")))
    assert listener.events() == [("X", "REJECTED")]
    assert listener.reports[0].reason == "NOWHERE is not listed here"
    with pytest.raises(ValueError, match="must name an order sent to POWERX before, found Y"):
        venue.cancel(sim.cancel("C", "Y"))
    with pytest.raises(ValueError, match="give it to the gateway of its own venue"):
        venue.submit(sim.approve(sim.order("Z", "NOWHERE", venue="ENERGEX")))


def test_a_venue_says_that_it_is_simulated_and_needs_a_book(sim):
    assert SimulatedVenue.is_simulated is True
    bare = sim.descriptor()
    object.__setattr__(bare, "book", None)
    with pytest.raises(ValueError, match="needs a simulated book"):
        SimulatedVenue(bare, [], plan=sim.plan(), sink=sim.Listener())


# Rebuilding: any history of commands with rising decision instants, beats between them at will.

submits = st.tuples(
    st.just("submit"),
    st.integers(0, 40),
    st.integers(0, 2),
    st.sampled_from(Side),
    st.integers(-600, 400),
    st.integers(1, 120),
    st.sampled_from(
        [
            (OrderType.LIMIT, TimeInForce.GTC),
            (OrderType.LIMIT, TimeInForce.GTD),
            (OrderType.LIMIT, TimeInForce.IOC),
            (OrderType.MARKET, TimeInForce.IOC),
            (OrderType.ICEBERG, TimeInForce.GTC),
        ]
    ),
)
changes = st.tuples(
    st.sampled_from(["cancel", "replace"]),
    st.integers(0, 40),
    st.integers(0, 30),
    st.integers(-600, 400),
    st.integers(1, 150),
)
histories = st.lists(st.one_of(submits, submits, changes), min_size=1, max_size=25)


def commands_of(sim, drawn, instruments):
    """Turn drawn steps into approved commands, minutes apart."""
    minute, sent, commands = 0, [], []
    for number, (verb, pause, *rest) in enumerate(drawn):
        minute += pause
        at = sim.opens + minute * NS_PER_MINUTE
        if verb == "submit":
            which, side, ticks, lots, (kind, tif) = rest
            name = f"N{number}"
            sent.append(name)
            commands.append(
                sim.approve(
                    sim.order(
                        name,
                        instruments[which].instrument_id,
                        side=side,
                        lots=lots,
                        ticks=None if kind is OrderType.MARKET else ticks,
                        at=at,
                        kind=kind,
                        tif=tif,
                        display=max(1, lots // 3) if kind is OrderType.ICEBERG else None,
                        expires_at=at + 30 * NS_PER_MINUTE if tif is TimeInForce.GTD else None,
                    )
                )
            )
        elif sent:
            pick, ticks, lots = rest
            original = sent[pick % len(sent)]
            if verb == "cancel":
                commands.append(sim.cancel(f"N{number}", original, at=at))
            else:
                sent.append(f"N{number}")
                commands.append(
                    sim.approve(sim.replace(f"N{number}", original, lots=lots, ticks=ticks, at=at))
                )
    return commands


def send(venue, command):
    if not hasattr(command, "value"):
        venue.cancel(command)
    elif isinstance(command.value, NewOrder):
        venue.submit(command)
    else:
        assert isinstance(command.value, ReplaceOrder)
        venue.replace(command)


@settings(max_examples=60)
@given(drawn=histories)
def test_a_rebuilt_venue_repeats_every_report_though_the_beats_are_forgotten(sim, drawn):
    instruments = sim.hours(DAY)[15:18]
    lived_ears, rebuilt_ears = sim.Listener(), sim.Listener()
    lived = lively(sim, instruments, lived_ears)
    commands = commands_of(sim, drawn, instruments)
    for command in commands:
        decided_at = getattr(command, "value", command).decided_at
        lived.publish_depth(decided_at, [i.instrument_id for i in instruments])
        send(lived, command)
    rebuilt = lively(sim, instruments, rebuilt_ears)
    rebuilt.rebuild(commands)
    assert state_hash(lived_ears.reports) == state_hash(rebuilt_ears.reports)
    end = UtcNs(lived.now + NS_PER_HOUR)
    for venue, ears in ((lived, lived_ears), (rebuilt, rebuilt_ears)):
        ears.depths.clear()
        venue.publish_depth(end, [i.instrument_id for i in instruments])
    assert state_hash(lived_ears.reports) == state_hash(rebuilt_ears.reports)
    assert state_hash(lived_ears.depths) == state_hash(rebuilt_ears.depths)


def test_a_late_command_is_repeated_too_where_the_history_keeps_its_beats(sim):
    hour = sim.hours(DAY)[15]
    history = [
        sim.approve(sim.order("A", hour.instrument_id, ticks=9_000, lots=30)),
        UtcNs(sim.opens + 3 * NS_PER_HOUR),
        sim.approve(sim.order("B", hour.instrument_id, ticks=9_000, lots=30, at=sim.opens + 1)),
    ]
    first, second = sim.Listener(), sim.Listener()
    lived = lively(sim, [hour], first)
    lived.submit(history[0])
    lived.advance(history[1])
    lived.submit(history[2])
    lively(sim, [hour], second).rebuild(history)
    assert state_hash(first.reports) == state_hash(second.reports)
    assert first.reports[-1].occurred_at == sim.opens + 3 * NS_PER_HOUR


def test_only_a_fresh_venue_can_be_rebuilt(sim):
    venue = lively(sim, sim.hours(DAY)[:1], sim.Listener())
    venue.advance(UtcNs(1))
    with pytest.raises(ValueError, match="only a fresh POWERX can be rebuilt"):
        venue.rebuild([])


def test_two_venues_of_one_seed_share_the_reference_but_not_the_depth(sim):
    hour = sim.hours(DAY)[15]
    wide = SimulatedBook(
        half_spread_ticks=30, level_gap_ticks=15, levels=4, level_lots=80, latency_ns=9
    )
    venues = [
        lively(sim, [hour], sim.Listener()),
        lively(sim, [hour], sim.Listener(), name="ENERGEX", book=wide),
    ]
    depths = []
    for venue in venues:
        venue.advance(UtcNs(sim.opens + NS_PER_HOUR))
        depths.append(venue.depth(hour.instrument_id))
    assert depths[0].mid_ticks_x2 == depths[1].mid_ticks_x2
    assert depths[0].spread_ticks == 40
    assert depths[1].spread_ticks == 60
