"""How a day's prices are forecast."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Protocol

from wattbook_contracts.errors import DataFault
from wattbook_domain.signals.forecast import Forecast, ForecastQuestion

FitProgress = Callable[[int, int], None]
"""Told the steps done and the steps in all; called from within, at most once a second or so."""


class Forecaster(Protocol):
    """Answers a forecast question. Holds no state: the same question gets the same answer."""

    @property
    def name(self) -> str:
        """The model's name in settings and reports."""
        ...

    def forecast(
        self, question: ForecastQuestion, *, progress: FitProgress | None = None
    ) -> Forecast:
        """Forecast the day asked for over its real delivery hours.

        Raises:
            DataFault: if the history is too short to say anything; names the first possible day.
        """
        ...


def require_history(question: ForecastQuestion, minimum_days: int) -> None:
    """Refuse a question whose history is too short for any answer.

    Raises:
        DataFault: naming the first day that could be forecast.
    """
    history = question.history
    if len(history) < minimum_days:
        raise DataFault(
            f"a forecast needs at least {minimum_days} days of history, found {len(history)} "
            f"before {question.day}; choose {history.first_day + timedelta(days=minimum_days)} "
            "or a later day"
        )
