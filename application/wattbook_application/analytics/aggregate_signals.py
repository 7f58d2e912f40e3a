"""Step 4 of 6, aggregation: the answers become one forecast, and signals against what is known.

The reference of a signal is the price of the same wall-clock hour of the last settled day: what
one would expect who has no model.
"""

from __future__ import annotations

from collections.abc import Sequence

from wattbook_application.analytics.infer import Answer
from wattbook_domain.signals.forecast import Forecast, ForecastQuestion, combine
from wattbook_domain.signals.signal import Signal, signals_from
from wattbook_domain.signals.wall_clock import map_wall_clock


def aggregate(answers: Sequence[Answer]) -> Forecast:
    """Return the weighted forecast; a single answer is left as it is."""
    if len(answers) == 1:
        return answers[0].forecast
    return combine(
        [answer.forecast for answer in answers],
        [answer.weight for answer in answers],
        model="weighted average",
    )


def signals(forecast: Forecast, question: ForecastQuestion) -> tuple[Signal, ...]:
    """Return the expected move of each interval against the last settled day."""
    eve = [float(price) for price in question.history.prices[-1]]
    reference = map_wall_clock(question.day, question.outlook.zone).spread(eve)
    return signals_from(forecast, reference)
