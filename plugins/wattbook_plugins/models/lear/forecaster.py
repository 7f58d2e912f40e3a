"""Decides LEAR's answer: the mean over calibration windows, and a conformal interval around it.

The model is LEAR as published and benchmarked by Lago, Marcjasz, De Schutter and Weron (Applied
Energy 293, 2021, 116983), recalibrated for every day. The interval is ours: the same ensemble is
fitted once more on what was known before a calibration stretch and judged on that stretch, so the
errors that size the interval are errors of days the model had not seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import attrs
import numpy as np
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from wattbook_contracts.ports.forecaster import FitProgress, require_history
from wattbook_domain.signals.conformal import banded_forecast, calibrate
from wattbook_domain.signals.forecast import Forecast, ForecastQuestion
from wattbook_domain.signals.series import Floats
from wattbook_domain.signals.similar_day import MINIMUM_HISTORY_DAYS as SHORTEST_HISTORY_DAYS
from wattbook_domain.signals.similar_day import similar_day_forecast
from wattbook_plugins.models.lear.design import (
    CALIBRATION_DAYS,
    LONGEST_LAG,
    MINIMUM_HISTORY_DAYS,
    WEEK_DAYS,
    WINDOWS,
    Design,
    build_design,
)
from wattbook_plugins.models.lear.lasso import HourlyLasso, fit_hourly_lasso
from wattbook_plugins.models.lear.scaling import MedianArcsinh


@attrs.frozen(eq=False)
class WindowFit:
    """LEAR fitted on one calibration window: two scales and one linear model per hour name."""

    input_scale: MedianArcsinh
    price_scale: MedianArcsinh
    lasso: HourlyLasso

    @classmethod
    def on(cls, design: Design, *, end: int, window: int) -> WindowFit:
        """Fit on the window of `window` days before design row `end`; its first week is lags."""
        rows = slice(end - (window - LONGEST_LAG), end)
        inputs, prices = design.inputs[rows], design.prices[rows]
        input_scale = MedianArcsinh.fit(inputs[:, :-WEEK_DAYS])
        price_scale = MedianArcsinh.fit(prices)
        lasso = fit_hourly_lasso(_scaled(inputs, input_scale), price_scale.apply(prices))
        return cls(input_scale, price_scale, lasso)

    def predict(self, inputs: Floats) -> Floats:
        """Return prices for rows of inputs."""
        return self.price_scale.undo(self.lasso.predict(_scaled(inputs, self.input_scale)))


@attrs.frozen
class LearForecaster:
    """The published four-window LEAR ensemble with a split conformal interval."""

    name: ClassVar[str] = "lear"

    def forecast(
        self, question: ForecastQuestion, *, progress: FitProgress | None = None
    ) -> Forecast:
        """Forecast a day. See `Forecaster`."""
        require_history(question, SHORTEST_HISTORY_DAYS)
        known_days = len(question.history)
        if known_days < MINIMUM_HISTORY_DAYS:
            return similar_day_forecast(
                question,
                model=f"similar day (LEAR needs {MINIMUM_HISTORY_DAYS} days, has {known_days})",
            )
        stretch = min(CALIBRATION_DAYS, known_days - WINDOWS[0])
        windows = [window for window in WINDOWS if window + stretch <= known_days]
        tick = _Steps(progress, 2 * len(windows))
        design = build_design(question)
        today = len(design.prices)
        judged = slice(today - stretch, today)
        # Threads double the wall time of matrices this small, and change their last digits.
        with threadpool_limits(limits=1, user_api="blas"):
            tested = _ensemble(design, windows, end=judged.start, rows=judged, tick=tick)
            point = _ensemble(design, windows, end=today, rows=slice(today, None), tick=tick)[0]
        errors = design.prices[judged] - tested
        model = "LEAR " + "/".join(str(window) for window in windows)
        band = calibrate(
            errors,
            level=question.level,
            method=f"{model} fitted once before the last {stretch} days and judged on them",
        )
        return banded_forecast(question, point=point, band=band, model=model)


@attrs.define
class _Steps:
    """Counts fits for whoever watches."""

    progress: FitProgress | None
    total: int
    done: int = 0

    def __call__(self) -> None:
        self.done += 1
        if self.progress is not None:
            self.progress(self.done, self.total)


def _ensemble(
    design: Design, windows: Sequence[int], *, end: int, rows: slice, tick: _Steps
) -> Floats:
    """Fit every window before design row `end` and average what each says of `rows`."""
    members = []
    for window in windows:
        members.append(WindowFit.on(design, end=end, window=window).predict(design.inputs[rows]))
        tick()
    average: Floats = np.mean(members, axis=0)
    return average


def _scaled(inputs: Floats, scale: MedianArcsinh) -> Floats:
    return np.hstack([scale.apply(inputs[:, :-WEEK_DAYS]), inputs[:, -WEEK_DAYS:]])
