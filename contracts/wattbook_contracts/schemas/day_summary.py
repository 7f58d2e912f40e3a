"""The summary of one trading day, as written to `summary.json` and drawn on `report.html`.

Numbers are JSON numbers: money with two decimals, energy with three, both rounded from exact
values at this edge. `null` means that a figure does not exist; it is never replaced by zero.
"""

from __future__ import annotations

from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

SCHEMA_VERSION: Final = "1.0"


class Boundary(BaseModel):
    """A frozen part of a document, closed to unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class RunPart(Boundary):
    """Which day, under which settings, and what of it is simulated."""

    run_id: str
    profile: str
    delivery_date: str
    zone: str
    bidding_zone: str
    hours: int
    seed: int
    version: str
    currency: str
    simulated: tuple[str, ...]


class DataPart(Boundary):
    """Where the market data comes from, and what was done to it by name."""

    feed: str
    licence: str
    citation: str
    sha256: str
    first_day: str
    last_day: str
    notes: tuple[str, ...]


class StepPart(Boundary):
    """One of the eight steps of the trading flow, with its result in a sentence."""

    number: int
    name: str
    result: str


class ForecastPart(Boundary):
    """The price forecast against what came: errors in currency per MWh, coverage as a share."""

    model: str
    calibration: str
    issued_at: str
    level: float
    mean_absolute_error: float
    root_mean_squared_error: float
    covered_share: float
    mean_width: float


class BatteryPart(Boundary):
    """The battery's day. Margins in currency; `captured_share` of perfect foresight."""

    power_mw: float
    energy_mwh: float
    planned_margin: float
    realised_margin: float
    perfect_margin: float
    captured_share: float | None
    charged_mwh: float
    discharged_mwh: float


class WindPart(Boundary):
    """The wind farm's day in MWh; the output is simulated."""

    capacity_mw: float
    forecast_mwh: float
    output_mwh: float
    curtailed_mwh: float


class TradingPart(Boundary):
    """Orders, trades and energy of one market stage."""

    orders: int
    fills: int
    bought_mwh: float
    sold_mwh: float
    cash: float
    fees: float


class ExecutionQualityPart(Boundary):
    """Intraday execution quality; see `wattbook_domain.execution` for the definitions."""

    fill_rate: float | None
    fill_rate_population: str
    mean_slippage_per_mwh: float | None
    slippage_benchmark: str


class RefusalPart(Boundary):
    """How often a code refused, and one example in full."""

    code: str
    count: int
    example: str


class AmountPart(Boundary):
    """One named amount of money."""

    name: str
    amount: float


class ProfitPart(Boundary):
    """Profit and loss in currency. `unexplained` is zero by construction."""

    battery: float
    wind: float
    total: float
    perfect_foresight_total: float
    explain: tuple[AmountPart, ...]
    unexplained: float


class RiskPart(Boundary):
    """Historical value at risk and expected shortfall, losses as positive amounts."""

    level: float
    horizon: str
    method: str
    scenarios: int
    value_at_risk_before_auction: float
    expected_shortfall_before_auction: float
    value_at_risk_after_close: float
    expected_shortfall_after_close: float


class ReportPart(Boundary):
    """One regulatory file and its verdicts; written is not accepted."""

    file: str
    sha256: str
    orders: int
    trades: int
    errors: int
    warnings: int
    status: str


class AuditPart(Boundary):
    """What proves the run: length and head of the chains, and the hash of the final state."""

    journal_entries: int
    audit_records: int
    audit_head: str
    state_hash: str


class IntervalPart(Boundary):
    """One delivery interval. Power in MW, stored energy in MWh at its end, prices per MWh."""

    label: str
    start: str
    minutes: int
    price_forecast: float
    price_lower: float
    price_upper: float
    price_actual: float
    battery_mw: float
    stored_mwh: float
    wind_forecast_mw: float
    wind_output_mw: float
    wind_curtailed_mw: float
    day_ahead_mw: float
    intraday_mw: float
    imbalance_mw: float


class DaySummary(Boundary):
    """Everything a trader reads after the day. `probes` are orders that had to be refused."""

    schema_version: Literal["1.0"] = SCHEMA_VERSION
    run: RunPart
    data: DataPart
    steps: tuple[StepPart, ...]
    forecast: ForecastPart
    battery: BatteryPart
    wind: WindPart
    day_ahead: TradingPart
    intraday: TradingPart
    execution: ExecutionQualityPart
    orders_decided: int
    orders_approved: int
    orders_refused: int
    refusals: tuple[RefusalPart, ...]
    probes: tuple[RefusalPart, ...]
    profit: ProfitPart
    risk: RiskPart
    reports: tuple[ReportPart, ...]
    audit: AuditPart
    intervals: tuple[IntervalPart, ...]
