"""Decides the scale of LEAR: median and spread of each column, then the area hyperbolic sine.

It tames spikes and, unlike a logarithm, takes zero and negative prices (Uniejewski, Weron and
Ziel, IEEE Transactions on Power Systems 33, 2018).
"""

from __future__ import annotations

from statistics import NormalDist
from typing import Final

import attrs
import numpy as np

from wattbook_domain.signals.series import Floats

_MAD_OF_UNIT_NORMAL: Final = NormalDist().inv_cdf(0.75)


@attrs.frozen(eq=False)
class MedianArcsinh:
    """Column-wise `arcsinh((x - median) / spread)`, fitted on training rows only.

    The spread is the median absolute deviation, scaled to be one for a unit normal. A column whose
    spread is zero is left in its own unit.
    """

    median: Floats
    spread: Floats

    @classmethod
    def fit(cls, rows: Floats) -> MedianArcsinh:
        """Take median and spread of each column."""
        median = np.median(rows, axis=0)
        spread = np.median(np.abs(rows - median), axis=0) / _MAD_OF_UNIT_NORMAL
        return cls(median, np.where(spread > 0, spread, 1.0))

    def apply(self, rows: Floats) -> Floats:
        """Bring rows to the model's scale."""
        scaled: Floats = np.arcsinh((rows - self.median) / self.spread)
        return scaled

    def undo(self, rows: Floats) -> Floats:
        """Bring rows back to their unit."""
        original: Floats = np.sinh(rows) * self.spread + self.median
        return original
