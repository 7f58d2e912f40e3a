"""Lays out results for a terminal: short tables, numbers right, words left."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from wattbook_adapters.entrypoints.platform import CheckRow, PluginRow, SettingRow
from wattbook_contracts.schemas.day_summary import DaySummary


def print_summary(console: Console, summary: DaySummary, out: str) -> None:
    """Print the short table a trader reads after the day."""
    run, profit = summary.run, summary.profit
    table = Table(
        show_header=False,
        title=f"{run.bidding_zone}, delivery {run.delivery_date}, {run.hours} hours",
    )
    table.add_column("")
    table.add_column("", justify="right")
    table.add_column("", overflow="fold")
    for name, figure, remark in _summary_rows(summary):
        table.add_row(name, figure, Text(remark, style="dim"))
    console.print(table)
    console.print(f"Simulated: {'; '.join(run.simulated)}.", style="dim", markup=False)
    console.print(f"P&L {profit.total:,.2f} {run.currency}. Read {out}/report.html", markup=False)


def print_total(console: Console, summaries: Sequence[DaySummary]) -> None:
    """Print one line for several days together."""
    first, last = summaries[0].run, summaries[-1].run
    total = sum(summary.profit.total for summary in summaries)
    foresight = sum(summary.profit.perfect_foresight_total for summary in summaries)
    console.print(
        f"{len(summaries)} days from {first.delivery_date} to {last.delivery_date}: "
        f"P&L {total:,.2f} {first.currency}, with perfect foresight {foresight:,.2f}",
        markup=False,
    )


def _summary_rows(summary: DaySummary) -> list[tuple[str, str, str]]:
    return [
        _forecast_row(summary),
        *_trading_rows(summary),
        _battery_row(summary),
        *_profit_and_risk_rows(summary),
        (
            "reports",
            str(len(summary.reports)),
            "; ".join(
                f"{r.file}: {r.orders} orders, {r.trades} trades, {r.errors} errors"
                for r in summary.reports
            ),
        ),
        (
            "audit",
            summary.audit.audit_head[:16],
            (
                f"{summary.audit.audit_records} records, "
                f"{summary.audit.journal_entries} journal entries"
            ),
        ),
    ]


def _trading_rows(summary: DaySummary) -> list[tuple[str, str, str]]:
    ahead, intraday = summary.day_ahead, summary.intraday
    refusals = "; ".join(f"{r.code} x {r.count}: {r.example}" for r in summary.refusals)
    return [
        (
            "energy sold",
            f"{ahead.sold_mwh + intraday.sold_mwh:,.1f} MWh",
            _stages(ahead.sold_mwh, intraday.sold_mwh),
        ),
        (
            "energy bought",
            f"{ahead.bought_mwh + intraday.bought_mwh:,.1f} MWh",
            _stages(ahead.bought_mwh, intraday.bought_mwh),
        ),
        (
            "trades",
            str(ahead.fills + intraday.fills),
            (
                f"day-ahead {ahead.fills}, intraday {intraday.fills}, "
                f"from {summary.orders_decided} orders"
            ),
        ),
        ("refused", str(summary.orders_refused), refusals or "none"),
        (
            "control probes",
            f"{len(summary.probes)} refused",
            "judged and never sent: " + ", ".join(probe.code for probe in summary.probes),
        ),
    ]


def _profit_and_risk_rows(summary: DaySummary) -> list[tuple[str, str, str]]:
    profit, risk, currency = summary.profit, summary.risk, summary.run.currency
    return [
        (
            "P&L",
            f"{profit.total:,.2f} {currency}",
            "; ".join(f"{p.name} {p.amount:,.2f}" for p in profit.explain),
        ),
        (
            "perfect foresight",
            f"{profit.perfect_foresight_total:,.2f} {currency}",
            "the same desk, knowing every price and all the wind",
        ),
        (
            f"VaR {risk.level:.0%}",
            f"{risk.value_at_risk_before_auction:,.2f} {currency}",
            f"before the auction; after the close {risk.value_at_risk_after_close:,.2f}",
        ),
        (
            f"ES {risk.level:.0%}",
            f"{risk.expected_shortfall_before_auction:,.2f} {currency}",
            (
                f"before the auction; after the close {risk.expected_shortfall_after_close:,.2f}; "
                f"{risk.method}"
            ),
        ),
    ]


def _forecast_row(summary: DaySummary) -> tuple[str, str, str]:
    forecast = summary.forecast
    return (
        "forecast error",
        f"{forecast.mean_absolute_error:,.2f} {summary.run.currency}/MWh",
        f"{forecast.model}; {forecast.covered_share:.0%} inside the {forecast.level:.0%} interval",
    )


def _battery_row(summary: DaySummary) -> tuple[str, str, str]:
    battery = summary.battery
    share = "none to capture" if battery.captured_share is None else f"{battery.captured_share:.1%}"
    return (
        "battery margin",
        f"{battery.realised_margin:,.2f} {summary.run.currency}",
        f"{share} of {battery.perfect_margin:,.2f} with perfect foresight",
    )


def _stages(day_ahead: float, intraday: float) -> str:
    return f"day-ahead {day_ahead:,.1f}, intraday {intraday:,.1f}"


def print_checks(console: Console, rows: Sequence[CheckRow]) -> None:
    """Print findings, one a line, the failed ones in red."""
    for row in rows:
        mark, style = ("ok  ", "green") if row.is_ok else ("FAIL", "bold red")
        console.print(Text.assemble((mark, style), f" {row.name}: {row.text}"))


def print_settings(console: Console, rows: Sequence[SettingRow]) -> None:
    """Print every setting with its origin."""
    table = Table("setting", "value", "from")
    for row in rows:
        table.add_row(row.key, Text(row.value), Text(row.origin, style="dim"))
    console.print(table)


def print_plugins(console: Console, rows: Sequence[PluginRow]) -> None:
    """Print the loaded plugins."""
    table = Table("plugin", "interface", "licence", "simulated", "offers", "summary")
    for row in rows:
        manifest = row.manifest
        table.add_row(
            manifest.name,
            str(manifest.api_version),
            manifest.licence,
            "yes" if manifest.is_simulated else "no",
            ", ".join(row.offers),
            manifest.summary,
        )
    console.print(table)
