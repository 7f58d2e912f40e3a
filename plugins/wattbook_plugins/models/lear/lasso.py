"""Decides LEAR's coefficients: a penalty by Akaike's criterion on the LARS path, then a lasso.

Two conventions of the published model are not those of current scikit-learn, and the published
forecasts are reached only with both: the criterion's noise variance is the variance of the target
(not that of a least-squares fit), and the path runs over centred columns of unit length, while its
penalty is then used unchanged on columns of their own length.

All hours share one set of inputs, so the Gram matrix is computed once and both steps run on it.
"""

from __future__ import annotations

import warnings
from typing import Final

import attrs
import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import lars_path_gram, lasso_path

from wattbook_domain.signals.series import Floats

PATH_STEPS: Final = 150
"""First length of the LARS path. The criterion's minimum lies below step 100 in all fits seen."""

_PATH_MARGIN: Final = 1.5
"""A minimum is trusted when the path went on for half as long again; else it is lengthened."""

_PATH_STEPS_PER_COLUMN: Final = 8
"""Where a path that keeps on adding and dropping the same columns is taken as it is."""

DESCENT_SWEEPS: Final = 2500
DESCENT_TOLERANCE: Final = 1e-4
"""The published stopping rule; some of the long windows' fits end on the sweeps."""


@attrs.frozen(eq=False)
class HourlyLasso:
    """One linear model for each target column: `targets = inputs @ weights + intercept`."""

    weights: Floats
    intercept: Floats
    penalties: Floats

    def predict(self, inputs: Floats) -> Floats:
        """Return one row of targets for each row of inputs."""
        predicted: Floats = inputs @ self.weights + self.intercept
        return predicted


def fit_hourly_lasso(inputs: Floats, targets: Floats) -> HourlyLasso:
    """Fit every column of `targets` on the same `inputs`."""
    input_mean, target_mean = inputs.mean(axis=0), targets.mean(axis=0)
    centred = np.asfortranarray(inputs - input_mean)
    target_deviations = targets - target_mean
    gram, moments = centred.T @ centred, centred.T @ target_deviations
    penalties = np.empty(targets.shape[1])
    weights = np.empty((inputs.shape[1], targets.shape[1]))
    for hour in range(targets.shape[1]):
        deviations = np.ascontiguousarray(target_deviations[:, hour])
        if not deviations.any():  # a constant hour is its own forecast
            penalties[hour], weights[:, hour] = 0.0, 0.0
            continue
        penalty = akaike_penalty(
            gram, moments[:, hour], rows=len(inputs), target_square=float(deviations @ deviations)
        )
        weights[:, hour] = _descend(centred, deviations, gram, moments[:, hour].copy(), penalty)
        penalties[hour] = penalty
    return HourlyLasso(weights, target_mean - input_mean @ weights, penalties)


def akaike_penalty(
    gram: Floats,
    moments: Floats,
    *,
    rows: int,
    target_square: float,
    path_steps: int | None = None,
) -> float:
    """Return the penalty on the LARS path at which Akaike's criterion is least.

    The criterion is `rows * mean squared error / variance of the target + 2 * nonzero weights`.

    Args:
        gram: inner products of the centred input columns.
        moments: inner products of those columns with the centred target.
        rows: number of observations.
        target_square: inner product of the centred target with itself; positive.
        path_steps: where to cut the path at first; the default is `PATH_STEPS`, or as many steps as
            rows, where the fit is exact. It changes the cost, not the answer.
    """
    length = np.sqrt(np.diag(gram))
    length = np.where(length > 0, length, 1.0)
    unit_gram, unit_moments = gram / np.outer(length, length), moments / length
    steps = min(PATH_STEPS, rows) if path_steps is None else path_steps
    while True:
        penalties, path = _lars_path(unit_gram, unit_moments, rows, steps)
        explained = 2 * unit_moments @ path - np.einsum("ik,ik->k", path, unit_gram @ path)
        nonzero = (np.abs(path) > np.finfo(np.float64).eps).sum(axis=0)
        criterion = rows * (target_square - explained) / target_square + 2 * nonzero
        # The empty model is no candidate, as in the published one.
        best = 1 + int(np.argmin(criterion[1:])) if len(criterion) > 1 else 0
        is_whole = len(penalties) <= steps or steps >= _PATH_STEPS_PER_COLUMN * len(moments)
        if is_whole or best * _PATH_MARGIN <= steps:
            return float(penalties[best])
        steps *= 2


def _lars_path(gram: Floats, moments: Floats, rows: int, steps: int) -> tuple[Floats, Floats]:
    with warnings.catch_warnings():
        # Beyond as many steps as rows the path meets collinear columns and says so.
        warnings.simplefilter("ignore", ConvergenceWarning)
        penalties, _, path = lars_path_gram(
            moments, gram, n_samples=rows, max_iter=steps, method="lasso", copy_Gram=True
        )
    return penalties, path


def _descend(
    centred: Floats, deviations: Floats, gram: Floats, moments: Floats, penalty: float
) -> Floats:
    with warnings.catch_warnings():
        # Ending on the sweeps is part of the published stopping rule.
        warnings.simplefilter("ignore", ConvergenceWarning)
        _, weights, _ = lasso_path(
            centred,
            deviations,
            alphas=[penalty],
            precompute=gram,
            Xy=moments,
            max_iter=DESCENT_SWEEPS,
            tol=DESCENT_TOLERANCE,
            copy_X=False,
            check_input=False,
        )
    solution: Floats = weights[:, 0]
    return solution
