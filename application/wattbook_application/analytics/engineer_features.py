"""Step 2 of 6, features: the question every model is asked, the same in training and serving.

Lags, scalings and calendar columns belong to each model and are built from this question only, so
nothing outside it can leak into a forecast.
"""

from __future__ import annotations

from wattbook_application.analytics.collect import Collected
from wattbook_domain.foundation.instants import UtcNs
from wattbook_domain.signals.forecast import ForecastQuestion


def engineer_features(collected: Collected, *, issued_at: UtcNs, level: float) -> ForecastQuestion:
    """Return the question: history, drivers of the day, and the coverage asked for."""
    return ForecastQuestion(
        history=collected.history, outlook=collected.outlook, issued_at=issued_at, level=level
    )
