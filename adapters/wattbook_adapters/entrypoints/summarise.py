"""Rounds the exact view of a day into the boundary model that leaves the platform."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Final

import attrs

from wattbook_application.post_trade.settle import IMBALANCE_ASSUMPTION
from wattbook_application.state import DayState
from wattbook_application.steps import TRADING_STEPS
from wattbook_application.views.day_view import (
    BatteryView,
    DayView,
    IntervalView,
    RefusalView,
    RiskView,
    TradingView,
)
from wattbook_contracts.schemas.day_summary import (
    AmountPart,
    AuditPart,
    BatteryPart,
    DataPart,
    DaySummary,
    ExecutionQualityPart,
    ForecastPart,
    IntervalPart,
    ProfitPart,
    RefusalPart,
    ReportPart,
    RiskPart,
    RunPart,
    StepPart,
    TradingPart,
    WindPart,
)
from wattbook_domain.execution.slippage import Benchmark
from wattbook_domain.foundation.instants import format_instant
from wattbook_domain.quantities.energy import Energy
from wattbook_domain.quantities.money import Money
from wattbook_domain.quantities.power import Power

MONEY_PLACES: Final = 2
ENERGY_PLACES: Final = 3

SIMULATED: Final = (
    "intraday liquidity and both intraday venues",
    "the wind farm's output around the public forecast",
    f"the imbalance price ({IMBALANCE_ASSUMPTION})",
    "the desk, its assets and all party codes",
)
"""What of the day is invented; printed wherever a result is shown."""


@attrs.frozen(kw_only=True)
class Proof:
    """What a summary says of the run's chains and files."""

    journal_entries: int
    audit_records: int
    audit_head: str
    state_hash: str
    reports: tuple[ReportPart, ...]
    notes: tuple[str, ...]


def summarise(state: DayState, view: DayView, proof: Proof) -> DaySummary:
    """Return the day's summary; every figure is rounded here and nowhere else."""
    refused = len(state.refusals)
    return DaySummary(
        run=_run(state),
        data=_data(state, proof),
        steps=tuple(
            StepPart(number=step, name=TRADING_STEPS[step - 1], result=result)
            for step, result in sorted(state.finished.items())
        ),
        forecast=_forecast(state, view),
        battery=_battery(state, view.battery),
        wind=_wind(state, view.intervals),
        day_ahead=_trading(view.day_ahead),
        intraday=_trading(view.intraday),
        execution=_execution(view),
        orders_decided=len(state.commands) + refused,
        orders_approved=len(state.commands),
        orders_refused=refused,
        refusals=_refusals(view.refusals),
        probes=_refusals(view.probes),
        profit=_profit(view),
        risk=_risk(view.risk),
        reports=proof.reports,
        audit=AuditPart(
            journal_entries=proof.journal_entries,
            audit_records=proof.audit_records,
            audit_head=proof.audit_head,
            state_hash=proof.state_hash,
        ),
        intervals=tuple(_interval(row) for row in view.intervals),
    )


def _refusals(views: Sequence[RefusalView]) -> tuple[RefusalPart, ...]:
    return tuple(RefusalPart(code=v.code, count=v.count, example=v.example) for v in views)


def _run(state: DayState) -> RunPart:
    market, setup = state.opened, state.opened.setup
    return RunPart(
        run_id=setup.run_id,
        profile=setup.profile,
        delivery_date=setup.delivery_date.isoformat(),
        zone=setup.market.zone,
        bidding_zone=setup.market.bidding_zone,
        hours=len(market.intervals),
        seed=setup.seed,
        version=setup.version,
        currency=setup.market.currency,
        simulated=SIMULATED,
    )


def _data(state: DayState, proof: Proof) -> DataPart:
    data = state.opened.setup.data
    return DataPart(
        feed=data.feed,
        licence=data.licence,
        citation=data.citation,
        sha256=data.sha256,
        first_day=data.first_day.isoformat(),
        last_day=data.last_day.isoformat(),
        notes=proof.notes,
    )


def _forecast(state: DayState, view: DayView) -> ForecastPart:
    forecast = state.forecast
    if forecast is None:
        raise ValueError("a summary is made of a finished day, this one has no forecast")
    quality = view.forecast
    return ForecastPart(
        model=forecast.model,
        calibration=forecast.calibration,
        issued_at=format_instant(forecast.issued_at),
        level=forecast.level,
        mean_absolute_error=_rounded(quality.mean_absolute_error, MONEY_PLACES),
        root_mean_squared_error=_rounded(quality.root_mean_squared_error, MONEY_PLACES),
        covered_share=_rounded(quality.covered_share, ENERGY_PLACES),
        mean_width=_rounded(quality.mean_width, MONEY_PLACES),
    )


def _battery(state: DayState, view: BatteryView) -> BatteryPart:
    setup, share = state.opened.setup.battery, view.comparison.efficiency
    return BatteryPart(
        power_mw=float(setup.power_mw),
        energy_mwh=float(setup.energy_mwh),
        planned_margin=_money(view.planned),
        realised_margin=_money(view.comparison.realised),
        perfect_margin=_money(view.comparison.optimum),
        captured_share=None if share is None else _rounded(share, ENERGY_PLACES),
        charged_mwh=_mwh(view.charged),
        discharged_mwh=_mwh(view.discharged),
    )


def _wind(state: DayState, rows: Sequence[IntervalView]) -> WindPart:
    return WindPart(
        capacity_mw=float(state.opened.setup.wind.capacity_mw),
        forecast_mwh=_mwh(_over(rows, "wind_expected")),
        output_mwh=_mwh(_over(rows, "wind_output")),
        curtailed_mwh=_mwh(_over(rows, "wind_curtailed")),
    )


def _over(rows: Sequence[IntervalView], column: str) -> Energy:
    energies = (getattr(row, column).over(row.interval) for row in rows)
    return sum(energies, Energy.zero())


def _trading(view: TradingView) -> TradingPart:
    return TradingPart(
        orders=view.orders,
        fills=view.fills,
        bought_mwh=_mwh(view.bought),
        sold_mwh=_mwh(view.sold),
        cash=_money(view.cash),
        fees=_money(view.fees),
    )


def _execution(view: DayView) -> ExecutionQualityPart:
    rate, slippage = view.execution.fill_rate, view.execution.slippage
    return ExecutionQualityPart(
        fill_rate=None if rate.rate is None else _rounded(rate.rate, ENERGY_PLACES),
        fill_rate_population=f"lots routed to displayed depth, {rate.orders} parent orders",
        mean_slippage_per_mwh=None if slippage is None else _rounded(slippage.amount, 4),
        slippage_benchmark=f"{Benchmark.DECISION_MID.value}, over all venues",
    )


def _profit(view: DayView) -> ProfitPart:
    result = view.result
    return ProfitPart(
        battery=_money(result.battery),
        wind=_money(result.wind),
        total=_money(result.total),
        perfect_foresight_total=_money(view.perfect_total),
        explain=tuple(AmountPart(name=name, amount=_money(m)) for name, m in result.parts),
        unexplained=_money(result.unexplained),
    )


def _risk(view: RiskView) -> RiskPart:
    before, after = view.before_auction, view.after_close
    return RiskPart(
        level=before.level,
        horizon=before.horizon,
        method=before.method,
        scenarios=before.scenarios,
        value_at_risk_before_auction=_rounded(before.value_at_risk, MONEY_PLACES),
        expected_shortfall_before_auction=_rounded(before.expected_shortfall, MONEY_PLACES),
        value_at_risk_after_close=_rounded(after.value_at_risk, MONEY_PLACES),
        expected_shortfall_after_close=_rounded(after.expected_shortfall, MONEY_PLACES),
    )


def _interval(row: IntervalView) -> IntervalPart:
    return IntervalPart(
        label=row.interval.label,
        start=format_instant(row.interval.start),
        minutes=row.interval.minutes,
        price_forecast=_rounded(row.forecast, MONEY_PLACES),
        price_lower=_rounded(row.lower, MONEY_PLACES),
        price_upper=_rounded(row.upper, MONEY_PLACES),
        price_actual=_rounded(row.price.amount, MONEY_PLACES),
        battery_mw=_mw(row.battery),
        stored_mwh=_mwh(row.stored),
        wind_forecast_mw=_mw(row.wind_expected),
        wind_output_mw=_mw(row.wind_output),
        wind_curtailed_mw=_mw(row.wind_curtailed),
        day_ahead_mw=_mw(-row.day_ahead_sold),
        intraday_mw=_mw(-row.intraday_sold),
        imbalance_mw=_mw(row.imbalance),
    )


def _money(money: Money) -> float:
    return _rounded(money.amount, MONEY_PLACES)


def _mwh(energy: Energy) -> float:
    return _rounded(energy.mwh, ENERGY_PLACES)


def _mw(power: Power) -> float:
    return _rounded(power.mw, ENERGY_PLACES)


def _rounded(value: Fraction | float, places: int) -> float:
    # Adding zero turns a rounded minus nothing into plain zero.
    return float(round(Fraction(value), places)) + 0.0
