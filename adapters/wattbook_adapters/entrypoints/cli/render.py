"""Lays out results for a terminal of 80 columns: figures right, remarks left and short.

Figures come rounded from the summary. Text comes from settings, plugins and files, so none of it
is read as markup.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from wattbook_adapters.entrypoints.platform import (
        CheckRow,
        PluginRow,
        ReplayOutcome,
        SettingRow,
    )
    from wattbook_contracts.schemas.day_summary import DaySummary, ReportPart

HASH_DIGITS: Final = 16
"""Enough of a hash to compare by eye; the whole one stands in the summary."""

Row = tuple[str, str, str]
"""What is told, its figure, and a remark."""


def print_summary(console: Console, summary: DaySummary, out: str) -> None:
    """Print the short table a trader reads after the day."""
    run = summary.run
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    table.add_column(style="dim", overflow="fold")
    for row in _summary_rows(summary):
        table.add_row(*map(Text, row))
    title = f"{run.bidding_zone}, delivery {run.delivery_date}, {run.hours} hours"
    console.print(Text(f"\n{title}", style="bold"))
    console.print(table)
    console.print(Text(f"Simulated: {'; '.join(run.simulated)}.", style="dim"))
    console.print(Text(f"P&L {_profit(summary)}. Read {out}/report.html"), soft_wrap=True)


def print_day(console: Console, summary: DaySummary) -> None:
    """Print one of several days as one line."""
    fills = summary.day_ahead.fills + summary.intraday.fills
    console.print(
        _result_line(summary.run.delivery_date, *_results([summary])),
        Text(f"{fills:>4} trades{summary.orders_refused:>3} refused"),
    )


def print_total(console: Console, summaries: Sequence[DaySummary]) -> None:
    """Print what several days come to together."""
    console.print(_result_line(f"{len(summaries)} days", *_results(summaries)))


def print_replay(console: Console, outcome: ReplayOutcome) -> None:
    """Print what a replay gave beside what the run had recorded."""
    is_same = outcome.state_hash == outcome.recorded_state_hash
    lines = [
        f"{outcome.entries} entries replayed: {'the same state' if is_same else 'ANOTHER STATE'}",
        f"replayed {outcome.state_hash}",
        f"recorded {outcome.recorded_state_hash or 'none: the run did not end'}",
    ]
    if outcome.documents:
        verdict = f"OTHERS ARE {', '.join(outcome.differing)}" if outcome.differing else "the same"
        lines.append(f"regulatory files written again: {outcome.documents}, {verdict}")
    console.print(Text("\n".join(lines)), soft_wrap=True)


def print_checks(console: Console, rows: Sequence[CheckRow]) -> None:
    """Print findings, one a line, the failed ones in red."""
    for row in rows:
        mark, style = ("ok  ", "green") if row.is_ok else ("FAIL", "bold red")
        console.print(Text.assemble((mark, style), f" {row.name}: {row.text}"), soft_wrap=True)


def print_settings(console: Console, rows: Sequence[SettingRow]) -> None:
    """Print every setting with its origin."""
    table = Table("setting", "value", "from", box=None, padding=(0, 2, 0, 0))
    for row in rows:
        table.add_row(Text(row.key), Text(row.value), Text(row.origin, style="dim"))
    console.print(table)


def print_plugins(console: Console, rows: Sequence[PluginRow]) -> None:
    """Print the loaded plugins with what they offer."""
    for row in rows:
        manifest = row.manifest
        facts = [f"interface {manifest.api_version}", manifest.licence]
        facts += ["simulated"] if manifest.is_simulated else []
        console.print(Text.assemble((manifest.name, "bold"), (f"  {', '.join(facts)}", "dim")))
        for text in (manifest.summary, f"offers {', '.join(row.offers) or 'nothing'}"):
            console.print(Padding(Text(text), (0, 0, 0, 4)))


def percent(share: float) -> str:
    """Return a share in percent with the digits it has.

    >>> percent(0.9), percent(0.975)
    ('90%', '97.5%')
    """
    return f"{round(share * 100, 6):g}%"


def _result_line(name: str, profit: float, foresight: float, currency: str) -> Text:
    return Text(f"{name:<10} P&L {profit:>12,.2f} {currency}, foresight {foresight:>12,.2f}")


def _results(summaries: Sequence[DaySummary]) -> tuple[float, float, str]:
    """Add up results and their yardsticks; the days of one run share their currency."""
    profit = sum(summary.profit.total for summary in summaries)
    foresight = sum(summary.profit.perfect_foresight_total for summary in summaries)
    return profit, foresight, summaries[0].run.currency


def _summary_rows(summary: DaySummary) -> Iterator[Row]:
    yield _forecast_row(summary)
    yield from _trading_rows(summary)
    yield from _refusal_rows(summary)
    yield from _profit_rows(summary)
    yield from _risk_rows(summary)
    yield from map(_report_row, summary.reports)
    if not summary.reports:
        yield "report", "none", "nothing to report"
    audit = summary.audit
    chains = f"{audit.audit_records} records, {audit.journal_entries} journal entries"
    yield "audit", audit.audit_head[:HASH_DIGITS], chains


def _forecast_row(summary: DaySummary) -> Row:
    forecast = summary.forecast
    covered = f"{forecast.covered_share:.0%} inside the {percent(forecast.level)} interval"
    unit = f"{summary.run.currency}/MWh"
    return "forecast error", f"{forecast.mean_absolute_error:,.2f} {unit}", covered


def _trading_rows(summary: DaySummary) -> Iterator[Row]:
    ahead, intraday = summary.day_ahead, summary.intraday
    yield _energy_row("energy sold", ahead.sold_mwh, intraday.sold_mwh)
    yield _energy_row("energy bought", ahead.bought_mwh, intraday.bought_mwh)
    yield (
        "trades",
        str(ahead.fills + intraday.fills),
        f"day-ahead {ahead.fills}, intraday {intraday.fills}; {summary.orders_decided} orders",
    )


def _energy_row(name: str, ahead_mwh: float, intraday_mwh: float) -> Row:
    stages = f"day-ahead {ahead_mwh:,.1f}, intraday {intraday_mwh:,.1f}"
    return name, f"{ahead_mwh + intraday_mwh:,.1f} MWh", stages


def _refusal_rows(summary: DaySummary) -> Iterator[Row]:
    yield "refused", str(summary.orders_refused), "" if summary.refusals else "none"
    for refusal in summary.refusals:
        yield f"  {refusal.code}", str(refusal.count), refusal.example
    codes = ", ".join(probe.code for probe in summary.probes)
    yield "control probes", f"{len(summary.probes)} refused", f"never sent: {codes or 'none'}"


def _profit_rows(summary: DaySummary) -> Iterator[Row]:
    battery, profit, currency = summary.battery, summary.profit, summary.run.currency
    captured = "with foresight, too, there was none to capture"
    if battery.captured_share is not None:
        captured = f"{battery.captured_share:.1%} of {battery.perfect_margin:,.2f} with foresight"
    yield "battery margin", f"{battery.realised_margin:,.2f} {currency}", captured
    parts = [part for part in profit.explain if part.amount]
    yield (
        "P&L",
        _profit(summary),
        ", ".join(f"{part.name} {part.amount:,.2f}" for part in parts),
    )
    yield (
        "with foresight",
        f"{profit.perfect_foresight_total:,.2f} {currency}",
        "the same desk, knowing all prices and wind",
    )


def _profit(summary: DaySummary) -> str:
    return f"{summary.profit.total:,.2f} {summary.run.currency}"


def _risk_rows(summary: DaySummary) -> Iterator[Row]:
    risk, currency = summary.risk, summary.run.currency
    for name, before, after in (
        ("VaR", risk.value_at_risk_before_auction, risk.value_at_risk_after_close),
        ("ES", risk.expected_shortfall_before_auction, risk.expected_shortfall_after_close),
    ):
        yield (
            f"{name} {percent(risk.level)}",
            f"{before:,.2f} {currency}",
            f"before the auction, {after:,.2f} after the close",
        )
    yield "  measured by", f"{risk.scenarios} scenarios", f"{risk.method}, {risk.horizon}"


def _report_row(report: ReportPart) -> Row:
    verdict = f"{report.errors} errors, {report.warnings} warnings; {report.status}"
    return "report", f"{report.orders} orders", f"{report.trades} trades, {verdict}"
