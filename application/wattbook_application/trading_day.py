"""Runs one trading day through the eight steps, from market data to result, or goes on with one.

This is the only place that knows the day's timetable. Whatever is computed outside the core is
posted as a fact, and every phase first asks the state whether its fact is there already: after a
crash the phases that are done are passed over, and the one that was interrupted goes on where it
stopped. All instants come from the market's own calendar; nothing here reads a clock.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import attrs

from wattbook_application.analytics.aggregate_signals import aggregate, signals
from wattbook_application.analytics.collect import Collected, collect, received
from wattbook_application.analytics.engineer_features import engineer_features
from wattbook_application.analytics.grade_confidence import grade_confidence
from wattbook_application.analytics.infer import Model, infer
from wattbook_application.engine import Engine
from wattbook_application.facts import (
    AuctionCleared,
    ControlsProbed,
    DayOpened,
    DispatchPlanned,
    ForecastIssued,
    GenerationExpected,
    GenerationMetered,
    OrdersDecided,
    Stage,
    StepFinished,
)
from wattbook_application.portfolio.dispatch import battery_of, dispatch, wind_farm_of
from wattbook_application.post_trade.curtail import run_or_curtail
from wattbook_application.post_trade.settle import imbalance_price, schedule_of_kw, sold_kw
from wattbook_application.setup import DaySetup
from wattbook_application.state import DayState, Market
from wattbook_application.steps import TradingStep
from wattbook_application.trading.probe_controls import make_probes
from wattbook_contracts.errors import PluginFault
from wattbook_contracts.ports.generation import GenerationFeed
from wattbook_contracts.ports.market_feed import MarketFeed
from wattbook_contracts.ports.optimiser import Optimiser
from wattbook_contracts.ports.progress import Progress
from wattbook_contracts.ports.session import MarketSession
from wattbook_contracts.ports.strategy import PriceLimits, Strategy, StrategyContext, StrategyOrder
from wattbook_domain.delivery.schedule import DeliverySchedule
from wattbook_domain.execution.splitting import ParentOrder
from wattbook_domain.foundation.identifiers import VenueId
from wattbook_domain.foundation.instants import (
    NS_PER_HOUR,
    UtcNs,
    format_instant,
    from_datetime,
    instant,
)
from wattbook_domain.instruments.resolve import Instrument
from wattbook_domain.orders.commands import NewOrder
from wattbook_domain.portfolio.horizon import Horizon, PriceStrip
from wattbook_domain.quantities.energy import Energy
from wattbook_domain.quantities.power import Power
from wattbook_domain.quantities.price import Price
from wattbook_domain.signals.forecast import Forecast

FORECAST_AT: Final = time(11, 0)
BIDS_AT: Final = time(11, 30)
INTRADAY_OPENS_AT: Final = time(18, 0)
"""Local times on the eve of delivery. German hourly intraday opens at 15:00; the desk begins to
balance at 18:00, when the evening's wind forecast is in."""

BEAT_NS: Final = NS_PER_HOUR


@attrs.frozen(kw_only=True)
class DayStrategies:
    """Who decides what: the battery's bids, the wind's sale, the wind's rebalancing."""

    battery_day_ahead: Strategy
    wind_day_ahead: Strategy
    wind_intraday: Strategy


@attrs.frozen(kw_only=True)
class DayPorts:
    """Everything outside the core that the day needs."""

    feed: MarketFeed
    models: tuple[Model, ...]
    optimiser: Optimiser
    generation: GenerationFeed
    strategies: DayStrategies
    session: MarketSession
    progress: Progress


class TradingDay:
    """One day's timetable over one engine."""

    def __init__(self, setup: DaySetup, *, engine: Engine[DayState], ports: DayPorts) -> None:
        self._setup = setup
        self._engine = engine
        self._ports = ports
        zone = ZoneInfo(setup.market.zone)
        eve = setup.delivery_date - timedelta(days=1)
        self._forecast_at = from_datetime(datetime.combine(eve, FORECAST_AT, tzinfo=zone))
        self._bids_at = from_datetime(datetime.combine(eve, BIDS_AT, tzinfo=zone))
        self._opens_at = from_datetime(datetime.combine(eve, INTRADAY_OPENS_AT, tzinfo=zone))

    @property
    def _state(self) -> DayState:
        return self._engine.state

    @property
    def _market(self) -> Market:
        return self._state.opened

    def run(self) -> None:
        """Run what is left of the day.

        Raises:
            PlatformFault: from a port; the journal keeps what was done, and the day can go on.
        """
        if self._state.market is None:
            self._post(DayOpened(at=self._forecast_at, setup=self._setup))
        collected = collect(self._ports.feed, self._setup.delivery_date, as_of=self._forecast_at)
        self._receive(collected)
        self._signal(collected)
        self._bid()
        self._clear()
        self._probe_controls()
        self._trade()
        self._close_execution()
        self._deliver()

    def _post(self, fact: object) -> None:
        self._engine.post(fact)  # type: ignore[arg-type]
        self._engine.drain()

    def _finish(self, step: TradingStep, result: str, *, at: UtcNs) -> None:
        if step not in self._state.finished:
            self._post(StepFinished(at=at, step=step, result=result))
        self._ports.progress.finished(step, self._state.finished[step])

    # 1. Reception

    def _receive(self, collected: Collected) -> None:
        if self._state.data is None:
            self._post(received(collected, self._ports.feed, at=self._forecast_at))
        data = self._state.data
        if data is not None:
            result = (
                f"{data.history_days} days of {self._setup.market.bidding_zone} prices and "
                f"{len(collected.outlook.driver_names)} published forecasts, "
                f"{len(self._market.intervals)} hours to trade"
            )
            self._finish(TradingStep.RECEPTION, result, at=self._forecast_at)

    # 2. Signal: the analytics flow

    def _signal(self, collected: Collected) -> None:
        if self._state.forecast is None:
            self._issue_forecast(collected)
        if self._state.plan is None:
            self._plan()
        forecast, plan = self._state.forecast, self._state.plan
        if forecast is not None and plan is not None:
            charged = sum(plan.charged, start=Energy.zero())
            result = (
                f"{forecast.model}: {min(forecast.point):.2f} to {max(forecast.point):.2f} "
                f"{self._setup.market.currency}/MWh, confidence {self._state.confidence:.0%}; "
                f"battery to charge {charged.rounded(places=1)} MWh"
            )
            self._finish(TradingStep.SIGNAL, result, at=self._forecast_at)

    def _issue_forecast(self, collected: Collected) -> None:
        question = engineer_features(
            collected, issued_at=self._forecast_at, level=self._setup.interval_level
        )
        answers = infer(self._ports.models, question, progress=self._fitting)
        for answer in answers:
            self._require_forecast(answer.forecast)
        forecast = aggregate(answers)
        confidence = grade_confidence(signals(forecast, question))
        self._post(
            ForecastIssued(at=self._forecast_at, forecast=forecast, confidence=round(confidence, 6))
        )

    def _require_forecast(self, answer: object) -> None:
        """A model's answer is foreign until it was looked at: one price for each interval."""
        if not isinstance(answer, Forecast) or answer.intervals != self._market.intervals:
            raise PluginFault(
                f"a model answers with a Forecast of the {len(self._market.intervals)} intervals "
                f"asked for, found {_described(answer)}; mend its plugin"
            )

    def _fitting(self, done: int, total: int) -> None:
        self._ports.progress.advanced(TradingStep.SIGNAL, f"fitting {done} of {total}")

    def _plan(self) -> None:
        plan = dispatch(
            battery_of(self._setup),
            self._expected_prices(),
            lot=Power.of_mw(self._setup.market.lot_mw),
            optimiser=self._ports.optimiser,
        )
        self._post(DispatchPlanned(at=self._forecast_at, plan=plan))

    def _expected_prices(self) -> PriceStrip:
        forecast = self._state.forecast
        if forecast is None:
            raise ValueError("a plan is made on a forecast, there is none")
        return PriceStrip.of_forecast(
            Horizon(forecast.intervals), forecast.point, self._setup.market.currency
        )

    # 3. and 4. Risk validation and order generation, day-ahead

    def _bid(self) -> None:
        if not self._state.generation_kw:
            self._post(
                GenerationExpected(at=self._bids_at, power_kw=self._expected_kw(self._bids_at))
            )
        strategies, market = self._ports.strategies, self._market
        battery_id, wind_id = self._decision_id("DA-BATTERY"), self._decision_id("DA-WIND")
        if battery_id not in self._state.decisions:
            context = self._battery_context(battery_id)
            self._decide(strategies.battery_day_ahead, context, Stage.DAY_AHEAD)
        if wind_id not in self._state.decisions:
            context = self._wind_context(
                wind_id,
                at=self._bids_at,
                instruments=market.day_ahead,
                venue_id=self._setup.market.auction.venue_id,
            )
            self._decide(strategies.wind_day_ahead, context, Stage.DAY_AHEAD)

    def _decide(self, strategy: Strategy, context: StrategyContext, stage: Stage) -> None:
        """Ask a strategy and post its decision; deciding nothing is a decision, too."""
        wanted = _orders_of(strategy, context) if context.instruments else ()
        self._post(
            OrdersDecided(
                at=context.decided_at,
                decision_id=context.decision_id,
                strategy=strategy.name,
                stage=stage,
                orders=tuple(order for order in wanted if isinstance(order, NewOrder)),
                parents=tuple(order for order in wanted if isinstance(order, ParentOrder)),
            )
        )

    def _battery_context(self, decision_id: str) -> StrategyContext:
        plan = self._state.plan
        if plan is None:
            raise ValueError("a battery bids a plan, there is none")
        return StrategyContext(
            decided_at=self._bids_at,
            decision_id=decision_id,
            owner=self._setup.battery.owner,
            venue_id=self._setup.market.auction.venue_id,
            price_limits=self._price_limits(self._market.day_ahead[0]),
            instruments=self._market.day_ahead,
            asset=battery_of(self._setup),
            wanted=plan.net,
            expected_prices=self._expected_prices(),
        )

    def _wind_context(
        self,
        decision_id: str,
        *,
        at: UtcNs,
        instruments: tuple[Instrument, ...],
        venue_id: VenueId | None = None,
    ) -> StrategyContext:
        market, owner = self._setup.market, self._setup.wind.owner
        continuous = {i.instrument_id for i in instruments}
        return StrategyContext(
            decided_at=at,
            decision_id=decision_id,
            owner=owner,
            venue_id=venue_id,
            price_limits=self._price_limits(self._market.day_ahead[0]),
            instruments=instruments,
            asset=wind_farm_of(self._setup),
            wanted=schedule_of_kw(self._market, self._state.generation_kw[-1]),
            contracted=schedule_of_kw(self._market, sold_kw(self._state, owner.ledger_id)),
            imbalance_cost=Price.of(self._setup.wind.imbalance_penalty, market.currency),
            depths=tuple(
                depth
                for (_, instrument_id), depth in self._state.depths.items()
                if instrument_id in continuous
            ),
        )

    def _price_limits(self, instrument: Instrument) -> PriceLimits:
        market = self._setup.market
        return PriceLimits(
            min_ticks=instrument.ticks(market.price_min),
            max_ticks=instrument.ticks(market.price_max),
        )

    def _expected_kw(self, at: UtcNs) -> tuple[int, ...]:
        expected = self._ports.generation.expected(self._market.intervals, issued_at=at)
        return self._in_kw(expected)

    def _in_kw(self, schedule: DeliverySchedule) -> tuple[int, ...]:
        powers = [schedule.power_at(interval.start) for interval in self._market.intervals]
        if any(power is None for power in powers):
            raise ValueError("generation must be known for every interval of the day")
        return tuple(int(power.kw) for power in powers if power is not None)

    def _decision_id(self, name: str) -> str:
        return f"{self._setup.delivery_date:%Y%m%d}-{name}"

    def _clear(self) -> None:
        if self._state.auction is not None:
            return
        at = self._ports.feed.publication.prices_published_at(self._setup.delivery_date)
        prices = self._ports.session.clear_auction(at=at)
        self._post(
            AuctionCleared(at=at, venue_id=self._setup.market.auction.venue_id, price_ticks=prices)
        )

    # 3. to 6., intraday

    def _probe_controls(self) -> None:
        """Prove the gate before the first continuous order: every probe must be refused."""
        if not self._state.probes and not self._state.latch.records:
            probes = make_probes(
                self._state, at=self._opens_at, probe_id=self._decision_id("PROBE")
            )
            self._post(ControlsProbed(at=self._opens_at, orders=probes))

    def _trade(self) -> None:
        beats = tuple(self._beats())
        for number, at in enumerate(beats):
            decision_id = self._decision_id(f"ID-{number:02d}")
            if decision_id not in self._state.decisions:
                self._take_beat(number, decision_id, at=at)
            self._ports.progress.advanced(
                TradingStep.EXECUTION_MONITORING,
                f"{len(self._state.fills)} fills by beat {number + 1} of {len(beats)}",
            )

    def _beats(self) -> Iterator[UtcNs]:
        last = self._market.intervals[-1].start
        at = self._opens_at
        while at < last:
            yield at
            at = instant(at + BEAT_NS)

    def _take_beat(self, number: int, decision_id: str, *, at: UtcNs) -> None:
        tradable = tuple(i for i in self._market.intraday if i.accepts_at(at))
        self._ports.session.show_depth([i.instrument_id for i in tradable], at=at)
        self._engine.drain()
        # The first expectation was made for the auction; beat n adds the one numbered n + 1.
        if len(self._state.generation_kw) == number + 1:
            self._post(GenerationExpected(at=at, power_kw=self._expected_kw(at)))
        context = self._wind_context(decision_id, at=at, instruments=tradable)
        self._decide(self._ports.strategies.wind_intraday, context, Stage.INTRADAY)

    def _close_execution(self) -> None:
        state, at = self._state, self._market.intervals[-1].end
        decided = len(state.commands) + len(state.refusals)
        codes = sorted({r.verdict.code.name for r in state.refusals})
        reasons = f" ({', '.join(codes)})" if codes else ""
        self._finish(
            TradingStep.RISK_VALIDATION,
            f"{decided} checked under limits {self._market.limits.version}, "
            f"{len(state.refusals)} refused{reasons}; "
            f"{len(state.probes)} control probes refused as they must be",
            at=at,
        )
        self._finish(
            TradingStep.ORDER_GENERATION,
            f"{len(state.commands)} orders from {len(state.decisions)} decisions",
            at=at,
        )
        venues = sorted({order.venue_id for order in state.commands.values()})
        counts = (
            f"{venue} {sum(o.venue_id == venue for o in state.commands.values())}"
            for venue in venues
        )
        self._finish(TradingStep.ROUTING, ", ".join(counts) or "nothing to route", at=at)
        self._finish(
            TradingStep.EXECUTION_MONITORING,
            f"{len(state.reports)} reports, {len(state.fills)} fills, "
            f"{len(state.misfits)} that fit no order",
            at=at,
        )

    # 7. Position update

    def _deliver(self) -> None:
        at = self._market.intervals[-1].end
        if self._state.metered is None:
            self._meter(at)
        ledgers = sorted({p.key.ledger_id for p in self._state.positions.snapshot()})
        self._finish(
            TradingStep.POSITION_UPDATE,
            f"{len(self._state.positions.snapshot())} positions in "
            f"{', '.join(ledgers) or 'no ledger'}, delivery metered",
            at=at,
        )

    def _meter(self, at: UtcNs) -> None:
        metered = self._ports.generation.metered(self._market.intervals, as_of=at)
        spill = [
            imbalance_price(self._state, index).long for index in range(len(self._market.intervals))
        ]
        produced, curtailed = run_or_curtail(
            self._in_kw(metered),
            sold_kw(self._state, self._setup.wind.owner.ledger_id),
            spill,
            wind_farm_of(self._setup).floor_price,
        )
        self._post(GenerationMetered(at=at, power_kw=produced, curtailed_kw=curtailed))


def _described(answer: object) -> str:
    if not isinstance(answer, Forecast):
        return type(answer).__name__
    first, last = answer.intervals[0], answer.intervals[-1]
    return f"{len(answer.intervals)} by {answer.model} from {first.label} to {last.label}"


def _orders_of(strategy: Strategy, context: StrategyContext) -> tuple[StrategyOrder, ...]:
    """Ask a strategy, whose answer is foreign until it was looked at: no order is dropped."""
    answer: object = strategy.decide(context)
    orders = answer if isinstance(answer, tuple) else (answer,)
    for order in orders:
        if not isinstance(order, NewOrder | ParentOrder):
            raise PluginFault(
                f"a strategy decides a tuple of NewOrder and ParentOrder, {strategy.name} decided "
                f"{type(order).__name__} for {context.decision_id}; mend its plugin"
            )
        if order.decided_at != context.decided_at:
            raise PluginFault(
                f"a strategy decides at the instant it is asked, {strategy.name} decided "
                f"{order.client_order_id} for the instant {format_instant(order.decided_at)} "
                f"instead of {format_instant(context.decided_at)}; mend its plugin"
            )
    return orders
