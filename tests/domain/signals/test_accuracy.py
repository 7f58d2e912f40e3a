"""Point errors, quantile scores and coverage: hand-made answers, then the published benchmark."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm
from tests.domain.signals.examples import MONDAY, table
from tests.domain.signals.published import FIRST_DAY, published

from wattbook_domain.signals.accuracy import (
    NaiveRule,
    coverage,
    mean_absolute_error,
    naive_mean_absolute_error,
    pinball_loss,
    ranked_probability_score,
    relative_mean_absolute_error,
    root_mean_square_error,
    symmetric_percentage_error,
)


def test_point_errors_by_hand():
    actual, said = [10.0, -5.0, 0.0], [13.0, -1.0, 0.0]
    assert mean_absolute_error(actual, said) == pytest.approx(7 / 3)
    assert root_mean_square_error(actual, said) == pytest.approx(np.sqrt(25 / 3))
    # 200 (3 / 23 + 4 / 6 + 0) / 3: an exact zero is no error.
    assert symmetric_percentage_error(actual, said) == pytest.approx(200 * (3 / 23 + 4 / 6) / 3)


@pytest.mark.parametrize(
    ("actual", "said"), [([], []), ([1.0], [1.0, 2.0]), ([float("nan")], [1.0])]
)
def test_what_cannot_be_compared_is_refused(actual, said):
    with pytest.raises(ValueError):
        mean_absolute_error(actual, said)


@pytest.mark.parametrize(
    ("rule", "error"),
    # Each day is 100 above its eve. Of days 7 to 20, three in seven repeat the week before.
    [
        (NaiveRule.DAILY, 100),
        (NaiveRule.WEEKLY, 700),
        (NaiveRule.SIMILAR_DAY, (3 * 700 + 4 * 100) / 7),
    ],
)
def test_naive_errors_of_a_steady_climb(rule, error):
    prices = table(21).prices
    assert naive_mean_absolute_error(prices, first_day=MONDAY, rule=rule) == pytest.approx(error)
    relative = relative_mean_absolute_error(prices, prices + 50, first_day=MONDAY, rule=rule)
    assert relative == pytest.approx(50 / error)


def test_the_similar_day_error_depends_on_the_weekday_it_starts_with():
    prices = table(10).prices  # three days beyond the week
    for shift, climbs in ((0, (700, 100, 100)), (4, (100, 700, 700)), (1, (100, 100, 100))):
        first = MONDAY + timedelta(days=shift)
        found = naive_mean_absolute_error(prices, first_day=first, rule=NaiveRule.SIMILAR_DAY)
        assert found == pytest.approx(np.mean(climbs))


@pytest.mark.parametrize(("rule", "days"), [(NaiveRule.DAILY, 1), (NaiveRule.WEEKLY, 7)])
def test_a_naive_error_needs_what_it_repeats(rule, days):
    with pytest.raises(ValueError, match=f"more than {days} days"):
        naive_mean_absolute_error(table(days).prices, first_day=MONDAY, rule=rule)


def test_pinball_by_hand_and_at_the_median():
    assert pinball_loss([10.0], [8.0], level=0.9) == pytest.approx(1.8)
    assert pinball_loss([8.0], [10.0], level=0.9) == pytest.approx(0.2)
    assert pinball_loss([1.0, 5.0], [2.0, 2.0], level=0.5) == pytest.approx(
        mean_absolute_error([1.0, 5.0], [2.0, 2.0]) / 2
    )
    with pytest.raises(ValueError, match="between 0 and 1"):
        pinball_loss([1.0], [1.0], level=1.0)


@given(st.lists(st.floats(-100, 100), min_size=1, max_size=40), st.sampled_from((0.1, 0.5, 0.9)))
def test_the_empirical_quantile_has_the_least_pinball_loss(prices, level):
    best = np.quantile(prices, level, method="inverted_cdf")
    least = pinball_loss(prices, np.full(len(prices), best), level=level)
    for other in prices:
        assert least <= pinball_loss(prices, np.full(len(prices), other), level=level) + 1e-9


def test_ranked_probability_score_of_a_normal_forecast():
    """Gneiting and Raftery 2007: x (2 F(x) - 1) + 2 f(x) - 1 / sqrt(pi) for N(0, 1) at x.

    The grid leaves out the outermost percents, so it is met to 2 percent with 999 levels.
    """
    levels = tuple(np.arange(1, 1000) / 1000)
    for x in (0.0, 0.7, -1.5):
        score = ranked_probability_score(np.array([x]), norm.ppf([levels]), levels=levels)
        exact = x * (2 * norm.cdf(x) - 1) + 2 * norm.pdf(x) - 1 / np.sqrt(np.pi)
        assert score == pytest.approx(exact, rel=0.02)


@pytest.mark.parametrize("levels", [(0.5,), (0.9, 0.1), (0.1, 0.1)])
def test_a_grid_ascends_and_matches_its_quantiles(levels):
    with pytest.raises(ValueError):
        ranked_probability_score(np.zeros(1), np.zeros((1, 2)), levels=levels)


def test_coverage_counts_the_bounds_in():
    assert coverage([1.0, 2.0, 3.0, 4.0], [1.0] * 4, [3.0] * 4) == 0.75


@pytest.mark.parametrize(
    ("market", "column", "mae", "rmae", "smape", "rmse"),
    # Recomputed from the benchmark's own files; MAE and RMSE in EUR/MWh, rMAE to the weekly naive.
    [
        ("DE", "LEAR Ensemble", 3.609, 0.395, 14.74, 6.508),
        ("DE", "DNN Ensemble", 3.413, 0.374, 14.08, 5.927),
        ("FR", "LEAR Ensemble", 3.980, 0.543, 11.57, 10.676),
        ("FR", "DNN Ensemble", 3.866, 0.527, 10.81, 11.867),
        ("BE", "LEAR Ensemble", 6.140, 0.604, 14.55, 15.974),
        ("BE", "DNN Ensemble", 5.870, 0.578, 13.45, 15.966),
    ],
)
def test_the_published_forecasts_have_their_known_errors(market, column, mae, rmae, smape, rmse):
    tables = published(market)
    actual, said = tables["Real price"], tables[column]
    assert mean_absolute_error(actual, said) == pytest.approx(mae, abs=1e-3)
    assert root_mean_square_error(actual, said) == pytest.approx(rmse, abs=1e-3)
    assert symmetric_percentage_error(actual, said) == pytest.approx(smape, abs=1e-2)
    relative = relative_mean_absolute_error(
        actual, said, first_day=FIRST_DAY[market], rule=NaiveRule.WEEKLY
    )
    assert relative == pytest.approx(rmae, abs=1e-3)


@pytest.mark.parametrize(
    ("market", "weekly", "daily", "similar"),
    [("FR", 7.332, 7.241, 5.941), ("BE", 10.159, 9.382, 8.232), ("DE", 9.127, 8.181, 8.055)],
)
def test_the_naive_errors_of_the_benchmark(market, weekly, daily, similar):
    actual = published(market)["Real price"]
    for rule, known in zip(NaiveRule, (weekly, daily, similar), strict=True):
        found = naive_mean_absolute_error(actual, first_day=FIRST_DAY[market], rule=rule)
        assert found == pytest.approx(known, abs=1e-3)


def test_the_plain_average_of_both_published_ensembles_beats_either():
    for market, known in (("DE", 3.330), ("FR", 3.785), ("BE", 5.840)):
        tables = published(market)
        average = (tables["LEAR Ensemble"] + tables["DNN Ensemble"]) / 2
        assert mean_absolute_error(tables["Real price"], average) == pytest.approx(known, abs=1e-3)
