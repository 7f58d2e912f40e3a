"""Control probes: judged and never sent; one that passes means that a control does not hold."""

from __future__ import annotations

from decimal import Decimal

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.application.days import a_setup, open_day

from wattbook_application.effects import TellRefusal
from wattbook_application.facts import ControlsProbed
from wattbook_application.trading.probe_controls import make_probes
from wattbook_domain.risk.denial import DenialCode
from wattbook_domain.risk.kill import KillScope, KillScopeKind

EXPECTED = [DenialCode.ORDER_QUANTITY, DenialCode.PRICE_COLLAR, DenialCode.GATE_CLOSED]


def test_each_probe_meets_the_control_it_probes_and_none_is_sent() -> None:
    day = open_day()
    day.clear()
    at = day.later()
    probes = make_probes(day.state, at=at, probe_id="PROBE")
    effects = day.post(ControlsProbed(at=at, orders=probes))
    assert [p.verdict.code for p in day.state.probes] == EXPECTED
    assert all(isinstance(effect, TellRefusal) for effect in effects)
    assert not day.state.orders
    assert not day.state.refusals
    assert not day.state.latch.records


@given(
    ticks=st.integers(-50_000, 300_000),
    collar=st.integers(1, 300),
    percent=st.integers(1, 200),
)
def test_probes_are_refused_at_any_price_level(ticks: int, collar: int, percent: int) -> None:
    setup = a_setup()
    limits = attrs.evolve(
        setup.limits, collar_absolute=Decimal(collar), collar_percent=Decimal(percent)
    )
    day = open_day(attrs.evolve(setup, limits=limits))
    day.clear(ticks)
    at = day.later()
    day.post(ControlsProbed(at=at, orders=make_probes(day.state, at=at, probe_id="PROBE")))
    assert len(day.state.probes) == len(EXPECTED)
    assert not day.state.latch.records


def test_a_probe_that_passes_stops_everything() -> None:
    day = open_day()
    day.clear()
    at = day.later()
    sound = day.order(index=12)
    day.post(ControlsProbed(at=at, orders=(attrs.evolve(sound, decided_at=at),)))
    assert [record.scope for record in day.state.latch.records] == [KillScope(KillScopeKind.ALL)]
    day.decide(attrs.evolve(sound, client_order_id="AFTER", decided_at=day.later()))
    assert [r.verdict.code for r in day.state.refusals] == [DenialCode.KILL_SWITCH]


def test_there_is_no_collar_to_probe_before_the_auction() -> None:
    day = open_day()
    with pytest.raises(ValueError, match="after the auction"):
        make_probes(day.state, at=day.later(), probe_id="PROBE")
