"""Every fact has one name, one handler and one subject, and comes back from its bytes unchanged."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import get_args

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.application.days import (
    DAYAHEAD,
    POWERX,
    PRICE,
    WIND,
    Day,
    a_forecast,
    a_setup,
    open_day,
)

from wattbook_application import facts
from wattbook_application.effects import OrderEffect, SendCancel, SendOrder, TellRefusal
from wattbook_application.handlers import HANDLERS
from wattbook_application.operations.subjects import subject_of
from wattbook_application.program import Fact
from wattbook_application.steps import TRADING_STEPS, TradingStep
from wattbook_domain.audit.chain import EMPTY_HEAD, PendingEntry, next_entries
from wattbook_domain.delivery.granularity import Granularity
from wattbook_domain.delivery.period import DeliveryPeriod
from wattbook_domain.foundation.bounds import PRICE_TICKS_ABS_MAX, QUANTITY_LOTS_MAX
from wattbook_domain.foundation.canonical import canonical_bytes
from wattbook_domain.foundation.identifiers import (
    ClientOrderId,
    ExecutionId,
    InstrumentId,
    VenueId,
    VenueOrderId,
)
from wattbook_domain.foundation.instants import UtcNs
from wattbook_domain.marketdata.depth import DepthLevel, MarketDepth
from wattbook_domain.orders.commands import CancelOrder, NewOrder, ReplaceOrder
from wattbook_domain.orders.reports import ExecutionEvent, ExecutionReport
from wattbook_domain.orders.vocabulary import OrderType, Side, TimeInForce
from wattbook_domain.portfolio.dispatch import DispatchPlan
from wattbook_domain.portfolio.horizon import Horizon
from wattbook_domain.quantities.power import Power
from wattbook_domain.risk.kill import KillScope, KillScopeKind

AT = UtcNs(1_485_190_800_000_000_000)


def decoded(fact: Fact) -> Fact:
    """The fact as a journal gives it back."""
    pending = PendingEntry(
        kind=facts.FACTS.kind_of(fact),
        event_ns=fact.at,
        received_ns=AT,
        payload=canonical_bytes(fact),
    )
    (entry,) = next_entries(EMPTY_HEAD, [pending])
    return facts.FACTS.decode(entry)


def one_of_each(day: Day) -> Iterator[Fact]:
    intervals = day.market.intervals
    hours = len(intervals)
    order, scope = day.order(), KillScope(KillScopeKind.DESK, "DESK")
    yield facts.DayOpened(at=AT, setup=a_setup())
    yield facts.MarketDataReceived(
        at=AT, history_days=3, outlook_day=date(2017, 1, 24), sha256="0" * 64, notes=("a", "b")
    )
    yield facts.ForecastIssued(
        at=AT, forecast=a_forecast(intervals, [0.1 * h for h in range(hours)]), confidence=1 / 3
    )
    yield facts.DispatchPlanned(
        at=AT,
        plan=DispatchPlan(
            asset_id="BATTERY",
            horizon=Horizon(intervals),
            lot=Power.of_mw("0.1"),
            charge_lots=(1,) * hours,
            discharge_lots=(0,) * hours,
        ),
    )
    yield facts.GenerationExpected(at=AT, power_kw=(0,) * hours)
    yield day.decision(
        order,
        parents=[day.parent(1, Side.SELL, 5, None)],
        replaces=[day.replace(order.client_order_id, lots=3, ticks=-1)],
        cancels=[day.cancel(order.client_order_id)],
    )
    yield facts.ControlsProbed(at=AT, orders=(order,))
    yield facts.DepthReceived(
        MarketDepth(POWERX, order.instrument_id, AT, (DepthLevel(-1, 2),), ())
    )
    yield facts.ReportReceived(
        ExecutionReport(
            execution_id=ExecutionId("E"),
            venue_id=POWERX,
            venue_order_id=VenueOrderId("V"),
            client_order_id=order.client_order_id,
            instrument_id=order.instrument_id,
            side=Side.BUY,
            event=ExecutionEvent.FILL,
            leaves_lots=0,
            cumulative_lots=10,
            quantity_lots=10,
            occurred_at=AT,
            last_lots=10,
            last_ticks=-1,
        )
    )
    yield facts.AuctionCleared(at=AT, venue_id=DAYAHEAD, price_ticks=(-5,) * hours)
    yield facts.GenerationMetered(at=AT, power_kw=(1,) * hours, curtailed_kw=(2,) * hours)
    yield facts.KillEngaged(at=AT, scope=scope, by="ann", reason="test")
    yield facts.KillReleased(at=AT, scope=scope, by="ben", reason="over")
    yield facts.StepFinished(at=AT, step=TradingStep.ROUTING, result="done")
    yield facts.DocumentWritten(at=AT, name="report.html", sha256="1" * 64)
    yield facts.DayClosed(at=AT, state_hash="2" * 64)


def test_every_fact_has_one_kind_and_one_handler() -> None:
    assert set(HANDLERS) == set(facts.FACTS.classes.values())
    assert len(set(HANDLERS.values())) == len(HANDLERS)


def test_the_examples_below_leave_no_kind_out() -> None:
    assert {type(fact) for fact in one_of_each(open_day())} == set(HANDLERS)


@pytest.mark.parametrize("kind", facts.FACTS.classes)
def test_a_fact_survives_its_journal_entry(kind: str) -> None:
    (fact,) = [f for f in one_of_each(open_day()) if facts.FACTS.kind_of(f) == kind]
    assert decoded(fact) == fact


@pytest.mark.parametrize("kind", facts.FACTS.classes)
def test_every_fact_has_an_audit_subject(kind: str) -> None:
    (fact,) = [f for f in one_of_each(open_day()) if facts.FACTS.kind_of(f) == kind]
    subject = subject_of(fact)
    assert all((subject.actor, subject.action, subject.entity))


def test_no_two_kinds_are_audited_under_the_same_action() -> None:
    actions = [subject_of(fact).action for fact in one_of_each(open_day())]
    assert len(set(actions)) == len(actions)


def test_every_effect_has_an_audit_subject() -> None:
    day = open_day()
    day.clear()
    order = day.order()
    (sent,) = day.decide(order)
    day.later()
    change = day.replace(order.client_order_id, lots=5, ticks=PRICE)
    (changed,) = day.decide(replaces=[change])
    other = day.order(index=3)
    (_, canceled, refused) = (
        *day.decide(other),
        *day.decide(cancels=[day.cancel(other.client_order_id)]),
        *day.decide(day.order(lots=601)),
    )
    assert isinstance(sent, SendOrder)
    assert isinstance(canceled, SendCancel)
    assert isinstance(refused, TellRefusal)
    found = {type(effect) for effect in (sent, changed, canceled, refused)}
    assert found == set(get_args(OrderEffect))
    entities = [subject_of(effect).entity for effect in (sent, changed, canceled, refused)]
    assert entities == [
        f"order/{order.client_order_id}",
        f"order/{change.client_order_id}",
        f"order/{other.client_order_id}",
        "code/ORDER_QUANTITY",
    ]


def test_a_foreign_class_has_neither_kind_nor_subject() -> None:
    @attrs.frozen
    class Rumour:
        at: UtcNs = AT

    with pytest.raises(TypeError, match="Rumour"):
        facts.FACTS.kind_of(Rumour())
    with pytest.raises(KeyError):
        subject_of(Rumour())


def test_every_step_of_the_trading_flow_has_its_words() -> None:
    assert len(TRADING_STEPS) == len(TradingStep) == 8


NAMES = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.:/-]{0,20}", fullmatch=True)
TICKS = st.integers(-PRICE_TICKS_ABS_MAX, PRICE_TICKS_ABS_MAX) | st.integers(-5, 5)
LOTS = st.integers(1, QUANTITY_LOTS_MAX)
INTERVALS = DeliveryPeriod.day(date(2017, 1, 24), "Europe/Berlin").split(Granularity.HOUR)
INSTANTS = st.integers(0, 2**62).map(UtcNs)


@st.composite
def decisions(draw: st.DrawFn) -> facts.OrdersDecided:
    at = draw(INSTANTS)

    def order(name: str) -> NewOrder:
        order_type = draw(st.sampled_from(OrderType))
        time_in_force = draw(st.sampled_from(TimeInForce))
        lots = draw(LOTS)
        return NewOrder(
            client_order_id=ClientOrderId(name),
            instrument_id=InstrumentId("I"),
            venue_id=VenueId("V"),
            owner=WIND,
            side=draw(st.sampled_from(Side)),
            order_type=order_type,
            time_in_force=time_in_force,
            quantity_lots=lots,
            limit_ticks=None if order_type is OrderType.MARKET else draw(TICKS),
            display_lots=1 if order_type is OrderType.ICEBERG else None,
            expires_at=UtcNs(at + 1) if time_in_force is TimeInForce.GTD else None,
            decided_at=at,
        )

    return facts.OrdersDecided(
        at=at,
        decision_id=draw(NAMES),
        strategy="s",
        stage=draw(st.sampled_from(facts.Stage)),
        orders=tuple(order(name) for name in draw(st.lists(NAMES, max_size=3))),
        replaces=tuple(
            ReplaceOrder(
                client_order_id=ClientOrderId(name),
                original_client_order_id=ClientOrderId(name),
                quantity_lots=draw(LOTS),
                limit_ticks=draw(st.none() | TICKS),
                decided_at=at,
            )
            for name in draw(st.lists(NAMES, max_size=2))
        ),
        cancels=tuple(
            CancelOrder(
                client_order_id=ClientOrderId(name),
                original_client_order_id=ClientOrderId(name),
                decided_at=at,
            )
            for name in draw(st.lists(NAMES, max_size=2))
        ),
    )


@given(decisions())
def test_any_decision_survives_its_journal_entry(decision: facts.OrdersDecided) -> None:
    assert decoded(decision) == decision


@given(
    st.floats(-1e6, 1e6),
    st.floats(0, 1),
    st.lists(st.floats(-500, 3000), min_size=24, max_size=24),
)
def test_a_forecast_keeps_every_digit(shift: float, confidence: float, point: list[float]) -> None:
    forecast = a_forecast(INTERVALS, [shift + p for p in point])
    fact = facts.ForecastIssued(at=AT, forecast=forecast, confidence=confidence)
    assert decoded(fact) == fact


def test_a_decision_cannot_backdate_its_orders() -> None:
    # Gate closure and the age of prices are judged at an order's own instant.
    day = open_day()
    order = day.order()
    day.later()
    with pytest.raises(ValueError, match="is decided at"):
        day.decision(order)
