"""Step 3 of 6, inference: every model that the history can feed answers."""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from wattbook_contracts.errors import DataFault
from wattbook_contracts.ports.forecaster import FitProgress, Forecaster
from wattbook_domain.signals.forecast import Forecast, ForecastQuestion


@attrs.frozen(kw_only=True)
class Model:
    """A forecaster with the history it needs and its weight in the aggregate."""

    forecaster: Forecaster
    minimum_history_days: int
    weight: float


@attrs.frozen(kw_only=True)
class Answer:
    """One model's forecast and its weight."""

    forecast: Forecast
    weight: float


def infer(
    models: Sequence[Model], question: ForecastQuestion, *, progress: FitProgress | None = None
) -> tuple[Answer, ...]:
    """Ask the first model in order of preference that has enough history.

    A later model is a fallback, not a second opinion: it speaks only where no better one can.

    Raises:
        DataFault: if no model can speak; names the shortest history that would do.
    """
    known_days = len(question.history)
    able = [m for m in models if m.minimum_history_days <= known_days]
    if not able:
        needed = min(m.minimum_history_days for m in models)
        raise DataFault(
            f"a forecast for {question.day} needs at least {needed} days of history, "
            f"found {known_days}; choose a later day"
        )
    chosen = able[0]
    answer = chosen.forecaster.forecast(question, progress=progress)
    return (Answer(forecast=answer, weight=chosen.weight),)
