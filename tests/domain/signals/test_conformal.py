"""The finite-sample promise of split conformal prediction, and what it says when data is short."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wattbook_domain.signals.conformal import calibrate, reachable_level

ERRORS = st.lists(st.integers(-5000, 5000), min_size=2, max_size=60)


@given(errors=ERRORS, level=st.sampled_from((0.5, 0.8, 0.9, 0.95)))
def test_left_out_errors_are_covered_at_the_level_that_the_band_claims(errors, level):
    """Lei et al. 2018, theorem 2.2: among n + 1 exchangeable errors, the share that lies within the
    band made from the other n is at least the level. Leaving out each in turn is that statement.
    """
    column = np.array(errors, dtype=float)[:, None]
    covered = 0
    for left_out in range(len(errors)):
        band = calibrate(np.delete(column, left_out, axis=0), level=level, method="m")
        covered += abs(errors[left_out]) <= band.half_width[0]
    claimed = reachable_level(level, len(errors) - 1)
    assert covered >= claimed * len(errors) - 1e-9


@pytest.mark.parametrize(
    ("count", "rank"),
    # ceil((n + 1) 0.9): 9 -> 9, 10 -> 10 (9.9), 19 -> 18, 91 -> 83 (82.8), 99 -> 90.
    [(9, 9), (10, 10), (19, 18), (91, 83), (99, 90)],
)
def test_the_rank_is_the_finite_sample_one(count, rank):
    errors = np.arange(1.0, count + 1)[::-1, None]
    band = calibrate(errors, level=0.9, method="the model")
    assert band.half_width == (float(rank),)
    assert band.level == 0.9
    assert band.calibration == (
        f"split conformal, 90% by hour, rank {rank} of {count} absolute errors of the model"
    )


@pytest.mark.parametrize(("count", "level"), [(1, 1 / 2), (4, 4 / 5), (8, 8 / 9)])
def test_too_few_errors_lower_the_level_and_say_so(count, level):
    band = calibrate(-np.arange(1.0, count + 1)[:, None], level=0.9, method="m")
    assert band.level == pytest.approx(level)
    assert band.half_width == (float(count),)
    assert "the most that" in band.calibration


def test_each_hour_has_its_own_width():
    errors = np.outer(np.arange(1.0, 10.0), [1.0, -2.0])
    assert calibrate(errors, level=0.9, method="m").half_width == (9.0, 18.0)


def test_no_error_vouches_for_nothing():
    with pytest.raises(ValueError, match="at least one past error"):
        calibrate(np.empty((0, 24)), level=0.9, method="m")
