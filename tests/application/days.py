"""Builds trading days in memory: a setup, a market, an engine, and the words of a scenario.

`open_day` keeps what the engine wants sent in a list, so that a test speaks for the venues;
`simulated_day` sends it to the real simulated venues. Both journal in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import attrs

from wattbook_adapters.simulation.clearing import PriceLimits
from wattbook_adapters.simulation.market import SimulatedDay, SimulatedMarket
from wattbook_adapters.storage.memory import MemoryJournal
from wattbook_application.engine import Engine
from wattbook_application.event_sink import EngineSink
from wattbook_application.facts import (
    AuctionCleared,
    DayOpened,
    DepthReceived,
    DispatchPlanned,
    ForecastIssued,
    GenerationExpected,
    GenerationMetered,
    OrdersDecided,
    Stage,
)
from wattbook_application.handlers import TRADING_DAY
from wattbook_application.program import Effect
from wattbook_application.replay import replay
from wattbook_application.setup import (
    BatterySetup,
    DataSetup,
    DaySetup,
    LimitSetup,
    MarketSetup,
    VenueSetup,
    WindSetup,
)
from wattbook_application.state import DayState, Market
from wattbook_application.trading.open_day import build_market
from wattbook_application.trading.send import sender
from wattbook_contracts.descriptors import SimulatedBook, VenueDescriptor, VenueFees
from wattbook_domain.execution.splitting import ParentOrder
from wattbook_domain.foundation.identifiers import (
    AlgorithmId,
    ClientOrderId,
    DeskId,
    LedgerId,
    RunId,
    TraderId,
    VenueId,
)
from wattbook_domain.foundation.instants import NS_PER_SECOND, UtcNs, from_datetime
from wattbook_domain.marketdata.depth import DepthLevel, MarketDepth
from wattbook_domain.orders.commands import CancelOrder, NewOrder, OrderOwner, ReplaceOrder
from wattbook_domain.orders.vocabulary import OrderType, Side, TimeInForce
from wattbook_domain.portfolio.dispatch import DispatchPlan
from wattbook_domain.portfolio.horizon import Horizon
from wattbook_domain.quantities.money import Currency
from wattbook_domain.quantities.power import Power
from wattbook_domain.signals.forecast import Forecast

BERLIN = ZoneInfo("Europe/Berlin")
WINTER, SPRING, AUTUMN = date(2017, 1, 24), date(2017, 3, 26), date(2017, 10, 29)
"""An ordinary day, one of 23 hours and one of 25."""

DAYAHEAD, POWERX, ENERGEX = VenueId("DAYAHEAD"), VenueId("POWERX"), VenueId("ENERGEX")
PRICE = 4_500
"""45 EUR/MWh in ticks."""

WIND = OrderOwner(
    desk_id=DeskId("DESK"),
    ledger_id=LedgerId("WIND"),
    trader_id=TraderId("TRADER-01"),
    algorithm_id=AlgorithmId("wind-rebalancing"),
)
BATTERY = attrs.evolve(
    WIND, ledger_id=LedgerId("BATTERY"), algorithm_id=AlgorithmId("battery-day-ahead")
)


def eve(day: date, hour: int, minute: int = 0) -> UtcNs:
    """A local instant of the day before delivery."""
    at = datetime.combine(day - timedelta(days=1), datetime.min.time(), tzinfo=BERLIN)
    return from_datetime(at.replace(hour=hour, minute=minute))


def a_venue(venue_id: VenueId, code: str, *, maker: str, taker: str, order: str) -> VenueSetup:
    return VenueSetup(
        venue_id=venue_id,
        market_code=code,
        maker_fee_per_mwh=Decimal(maker),
        taker_fee_per_mwh=Decimal(taker),
        fee_per_order=Decimal(order),
        is_simulated=True,
    )


MARKET = MarketSetup(
    calendar="DE",
    zone="Europe/Berlin",
    bidding_zone="DE-AT-LU",
    delivery_point_eic="10Y1001A1001A63L",
    currency=Currency.EUR,
    tick_size=Decimal("0.01"),
    lot_mw=Decimal("0.1"),
    price_min=Decimal(-500),
    price_max=Decimal(3000),
    gate_closure_minutes=30,
    auction=a_venue(DAYAHEAD, "SIM3", maker="0.04", taker="0.04", order="0"),
    continuous=(
        a_venue(POWERX, "SIM1", maker="0.04", taker="0.09", order="0"),
        a_venue(ENERGEX, "SIM2", maker="-0.01", taker="0.05", order="0.02"),
    ),
)

LIMITS = LimitSetup(
    name="test",
    order_mw_max=Decimal(60),
    order_value_max=Decimal(50_000),
    collar_percent=Decimal(50),
    collar_absolute=Decimal(40),
    net_mw_max=Decimal(80),
    gross_notional_max=Decimal(10_000_000),
    messages_per_second_max=100,
    duplicate_window_ms=500,
    open_orders_max=200,
    loss_max=Decimal(50_000),
)


def a_setup(
    day: date = WINTER, *, market: MarketSetup = MARKET, limits: LimitSetup = LIMITS
) -> DaySetup:
    """The paper desk: a 10 MW / 20 MWh battery and 50 MW of wind."""
    return DaySetup(
        run_id=RunId(f"test-{day:%Y%m%d}"),
        participant_code="A0000DEMO.DE",
        profile="test",
        version="0",
        delivery_date=day,
        seed=7,
        market=market,
        battery=BatterySetup(
            owner=BATTERY,
            power_mw=Decimal(10),
            energy_mwh=Decimal(20),
            charge_efficiency=Decimal("0.95"),
            discharge_efficiency=Decimal("0.95"),
            initial_mwh=Decimal(0),
            final_mwh=Decimal(0),
            wear_per_mwh=Decimal(3),
        ),
        wind=WindSetup(
            owner=WIND,
            capacity_mw=Decimal(50),
            floor_price=Decimal(0),
            imbalance_penalty=Decimal(25),
        ),
        limits=limits,
        data=DataSetup(
            feed="test",
            licence="none",
            citation="none",
            sha256="0" * 64,
            first_day=date(2012, 1, 9),
            last_day=date(2017, 12, 31),
        ),
        interval_level=0.9,
        risk_level=0.75,
        lookback_days=250,
    )


@attrs.define
class CountingClock:
    """A clock that only counts; no handler sees it."""

    ticks: int = 0

    def now(self) -> UtcNs:
        self.ticks += 1
        return UtcNs(self.ticks)


@attrs.define(kw_only=True)
class Day:
    """One open day over a journal in memory, with `told`: every effect so far, in order."""

    setup: DaySetup
    engine: Engine[DayState]
    journal: MemoryJournal
    told: list[Effect]
    session: SimulatedMarket | None = None
    at: UtcNs
    _named: int = attrs.field(default=0, init=False)

    @property
    def state(self) -> DayState:
        return self.engine.state

    @property
    def market(self) -> Market:
        return self.state.opened

    def post(self, *facts: object) -> list[Effect]:
        """Let the engine take facts; return what it wanted done about them."""
        known = len(self.told)
        for fact in facts:
            self.engine.post(fact)  # type: ignore[arg-type]
        self.engine.drain()
        return self.told[known:]

    def name(self) -> ClientOrderId:
        """A client order id that was never used."""
        self._named += 1
        return ClientOrderId(f"T-{self._named:04d}")

    def later(self, seconds: int = 1) -> UtcNs:
        """Let time pass; later decisions are taken then."""
        self.at = UtcNs(self.at + seconds * NS_PER_SECOND)
        return self.at

    def order(
        self,
        index: int = 12,
        side: Side = Side.BUY,
        lots: int = 10,
        ticks: int | None = PRICE,
        *,
        venue: VenueId = POWERX,
        owner: OrderOwner = WIND,
        time_in_force: TimeInForce = TimeInForce.GTC,
        name: str | None = None,
    ) -> NewOrder:
        """An order decided now; at the auction it names the day-ahead instrument."""
        row = self.market.day_ahead if venue == DAYAHEAD else self.market.intraday
        return NewOrder(
            client_order_id=self.name() if name is None else ClientOrderId(name),
            instrument_id=row[index].instrument_id,
            venue_id=venue,
            owner=owner,
            side=side,
            order_type=OrderType.MARKET if ticks is None else OrderType.LIMIT,
            time_in_force=time_in_force,
            quantity_lots=lots,
            limit_ticks=ticks,
            decided_at=self.at,
        )

    def parent(
        self, index: int, side: Side, lots: int, ticks: int | None, *, owner: OrderOwner = WIND
    ) -> ParentOrder:
        return ParentOrder(
            client_order_id=self.name(),
            instrument_id=self.market.intraday[index].instrument_id,
            owner=owner,
            side=side,
            quantity_lots=lots,
            limit_ticks=ticks,
            decided_at=self.at,
        )

    def cancel(self, order: ClientOrderId, *, name: str | None = None) -> CancelOrder:
        return CancelOrder(
            client_order_id=self.name() if name is None else ClientOrderId(name),
            original_client_order_id=order,
            decided_at=self.at,
        )

    def replace(self, order: ClientOrderId, *, lots: int, ticks: int | None) -> ReplaceOrder:
        return ReplaceOrder(
            client_order_id=self.name(),
            original_client_order_id=order,
            quantity_lots=lots,
            limit_ticks=ticks,
            decided_at=self.at,
        )

    def decision(
        self,
        *orders: NewOrder,
        parents: Sequence[ParentOrder] = (),
        replaces: Sequence[ReplaceOrder] = (),
        cancels: Sequence[CancelOrder] = (),
        decision_id: str | None = None,
    ) -> OrdersDecided:
        """A decision taken now under a name of its own."""
        return OrdersDecided(
            at=self.at,
            decision_id=f"D-{len(self.state.decisions)}" if decision_id is None else decision_id,
            strategy="test",
            stage=Stage.INTRADAY,
            orders=orders,
            parents=tuple(parents),
            replaces=tuple(replaces),
            cancels=tuple(cancels),
        )

    def decide(
        self,
        *orders: NewOrder,
        parents: Sequence[ParentOrder] = (),
        replaces: Sequence[ReplaceOrder] = (),
        cancels: Sequence[CancelOrder] = (),
    ) -> list[Effect]:
        """Take a decision now; return what came of it."""
        return self.post(
            self.decision(*orders, parents=parents, replaces=replaces, cancels=cancels)
        )

    def clear(self, ticks: Sequence[int] | int = PRICE, *, at: UtcNs | None = None) -> None:
        """Publish the auction's prices."""
        prices = [ticks] * len(self.market.intervals) if isinstance(ticks, int) else ticks
        published = eve(self.setup.delivery_date, 13) if at is None else at
        self.post(AuctionCleared(at=published, venue_id=DAYAHEAD, price_ticks=tuple(prices)))

    def show(
        self,
        index: int,
        *,
        bids: Sequence[tuple[int, int]] = (),
        asks: Sequence[tuple[int, int]] = (),
        venue: VenueId = POWERX,
        at: UtcNs | None = None,
    ) -> MarketDepth:
        """Show a book of (ticks, lots)."""
        depth = MarketDepth(
            venue_id=venue,
            instrument_id=self.market.intraday[index].instrument_id,
            at=self.at if at is None else at,
            bids=tuple(DepthLevel(*level) for level in bids),
            asks=tuple(DepthLevel(*level) for level in asks),
        )
        self.post(DepthReceived(depth))
        return depth

    def expect(
        self,
        *,
        point: Sequence[float],
        wind_kw: Sequence[int],
        charge_lots: Sequence[int] | None = None,
        discharge_lots: Sequence[int] | None = None,
    ) -> None:
        """Post forecast, plan and expected wind."""
        at, intervals = eve(self.setup.delivery_date, 11), self.market.intervals
        none = (0,) * len(intervals)
        plan = DispatchPlan(
            asset_id="BATTERY",
            horizon=Horizon(intervals),
            lot=Power.of_mw("0.1"),
            charge_lots=none if charge_lots is None else tuple(charge_lots),
            discharge_lots=none if discharge_lots is None else tuple(discharge_lots),
        )
        self.post(
            ForecastIssued(at=at, forecast=a_forecast(intervals, point), confidence=0.75),
            DispatchPlanned(at=at, plan=plan),
            GenerationExpected(at=at, power_kw=tuple(wind_kw)),
        )

    def meter(self, power_kw: Sequence[int], curtailed_kw: Sequence[int] | None = None) -> None:
        """Post what the farm produced, and what it could have."""
        curtailed = [0] * len(power_kw) if curtailed_kw is None else curtailed_kw
        self.post(
            GenerationMetered(
                at=self.market.intervals[-1].end,
                power_kw=tuple(power_kw),
                curtailed_kw=tuple(curtailed),
            )
        )

    def replayed_hash(self) -> str:
        """The name of the state that the journal alone leads to."""
        return replay(TRADING_DAY, self.journal).state_hash


def a_forecast(
    intervals: Sequence[object],
    point: Sequence[float],
    *,
    width: float = 10.0,
    level: float = 0.9,
    model: str = "test",
) -> Forecast:
    """A forecast with a symmetric interval of `width` either side."""
    return Forecast(
        model=model,
        issued_at=UtcNs(0),
        intervals=tuple(intervals),  # type: ignore[arg-type]
        point=tuple(point),
        level=level,
        lower=tuple(p - width for p in point),
        upper=tuple(p + width for p in point),
        calibration="by hand",
    )


def open_day(setup: DaySetup | None = None) -> Day:
    """Open a day whose effects are kept in a list: the test speaks for the venues."""
    told: list[Effect] = []
    return _opened(setup or a_setup(), told, told.append)


def simulated_day(setup: DaySetup | None = None, *, published_ticks: int = PRICE) -> Day:
    """Open a day over the real simulated venues, its auction cleared and its books open."""
    chosen = setup or a_setup()
    market, sink, told = build_market(chosen), EngineSink(), []
    opens_at = eve(chosen.delivery_date, 18)
    ticks = (published_ticks,) * len(market.intervals)
    simulated = venues_of(chosen, market, published_ticks=ticks, opens_at=opens_at)
    session = SimulatedMarket(simulated, sink=sink)
    send = sender(session.gateways)

    def perform(effect: Effect) -> None:
        told.append(effect)
        send(effect)

    day = _opened(chosen, told, perform)
    day.session = session
    sink.attach(day.engine)
    return day


TIGHT_BOOK = SimulatedBook(
    half_spread_ticks=20, level_gap_ticks=10, levels=5, level_lots=12, latency_ns=5_000_000
)
DEEP_BOOK = SimulatedBook(
    half_spread_ticks=30, level_gap_ticks=15, levels=8, level_lots=80, latency_ns=12_000_000
)


def venues_of(
    setup: DaySetup, market: Market, *, published_ticks: tuple[int, ...], opens_at: UtcNs
) -> SimulatedDay:
    """The simulated auction and the two continuous venues of a day."""
    here, there = setup.market.continuous
    return SimulatedDay(
        auction=_descriptor(setup.market.auction, None),
        continuous=(_descriptor(here, TIGHT_BOOK), _descriptor(there, DEEP_BOOK)),
        day_ahead=market.day_ahead,
        intraday=market.intraday,
        published_ticks=published_ticks,
        limits=PriceLimits(floor_ticks=-50_000, cap_ticks=300_000),
        intraday_opens_at=opens_at,
        seed=setup.seed,
    )


def _opened(setup: DaySetup, told: list[Effect], perform: Callable[[Effect], None]) -> Day:
    journal = MemoryJournal()
    engine = Engine(TRADING_DAY, journal=journal, clock=CountingClock(), perform=perform)
    day = Day(
        setup=setup,
        engine=engine,
        journal=journal,
        told=told,
        at=eve(setup.delivery_date, 18),
    )
    day.post(DayOpened(at=eve(setup.delivery_date, 11), setup=setup))
    return day


def _descriptor(venue: VenueSetup, book: SimulatedBook | None) -> VenueDescriptor:
    return VenueDescriptor(
        venue_id=venue.venue_id,
        engine="simulation.auction" if book is None else "simulation.continuous",
        market_code=venue.market_code,
        tick_size=Decimal("0.01"),
        lot_mw=Decimal("0.1"),
        fees=VenueFees(
            maker_per_mwh=venue.maker_fee_per_mwh,
            taker_per_mwh=venue.taker_fee_per_mwh,
            per_order=venue.fee_per_order,
            currency="EUR",
        ),
        capabilities=frozenset(),
        is_simulated=True,
        book=book,
    )


def kinds(effects: Sequence[Effect]) -> list[str]:
    """The class names of effects, to compare a story with."""
    return [type(effect).__name__ for effect in effects]
