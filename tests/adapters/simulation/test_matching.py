"""The matching rules, one scenario each; streams of chance are in `test_matching_equivalence`."""

from __future__ import annotations

import pytest

from wattbook_adapters.simulation.matching import MatchingEngine, Quote
from wattbook_adapters.simulation.terms import (
    BookPhase,
    BookTerms,
    SelfMatchPolicy,
    VenueNumbering,
)
from wattbook_domain.foundation.identifiers import AccountId, InstrumentId, VenueId
from wattbook_domain.foundation.instants import UtcNs
from wattbook_domain.orders.vocabulary import OrderType, Side, TimeInForce

HOUR = InstrumentId("DE-H09")
US, THEM = AccountId("US"), AccountId("THEM")


class Floor:
    """One book, two members, and what they are told."""

    def __init__(self, sim, *, policy=SelfMatchPolicy.CANCEL_RESTING, **terms) -> None:
        self.sim, self.reports = sim, []
        self.engine = MatchingEngine(
            BookTerms(instrument_id=HOUR, opens_at=UtcNs(0), **terms),
            numbering=VenueNumbering(VenueId("POWERX")),
            emit=lambda _, report: self.reports.append(report),
            self_match=policy,
        )

    def send(self, name, side, lots, ticks, *, account=THEM, at=0, **kind) -> None:
        order = self.sim.order(name, HOUR, side=side, lots=lots, ticks=ticks, at=at, **kind)
        self.engine.submit(account, order, UtcNs(at))

    def fills(self) -> list[tuple[str, int, int]]:
        return [
            (r.client_order_id, r.last_ticks, r.last_lots)
            for r in self.reports
            if r.last_lots is not None
        ]

    def story(self, name: str) -> list[str]:
        return [
            r.event.name
            for r in self.reports
            if name in (r.client_order_id, r.original_client_order_id)
        ]


@pytest.fixture
def floor(sim) -> Floor:
    return Floor(sim)


def test_a_trade_takes_the_resting_price_and_tells_both_sides_who_came(floor):
    floor.send("S", Side.SELL, 5, -30)
    floor.send("B", Side.BUY, 3, -10, account=US)
    assert floor.fills() == [("B", -30, 3), ("S", -30, 3)]
    assert [r.is_aggressor for r in floor.reports[-2:]] == [True, False]
    assert [r.leaves_lots for r in floor.reports[-2:]] == [0, 2]


def test_price_comes_before_time_and_time_before_size(floor):
    floor.send("LATE-BEST", Side.SELL, 1, 0)
    floor.send("FIRST", Side.SELL, 1, 5)
    floor.send("SECOND", Side.SELL, 50, 5)
    floor.send("B", Side.BUY, 4, 5, account=US)
    assert [name for name, *_ in floor.fills() if name != "B"] == ["LATE-BEST", "FIRST", "SECOND"]


def test_no_order_trades_through_a_better_price(floor):
    for ticks in (3, -2, 1):
        floor.send(f"S{ticks}", Side.SELL, 2, ticks)
    floor.send("B", Side.BUY, 5, None, account=US, kind=OrderType.MARKET, tif=TimeInForce.IOC)
    assert [ticks for name, ticks, _ in floor.fills() if name == "B"] == [-2, 1, 3]


def test_an_iceberg_goes_to_the_end_of_its_price_with_every_tranche(floor):
    floor.send("ICE", Side.SELL, 6, 0, kind=OrderType.ICEBERG, display=2)
    floor.send("PLAIN", Side.SELL, 3, 0)
    assert floor.engine.depth(5).asks[0].quantity_lots == 5
    floor.send("B", Side.BUY, 7, 0, account=US)
    makers = [(name, lots) for name, _, lots in floor.fills() if name != "B"]
    assert makers == [("ICE", 2), ("PLAIN", 3), ("ICE", 2)]
    assert floor.engine.depth(5).asks[0].quantity_lots == 2


def test_less_quantity_keeps_the_turn_and_more_loses_it(floor):
    for name in ("A", "B"):
        floor.send(name, Side.BUY, 5, 0)
    floor.engine.replace(THEM, floor.sim.replace("A2", "A", lots=3, ticks=0, at=0), UtcNs(0))
    floor.send("S1", Side.SELL, 1, 0, account=US)
    floor.engine.replace(THEM, floor.sim.replace("A3", "A2", lots=9, ticks=0, at=0), UtcNs(0))
    floor.send("S2", Side.SELL, 1, 0, account=US)
    assert [name for name, *_ in floor.fills() if not name.startswith("S")] == ["A2", "B"]


def test_a_new_price_may_trade_at_once(floor):
    floor.send("S", Side.SELL, 4, 7)
    floor.send("B", Side.BUY, 4, 0, account=US)
    floor.engine.replace(US, floor.sim.replace("B2", "B", lots=4, ticks=7, at=0), UtcNs(0))
    assert floor.story("B") == ["ACCEPTED", "REPLACED"]
    assert floor.fills() == [("B2", 7, 4), ("S", 7, 4)]


def test_a_replacement_must_leave_something_to_fill(floor):
    floor.send("S", Side.SELL, 4, 0)
    floor.send("B", Side.BUY, 9, 0, account=US)
    floor.engine.replace(US, floor.sim.replace("B2", "B", lots=4, ticks=0, at=0), UtcNs(0))
    assert floor.reports[-1].reason == "quantity 4 is not above 4 filled"
    assert floor.engine.depth(1).bids[0].quantity_lots == 5


def test_fill_or_kill_counts_hidden_lots_and_nothing_of_our_own(floor):
    floor.send("ICE", Side.SELL, 10, 0, kind=OrderType.ICEBERG, display=1)
    floor.send("OURS", Side.SELL, 10, 0, account=US)
    floor.send("F11", Side.BUY, 11, 0, account=US, tif=TimeInForce.FOK)
    assert floor.reports[-1].reason == "fill or kill: 10 of 11 lots can be filled"
    floor.send("F10", Side.BUY, 10, 0, account=US, tif=TimeInForce.FOK)
    assert floor.story("F10")[-1] == "FILL"


@pytest.mark.parametrize(
    ("policy", "resting", "incoming", "left"),
    [
        (SelfMatchPolicy.CANCEL_RESTING, ["ACCEPTED", "CANCELED"], ["ACCEPTED"], (None, 8)),
        (SelfMatchPolicy.CANCEL_INCOMING, ["ACCEPTED"], ["ACCEPTED", "CANCELED"], (5, None)),
        (
            SelfMatchPolicy.DECREMENT,
            ["ACCEPTED", "CANCELED"],
            ["ACCEPTED", "REPLACED"],
            (None, 3),
        ),
    ],
)
def test_two_orders_of_one_account_never_trade(sim, policy, resting, incoming, left):
    floor = Floor(sim, policy=policy)
    floor.send("S", Side.SELL, 5, 0, account=US)
    floor.send("B", Side.BUY, 8, 0, account=US)
    depth = floor.engine.depth(1)
    shown = tuple(None if s is None else s.quantity_lots for s in (depth.best_ask, depth.best_bid))
    assert (floor.story("S"), floor.story("B"), floor.fills()) == (resting, incoming, [])
    assert shown == left


def test_a_halt_refuses_orders_and_changes_keeps_the_book_and_lets_orders_go(floor):
    for name in ("A", "B"):
        floor.send(name, Side.BUY, 5, 0)
    floor.engine.halt(UtcNs(1))
    floor.send("C", Side.SELL, 5, 0, account=US, at=1)
    floor.engine.replace(THEM, floor.sim.replace("A2", "A", lots=4, ticks=0, at=1), UtcNs(1))
    floor.engine.cancel(THEM, floor.sim.cancel("B2", "B", at=1), UtcNs(1))
    assert [floor.story(name)[-1] for name in "CAB"] == ["REJECTED", "REPLACE_REJECTED", "CANCELED"]
    floor.engine.resume(UtcNs(2))
    floor.send("D", Side.SELL, 5, 0, account=US, at=2)
    assert floor.fills() == [("D", 0, 5), ("A", 0, 5)]


def test_what_is_due_happens_in_order_of_time_at_its_own_instant(sim):
    floor = Floor(sim, day_ends_at=UtcNs(20), gate_closes_at=UtcNs(30))
    floor.send("DAY", Side.BUY, 1, 0, tif=TimeInForce.DAY)
    floor.send("GTD", Side.BUY, 1, 0, tif=TimeInForce.GTD, expires_at=10)
    floor.send("GTC", Side.BUY, 1, 0)
    floor.engine.advance(UtcNs(99))
    ends = [(r.client_order_id, r.occurred_at) for r in floor.reports if r.event.name == "EXPIRED"]
    assert ends == [("GTD", 10), ("DAY", 20), ("GTC", 30)]
    assert floor.engine.phase is BookPhase.CLOSED
    assert floor.engine.next_due is None
    floor.engine.resume(UtcNs(100))
    assert floor.engine.phase is BookPhase.CLOSED


def test_a_day_order_after_the_day_and_a_stale_good_till_date_are_rejected(sim):
    floor = Floor(sim, day_ends_at=UtcNs(20))
    floor.send("DAY", Side.BUY, 1, 0, tif=TimeInForce.DAY, at=20)
    floor.send("GTD", Side.BUY, 1, 0, tif=TimeInForce.GTD, expires_at=20, at=20)
    assert [r.reason for r in floor.reports] == [
        "the trading day is over",
        "good till date 20 is not after the arrival at 20",
    ]


def test_steps_of_price_quantity_and_display_are_enforced(sim):
    floor = Floor(sim, price_step_ticks=5, quantity_step_lots=10)
    floor.send("P", Side.BUY, 10, -7)
    floor.send("Q", Side.BUY, 15, -5)
    floor.send("D", Side.BUY, 20, -5, kind=OrderType.ICEBERG, display=5)
    assert [r.reason for r in floor.reports] == [
        "price must be a multiple of 5 ticks, found -7",
        "quantity must be a multiple of 10 lots, found 15",
        "display quantity must be a multiple of 10 lots, found 5",
    ]


def test_the_same_order_twice_is_one_and_another_under_its_name_is_rejected(floor):
    floor.send("A", Side.BUY, 5, 0)
    floor.send("A", Side.BUY, 5, 0)
    floor.send("A", Side.BUY, 6, 0)
    assert floor.story("A") == ["ACCEPTED", "REJECTED"]
    assert floor.engine.depth(1).bids[0].quantity_lots == 5


def test_quotes_replace_each_other_in_silence_and_fills_are_told(floor):
    floor.engine.quote(THEM, [Quote(Side.SELL, 5, 10), Quote(Side.SELL, 6, 10)], UtcNs(0))
    floor.engine.quote(THEM, [Quote(Side.SELL, 4, 3)], UtcNs(0))
    assert floor.reports == []
    floor.send("B", Side.BUY, 9, 9, account=US)
    assert [(t, n) for name, t, n in floor.fills() if name == "B"] == [(4, 3)]
    assert floor.engine.depth(5).asks == ()


def test_time_never_goes_back(floor):
    floor.engine.advance(UtcNs(5))
    with pytest.raises(ValueError, match="venue time never goes back, found 4 after 5"):
        floor.engine.advance(UtcNs(4))


def test_terms_must_open_before_they_close():
    with pytest.raises(ValueError, match="must open before its gate closes"):
        BookTerms(instrument_id=HOUR, opens_at=UtcNs(5), gate_closes_at=UtcNs(5))
