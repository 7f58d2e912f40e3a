"""The plots, read back from their own SVG: lengths, signs and labels stand for the numbers."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable

import pytest
from tests.adapters.summaries import a_summary, intervals

from wattbook_adapters.reporting.plots import (
    battery_plot,
    position_plot,
    price_plot,
    profit_plot,
)
from wattbook_contracts.schemas.day_summary import AmountPart, DaySummary

PLOTS = (price_plot, battery_plot, position_plot, profit_plot)
SVG = "{http://www.w3.org/2000/svg}"

Plot = Callable[[DaySummary], str]


def texts(svg: str) -> list[str]:
    return ["".join(node.itertext()) for node in ET.fromstring(svg).iter(f"{SVG}text")]  # noqa: S314


def steps_of(svg: str) -> int:
    """Return how many different instants the longest drawn line has: intervals and one more."""
    paths = re.findall(r'<path d="([^"]+)"', svg)
    return max(len(set(re.findall(r"[ML] ([\d.]+) ", path))) for path in paths)


@pytest.mark.parametrize("plot", PLOTS)
def test_a_plot_is_one_well_formed_drawing_and_always_the_same(plot: Plot) -> None:
    svg = plot(a_summary())
    assert ET.fromstring(svg).tag == f"{SVG}svg"  # noqa: S314
    assert svg == plot(a_summary())


@pytest.mark.parametrize("hours", [23, 24, 25])
def test_a_day_is_drawn_with_the_hours_it_has(hours: int) -> None:
    assert steps_of(price_plot(a_summary(hours=hours))) == hours + 1


@pytest.mark.parametrize("plot", [price_plot, battery_plot, position_plot])
def test_quarter_hours_are_drawn_a_quarter_as_long(plot: Plot) -> None:
    day = a_summary()
    quarters = tuple(row.model_copy(update={"minutes": 15}) for row in intervals(96))
    labels = texts(plot(day.model_copy(update={"intervals": quarters})))
    assert len([label for label in labels if ":" in label]) <= 13


def test_negative_prices_go_below_zero() -> None:
    day = a_summary().model_copy(update={"intervals": intervals(24, lowest_price=-90.0)})
    signs = [text for text in texts(price_plot(day)) if re.fullmatch(r"\N{MINUS SIGN}\d+", text)]
    assert signs, "matplotlib writes a true minus on its axis"


def test_the_walk_from_plan_to_result_names_each_part_and_its_amount() -> None:
    labels = texts(profit_plot(a_summary()))
    for text in ("planned", "1,000", "price", "250", "fees", "-12", "realised", "1,238"):
        assert text in labels


def test_a_loss_is_drawn_and_labelled_as_one() -> None:
    day = a_summary(total=-500.0)
    lost = (AmountPart(name="planned", amount=100.0), AmountPart(name="price", amount=-600.0))
    labels = texts(
        profit_plot(
            day.model_copy(update={"profit": day.profit.model_copy(update={"explain": lost})})
        )
    )
    assert {"100", "-600", "-500"} <= set(labels)


def test_a_day_on_which_nothing_happened_can_be_drawn() -> None:
    prices = ("price_forecast", "price_lower", "price_upper", "price_actual")
    powers = ("battery_mw", "stored_mwh", "day_ahead_mw", "intraday_mw", "imbalance_mw")
    zeros = dict.fromkeys((*prices, *powers), 0.0)
    flat = tuple(row.model_copy(update=zeros) for row in intervals(24))
    day = a_summary(total=0.0)
    nothing = day.profit.model_copy(update={"explain": (AmountPart(name="planned", amount=0.0),)})
    quiet = day.model_copy(update={"intervals": flat, "profit": nothing})
    for plot in PLOTS:
        assert plot(quiet)


def test_a_dollar_sign_is_no_formula() -> None:
    day = a_summary()
    run = day.run.model_copy(update={"currency": "$x^2$"})
    assert "$x^2$/MWh" in texts(price_plot(day.model_copy(update={"run": run})))
