"""Decides what a model's opinion on one delivery interval is, and how opinions are pooled.

What to trade on a signal is a strategy's decision; what may be traded, the risk gate's.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import attrs
import numpy as np

from wattbook_domain.delivery.period import DeliveryPeriod
from wattbook_domain.foundation.instants import UtcNs
from wattbook_domain.signals.forecast import Forecast, normalised_weights


@attrs.frozen(kw_only=True)
class Signal:
    """An expected move of the price of one delivery interval.

    Attributes:
        source: who says so.
        edge: expected price minus reference price, in currency per MWh; positive speaks for buying.
        probability_up: probability that the price will exceed the reference.
    """

    source: str
    issued_at: UtcNs
    interval: DeliveryPeriod
    edge: float
    probability_up: float

    def __attrs_post_init__(self) -> None:
        if not math.isfinite(self.edge):
            raise ValueError(f"an edge must be finite, found {self.edge}")
        if not 0 <= self.probability_up <= 1:
            raise ValueError(f"a probability lies within 0 and 1, found {self.probability_up}")

    @property
    def confidence(self) -> float:
        """Probability that the price moves to the side the edge points to; 0.5 knows nothing."""
        return self.probability_up if self.edge >= 0 else 1 - self.probability_up


def signals_from(forecast: Forecast, reference: Sequence[float]) -> tuple[Signal, ...]:
    """Compare a forecast with the prices at which one could trade now.

    The probability is read off the line through lower bound, point and upper bound. Beyond the
    bounds the forecast claims nothing, so no probability leaves the interval's own level.

    Raises:
        ValueError: unless there is one reference price for each interval.
    """
    if len(reference) != len(forecast.intervals):
        raise ValueError(
            f"one reference price for each of {len(forecast.intervals)} intervals is needed, "
            f"found {len(reference)}"
        )
    return tuple(
        Signal(
            source=forecast.model,
            issued_at=forecast.issued_at,
            interval=interval,
            edge=forecast.point[i] - reference[i],
            probability_up=_probability_above(forecast, i, reference[i]),
        )
        for i, interval in enumerate(forecast.intervals)
    )


def aggregate(signals: Sequence[Signal], weights: Sequence[float], *, source: str) -> Signal:
    """Pool opinions on one interval: weighted mean edge, linear opinion pool of probabilities.

    The linear pool (Stone, Annals of Mathematical Statistics 32, 1961) keeps disagreement: two
    sure and opposite opinions of equal weight give one half, not certainty.

    Raises:
        ValueError: if the signals speak of different intervals, or the weights are unusable.
    """
    shares = normalised_weights(weights, len(signals))
    if len({signal.interval for signal in signals}) > 1:
        raise ValueError(
            "only signals of the same interval can be pooled, found "
            + ", ".join(sorted({signal.interval.label for signal in signals}))
        )
    pooled = math.fsum(w * s.probability_up for w, s in zip(shares, signals, strict=True))
    return Signal(
        source=source,
        issued_at=max(signal.issued_at for signal in signals),
        interval=signals[0].interval,
        edge=math.fsum(w * s.edge for w, s in zip(shares, signals, strict=True)),
        probability_up=min(max(pooled, 0.0), 1.0),
    )


def _probability_above(forecast: Forecast, index: int, reference: float) -> float:
    tail = (1 - forecast.level) / 2
    low, high = forecast.lower[index], forecast.upper[index]
    middle = min(max(forecast.point[index], low), high)
    if low == high:
        return 0.5 if reference == low else (1 - tail if reference < low else tail)
    below = float(np.interp(reference, (low, middle, high), (tail, 0.5, 1 - tail)))
    return 1 - below
