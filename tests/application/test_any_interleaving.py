"""No interleaving of decisions and venue news breaches a limit, or loses energy or money.

Two machines over the same promises. One trades on the real simulated venues, with another member
who comes to fill what rests. The other speaks for the venue itself, and makes news that a matching
engine rarely makes: rejects, busts, corrections, fills that come late, twice or out of turn.
"""

from __future__ import annotations

from collections import defaultdict

import attrs
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)
from tests.application.days import (
    BATTERY,
    ENERGEX,
    LIMITS,
    MARKET,
    POWERX,
    PRICE,
    WIND,
    Day,
    a_setup,
    open_day,
    simulated_day,
)
from tests.application.scripted_venue import ScriptedVenue

from wattbook_application.effects import SendCancel, SendOrder, SendReplace
from wattbook_application.facts import KillEngaged, KillReleased, ReportReceived
from wattbook_application.state import fingerprint
from wattbook_domain.foundation.identifiers import ClientOrderId, ExecutionId, VenueId
from wattbook_domain.orders.commands import CancelOrder, NewOrder, OrderOwner, ReplaceOrder
from wattbook_domain.orders.order import Order
from wattbook_domain.orders.reports import FILL_EVENTS, ExecutionEvent, ExecutionReport
from wattbook_domain.orders.vocabulary import Side, TimeInForce
from wattbook_domain.risk.kill import KillScope, KillScopeKind

NET_LOTS = 30
"""A limit so tight that most interleavings come near it."""

TIGHT = a_setup(
    limits=attrs.evolve(LIMITS, net_mw_max=NET_LOTS * MARKET.lot_mw, open_orders_max=12)
)
HOURS = st.sampled_from([12, 13])
SIDES = st.sampled_from(Side)
LOTS = st.integers(1, 25)
OWNERS = st.sampled_from([WIND, BATTERY])
VENUES = st.sampled_from([POWERX, ENERGEX])
SCOPES = st.sampled_from(
    [
        KillScope(KillScopeKind.ALL),
        KillScope(KillScopeKind.VENUE, POWERX),
        KillScope(KillScopeKind.ALGORITHM, BATTERY.algorithm_id),
    ]
)


class Promises(RuleBasedStateMachine):
    """What holds at every moment, whatever the venue is."""

    day: Day

    def _orders(self) -> list[Order]:
        return list(self.day.state.orders.values())

    def _live(self) -> list[Order]:
        return [order for order in self._orders() if not order.is_terminal]

    @rule(hour=HOURS, side=SIDES, lots=LOTS, owner=OWNERS, tick=st.integers(-60, 60), venue=VENUES)
    def order(
        self, *, hour: int, side: Side, lots: int, owner: OrderOwner, tick: int, venue: VenueId
    ) -> None:
        self.day.later()
        self.day.decide(
            self.day.order(
                hour,
                side,
                lots,
                PRICE + tick,
                venue=venue,
                owner=owner,
                time_in_force=TimeInForce.GTC if tick % 2 else TimeInForce.IOC,
            )
        )

    @rule(hour=HOURS, side=SIDES, lots=LOTS)
    def two_orders_of_one_decision(self, *, hour: int, side: Side, lots: int) -> None:
        self.day.later()
        self.day.decide(
            self.day.order(hour, side, lots, PRICE - side.sign),
            self.day.order(hour, side, lots + 1, PRICE - side.sign, venue=ENERGEX, owner=BATTERY),
        )

    @rule(data=st.data(), lots=st.integers(1, 40), tick=st.integers(-60, 60))
    @precondition(lambda self: self._live())
    def change(self, *, data: st.DataObject, lots: int, tick: int) -> None:
        order = data.draw(st.sampled_from(self._live()))
        self.day.later()
        change = self.day.replace(order.client_order_id, lots=lots, ticks=PRICE + tick)
        self.day.decide(replaces=[change])

    @rule(data=st.data())
    @precondition(lambda self: self._live())
    def cancel(self, *, data: st.DataObject) -> None:
        order = data.draw(st.sampled_from(self._live()))
        self.day.later()
        self.day.decide(cancels=[self.day.cancel(order.client_order_id)])

    @rule(scope=SCOPES)
    def kill_and_release(self, *, scope: KillScope) -> None:
        at = self.day.later()
        self.day.post(KillEngaged(at=at, scope=scope, by="ann", reason="drill"))
        stopped = [o for o in self._live() if o.cancel_client_order_id is None]
        if scope.kind is KillScopeKind.ALL:
            assert not stopped
        self.day.post(KillReleased(at=self.day.later(), scope=scope, by="ben", reason="over"))

    def _held_kw(self) -> defaultdict[str, int]:
        held: defaultdict[str, int] = defaultdict(int)
        for position in self.day.state.positions.snapshot():
            held[position.key.instrument_id] += position.net_lots * 100
        return held

    def _booked(self) -> tuple[defaultdict[str, int], defaultdict[str, int]]:
        """Lots, and ticks x lots, of every fill that stands, by order."""
        lots: defaultdict[str, int] = defaultdict(int)
        tick_lots: defaultdict[str, int] = defaultdict(int)
        positions = self.day.state.positions
        for position in positions.snapshot():
            for fill in positions.fills(position.key):
                lots[fill.client_order_id] += fill.lots
                tick_lots[fill.client_order_id] += fill.ticks * fill.lots
        return lots, tick_lots

    @invariant()
    def an_order_holds_what_its_fills_brought(self) -> None:
        state = self.day.state
        if any(fold.waiting for fold in state.folds.values()):
            return  # booked already, but not yet in the order
        lots, tick_lots = self._booked()
        for root, order in state.orders.items():
            assert order.filled_lots == lots[root]
            assert order.filled_tick_lots == tick_lots[root]

    @invariant()
    def exposure_holds_what_the_positions_hold(self) -> None:
        state, market = self.day.state, self.day.market
        if any(fold.waiting for fold in state.folds.values()):
            return
        held_kw = self._held_kw()
        grid = state.book.net_kw(WIND.desk_id)
        for index in (12, 13):
            terms = market.terms[market.intraday[index].instrument_id]
            (span,) = terms.spans
            first = span.first - market.horizon.first
            assert set(grid[first : first + span.slots].tolist()) == {held_kw[terms.instrument_id]}

    @invariant()
    def an_order_that_has_ended_holds_no_exposure(self) -> None:
        for root, order in self.day.state.orders.items():
            held = self.day.state.book.held(root)
            assert held is not None
            fold = self.day.state.folds[root]
            if not fold.waiting:
                assert held.held_lots == order.largest_leaves_lots

    def teardown(self) -> None:
        assert self.day.replayed_hash() == fingerprint(self.day.state)


class WithinLimits(Promises):
    """The same, where no trade is ever taken back."""

    @invariant()
    def net_power_stays_within_its_limit_whatever_rests(self) -> None:
        # Recounted from orders, fills and what venues told; the exposure book is not asked.
        filled_lots = self._filled_lots()
        net, buys, sells = (defaultdict[str, int](int) for _ in range(3))
        for root, order in self.day.state.orders.items():
            net[order.instrument_id] += order.side.sign * filled_lots[root]
            early = filled_lots[root] - order.filled_lots
            resting = buys if order.side is Side.BUY else sells
            resting[order.instrument_id] += max(order.largest_leaves_lots - early, 0)
        for instrument_id in net:
            assert net[instrument_id] + buys[instrument_id] <= NET_LOTS
            assert net[instrument_id] - sells[instrument_id] >= -NET_LOTS

    def _filled_lots(self) -> defaultdict[str, int]:
        """Lots filled by order: booked, or told by a total whose fills are still on their way."""
        lots, _ = self._booked()
        for key, root in self.day.state.followed.items():
            lots[root] = max(lots[root], self.day.state.reports[key].cumulative_lots)
        return lots


class OnSimulatedVenues(WithinLimits):
    """The real matching engines; another member comes to trade with what rests."""

    @initialize()
    def opened(self) -> None:
        self.day = simulated_day(TIGHT)
        self.day.clear()

    @rule(hour=HOURS, side=SIDES, lots=st.integers(1, 40), tick=st.integers(-60, 60) | st.none())
    def parent(self, *, hour: int, side: Side, lots: int, tick: int | None) -> None:
        self.day.later()
        limit = None if tick is None else PRICE + tick
        self.day.decide(parents=[self.day.parent(hour, side, lots, limit)])

    @rule(minutes=st.integers(0, 30))
    def time_passes(self, *, minutes: int) -> None:
        assert self.day.session is not None
        at = self.day.later(60 * minutes + 1)
        names = [self.day.market.intraday[index].instrument_id for index in (12, 13)]
        self.day.session.show_depth(names, at=at)
        self.day.engine.drain()

    @rule(hour=HOURS, side=SIDES, lots=st.integers(1, 200), venue=VENUES)
    def another_member_trades(self, *, hour: int, side: Side, lots: int, venue: VenueId) -> None:
        session = self.day.session
        assert session is not None
        others = attrs.evolve(
            self.day.order(hour, side, lots, PRICE + 300 * side.sign, venue=venue),
            time_in_force=TimeInForce.IOC,
            client_order_id=ClientOrderId(f"OTHER-{self.day.name()}"),
        )
        session.gateways[venue].submit_as_other(others)  # type: ignore[attr-defined]
        self.day.engine.drain()

    @invariant()
    def what_the_venues_told_is_what_was_booked(self) -> None:
        told_lots = told_cash = 0
        for report in self.day.state.reports.values():
            if report.event in FILL_EVENTS:
                assert report.last_lots is not None
                assert report.last_ticks is not None
                told_lots += report.side.sign * report.last_lots
                told_cash -= report.side.sign * report.last_lots * report.last_ticks
        positions = self.day.state.positions.snapshot()
        assert sum(p.net_lots for p in positions) == told_lots
        assert sum(p.cash_tick_lots for p in positions) == told_cash

    @invariant()
    def a_sound_venue_leaves_no_misfit(self) -> None:
        assert not self.day.state.misfits


class SpokenVenue(Promises):
    """A venue that answers when it likes, takes trades back, and repeats itself."""

    @initialize()
    def opened(self) -> None:
        self.day = open_day(TIGHT)
        self.day.clear()
        self.venue = ScriptedVenue()
        self.heard: list[ExecutionReport] = []
        self.delayed: list[ExecutionReport] = []
        self.seen = 0
        self.asked: list[NewOrder | CancelOrder | ReplaceOrder] = []

    def _hear(self, report: ExecutionReport) -> None:
        self.heard.append(report)
        self.day.post(ReportReceived(report))

    def _take_in(self) -> list[NewOrder | CancelOrder | ReplaceOrder]:
        """Everything that was sent to the venue and has no answer yet."""
        for effect in self.day.told[self.seen :]:
            match effect:
                case SendOrder(approved) | SendReplace(approved=approved):
                    self.asked.append(approved.value)
                case SendCancel():
                    self.asked.append(effect.command)
        self.seen = len(self.day.told)
        return self.asked

    def _open(self) -> list[ClientOrderId]:
        return [name for name, kept in self.venue.orders.items() if kept.leaves_lots]

    def _traded(self) -> list[tuple[ClientOrderId, ExecutionId]]:
        late = {report.execution_id for report in self.delayed}
        return [
            (name, execution)
            for name, kept in self.venue.orders.items()
            for execution in kept.trades
            if execution not in late
        ]

    @rule(data=st.data(), is_kind=st.booleans())
    @precondition(lambda self: self._take_in() and not self.delayed)
    def answer(self, *, data: st.DataObject, is_kind: bool) -> None:
        """Answer requests in the order they came, order by order."""
        request = self.asked.pop(0)
        if isinstance(request, NewOrder):
            self._hear(self.venue.accept(request) if is_kind else self.venue.reject(request))
            return
        root = self.day.state.roots[request.original_client_order_id]
        kept = self.venue.orders[root]
        is_ours = kept.name == request.original_client_order_id and kept.leaves_lots > 0
        if isinstance(request, CancelOrder):
            if is_ours and is_kind:
                self._hear(self.venue.end(root, ExecutionEvent.CANCELED, request=request))
            else:
                self._hear(self.venue.cancel_rejected(root, request))
        elif is_ours and is_kind and request.quantity_lots > kept.filled_lots:
            self._hear(self.venue.replaced(root, request))
        else:
            self._hear(self.venue.replace_rejected(root, request))

    @rule(data=st.data(), tick=st.integers(-9, 9), is_late=st.booleans())
    @precondition(lambda self: self._open())
    def fill(self, *, data: st.DataObject, tick: int, is_late: bool) -> None:
        name = data.draw(st.sampled_from(self._open()))
        leaves = self.venue.orders[name].leaves_lots
        report = self.venue.fill(name, data.draw(st.integers(1, leaves)), PRICE + tick)
        if is_late:
            self.delayed.append(report)
        else:
            self._hear(report)

    @rule()
    @precondition(lambda self: self.delayed)
    def the_late_ones_come(self) -> None:
        late, self.delayed = self.delayed, []
        for report in reversed(late):
            self._hear(report)

    @rule(data=st.data())
    @precondition(lambda self: self._open() and not self.delayed)
    def expire(self, *, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(self._open()))
        self._hear(self.venue.end(name, ExecutionEvent.EXPIRED))

    @rule(data=st.data())
    @precondition(lambda self: self.heard)
    def repeat(self, *, data: st.DataObject) -> None:
        before = fingerprint(self.day.state)
        self.day.post(ReportReceived(data.draw(st.sampled_from(self.heard))))
        assert fingerprint(self.day.state) == before

    @invariant()
    def nothing_is_booked_that_the_venue_did_not_trade(self) -> None:
        late_lots = sum((r.last_lots or 0) * r.side.sign for r in self.delayed)
        late_cash = -sum(
            (r.last_lots or 0) * (r.last_ticks or 0) * r.side.sign for r in self.delayed
        )
        kept = self.venue.orders.values()
        positions = self.day.state.positions.snapshot()
        assert sum(p.net_lots for p in positions) + late_lots == sum(
            k.order.side.sign * k.filled_lots for k in kept
        )
        assert sum(p.cash_tick_lots for p in positions) + late_cash == sum(
            k.cash_tick_lots for k in kept
        )

    @invariant()
    def a_sound_venue_leaves_no_misfit(self) -> None:
        assert not self.day.state.misfits


class OnAnyVenue(SpokenVenue, WithinLimits):
    """As above, and no limit is passed."""


class OnAVenueThatTakesTradesBack(SpokenVenue):
    """Busts and corrections, too. Taking a sale back can leave more bought than the limit allows,
    for its room was used meanwhile; everything else is promised here as well."""

    @rule(data=st.data())
    @precondition(lambda self: self._traded() and not self.delayed)
    def bust(self, *, data: st.DataObject) -> None:
        name, execution = data.draw(st.sampled_from(self._traded()))
        self._hear(self.venue.bust(name, execution))

    @rule(data=st.data(), tick=st.integers(-9, 9))
    @precondition(lambda self: self._traded() and not self.delayed)
    def correct(self, *, data: st.DataObject, tick: int) -> None:
        name, execution = data.draw(st.sampled_from(self._traded()))
        _, lots = self.venue.orders[name].trades[execution]
        fewer = data.draw(st.integers(1, lots))
        self._hear(self.venue.correct(name, execution, fewer, PRICE + tick))


_EFFORT = settings(max_examples=40, stateful_step_count=30)

TestOnSimulatedVenues = OnSimulatedVenues.TestCase
TestOnSimulatedVenues.settings = _EFFORT
TestOnAnyVenue = OnAnyVenue.TestCase
TestOnAnyVenue.settings = _EFFORT
TestOnAVenueThatTakesTradesBack = OnAVenueThatTakesTradesBack.TestCase
TestOnAVenueThatTakesTradesBack.settings = _EFFORT
