"""The kill switch: cancels what is open in its scope, latches, and needs two persons to release."""

from __future__ import annotations

import attrs
import pytest
from tests.application.days import BATTERY, ENERGEX, POWERX, PRICE, Day, kinds, open_day
from tests.application.scripted_venue import ScriptedVenue

from wattbook_application.effects import SendCancel, TellRefusal
from wattbook_application.facts import KillEngaged, KillReleased, ReportReceived
from wattbook_application.handlers import TRADING_DAY
from wattbook_application.program import Effect
from wattbook_application.replay import replay
from wattbook_application.state import fingerprint
from wattbook_domain.foundation.instants import UtcNs
from wattbook_domain.orders.commands import CancelOrder, NewOrder
from wattbook_domain.orders.reports import ExecutionEvent, ExecutionReport
from wattbook_domain.orders.vocabulary import Side
from wattbook_domain.risk.denial import DenialCode
from wattbook_domain.risk.kill import KillDenial, KillScope, KillScopeKind

ALL = KillScope(KillScopeKind.ALL)


@attrs.define
class Floor:
    """A day with four accepted orders: two algorithms, two venues, two hours."""

    day: Day
    venue: ScriptedVenue
    orders: dict[str, NewOrder]

    def hear(self, *reports: ExecutionReport) -> list[Effect]:
        return self.day.post(*(ReportReceived(report) for report in reports))

    def engage(self, scope: KillScope, by: str = "ann") -> list[Effect]:
        return self.day.post(KillEngaged(at=self.day.later(), scope=scope, by=by, reason="test"))

    def release(self, scope: KillScope, by: str) -> list[Effect]:
        return self.day.post(KillReleased(at=self.day.later(), scope=scope, by=by, reason="test"))


@pytest.fixture
def floor() -> Floor:
    day, venue = open_day(), ScriptedVenue()
    day.clear()
    orders = {
        "wind here": day.order(index=12, venue=POWERX),
        "wind there": day.order(index=13, venue=ENERGEX),
        "battery here": day.order(index=13, venue=POWERX, owner=BATTERY, lots=7),
        "battery there": day.order(index=12, venue=ENERGEX, owner=BATTERY, lots=7),
    }
    assert kinds(day.decide(*orders.values())) == ["SendOrder"] * 4
    floor = Floor(day, venue, orders)
    floor.hear(*(venue.accept(order) for order in orders.values()))
    day.later()
    return floor


def stopped(effects: list[Effect], floor: Floor) -> set[str]:
    names = {order.client_order_id: name for name, order in floor.orders.items()}
    assert all(isinstance(effect, SendCancel) for effect in effects)
    found = [
        names[e.command.original_client_order_id] for e in effects if isinstance(e, SendCancel)
    ]
    assert len(set(found)) == len(found)
    return set(found)


@pytest.mark.parametrize(
    ("kind", "target", "expected"),
    [
        (KillScopeKind.ALL, None, {"wind here", "wind there", "battery here", "battery there"}),
        (KillScopeKind.VENUE, POWERX, {"wind here", "battery here"}),
        (KillScopeKind.ALGORITHM, BATTERY.algorithm_id, {"battery here", "battery there"}),
        (KillScopeKind.INSTRUMENT, "ID-20170124T1100Z", {"wind here", "battery there"}),
        (KillScopeKind.TRADER, "SOMEBODY-ELSE", set()),
    ],
)
def test_it_cancels_exactly_what_is_open_in_its_scope(
    floor: Floor, kind: KillScopeKind, target: str | None, expected: set[str]
) -> None:
    assert stopped(floor.engage(KillScope(kind, target)), floor) == expected


def test_it_lets_be_what_has_ended_or_is_being_cancelled(floor: Floor) -> None:
    done, leaving = floor.orders["wind here"], floor.orders["wind there"]
    floor.hear(floor.venue.fill(done.client_order_id, 10, PRICE))
    floor.day.decide(cancels=[floor.day.cancel(leaving.client_order_id)])
    assert stopped(floor.engage(ALL), floor) == {"battery here", "battery there"}


def test_orders_in_scope_are_refused_and_others_are_not(floor: Floor) -> None:
    floor.engage(KillScope(KillScopeKind.VENUE, POWERX))
    day = floor.day
    there = day.order(index=5, venue=ENERGEX)
    assert kinds(day.decide(there)) == ["SendOrder"]
    (told,) = day.decide(day.order(index=5, venue=POWERX, lots=3))
    assert isinstance(told, TellRefusal)
    assert told.verdict.code is DenialCode.KILL_SWITCH
    # A replace is more trading, too; a cancel is less and may always go.
    change = day.replace(floor.orders["wind here"].client_order_id, lots=20, ticks=PRICE)
    (told, *rest) = day.decide(replaces=[change], cancels=[day.cancel(there.client_order_id)])
    assert isinstance(told, SendCancel)
    assert kinds(rest) == ["TellRefusal"]


def test_a_second_person_releases_it_and_the_first_cannot(floor: Floor) -> None:
    floor.engage(ALL, by="ann")
    (told,) = floor.release(ALL, by="ann")
    assert isinstance(told, TellRefusal)
    assert told.verdict.code is KillDenial.SAME_PERSON
    assert kinds(floor.day.decide(floor.day.order(index=5))) == ["TellRefusal"]
    assert floor.release(ALL, by="ben") == []
    assert kinds(floor.day.decide(floor.day.order(index=5))) == ["SendOrder"]


def test_releasing_what_is_not_stopped_is_refused(floor: Floor) -> None:
    (told,) = floor.release(ALL, by="ben")
    assert isinstance(told, TellRefusal)
    assert told.verdict.code is KillDenial.NOT_ENGAGED


def test_releasing_one_scope_leaves_the_other(floor: Floor) -> None:
    here = KillScope(KillScopeKind.VENUE, POWERX)
    floor.engage(here)
    floor.engage(ALL)
    floor.release(ALL, by="ben")
    assert kinds(floor.day.decide(floor.day.order(index=5, venue=POWERX))) == ["TellRefusal"]
    assert kinds(floor.day.decide(floor.day.order(index=5, venue=ENERGEX))) == ["SendOrder"]


def test_it_survives_a_replay(floor: Floor) -> None:
    floor.engage(ALL)
    replayed = replay(TRADING_DAY, floor.day.journal)
    assert replayed.state.latch == floor.day.state.latch
    assert replayed.state_hash == fingerprint(floor.day.state)


def test_a_cancel_that_crossed_a_replace_follows_the_order_to_its_new_name(floor: Floor) -> None:
    order, day = floor.orders["wind here"], floor.day
    change = day.replace(order.client_order_id, lots=20, ticks=PRICE)
    day.decide(replaces=[change])
    (cancel,) = floor.engage(KillScope(KillScopeKind.INSTRUMENT, order.instrument_id))[:1]
    assert isinstance(cancel, SendCancel)
    # The venue had taken the replace before the cancel came, under a name it no longer knows.
    assert floor.hear(floor.venue.replaced(order.client_order_id, change)) == []
    (again,) = floor.hear(floor.venue.cancel_rejected(order.client_order_id, cancel.command))
    assert isinstance(again, SendCancel)
    assert again.command.original_client_order_id == change.client_order_id
    answer = floor.venue.end(order.client_order_id, ExecutionEvent.CANCELED, request=again.command)
    assert floor.hear(answer) == []
    assert day.state.orders[order.client_order_id].is_terminal


def test_news_of_a_replace_after_the_refused_cancel_cancels_again(floor: Floor) -> None:
    order, day = floor.orders["wind here"], floor.day
    change = day.replace(order.client_order_id, lots=20, ticks=PRICE)
    day.decide(replaces=[change])
    (cancel, *_) = floor.engage(ALL)
    assert isinstance(cancel, SendCancel)
    replaced = floor.venue.replaced(order.client_order_id, change)
    assert floor.hear(floor.venue.cancel_rejected(order.client_order_id, cancel.command)) == []
    assert kinds(floor.hear(replaced)) == ["SendCancel"]


def test_a_refused_cancel_alone_is_not_asked_again(floor: Floor) -> None:
    order = floor.orders["wind here"]
    (cancel,) = [e for e in floor.engage(ALL) if _names(e, order)]
    assert isinstance(cancel, SendCancel)
    rejected = floor.venue.cancel_rejected(order.client_order_id, cancel.command)
    assert floor.hear(rejected) == []
    # With the next news of it, it is asked again: the venue may have been busy.
    assert kinds(floor.hear(floor.venue.fill(order.client_order_id, 1, PRICE))) == ["SendCancel"]


def test_a_bust_that_reopens_a_stopped_order_is_followed_by_a_cancel(floor: Floor) -> None:
    order = floor.orders["wind here"]
    fill = floor.venue.fill(order.client_order_id, 10, PRICE)
    floor.hear(fill)
    floor.engage(ALL)
    busted = floor.venue.bust(order.client_order_id, fill.execution_id)
    assert kinds(floor.hear(busted)) == ["SendCancel"]


def test_names_of_any_length_and_clocks_that_are_late_do_not_stop_it(floor: Floor) -> None:
    day = floor.day
    long = day.order(index=7, name="L" * 64, side=Side.SELL)
    assert kinds(day.decide(long)) == ["SendOrder"]
    before = UtcNs(day.at - 3_600_000_000_000)
    fact = KillEngaged(at=before, scope=ALL, by="ann", reason="their clock is an hour behind")
    told = day.post(fact)
    assert len(told) == 5
    requests = [e.command for e in told if isinstance(e, SendCancel)]
    assert len({request.client_order_id for request in requests}) == 5


def _names(effect: Effect, order: NewOrder) -> bool:
    command: CancelOrder | None = effect.command if isinstance(effect, SendCancel) else None
    return command is not None and command.original_client_order_id == order.client_order_id
