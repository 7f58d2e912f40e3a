"""The page of the flows names the steps in order, and modules that exist."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

from wattbook_application.steps import TRADING_STEPS, AnalyticsStep, TradingStep

PAGE = (Path(__file__).resolve().parents[2] / "docs/concepts/flows.md").read_text("utf-8")
ROWS = re.findall(r"^\| (\d) ([A-Za-z ]+) \| `([\w.]+)` \|", PAGE, flags=re.MULTILINE)


def test_the_steps_stand_in_order() -> None:
    assert [(int(n), name) for n, name, _ in ROWS[:8]] == list(enumerate(TRADING_STEPS, start=1))
    analytics = [(step.value, step.name.capitalize()) for step in AnalyticsStep]
    assert [(int(n), name) for n, name, _ in ROWS[8:]] == analytics
    assert len(TRADING_STEPS) == len(TradingStep)


@pytest.mark.parametrize("module", sorted({row[2] for row in ROWS}))
def test_a_named_module_exists_and_says_what_it_decides(module: str) -> None:
    assert importlib.import_module(module).__doc__
