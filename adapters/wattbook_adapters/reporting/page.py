"""Writes the day's page: one HTML file that opens anywhere and needs nothing else."""

from __future__ import annotations

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from wattbook_adapters.reporting.plots import (
    battery_plot,
    percent,
    position_plot,
    price_plot,
    profit_plot,
)
from wattbook_contracts.schemas.day_summary import DaySummary


def render_page(summary: DaySummary) -> str:
    """Return the page as text. Every figure on it stands in `summary.json` too."""
    environment = Environment(
        loader=PackageLoader("wattbook_adapters.reporting", "templates"),
        autoescape=select_autoescape(["html", "j2"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["percent"] = percent
    template = environment.get_template("day.html.j2")
    return template.render(
        s=summary,
        price_plot=_figure(price_plot(summary)),
        battery_plot=_figure(battery_plot(summary)),
        position_plot=_figure(position_plot(summary)),
        profit_plot=_figure(profit_plot(summary)),
    )


def _figure(svg: str) -> Markup:
    # The SVG is our own drawing of numbers and fixed words, so it may stand in the page as it is;
    # everything else on the page is escaped.
    return Markup(svg)  # noqa: S704
