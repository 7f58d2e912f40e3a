"""Decides how the error of a simulated forecast is drawn, and how it becomes known over time.

The error of each interval is a sum of independent parts. Part `k` becomes known when the lead time
falls below its own threshold, so a forecast is the conditional expectation of the outcome at every
instant: its revisions cannot be foreseen, and its error shrinks with lead time. Each part is a
stationary AR(1) process along delivery time, because weather that is late stays late for hours.

Seeds come from SHA-256 of names, so a day's weather depends on the seed, the asset and the date
only: not on which other days were asked for, nor in which order.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from datetime import date

import attrs
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@attrs.frozen(kw_only=True)
class ErrorModel:
    """The size and the timing of forecast errors, as shares of installed capacity.

    The default adds up to 9.5 % a day ahead, the usual order of a single site's error, and leaves
    4.5 % an hour ahead.

    Attributes:
        lead_hours: thresholds, falling; part `k` is unknown above `lead_hours[k]`.
        std: standard deviation of the part that becomes known at each threshold.
        persistence_per_hour: AR(1) coefficient over one hour of delivery, below 1.
    """

    lead_hours: tuple[float, ...] = (24.0, 12.0, 6.0, 3.0, 1.0, 0.0)
    std: tuple[float, ...] = (0.030, 0.050, 0.045, 0.040, 0.035, 0.028)
    persistence_per_hour: float = 0.85

    def __attrs_post_init__(self) -> None:
        if not self.lead_hours or len(self.std) != len(self.lead_hours):
            raise ValueError(
                f"each of {len(self.lead_hours)} lead times needs one standard deviation, found "
                f"{len(self.std)}"
            )
        if list(self.lead_hours) != sorted(set(self.lead_hours), reverse=True):
            raise ValueError(f"lead_hours must fall strictly, found {self.lead_hours}")
        if min(self.std) < 0 or not 0 <= self.persistence_per_hour < 1:
            raise ValueError(
                f"std must not be negative and persistence must lie in [0, 1), found {self.std} "
                f"and {self.persistence_per_hour}"
            )

    def remaining_std(self, lead_hours: float) -> float:
        """Return the standard deviation of what is still unknown at a lead time."""
        pairs = zip(self.lead_hours, self.std, strict=True)
        return math.sqrt(sum(std**2 for threshold, std in pairs if lead_hours > threshold))


def child_seed(*names: object) -> int:
    """Derive a seed of 256 bits from a path of names; different paths, different streams."""
    path = "/".join(str(name) for name in names)
    return int.from_bytes(hashlib.sha256(path.encode()).digest(), "big")


def error_parts(
    model: ErrorModel, hours: Sequence[float], *, seed: int, asset_id: str, day: date
) -> Floats:
    """Draw the parts of a day's errors: one row a threshold, one column an interval.

    Args:
        model: sizes and timing.
        hours: the length of each interval of the local day, in order.
        seed: of the run.
        asset_id: of the farm.
        day: the local day; nothing else enters the draw.
    """
    rows = [
        std
        * _stationary_path(model.persistence_per_hour, hours, child_seed(seed, asset_id, day, k))
        for k, std in enumerate(model.std)
    ]
    return np.array(rows)


def _stationary_path(persistence: float, hours: Sequence[float], seed: int) -> Floats:
    """Return an AR(1) path of unit variance, sampled at the middles of the intervals."""
    shocks = np.random.Generator(np.random.PCG64(seed)).standard_normal(len(hours))
    path = np.empty(len(hours))
    path[0] = shocks[0]
    for index in range(1, len(hours)):
        step = persistence ** ((hours[index - 1] + hours[index]) / 2)
        path[index] = step * path[index - 1] + math.sqrt(1 - step**2) * shocks[index]
    return path
