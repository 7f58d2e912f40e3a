"""The fast engine against a naive one: same stream, same reports, same state hash.

The naive engine keeps one list, scans it for every question and decides FOK by trying on a copy.
"""

from __future__ import annotations

import copy
import random
from collections import Counter
from itertools import count

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wattbook_adapters.simulation.matching import MatchingEngine, Quote
from wattbook_adapters.simulation.terms import (
    BookPhase,
    BookTerms,
    SelfMatchPolicy,
    VenueNumbering,
)
from wattbook_domain.foundation.canonical import state_hash
from wattbook_domain.foundation.identifiers import (
    AccountId,
    AlgorithmId,
    ClientOrderId,
    DeskId,
    InstrumentId,
    LedgerId,
    TraderId,
    VenueId,
)
from wattbook_domain.foundation.instants import UtcNs
from wattbook_domain.foundation.verdict import Refused
from wattbook_domain.orders.commands import CancelOrder, NewOrder, OrderOwner, ReplaceOrder
from wattbook_domain.orders.order import Order
from wattbook_domain.orders.reports import FILL_EVENTS, ExecutionReport
from wattbook_domain.orders.vocabulary import OrderType, Side, TimeInForce

OWNER = OrderOwner(
    desk_id=DeskId("D"),
    ledger_id=LedgerId("L"),
    trader_id=TraderId("T"),
    algorithm_id=AlgorithmId("A"),
)
TERMS = BookTerms(
    instrument_id=InstrumentId("DE-H09"),
    opens_at=UtcNs(0),
    day_ends_at=UtcNs(60),
    gate_closes_at=UtcNs(80),
)
ACCOUNTS = (AccountId("ALPHA"), AccountId("BETA"), AccountId("GAMMA"))

Told = tuple[str, str, int | None, int | None, int, int, int, int]
"""Order, event, last lots, last ticks, leaves, filled, quantity, instant."""


def told(report: ExecutionReport) -> Told:
    name = report.original_client_order_id or report.client_order_id
    return (
        name,
        report.event.name,
        report.last_lots,
        report.last_ticks,
        report.leaves_lots,
        report.cumulative_lots,
        report.quantity_lots,
        report.occurred_at,
    )


@attrs.define(eq=False)
class NaiveOrder:
    account: str
    name: str
    side: Side
    limit: int | None
    quantity: int
    tif: TimeInForce
    display: int | None = None
    expires_at: int | None = None
    is_quote: bool = False
    filled: int = 0
    shown: int = 0
    stamp: int = 0
    entered: int = 0

    @property
    def leaves(self) -> int:
        return self.quantity - self.filled


class NaiveEngine:
    """A list of orders, scanned and sorted for every question."""

    def __init__(self, terms: BookTerms, policy: SelfMatchPolicy) -> None:
        self.terms, self.policy = terms, policy
        self.resting: list[NaiveOrder] = []
        self.known: dict[tuple[str, str], NaiveOrder] = {}
        self.told: list[Told] = []
        self.now = 0
        self.phase = BookPhase.OPEN
        self.stamps = count()

    def tell(
        self,
        o: NaiveOrder,
        event: str,
        *,
        at: int | None = None,
        lots: int | None = None,
        ticks: int | None = None,
        name: str | None = None,
    ) -> None:
        if o.is_quote and lots is None:
            return
        ended = event in {"REJECTED", "CANCELED", "EXPIRED"}
        refused = event in {"CANCEL_REJECTED", "REPLACE_REJECTED"} and o not in self.resting
        leaves = 0 if ended or refused else o.leaves
        when = self.now if at is None else at
        self.told.append((name or o.name, event, lots, ticks, leaves, o.filled, o.quantity, when))

    def advance(self, at: int) -> None:
        for instant in range(self.now + 1, at + 1):
            if instant == self.terms.gate_closes_at:
                self.phase = BookPhase.CLOSED
                self.expire(lambda _: True, instant)
            if instant == self.terms.day_ends_at:
                self.expire(lambda o: o.tif is TimeInForce.DAY, instant)
            self.expire(lambda o, i=instant: o.expires_at == i, instant, by_submission=True)
        self.now = at

    def expire(self, which, at: int, *, by_submission: bool = False) -> None:
        submitted = list(dict.fromkeys(self.known.values()))
        key = submitted.index if by_submission else (lambda o: o.entered)
        for o in sorted(filter(which, self.resting), key=key):
            self.resting.remove(o)
            self.tell(o, "EXPIRED", at=at)

    def submit(self, account: str, order: NewOrder, at: int) -> None:
        self.advance(at)
        o = NaiveOrder(
            account,
            order.client_order_id,
            order.side,
            order.limit_ticks,
            order.quantity_lots,
            order.time_in_force,
            order.display_lots,
            order.expires_at,
        )
        self.known[account, o.name] = o
        day_end = self.terms.day_ends_at
        if (
            self.phase is not BookPhase.OPEN
            or (o.expires_at is not None and o.expires_at <= at)
            or (o.tif is TimeInForce.DAY and day_end is not None and at >= day_end)
        ):
            self.tell(o, "REJECTED")
            return
        self.tell(o, "ACCEPTED")
        self.enter(o)

    def enter(self, o: NaiveOrder) -> None:
        if o.tif is TimeInForce.FOK:
            trial = NaiveEngine(self.terms, self.policy)
            trial.resting = copy.deepcopy(self.resting)
            trial.stamps = count(10**9)
            other = copy.deepcopy(o)
            wanted = other.leaves
            trial.match(other)
            if other.filled < wanted:
                self.tell(o, "CANCELED")
                return
        alive = self.match(o)
        if not alive or o.leaves == 0:
            return
        if o.limit is None or o.tif is TimeInForce.IOC:
            self.tell(o, "CANCELED")
            return
        o.shown = o.leaves if o.display is None else min(o.display, o.leaves)
        o.stamp = o.entered = next(self.stamps)
        self.resting.append(o)

    def ranked(self, side: Side) -> list[NaiveOrder]:
        orders = [o for o in self.resting if o.side is side]
        return sorted(orders, key=lambda o: (-o.side.sign * o.limit, o.stamp))

    def match(self, taker: NaiveOrder) -> bool:
        while taker.leaves:
            makers = self.ranked(taker.side.opposite)
            if not makers:
                return True
            maker = makers[0]
            crosses = taker.limit is None or (
                taker.limit >= maker.limit if taker.side is Side.BUY else taker.limit <= maker.limit
            )
            if not crosses:
                return True
            lots = min(taker.leaves, maker.shown)
            if maker.account != taker.account:
                for o in (taker, maker):
                    o.filled += lots
                    event = "PARTIAL_FILL" if o.leaves else "FILL"
                    self.tell(o, event, lots=lots, ticks=maker.limit)
                maker.shown -= lots
            elif self.policy is SelfMatchPolicy.CANCEL_RESTING:
                self.resting.remove(maker)
                self.tell(maker, "CANCELED")
                continue
            elif self.policy is SelfMatchPolicy.CANCEL_INCOMING:
                self.tell(taker, "CANCELED")
                return False
            else:
                if self.decrement(maker, lots):
                    maker.shown -= lots
                    self.refresh(maker)
                else:
                    self.resting.remove(maker)
                if not self.decrement(taker, lots):
                    return False
                continue
            self.refresh(maker)
        return True

    def decrement(self, o: NaiveOrder, lots: int) -> bool:
        if o.leaves == lots:
            self.tell(o, "CANCELED")
            return False
        o.quantity -= lots
        self.tell(o, "REPLACED")
        return True

    def refresh(self, maker: NaiveOrder) -> None:
        if maker.leaves == 0:
            self.resting.remove(maker)
        elif maker.shown == 0:
            maker.shown = min(maker.display or maker.leaves, maker.leaves)
            maker.stamp = next(self.stamps)

    def cancel(self, account: str, command: CancelOrder, at: int) -> None:
        self.advance(at)
        original = command.original_client_order_id
        o = self.known[account, original]
        if o in self.resting and o.name == original:
            self.resting.remove(o)
            self.tell(o, "CANCELED", name=original)
        else:
            self.tell(o, "CANCEL_REJECTED", name=original)

    def replace(self, account: str, command: ReplaceOrder, at: int) -> None:
        self.advance(at)
        original = command.original_client_order_id
        o = self.known[account, original]
        if (
            o not in self.resting
            or o.name != original
            or self.phase is not BookPhase.OPEN
            or command.quantity_lots <= o.filled
        ):
            self.known.setdefault((account, command.client_order_id), o)
            self.tell(o, "REPLACE_REJECTED", name=original)
            return
        limit = o.limit if command.limit_ticks is None else command.limit_ticks
        keeps = limit == o.limit and command.quantity_lots <= o.quantity
        o.limit, o.quantity, o.name = limit, command.quantity_lots, command.client_order_id
        self.known[account, o.name] = o
        if keeps:
            o.shown = min(o.shown, o.leaves)
            self.tell(o, "REPLACED", name=original)
            return
        self.resting.remove(o)
        self.tell(o, "REPLACED", name=original)
        self.enter(o)

    def quote(self, account: str, quotes: list[Quote], at: int) -> None:
        self.advance(at)
        self.resting = [o for o in self.resting if not (o.is_quote and o.account == account)]
        if self.phase is not BookPhase.OPEN:
            return
        for q in quotes:
            self.enter(
                NaiveOrder(
                    account,
                    "quote",
                    q.side,
                    q.price_ticks,
                    q.quantity_lots,
                    TimeInForce.GTC,
                    is_quote=True,
                )
            )

    def picture(self) -> list[list[object]]:
        return [
            [o.account, o.limit, o.shown, o.leaves, o.filled]
            for side in Side
            for o in self.ranked(side)
        ]


def picture(engine: MatchingEngine) -> list[list[object]]:
    return [
        [o.account, ticks, o.visible_lots, o.leaves_lots, o.filled_lots]
        for side in Side
        for ticks, queue in engine.book.side(side).levels()
        for o in queue.values()
    ]


# Streams: few prices, few lots and three accounts, so that everything collides.

accounts = st.sampled_from(ACCOUNTS)
sides = st.sampled_from(Side)
prices = st.integers(-1, 1)
lots = st.integers(1, 12)
pauses = st.sampled_from([0] * 6 + [1, 1, 5])
kinds = st.sampled_from(
    [
        (OrderType.LIMIT, TimeInForce.GTC),
        (OrderType.LIMIT, TimeInForce.GTC),
        (OrderType.LIMIT, TimeInForce.DAY),
        (OrderType.LIMIT, TimeInForce.GTD),
        (OrderType.LIMIT, TimeInForce.IOC),
        (OrderType.LIMIT, TimeInForce.FOK),
        (OrderType.MARKET, TimeInForce.IOC),
        (OrderType.MARKET, TimeInForce.DAY),
        (OrderType.ICEBERG, TimeInForce.GTC),
        (OrderType.ICEBERG, TimeInForce.GTD),
    ]
)
submits = st.tuples(
    st.just("submit"), pauses, accounts, kinds, sides, prices, lots, lots, st.integers(1, 9)
)
cancels = st.tuples(st.just("cancel"), pauses, st.integers(0, 40))
replaces = st.tuples(
    st.just("replace"), pauses, st.integers(0, 40), st.one_of(st.none(), prices), st.integers(0, 12)
)
quotes = st.tuples(
    st.just("quote"), pauses, accounts, st.lists(st.tuples(sides, prices, lots), max_size=4)
)
halts = st.tuples(st.sampled_from(["halt", "resume", "resume", "resume"]), pauses)
steps = st.one_of(*[submits] * 8, *[cancels] * 2, *[replaces] * 3, quotes, halts)
streams = st.lists(steps, min_size=20, max_size=60)


class Rig:
    """Drives both engines with the same stream and keeps what the fast one says."""

    def __init__(self, policy: SelfMatchPolicy) -> None:
        self.reports: list[tuple[str, ExecutionReport]] = []
        self.fast = MatchingEngine(
            TERMS,
            numbering=VenueNumbering(VenueId("POWERX")),
            emit=lambda account, report: self.reports.append((account, report)),
            self_match=policy,
        )
        self.fast.advance(UtcNs(0))
        self.naive = NaiveEngine(TERMS, policy)
        self.at = 0
        self.names: list[tuple[AccountId, ClientOrderId]] = []
        self.sent: dict[str, NewOrder] = {}
        self.requests: dict[str, CancelOrder | ReplaceOrder] = {}

    def run(self, step: tuple) -> None:
        verb, pause, *rest = step
        self.at += pause
        getattr(self, verb)(*rest)

    def _fresh(self, account: AccountId) -> ClientOrderId:
        name = ClientOrderId(f"{account}-{len(self.names)}")
        self.names.append((account, name))
        return name

    def submit(self, account, kind, side, price, quantity, display, life) -> None:
        order_type, tif = kind
        order = NewOrder(
            client_order_id=self._fresh(account),
            instrument_id=TERMS.instrument_id,
            venue_id=VenueId("POWERX"),
            owner=OWNER,
            side=side,
            order_type=order_type,
            time_in_force=tif,
            quantity_lots=quantity,
            limit_ticks=None if order_type is OrderType.MARKET else price,
            decided_at=UtcNs(self.at),
            display_lots=min(display, quantity) if order_type is OrderType.ICEBERG else None,
            expires_at=UtcNs(self.at + life) if tif is TimeInForce.GTD else None,
        )
        self.sent[order.client_order_id] = order
        for engine in (self.fast, self.naive):
            engine.submit(account, order, UtcNs(self.at))

    def cancel(self, pick: int) -> None:
        if self.names:
            account, name = self.names[pick % len(self.names)]
            command = CancelOrder(
                client_order_id=ClientOrderId(f"C{len(self.reports)}"),
                original_client_order_id=name,
                decided_at=UtcNs(self.at),
            )
            if (account, name) in self.naive.known:
                self.requests[command.client_order_id] = command
                for engine in (self.fast, self.naive):
                    engine.cancel(account, command, UtcNs(self.at))

    def replace(self, pick: int, price: int | None, quantity: int) -> None:
        """Ask for a change; a quantity of zero stands for the order's own."""
        if self.names:
            account, name = self.names[pick % len(self.names)]
            if (account, name) in self.naive.known:
                command = ReplaceOrder(
                    client_order_id=self._fresh(account),
                    original_client_order_id=name,
                    quantity_lots=quantity or max(1, self.naive.known[account, name].quantity),
                    limit_ticks=price,
                    decided_at=UtcNs(self.at),
                )
                self.requests[command.client_order_id] = command
                for engine in (self.fast, self.naive):
                    engine.replace(account, command, UtcNs(self.at))

    def quote(self, account, levels) -> None:
        # A book of real quotes never crosses itself; keep bids below asks.
        book = [Quote(s, p - 2 if s is Side.BUY else p + 2, n) for s, p, n in levels]
        if max((q.price_ticks for q in book if q.side is Side.BUY), default=-9) < min(
            (q.price_ticks for q in book if q.side is Side.SELL), default=9
        ):
            for engine in (self.fast, self.naive):
                engine.quote(account, book, UtcNs(self.at))

    def spoken(self) -> list[Told]:
        """What the fast engine said, in the naive engine's words."""
        return [
            ("quote", *told(report)[1:]) if is_quote_fill(report) else told(report)
            for _, report in self.reports
        ]

    def halt(self) -> None:
        self.fast.halt(UtcNs(self.at))
        self.naive.advance(self.at)
        if self.naive.phase is BookPhase.OPEN:
            self.naive.phase = BookPhase.HALTED

    def resume(self) -> None:
        self.fast.resume(UtcNs(self.at))
        self.naive.advance(self.at)
        if self.naive.phase is BookPhase.HALTED:
            self.naive.phase = BookPhase.OPEN


def is_quote_fill(report: ExecutionReport) -> bool:
    return report.client_order_id.startswith("POWERX-")


def chance_stream(seed: int, length: int) -> list[tuple]:
    """A long stream of the same steps as `streams`, all before the day's end."""
    dice = random.Random(seed)  # noqa: S311 - a test stream, not a secret
    every_kind = [
        (OrderType.LIMIT, TimeInForce.GTC),
        (OrderType.LIMIT, TimeInForce.GTC),
        (OrderType.ICEBERG, TimeInForce.GTC),
        (OrderType.ICEBERG, TimeInForce.GTD),
        (OrderType.LIMIT, TimeInForce.IOC),
        (OrderType.LIMIT, TimeInForce.FOK),
        (OrderType.MARKET, TimeInForce.IOC),
    ]

    def step() -> tuple:
        pause, price, size = int(dice.random() < 0.045), dice.randint(-4, 4), dice.randint(1, 30)
        account, side, draw = dice.choice(ACCOUNTS), dice.choice(list(Side)), dice.random()
        if draw < 0.10:
            return ("cancel", pause, dice.randrange(10**6))
        if draw < 0.35:
            return (
                "replace",
                pause,
                dice.randrange(10**6),
                dice.choice([None, price]),
                dice.choice([0, size]),
            )
        if draw < 0.38:
            level = (side, price, size)
            return ("quote", pause, account, [level])
        kind = dice.choice(every_kind)
        return ("submit", pause, account, kind, side, price, size, dice.randint(1, 6), 5)

    return [step() for _ in range(length)]


@pytest.mark.parametrize("policy", SelfMatchPolicy)
@pytest.mark.parametrize("seed", [11, 12])
def test_long_streams_of_chance_keep_both_engines_equal(policy, seed):
    rig = Rig(policy)
    for number, step in enumerate(chance_stream(seed, 1200)):
        rig.run(step)
        if number % 10 == 0:
            assert state_hash(picture(rig.fast)) == state_hash(rig.naive.picture())
    assert rig.spoken() == rig.naive.told
    assert {told[1] for told in rig.naive.told} >= {
        "ACCEPTED",
        "PARTIAL_FILL",
        "FILL",
        "CANCELED",
        "REPLACED",
        "CANCEL_REJECTED",
        "REPLACE_REJECTED",
        "EXPIRED",
    }


@pytest.mark.parametrize("policy", SelfMatchPolicy)
@settings(max_examples=100)
@given(stream=streams)
def test_fast_and_naive_engines_agree_report_by_report(policy, stream):
    rig = Rig(policy)
    for step in stream:
        rig.run(step)
        assert state_hash(picture(rig.fast)) == state_hash(rig.naive.picture())
    assert rig.spoken() == rig.naive.told


@pytest.mark.parametrize("policy", SelfMatchPolicy)
@settings(max_examples=60)
@given(stream=streams)
def test_lots_are_conserved_and_the_book_is_never_crossed(policy, stream):
    rig = Rig(policy)
    for step in stream:
        rig.run(step)
        best = [rig.fast.book.side(side).first() for side in Side]
        if best[0] and best[1]:
            assert best[0].limit_ticks < best[1].limit_ticks
        for order in rig.fast.book:
            assert 0 < order.visible_lots <= order.leaves_lots
    bought, sold = Counter(), Counter()
    for _, report in rig.reports:
        if report.event in FILL_EVENTS:
            tally = bought if report.side is Side.BUY else sold
            tally[report.last_ticks] += report.last_lots
    assert bought == sold


@pytest.mark.parametrize("policy", SelfMatchPolicy)
@settings(max_examples=60)
@given(stream=streams)
def test_our_side_of_every_order_accepts_every_report(policy, stream):
    """Each report moves the domain's `Order` without a refusal, quantities and states alike."""
    rig = Rig(policy)
    for step in stream:
        rig.run(step)
    orders = {name: Order.of(order) for name, order in rig.sent.items()}
    roots = {name: name for name in orders}
    for _, report in rig.reports:
        if is_quote_fill(report):
            continue
        name = report.original_client_order_id or report.client_order_id
        root = roots.setdefault(report.client_order_id, roots[name])
        order = orders[root]
        if command := rig.requests.get(report.client_order_id):
            is_cancel = isinstance(command, CancelOrder)
            asked = order.request_cancel(command) if is_cancel else order.request_replace(command)
            order = order if isinstance(asked, Refused) else asked
        moved = order.apply(report)
        assert isinstance(moved, Order), f"{moved.explain()} by {report}"
        assert moved.leaves_lots == report.leaves_lots
        orders[root] = moved


@settings(max_examples=60)
@given(stream=streams)
def test_the_same_stream_gives_the_same_reports_names_included(stream):
    first, second = Rig(SelfMatchPolicy.DECREMENT), Rig(SelfMatchPolicy.DECREMENT)
    for rig in (first, second):
        for step in stream:
            rig.run(step)
    assert state_hash([r for _, r in first.reports]) == state_hash([r for _, r in second.reports])
    ids = [r.execution_id for _, r in first.reports]
    assert len(set(ids)) == len(ids)
