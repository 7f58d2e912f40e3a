"""Step 5 of 6, confidence: how sure the signals are of the side they point to.

The grade is told with the forecast and journalled; deciding what to do about a low one is left to
strategies and people.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean

from wattbook_domain.signals.signal import Signal


def grade_confidence(signals: Sequence[Signal]) -> float:
    """Return the mean confidence of the signals, between 0 and 1; 0.5 knows nothing.

    Raises:
        ValueError: if there is no signal.
    """
    if not signals:
        raise ValueError("confidence is graded on at least one signal, found none")
    return fmean(signal.confidence for signal in signals)
