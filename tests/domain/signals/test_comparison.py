"""Tests of predictive ability: properties, then the published benchmark."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.domain.signals.published import published

from wattbook_domain.signals.comparison import diebold_mariano, giacomini_white

SEEDS = st.integers(0, 2**32 - 1)


@given(seed=SEEDS)
def test_exchanging_the_models_turns_the_sign(seed):
    actual, one, other = np.random.default_rng(seed).normal(size=(3, 50, 24))
    for test in (diebold_mariano, giacomini_white):
        assert test(actual, one, other).statistic == pytest.approx(
            -test(actual, other, one).statistic
        )
    forth, back = diebold_mariano(actual, one, other), diebold_mariano(actual, other, one)
    assert forth.p_value + back.p_value == pytest.approx(1.0)


def test_a_plainly_better_challenger_is_found():
    noise = np.random.default_rng(1).normal(size=(2, 200, 24))
    actual = np.zeros((200, 24))
    for test in (diebold_mariano, giacomini_white):
        assert test(actual, 2 * noise[0], noise[1]).p_value < 1e-6
        assert test(actual, noise[1], 2 * noise[0]).p_value > 0.99


def test_the_statistic_by_hand():
    # Daily differences 1, 3: mean 2, population deviation 1, two days: 2 / (1 / sqrt 2).
    actual, challenger = np.zeros((2, 1)), np.zeros((2, 1))
    result = diebold_mariano(actual, np.array([[1.0], [-3.0]]), challenger)
    assert result.statistic == pytest.approx(2 * np.sqrt(2))


def test_equal_forecasts_leave_nothing_to_test():
    table = np.ones((5, 24))
    with pytest.raises(ValueError, match="err alike"):
        diebold_mariano(table, table, table)
    with pytest.raises(ValueError, match="same days and hours"):
        giacomini_white(table, table, table[:4])


@pytest.mark.parametrize(
    ("market", "statistic", "p_value", "conditional"),
    # DNN against LEAR, recomputed from the benchmark's own files.
    [("DE", 3.18, 7.3e-4, 10.20), ("FR", 2.06, 0.020, 9.29)],
)
def test_the_published_models_compare_as_known(market, statistic, p_value, conditional):
    tables = published(market)
    ensembles = (tables["Real price"], tables["LEAR Ensemble"], tables["DNN Ensemble"])
    unconditional = diebold_mariano(*ensembles)
    assert unconditional.statistic == pytest.approx(statistic, abs=5e-3)
    assert unconditional.p_value == pytest.approx(p_value, rel=0.02)
    assert giacomini_white(*ensembles).statistic == pytest.approx(conditional, abs=5e-3)


@pytest.mark.parametrize(("market", "p_value"), [("DE", 0.010), ("FR", 0.003), ("BE", 0.18)])
def test_the_average_against_the_neural_ensemble(market, p_value):
    tables = published(market)
    average = (tables["LEAR Ensemble"] + tables["DNN Ensemble"]) / 2
    result = diebold_mariano(tables["Real price"], tables["DNN Ensemble"], average)
    assert result.p_value == pytest.approx(p_value, rel=0.05)
