"""The whole timetable in memory: real feed, solver, strategies and simulated venues, plain model.

A day that loses power after any journal entry goes on to the journal it would have written.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache

import attrs
import pytest
from tests.application.days import (
    AUTUMN,
    SPRING,
    WINTER,
    CountingClock,
    a_setup,
    venues_of,
)

from wattbook_adapters.generation.simulated_wind import PublishedArea, SimulatedWind
from wattbook_adapters.optimisation.highs import HighsOptimiser
from wattbook_adapters.optimisation.solver import SolverLimits
from wattbook_adapters.simulation.market import SimulatedMarket
from wattbook_adapters.storage.memory import MemoryJournal
from wattbook_application.analytics.infer import Model
from wattbook_application.engine import Engine
from wattbook_application.event_sink import EngineSink
from wattbook_application.facts import OrdersDecided
from wattbook_application.handlers import TRADING_DAY
from wattbook_application.portfolio.dispatch import wind_farm_of
from wattbook_application.post_trade.explain_pnl import explain_day
from wattbook_application.replay import replay
from wattbook_application.setup import DaySetup
from wattbook_application.state import DayState, fingerprint
from wattbook_application.steps import TradingStep
from wattbook_application.trading.open_day import build_market
from wattbook_application.trading.send import commands_of, sender
from wattbook_application.trading_day import DayPorts, DayStrategies, TradingDay
from wattbook_contracts.errors import PluginFault
from wattbook_contracts.ports.strategy import Strategy, StrategyContext, StrategyOrder
from wattbook_domain.audit.chain import JournalEntry, PendingEntry
from wattbook_domain.foundation.instants import UtcNs
from wattbook_domain.quantities.money import Currency, Money
from wattbook_plugins.feeds.epex_de.feed import EpexDeFeed, open_feed
from wattbook_plugins.models.naive.forecaster import SimilarDayForecaster
from wattbook_plugins.strategies.battery.bidding import BatteryDayAhead
from wattbook_plugins.strategies.wind.day_ahead import WindDayAhead
from wattbook_plugins.strategies.wind.rebalancing import WindRebalancing

WIND_DRIVER = "wind_solar_forecast_mw"


class PowerLost(BaseException):
    """The process ends here; nothing in it may catch this."""


class FailingJournal(MemoryJournal):
    """Loses power once it has kept so many entries; the caller never hears that it kept them."""

    lasts_entries: int | None = None

    def append(self, pending: Sequence[PendingEntry]) -> tuple[JournalEntry, ...]:
        entries = super().append(pending)
        if self.lasts_entries is not None and self.head().seq >= self.lasts_entries:
            raise PowerLost
        return entries


class Silent:
    """A progress that nobody watches."""

    def advanced(self, step: int, text: str) -> None:
        pass

    def finished(self, step: int, text: str) -> None:
        pass


@cache
def feed() -> EpexDeFeed:
    return open_feed()


def strategies(**others: Strategy) -> DayStrategies:
    chosen: dict[str, Strategy] = {
        "battery_day_ahead": BatteryDayAhead(),
        "wind_day_ahead": WindDayAhead(),
        "wind_intraday": WindRebalancing(),
        **others,
    }
    return DayStrategies(**chosen)


def run(
    setup: DaySetup, journal: MemoryJournal, decide: DayStrategies | None = None
) -> Engine[DayState]:
    """Start the day, or go on with it, as the platform does: replay, rebuild, run."""
    market, sink = build_market(setup), EngineSink()
    published = feed().publication.prices_published_at(setup.delivery_date)
    prices = feed().delivery_day(setup.delivery_date, as_of=published).prices
    ticks = tuple(market.day_ahead[0].ticks(price) for price in prices)
    simulated = venues_of(setup, market, published_ticks=ticks, opens_at=published)
    session = SimulatedMarket(simulated, sink=sink)
    replayed = replay(TRADING_DAY, journal)
    engine = Engine(
        TRADING_DAY,
        journal=journal,
        clock=CountingClock(),
        perform=sender(session.gateways),
        replayed=replayed,
    )
    sink.attach(engine)
    if replayed.state.market is not None:
        auction = replayed.state.auction
        session.rebuild(
            commands_of(replayed.effects), cleared_at=None if auction is None else auction.at
        )
        engine.drain()
    outlook = feed().outlook(setup.delivery_date, as_of=published).on_delivery(WIND_DRIVER)
    area = PublishedArea(
        forecast_mw=dict(zip(market.intervals, outlook, strict=True)), installed_mw=80_000.0
    )
    ports = DayPorts(
        feed=feed(),
        models=(Model(forecaster=SimilarDayForecaster(), minimum_history_days=8, weight=1.0),),
        optimiser=HighsOptimiser(limits=SolverLimits(nodes=500)),
        generation=SimulatedWind(wind_farm_of(setup), area=area, seed=setup.seed),
        strategies=decide or strategies(),
        session=session,
        progress=Silent(),
    )
    TradingDay(setup, engine=engine, ports=ports).run()
    return engine


def told(journal: MemoryJournal) -> list[tuple[str, UtcNs, bytes]]:
    return [(entry.kind, entry.event_ns, entry.payload) for entry in journal.read()]


@cache
def whole(day: date) -> tuple[MemoryJournal, DayState]:
    journal = MemoryJournal()
    return journal, run(a_setup(day), journal).state


@pytest.mark.parametrize(("day", "hours"), [(SPRING, 23), (WINTER, 24), (AUTUMN, 25)])
def test_a_day_of_any_length_runs_to_a_result_that_is_explained(day: date, hours: int) -> None:
    journal, state = whole(day)
    assert len(state.opened.intervals) == hours
    assert set(state.finished) == set(TradingStep) - {TradingStep.PROFIT_AND_LOSS}
    assert state.auction is not None
    assert state.metered is not None
    assert len(state.metered.power_kw) == hours
    assert not state.misfits
    assert {order.is_terminal for order in state.orders.values()} == {True}
    assert explain_day(state).unexplained == Money.zero(Currency.EUR)
    assert replay(TRADING_DAY, journal).state_hash == fingerprint(state)


@pytest.mark.parametrize("day", [WINTER, AUTUMN])
@pytest.mark.parametrize("share", [0.0, 0.03, 0.2, 0.5, 0.8, 0.999])
def test_a_day_that_loses_power_anywhere_ends_as_if_it_had_not(day: date, share: float) -> None:
    whole_journal, state = whole(day)
    journal = FailingJournal()
    journal.lasts_entries = max(int(share * whole_journal.head().seq), 1)
    with pytest.raises(PowerLost):
        run(a_setup(day), journal)
    journal.lasts_entries = None
    resumed = run(a_setup(day), journal).state
    assert fingerprint(resumed) == fingerprint(state)
    assert told(journal) == told(whole_journal)


def test_a_day_that_is_done_is_not_done_again() -> None:
    journal, state = whole(WINTER)
    before = journal.head()
    assert fingerprint(run(a_setup(WINTER), journal).state) == fingerprint(state)
    assert journal.head() == before


@attrs.frozen
class Backdating:
    """A strategy that would have its orders judged by an hour long past."""

    name: str = "backdating"

    def decide(self, context: StrategyContext) -> tuple[StrategyOrder, ...]:
        early = attrs.evolve(context, decided_at=UtcNs(context.decided_at - 3_600_000_000_000))
        return WindDayAhead().decide(early)


def test_a_strategy_cannot_choose_the_instant_of_its_orders() -> None:
    journal = MemoryJournal()
    with pytest.raises(PluginFault, match="at the instant it is asked, backdating"):
        run(a_setup(WINTER), journal, strategies(wind_day_ahead=Backdating()))
    # Nothing of it was written down, so the day can go on once the plugin is mended.
    decided = [
        fact.strategy
        for entry in journal.read()
        if isinstance(fact := TRADING_DAY.registry.decode(entry), OrdersDecided)
    ]
    assert decided == [BatteryDayAhead().name]
