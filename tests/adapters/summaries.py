"""Invents the summary of a finished day, in round figures, for whatever shows one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

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

EXPLAINED = (("planned", 1_000.0), ("price", 250.5), ("fees", -12.25), ("wear", 0.0))
TOTAL = sum(amount for _, amount in EXPLAINED)


def refusal(code: str = "PRICE_COLLAR", count: int = 2, example: str = "limit 90") -> RefusalPart:
    return RefusalPart(code=code, count=count, example=example)


def intervals(hours: int, *, lowest_price: float = 20.0) -> tuple[IntervalPart, ...]:
    """Return hours of a day, the first at the lowest price and each a little dearer."""
    first = datetime(2017, 3, 25, 23, tzinfo=UTC)
    return tuple(
        IntervalPart(
            label=f"2017-03-26 {hour:02}:00 CET",
            start=f"{first + timedelta(hours=hour):%Y-%m-%dT%H:%M:%SZ}",
            minutes=60,
            price_forecast=lowest_price + hour + 1,
            price_lower=lowest_price + hour - 5,
            price_upper=lowest_price + hour + 7,
            price_actual=lowest_price + hour,
            battery_mw=(-10.0, 0.0, 9.5)[hour % 3],
            stored_mwh=(9.5, 9.5, 0.0)[hour % 3],
            wind_forecast_mw=20.0,
            wind_output_mw=21.0,
            wind_curtailed_mw=0.0,
            day_ahead_mw=-20.0 + hour,
            intraday_mw=1.0 - hour % 3,
            imbalance_mw=0.1,
        )
        for hour in range(hours)
    )


def a_summary(*, hours: int = 24, day: str = "2017-01-24", total: float = TOTAL) -> DaySummary:
    """Return a day of so many hours; change a part with `model_copy(update=...)`."""
    return DaySummary(
        run=RunPart(
            run_id="paper-20170124-0011aabb",
            profile="paper",
            delivery_date=day,
            zone="Europe/Berlin",
            bidding_zone="DE-AT-LU",
            hours=hours,
            seed=7,
            version="0.1.0",
            currency="EUR",
            simulated=("the intraday venues", "the wind"),
        ),
        data=DataPart(
            feed="a_feed",
            licence="CC-BY-4.0",
            citation="Somebody: Something. Somewhere 1 (2021).",
            sha256="ab" * 32,
            first_day="2012-01-09",
            last_day="2017-12-31",
            notes=("a note",),
        ),
        steps=tuple(StepPart(number=n, name=f"Step {n}", result=f"did {n}") for n in range(1, 9)),
        forecast=ForecastPart(
            model="LEAR",
            calibration="split conformal",
            issued_at="2017-01-23T10:00:00Z",
            level=0.975,
            mean_absolute_error=4.5,
            root_mean_squared_error=6.25,
            covered_share=0.875,
            mean_width=12.0,
        ),
        battery=BatteryPart(
            power_mw=10.0,
            energy_mwh=20.0,
            planned_margin=900.0,
            realised_margin=800.0,
            perfect_margin=1_000.0,
            captured_share=0.8,
            charged_mwh=20.0,
            discharged_mwh=18.05,
        ),
        wind=WindPart(capacity_mw=50.0, forecast_mwh=480.0, output_mwh=504.0, curtailed_mwh=0.0),
        day_ahead=TradingPart(
            orders=30, fills=28, bought_mwh=20.0, sold_mwh=500.0, cash=9_000.5, fees=20.8
        ),
        intraday=TradingPart(
            orders=12, fills=15, bought_mwh=4.5, sold_mwh=30.25, cash=-100.0, fees=3.0
        ),
        execution=ExecutionQualityPart(
            fill_rate=0.95,
            fill_rate_population="lots routed to displayed depth",
            mean_slippage_per_mwh=0.125,
            slippage_benchmark="the mid",
        ),
        orders_decided=44,
        orders_approved=42,
        orders_refused=2,
        refusals=(refusal(),),
        probes=(refusal("GATE_CLOSED", 1, "gate_closes_ns=1"),),
        profit=ProfitPart(
            battery=788.25,
            wind=total - 788.25,
            total=total,
            perfect_foresight_total=1_500.0,
            explain=tuple(AmountPart(name=name, amount=amount) for name, amount in EXPLAINED),
            unexplained=0.0,
        ),
        risk=RiskPart(
            level=0.975,
            horizon="one day",
            method="historical",
            scenarios=250,
            value_at_risk_before_auction=500.0,
            expected_shortfall_before_auction=750.0,
            value_at_risk_after_close=50.0,
            expected_shortfall_after_close=75.0,
        ),
        reports=(
            ReportPart(
                file="remit/a.xml",
                sha256="cd" * 32,
                orders=57,
                trades=43,
                errors=0,
                warnings=1,
                status="written, not submitted",
            ),
        ),
        audit=AuditPart(
            journal_entries=1_200,
            audit_records=1_400,
            audit_head="0123456789abcdef" * 4,
            state_hash="ef" * 32,
        ),
        intervals=intervals(hours),
    )
