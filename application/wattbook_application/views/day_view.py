"""Answers what happened on the day: energy, trades, refusals, result, risk, interval by interval.

Everything is read from the state and stays exact; rounding belongs to whoever shows it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from fractions import Fraction

import attrs

from wattbook_application.facts import Stage
from wattbook_application.portfolio.dispatch import battery_of, foresight_optimum
from wattbook_application.post_trade.explain_pnl import DayResult, explain_day, planned_kw
from wattbook_application.post_trade.settle import day_ahead_price, run_battery, sold_kw
from wattbook_application.risk.compute_var import compute_var
from wattbook_application.state import DayState, Market, Refusal
from wattbook_contracts.ports.optimiser import Optimiser
from wattbook_domain.delivery.period import DeliveryPeriod
from wattbook_domain.execution.fill_rate import FillRate, OrderOutcome, Population, fill_rate
from wattbook_domain.foundation.verdict import Refused
from wattbook_domain.orders.vocabulary import Side
from wattbook_domain.portfolio.dispatch import DispatchPlan
from wattbook_domain.portfolio.horizon import Horizon, PriceStrip
from wattbook_domain.portfolio.margin import ForesightComparison, margin
from wattbook_domain.positions.fills import Fill
from wattbook_domain.quantities.energy import Energy
from wattbook_domain.quantities.money import Money
from wattbook_domain.quantities.power import Power
from wattbook_domain.quantities.price import Price
from wattbook_domain.risk.measures import RiskMeasure
from wattbook_domain.signals.series import DayTable


@attrs.frozen(kw_only=True)
class ForecastQuality:
    """How the forecast did: errors in currency per MWh, and the share inside the interval."""

    mean_absolute_error: float
    root_mean_squared_error: float
    covered_share: float
    mean_width: float


@attrs.frozen(kw_only=True)
class BatteryView:
    """The battery's day. `comparison` holds the realised margin beside perfect foresight."""

    planned: Money
    comparison: ForesightComparison
    charged: Energy
    discharged: Energy


@attrs.frozen(kw_only=True)
class TradingView:
    """Orders, fills, energy, cash and fees of one market stage."""

    orders: int
    fills: int
    bought: Energy
    sold: Energy
    cash: Money
    fees: Money


@attrs.frozen(kw_only=True)
class ExecutionView:
    """Intraday execution quality. Slippage is `None` where nothing traded."""

    fill_rate: FillRate
    slippage: Price | None


@attrs.frozen(kw_only=True)
class RefusalView:
    """How often a code refused, and the first refusal in full."""

    code: str
    count: int
    example: str


@attrs.frozen(kw_only=True)
class RiskView:
    """What the desk could lose on the market price: before the auction, and after the close."""

    before_auction: RiskMeasure
    after_close: RiskMeasure


@attrs.frozen(kw_only=True)
class IntervalView:
    """One delivery interval; powers are net, and sold is positive."""

    interval: DeliveryPeriod
    forecast: float
    lower: float
    upper: float
    price: Price
    battery: Power
    stored: Energy
    wind_expected: Power
    wind_output: Power
    wind_curtailed: Power
    day_ahead_sold: Power
    intraday_sold: Power
    imbalance: Power


@attrs.frozen(kw_only=True)
class DayView:
    """Everything a trader asks after the day."""

    forecast: ForecastQuality
    battery: BatteryView
    day_ahead: TradingView
    intraday: TradingView
    execution: ExecutionView
    refusals: tuple[RefusalView, ...]
    probes: tuple[RefusalView, ...]
    result: DayResult
    perfect_total: Money
    risk: RiskView
    intervals: tuple[IntervalView, ...]


def view_day(state: DayState, *, history: DayTable, optimiser: Optimiser) -> DayView:
    """Return the view of a finished day.

    Args:
        state: of a day whose delivery is metered.
        history: the settled days before it, for the risk scenarios.
        optimiser: finds the battery's optimum under the prices that came.

    Raises:
        ValueError: if the day is not finished.
    """
    battery = view_battery(state, optimiser)
    return DayView(
        forecast=view_forecast(state),
        battery=battery,
        day_ahead=_view_stage(state, Stage.DAY_AHEAD),
        intraday=_view_stage(state, Stage.INTRADAY),
        execution=view_execution(state),
        refusals=view_refusals(state.refusals),
        probes=view_refusals(state.probes),
        result=explain_day(state),
        perfect_total=battery.comparison.optimum + _perfect_wind(state),
        risk=_view_risk(state, history),
        intervals=view_intervals(state),
    )


def view_forecast(state: DayState) -> ForecastQuality:
    """Compare the forecast with the prices that came."""
    forecast = state.forecast
    if forecast is None:
        raise ValueError("the day has no forecast")
    prices = [float(day_ahead_price(state, i).amount) for i in range(len(forecast.point))]
    errors = [p - a for p, a in zip(forecast.point, prices, strict=True)]
    inside = [
        low <= a <= high
        for low, a, high in zip(forecast.lower, prices, forecast.upper, strict=True)
    ]
    widths = [high - low for low, high in zip(forecast.lower, forecast.upper, strict=True)]
    count = len(errors)
    return ForecastQuality(
        mean_absolute_error=math.fsum(map(abs, errors)) / count,
        root_mean_squared_error=math.sqrt(math.fsum(e * e for e in errors) / count),
        covered_share=sum(inside) / count,
        mean_width=math.fsum(widths) / count,
    )


def view_battery(state: DayState, optimiser: Optimiser) -> BatteryView:
    """Value the plan at forecast and real prices, beside the optimum at real prices."""
    plan, battery = _plan(state), battery_of(state.opened.setup)
    real, done = real_prices(state), run_battery(state)
    return BatteryView(
        planned=margin(plan, battery=battery, prices=_forecast_strip(state)).total,
        comparison=ForesightComparison(
            realised=_realised_margin(state, real),
            optimum=foresight_optimum(battery, real, optimiser=optimiser),
        ),
        charged=done.charged,
        discharged=done.discharged,
    )


def _realised_margin(state: DayState, prices: PriceStrip) -> Money:
    """What the battery really delivered and drew, at the day-ahead price, less wear."""
    done, total = run_battery(state), Money.zero(prices.currency)
    for price, interval, kw in zip(
        prices.prices, prices.horizon.intervals, done.net_kw, strict=True
    ):
        total += price * Power.of_kw(kw).over(interval)
    return total - battery_of(state.opened.setup).wear_cost * done.discharged


def real_prices(state: DayState) -> PriceStrip:
    """Return the day-ahead prices that came."""
    intervals = state.opened.intervals
    return PriceStrip(
        Horizon(intervals), tuple(day_ahead_price(state, i) for i in range(len(intervals)))
    )


def view_refusals(refusals: Iterable[Refusal]) -> tuple[RefusalView, ...]:
    """Count refusals by code, in the order of the codes' names."""
    verdicts: dict[str, list[Refused]] = {}
    for refusal in refusals:
        verdicts.setdefault(refusal.verdict.code.name, []).append(refusal.verdict)
    return tuple(
        RefusalView(code=code, count=len(found), example=found[0].explain())
        for code, found in sorted(verdicts.items())
    )


def view_intervals(state: DayState) -> tuple[IntervalView, ...]:
    """Lay the day out interval by interval."""
    market, forecast, done = state.opened, state.forecast, run_battery(state)
    if forecast is None or state.metered is None:
        raise ValueError("the day is laid out after delivery, with its forecast")
    sold_ahead, sold_intraday = _sold_by_stage(state)
    wind_sold = sold_kw(state, market.setup.wind.owner.ledger_id)
    battery_sold = sold_kw(state, market.setup.battery.owner.ledger_id)
    return tuple(
        IntervalView(
            interval=interval,
            forecast=forecast.point[i],
            lower=forecast.lower[i],
            upper=forecast.upper[i],
            price=day_ahead_price(state, i),
            battery=Power.of_kw(done.net_kw[i]),
            stored=done.stored[i],
            wind_expected=Power.of_kw(state.generation_kw[0][i]),
            wind_output=Power.of_kw(state.metered.power_kw[i]),
            wind_curtailed=Power.of_kw(state.metered.curtailed_kw[i]),
            day_ahead_sold=Power.of_kw(sold_ahead[i]),
            intraday_sold=Power.of_kw(sold_intraday[i]),
            imbalance=Power.of_kw(
                state.metered.power_kw[i] - wind_sold[i] + done.net_kw[i] - battery_sold[i]
            ),
        )
        for i, interval in enumerate(market.intervals)
    )


def _view_stage(state: DayState, stage: Stage) -> TradingView:
    market = state.opened
    venue = market.setup.market.auction.venue_id
    is_ahead = stage is Stage.DAY_AHEAD
    fills = [fill for fill in surviving_fills(state) if (fill.venue_id == venue) is is_ahead]
    orders = [o for o in state.commands.values() if (o.venue_id == venue) is is_ahead]
    currency = market.setup.market.currency
    return TradingView(
        orders=len(orders),
        fills=len(fills),
        bought=_energy(market, (f for f in fills if f.side is Side.BUY)),
        sold=_energy(market, (f for f in fills if f.side is Side.SELL)),
        cash=sum((_cash(market, fill) for fill in fills), Money.zero(currency)),
        fees=sum((fill.fee for fill in fills), Money.zero(currency)),
    )


def surviving_fills(state: DayState) -> tuple[Fill, ...]:
    """Return every booked fill after busts and corrections, by position, then in booking order."""
    keys = [position.key for position in state.positions.snapshot()]
    return tuple(fill for key in keys for fill in state.positions.fills(key))


def _energy(market: Market, fills: Iterable[Fill]) -> Energy:
    return sum((market.instruments[f.instrument_id].energy(f.lots) for f in fills), Energy.zero())


def _cash(market: Market, fill: Fill) -> Money:
    return -market.instruments[fill.instrument_id].notional(fill.ticks, fill.signed_lots)


def _sold_by_stage(state: DayState) -> tuple[list[int], list[int]]:
    market = state.opened
    ahead = {i.instrument_id: n for n, i in enumerate(market.day_ahead)}
    intraday = {i.instrument_id: n for n, i in enumerate(market.intraday)}
    sold = ([0] * len(market.intervals), [0] * len(market.intervals))
    for position in state.positions.snapshot():
        instrument_id = position.key.instrument_id
        kw = -position.net_lots * market.instruments[instrument_id].lot_kw
        column, index = (
            (0, ahead[instrument_id]) if instrument_id in ahead else (1, intraday[instrument_id])
        )
        sold[column][index] += kw
    return sold


def view_execution(state: DayState) -> ExecutionView:
    """Measure parents: lots filled of lots asked for within the displayed depth, and slippage.

    Slippage is the average distance from the mid over all venues at the decision, weighted by
    lots; positive is a cost.
    """
    outcomes, distance_x2, lots = [], 0, 0
    for parent_id, parent in state.parents.items():
        children = [o for key, o in state.orders.items() if key.rpartition(".")[0] == parent_id]
        filled = sum(child.filled_lots for child in children)
        placed = sum(child.quantity_lots for child in children)
        if placed:
            outcomes.append(
                OrderOutcome(distance_ticks=0, submitted_lots=placed, filled_lots=filled)
            )
        mid_x2 = state.decision_mid_x2.get(parent_id)
        if mid_x2 is not None:
            value = sum(child.filled_tick_lots for child in children)
            distance_x2 += parent.side.sign * (2 * value - mid_x2 * filled)
            lots += filled
    tick = state.opened.intraday[0].price(1)
    return ExecutionView(
        fill_rate=fill_rate(outcomes, Population.MARKETABLE),
        slippage=tick * Fraction(distance_x2, 2 * lots) if lots else None,
    )


def _perfect_wind(state: DayState) -> Money:
    """What all the available wind would have earned, sold day-ahead wherever the floor is met."""
    market, metered = state.opened, state.metered
    if metered is None:
        raise ValueError("the wind is known after delivery")
    floor = Price.of(market.setup.wind.floor_price, market.setup.market.currency)
    total = Money.zero(market.setup.market.currency)
    for i, interval in enumerate(market.intervals):
        price = day_ahead_price(state, i)
        if price >= floor:
            available = Power.of_kw(metered.power_kw[i] + metered.curtailed_kw[i])
            total += price * available.over(interval)
    return total


def _view_risk(state: DayState, history: DayTable) -> RiskView:
    market, metered = state.opened, state.metered
    if metered is None:
        raise ValueError("what is left is known after delivery")
    delivered = (metered.power_kw, run_battery(state).net_kw)
    owners = (market.setup.wind.owner, market.setup.battery.owner)
    sold = [sold_kw(state, owner.ledger_id) for owner in owners]
    left = tuple(
        sum(column) for column in zip(*delivered, *([-kw for kw in s] for s in sold), strict=True)
    )
    return RiskView(
        before_auction=compute_var(market, planned_kw(state), history),
        after_close=compute_var(market, left, history),
    )


def _plan(state: DayState) -> DispatchPlan:
    if state.plan is None:
        raise ValueError("the day has no plan")
    return state.plan


def _forecast_strip(state: DayState) -> PriceStrip:
    if state.forecast is None:
        raise ValueError("the day has no forecast")
    market = state.opened
    return PriceStrip.of_forecast(
        Horizon(market.intervals), state.forecast.point, market.setup.market.currency
    )
