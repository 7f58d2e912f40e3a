"""Offers the domain's similar-day rule as a forecaster."""

from __future__ import annotations

from typing import ClassVar

import attrs

from wattbook_contracts.ports.forecaster import FitProgress, require_history
from wattbook_domain.signals.forecast import Forecast, ForecastQuestion
from wattbook_domain.signals.similar_day import MINIMUM_HISTORY_DAYS, similar_day_forecast


@attrs.frozen
class SimilarDayForecaster:
    """Repeats the similar day; its interval comes from the rule's own past errors."""

    name: ClassVar[str] = "naive"

    def forecast(
        self, question: ForecastQuestion, *, progress: FitProgress | None = None
    ) -> Forecast:
        """Forecast by the similar day. See `Forecaster`."""
        require_history(question, MINIMUM_HISTORY_DAYS)
        answer = similar_day_forecast(question, model="similar day")
        if progress is not None:
            progress(1, 1)
        return answer
