"""Decides whether a VaR kept its promise: coverage (Kupiec) and independence (Christoffersen).

Both are likelihood-ratio tests on the days whose loss exceeded the VaR. What to do about a model
that fails is left to people.
"""

from __future__ import annotations

import attrs
import numpy as np
import numpy.typing as npt
from scipy import stats
from scipy.special import xlog1py, xlogy


@attrs.frozen(kw_only=True)
class LikelihoodRatio:
    """A test statistic and the probability of one at least as large if the model is right."""

    statistic: float
    p_value: float

    @classmethod
    def of(cls, statistic: float, *, degrees_of_freedom: int) -> LikelihoodRatio:
        """Return a statistic with its chi-squared tail probability."""
        # Rounding can leave a tiny negative number where the fit is perfect.
        kept = max(statistic, 0.0)
        return cls(statistic=kept, p_value=float(stats.chi2.sf(kept, degrees_of_freedom)))


@attrs.frozen(kw_only=True)
class Christoffersen:
    """Coverage, independence and both together; `transitions` counts (n00, n01, n10, n11)."""

    transitions: tuple[int, int, int, int]
    coverage: LikelihoodRatio
    independence: LikelihoodRatio
    conditional_coverage: LikelihoodRatio


def kupiec(*, observations: int, exceptions: int, probability: float) -> LikelihoodRatio:
    """Test the number of exceptions (Kupiec 1995, J. Derivatives 3(2)).

    LR = -2 ln[(1-p)^(T-N) p^N] + 2 ln[(1-N/T)^(T-N) (N/T)^N], chi-squared with one degree.

    Args:
        observations: days T.
        exceptions: days N on which the loss exceeded the VaR.
        probability: 1 - level of the VaR.

    Raises:
        ValueError: if the counts or the probability make no sense.
    """
    if not 0 <= exceptions <= observations or observations < 1 or not 0 < probability < 1:
        raise ValueError(
            f"Kupiec's test needs 0 <= exceptions <= observations, at least one observation and a "
            f"probability inside (0, 1), found {exceptions}, {observations}, {probability}"
        )
    quiet = observations - exceptions
    promised = _log_likelihood(quiet, exceptions, probability)
    observed = _log_likelihood(quiet, exceptions, exceptions / observations)
    return LikelihoodRatio.of(2 * (observed - promised), degrees_of_freedom=1)


def christoffersen(exceeded: npt.NDArray[np.bool_], *, probability: float) -> Christoffersen:
    """Test whether exceptions come alone (Christoffersen 1998, Int. Economic Review 39(4)).

    Coverage uses every day, independence the T - 1 pairs of neighbouring days.

    Raises:
        ValueError: if there are fewer than two days or the probability makes no sense.
    """
    if exceeded.ndim != 1 or len(exceeded) < 2:
        raise ValueError(f"neighbouring days need two days at least, found {exceeded.shape}")
    before, after = exceeded[:-1], exceeded[1:]
    n00 = int(np.sum(~before & ~after))
    n01 = int(np.sum(~before & after))
    n10 = int(np.sum(before & ~after))
    n11 = int(np.sum(before & after))
    alike = _log_likelihood(n00 + n10, n01 + n11, (n01 + n11) / (len(exceeded) - 1))
    apart = _fitted(n00, n01) + _fitted(n10, n11)
    coverage = kupiec(
        observations=len(exceeded), exceptions=int(exceeded.sum()), probability=probability
    )
    independence = LikelihoodRatio.of(2 * (apart - alike), degrees_of_freedom=1)
    return Christoffersen(
        transitions=(n00, n01, n10, n11),
        coverage=coverage,
        independence=independence,
        conditional_coverage=LikelihoodRatio.of(
            coverage.statistic + independence.statistic, degrees_of_freedom=2
        ),
    )


def _fitted(quiet: int, exceptions: int) -> float:
    days = quiet + exceptions
    return _log_likelihood(quiet, exceptions, exceptions / days) if days else 0.0


def _log_likelihood(quiet: int, exceptions: int, probability: float) -> float:
    # x log y with 0 log 0 = 0: no exceptions, or nothing but exceptions, are ordinary outcomes.
    return float(xlog1py(quiet, -probability) + xlogy(exceptions, probability))
