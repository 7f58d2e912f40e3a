"""Takes signals in: the forecast and the plan made on it."""

from __future__ import annotations

from wattbook_application.facts import DispatchPlanned, ForecastIssued
from wattbook_application.state import DayState


def receive_forecast(state: DayState, fact: ForecastIssued) -> tuple[()]:
    """Handle `ForecastIssued`."""
    state.forecast = fact.forecast
    state.confidence = fact.confidence
    return ()


def receive_plan(state: DayState, fact: DispatchPlanned) -> tuple[()]:
    """Handle `DispatchPlanned`."""
    state.plan = fact.plan
    return ()
