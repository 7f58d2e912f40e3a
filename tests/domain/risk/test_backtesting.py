"""Kupiec and Christoffersen against known answers (quantitative reference, section 2.8)."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from wattbook_domain.risk.backtesting import christoffersen, kupiec

SIZE = 0.05


@pytest.mark.parametrize(
    ("exceptions", "statistic", "p_value"),
    [(5, 1.9568, 0.1619), (10, 12.9555, 0.0003), (0, 5.0252, 0.0250)],
)
def test_kupiec_at_250_days_and_one_percent(
    exceptions: int, statistic: float, p_value: float
) -> None:
    found = kupiec(observations=250, exceptions=exceptions, probability=0.01)
    assert found.statistic == pytest.approx(statistic, abs=5e-5)
    assert found.p_value == pytest.approx(p_value, abs=5e-5)


@pytest.mark.parametrize(
    ("observations", "probability", "first", "last"),
    [
        (255, 0.01, 1, 6),
        (510, 0.01, 2, 10),
        (1000, 0.01, 5, 16),
        (255, 0.05, 7, 20),
        (510, 0.05, 17, 35),
        (1000, 0.05, 38, 64),
        (255, 0.10, 17, 35),
        (510, 0.10, 39, 64),
        (1000, 0.10, 82, 119),
    ],
)
def test_the_non_rejection_region(
    observations: int, probability: float, first: int, last: int
) -> None:
    critical = stats.chi2.ppf(1 - SIZE, 1)
    kept = [
        n
        for n in range(observations // 4)
        if kupiec(observations=observations, exceptions=n, probability=probability).statistic
        < critical
    ]
    assert (kept[0], kept[-1]) == (first, last)


def test_no_exceptions_in_255_days_is_rejected_too() -> None:
    found = kupiec(observations=255, exceptions=0, probability=0.01)
    assert found.statistic == pytest.approx(5.126, abs=5e-4)
    assert found.p_value < SIZE


def test_christoffersen_on_clustered_exceptions() -> None:
    exceeded = np.zeros(250, dtype=bool)
    exceeded[[20, 21, 60, 61, 62, 130, 200, 201]] = True

    found = christoffersen(exceeded, probability=0.01)

    assert found.transitions == (237, 4, 4, 4)
    assert found.coverage.statistic == pytest.approx(7.733551, abs=5e-7)
    assert found.independence.statistic == pytest.approx(18.936741, abs=5e-7)
    assert found.conditional_coverage.statistic == pytest.approx(26.670292, abs=5e-7)


def test_a_perfect_fit_has_no_statistic() -> None:
    assert kupiec(observations=100, exceptions=5, probability=0.05).statistic == pytest.approx(0)
    quiet = christoffersen(np.zeros(10, dtype=bool), probability=0.01)
    assert quiet.independence.statistic == 0
    assert quiet.independence.p_value == 1


@pytest.mark.parametrize(
    ("observations", "exceptions", "probability"),
    [(0, 0, 0.1), (5, 6, 0.1), (5, -1, 0.1), (5, 1, 1)],
)
def test_senseless_counts_are_refused(
    observations: int, exceptions: int, probability: float
) -> None:
    with pytest.raises(ValueError, match="Kupiec"):
        kupiec(observations=observations, exceptions=exceptions, probability=probability)


def test_one_day_has_no_neighbour() -> None:
    with pytest.raises(ValueError, match="two days"):
        christoffersen(np.zeros(1, dtype=bool), probability=0.01)
