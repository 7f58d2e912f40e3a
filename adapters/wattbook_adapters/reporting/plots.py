"""Draws the four plots of a trading day as SVG text, the same bytes for the same numbers.

Intervals are drawn at their real lengths: a 23-hour day is shorter than a 25-hour day.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import Any, Final

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from wattbook_contracts.schemas.day_summary import AmountPart, DaySummary, IntervalPart

INK: Final = "#1f2933"
BLUE: Final = "#1f6fb2"
ORANGE: Final = "#d9730d"
GREEN: Final = "#2e7d4f"
RED: Final = "#b3261e"
GREY: Final = "#9aa5b1"
MINUTES_PER_HOUR: Final = 60
LABELS_AT_MOST: Final = 13

_STYLE: Final[Any] = {  # the stubs want a literal of every known key
    "svg.hashsalt": "wattbook",
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.size": 9,
    "axes.edgecolor": GREY,
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "text.color": INK,
    "text.parse_math": False,  # a dollar sign is a dollar sign
    "xtick.color": INK,
    "ytick.color": INK,
}


def price_plot(summary: DaySummary) -> str:
    """Draw the forecast, its interval and the price that came."""

    def draw(axes: Axes) -> None:
        rows = summary.intervals
        edges = _edges(rows)
        lower, upper = [r.price_lower for r in rows], [r.price_upper for r in rows]
        band = f"{percent(summary.forecast.level)} interval"
        axes.stairs(upper, edges, baseline=lower, fill=True, color=BLUE, alpha=0.18, label=band)
        axes.stairs(
            [r.price_forecast for r in rows], edges, baseline=None, color=BLUE, label="forecast"
        )
        axes.stairs(
            [r.price_actual for r in rows],
            edges,
            baseline=None,
            color=ORANGE,
            linewidth=1.8,
            label="day-ahead price",
        )
        _finish(axes, rows, f"{summary.run.currency}/MWh")

    return _render("price", "Forecast, interval and day-ahead price by interval", draw)


def battery_plot(summary: DaySummary) -> str:
    """Draw charging below zero, discharging above, and the stored energy."""

    def draw(axes: Axes) -> None:
        rows = summary.intervals
        edges = _edges(rows)
        power = [r.battery_mw for r in rows]
        axes.stairs(
            power, edges, fill=True, color=GREEN, alpha=0.75, label="discharge, charge (MW)"
        )
        stored = [r.stored_mwh for r in rows]
        axes.plot(edges[1:], stored, color=INK, marker=".", linewidth=1.2, label="stored (MWh)")
        _finish(axes, rows, "MW, MWh")

    return _render("battery", "Battery power and stored energy by interval", draw)


def position_plot(summary: DaySummary) -> str:
    """Draw what was sold, what was corrected intraday, and what was left to imbalance."""

    def draw(axes: Axes) -> None:
        rows = summary.intervals
        edges = _edges(rows)
        axes.stairs(
            [r.day_ahead_mw for r in rows], edges, baseline=None, color=BLUE, label="day-ahead"
        )
        axes.stairs(
            [r.intraday_mw for r in rows],
            edges,
            fill=True,
            color=ORANGE,
            alpha=0.7,
            label="intraday",
        )
        axes.stairs(
            [r.imbalance_mw for r in rows], edges, baseline=None, color=RED, label="imbalance"
        )
        _finish(axes, rows, "MW, bought above zero")

    return _render("position", "Position by delivery interval", draw)


def profit_plot(summary: DaySummary) -> str:
    """Draw the walk from the planned result to the realised one."""

    def draw(axes: Axes) -> None:
        _waterfall(axes, summary.profit.explain, summary.profit.total)
        axes.set_ylabel(summary.run.currency)
        axes.axhline(0, color=GREY, linewidth=0.8)

    return _render("profit", "Walk from the planned to the realised result", draw)


def percent(share: float) -> str:
    """Return a share in percent with the digits it has.

    >>> percent(0.9), percent(0.975)
    ('90%', '97.5%')
    """
    return f"{round(share * 100, 6):g}%"


def _waterfall(axes: Axes, parts: Sequence[AmountPart], total: float) -> None:
    ends = list(accumulate(p.amount for p in parts))
    starts = [0.0, *ends[:-1]]
    for i, (part, start) in enumerate(zip(parts, starts, strict=True)):
        axes.bar(i, part.amount, bottom=start, color=GREEN if part.amount >= 0 else RED, width=0.6)
        axes.annotate(
            f"{part.amount:,.0f}",
            (i, max(start, start + part.amount)),
            ha="center",
            va="bottom",
            fontsize=8,
        )
    axes.bar(len(parts), total, color=BLUE, width=0.6)
    axes.annotate(
        f"{total:,.0f}", (len(parts), max(total, 0.0)), ha="center", va="bottom", fontsize=8
    )
    axes.set_xticks(range(len(parts) + 1), [*(p.name for p in parts), "realised"])
    axes.use_sticky_edges = False  # bars would else pin the limits and cut the labels off
    axes.margins(y=0.12)


def _edges(rows: Sequence[IntervalPart]) -> list[float]:
    lengths = (row.minutes / MINUTES_PER_HOUR for row in rows)
    return [0.0, *accumulate(lengths)]


def _finish(axes: Axes, rows: Sequence[IntervalPart], unit: str) -> None:
    edges = _edges(rows)
    step = -(-len(rows) // LABELS_AT_MOST)
    marked = range(0, len(rows), step)
    axes.set_xticks([edges[i] for i in marked], [_clock(rows[i].label) for i in marked])
    axes.set_xlim(0, edges[-1])
    axes.axhline(0, color=GREY, linewidth=0.8)
    axes.set_ylabel(unit)
    axes.legend(frameon=False, ncols=3, loc="upper left", bbox_to_anchor=(0, 1.14), fontsize=8)


def _clock(label: str) -> str:
    return label.split(" ")[1] if " " in label else label


def _render(name: str, title: str, draw: Callable[[Axes], None]) -> str:
    with rc_context(_STYLE):
        figure = Figure(figsize=(8.6, 2.9), layout="constrained")
        canvas = FigureCanvasSVG(figure)
        draw(figure.add_subplot())
        target = io.StringIO()
        canvas.print_svg(target, metadata={"Date": None, "Creator": None})  # type: ignore[no-untyped-call]
    text = target.getvalue()
    svg = text[text.index("<svg") :].replace("<svg", f'<svg role="img" aria-label="{title}"', 1)
    # Four drawings share a page, and an identifier names one thing on it.
    for reference in (' id="', 'href="#', "url(#"):
        svg = svg.replace(reference, f"{reference}{name}-")
    return svg
