"""Step 5 of 6, confidence: how sure the forecast is of the order of the day's prices.

A battery earns the spread between dear and cheap intervals, so what matters is the probability
that the intervals it will sell in are dearer than those it will buy in.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import NormalDist, fmean

from wattbook_domain.signals.forecast import Forecast
from wattbook_domain.signals.signal import Signal


def grade_confidence(signals: Sequence[Signal]) -> float:
    """Return the mean confidence of the signals, between 0 and 1; 0.5 knows nothing.

    Raises:
        ValueError: if there is no signal.
    """
    if not signals:
        raise ValueError("confidence is graded on at least one signal, found none")
    return fmean(signal.confidence for signal in signals)


def spread_confidence(forecast: Forecast, buy_index: int, sell_index: int) -> float:
    """Return the probability that one interval will be dearer than another.

    Both errors are taken as independent and normal, scaled to the forecast's interval: a bound
    from below where errors of one day move together.
    """
    z = NormalDist().inv_cdf((1 + forecast.level) / 2)
    widths = [(forecast.upper[i] - forecast.lower[i]) / (2 * z) for i in (buy_index, sell_index)]
    spread = forecast.point[sell_index] - forecast.point[buy_index]
    deviation = math.hypot(*widths)
    if deviation == 0:
        return 0.5 if spread == 0 else float(spread > 0)
    return NormalDist().cdf(spread / deviation)
