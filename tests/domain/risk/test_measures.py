"""VaR and expected shortfall against known answers; the conventions named, the algebra stated.

Known answers: the project's quantitative reference, section 2.8, computed there independently.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from wattbook_domain.risk.measures import (
    QuantileConvention,
    Vector,
    component_value_at_risk,
    expected_shortfall,
    historical_risk,
    hourwise_changes,
    normal_expected_shortfall,
    normal_value_at_risk,
    scenario_profit_and_loss,
    value_at_risk,
)

FIRST_TEN = (12.5, -3.1, 7.2, -4.4, 1.0, -0.5, 3.3, -8.9, 5.8, -2.2)
LAST_TEN = (9.4, -6.1, -1.7, 2.6, 0.4, -7.7, 4.9, -3.8, 6.5, -5.2)
LOSSES = np.array([*FIRST_TEN, *LAST_TEN])
SAMPLES = arrays(np.float64, st.integers(1, 60), elements=st.floats(-1e6, 1e6))
LEVELS = st.sampled_from([0.5, 0.9, 0.925, 0.95, 0.975, 0.99])


@pytest.mark.parametrize(
    ("convention", "quantile"),
    [
        (QuantileConvention.INVERTED_CDF, 9.4),
        (QuantileConvention.LINEAR, 9.555),
        (QuantileConvention.HAZEN, 10.95),
        (QuantileConvention.MEDIAN_UNBIASED, 11.415),
        (QuantileConvention.HIGHER, 12.5),
    ],
)
def test_the_95_percent_quantile_of_twenty_losses(
    convention: QuantileConvention, quantile: float
) -> None:
    found = value_at_risk(LOSSES, level=0.95, convention=convention)
    assert found == pytest.approx(quantile, abs=1e-12)


@pytest.mark.parametrize(("level", "shortfall"), [(0.95, 12.5), (0.925, 11.466667), (0.9, 10.95)])
def test_expected_shortfall_counts_the_edge_of_the_tail_in_part(
    level: float, shortfall: float
) -> None:
    assert expected_shortfall(LOSSES, level=level) == pytest.approx(shortfall, abs=5e-7)


def test_the_result_names_its_level_horizon_and_method() -> None:
    measure = historical_risk(-LOSSES, level=0.95, horizon="one day")

    assert (measure.value_at_risk, measure.expected_shortfall) == (9.4, 12.5)
    assert (measure.level, measure.horizon, measure.scenarios) == (0.95, "one day", 20)
    assert measure.method == "historical, inverted_cdf"


@given(SAMPLES, LEVELS, st.sampled_from(QuantileConvention))
def test_every_convention_agrees_with_numpy(
    losses: Vector, level: float, convention: QuantileConvention
) -> None:
    # NumPy forms level x n in floating point, ours exactly; at a whole rank it may take the next.
    ordered = np.sort(losses)
    ours = value_at_risk(losses, level=level, convention=convention)
    theirs = [
        float(np.quantile(ordered, level + shift, method=convention.value))
        for shift in (-1e-9, 0.0, 1e-9)
    ]
    assert min(theirs) - 1e-2 <= ours <= max(theirs) + 1e-2


@given(SAMPLES, LEVELS)
def test_shortfall_is_the_mean_of_the_quantile_over_the_tail(losses: Vector, level: float) -> None:
    # ES(a) = 1/(1-a) x integral of VaR(u) du over [a, 1]; VaR is a step function, so sum the steps.
    ordered = np.sort(losses)
    edges = np.clip(np.arange(len(ordered) + 1) / len(ordered), level, 1)
    integral = float(np.sum(np.diff(edges) * ordered)) / (1 - level)
    assert expected_shortfall(losses, level=level) == pytest.approx(integral, rel=1e-9, abs=1e-6)
    assert expected_shortfall(losses, level=level) >= value_at_risk(losses, level=level) - 1e-6


@given(
    st.integers(2, 40).flatmap(
        lambda n: st.tuples(*[arrays(np.float64, n, elements=st.floats(-1e6, 1e6))] * 2)
    ),
    LEVELS,
)
def test_shortfall_is_subadditive(pair: tuple[Vector, Vector], level: float) -> None:
    one, other = pair
    together = expected_shortfall(one + other, level=level)
    apart = expected_shortfall(one, level=level) + expected_shortfall(other, level=level)
    assert together <= apart + 1e-6


@pytest.mark.parametrize(
    ("level", "quantile", "shortfall"),
    [(0.99, 2.326348, 2.665214), (0.975, 1.959964, 2.337803), (0.95, 1.644854, 2.062713)],
)
def test_normal_measures(level: float, quantile: float, shortfall: float) -> None:
    assert normal_value_at_risk(mean=0, deviation=1, level=level) == pytest.approx(
        quantile, abs=5e-7
    )
    assert normal_expected_shortfall(mean=0, deviation=1, level=level) == pytest.approx(
        shortfall, abs=5e-7
    )
    assert normal_value_at_risk(mean=2, deviation=3, level=level) == pytest.approx(
        3 * quantile - 2, abs=5e-6
    )


def test_delta_normal_components_of_two_assets() -> None:
    values = np.array([1_000_000.0, -600_000.0])
    deviations = np.array([0.03, 0.04])
    covariance = np.outer(deviations, deviations) * np.array([[1, 0.8], [0.8, 1]])

    components = component_value_at_risk(values, covariance=covariance, level=0.99)

    assert components == pytest.approx([41_874.26, 0.0], abs=0.005)
    with pytest.raises(ValueError, match="portfolio with risk"):
        component_value_at_risk(0 * values, covariance=covariance, level=0.99)


class TestScenarios:
    PRICES = np.array([[50.0, -10.0, 30.0], [55.0, 0.0, 30.0], [45.0, -80.0, 31.0]])

    def test_changes_are_taken_hour_by_hour(self) -> None:
        assert hourwise_changes(self.PRICES).tolist() == [[5, 10, 0], [-10, -80, 1]]
        assert hourwise_changes(self.PRICES, lag_days=2).tolist() == [[-5, -70, 1]]

    def test_profit_is_energy_times_change(self) -> None:
        outcome = scenario_profit_and_loss(
            np.array([2.0, -1.0, 0.0]),
            wall_hours=np.array([0, 1, 2]),
            changes=hourwise_changes(self.PRICES),
        )
        assert outcome.tolist() == [0.0, 60.0]

    def test_a_doubled_hour_counts_twice_and_a_missing_one_not_at_all(self) -> None:
        changes = hourwise_changes(self.PRICES)
        autumn = scenario_profit_and_loss(
            np.ones(4), wall_hours=np.array([0, 1, 1, 2]), changes=changes
        )
        spring = scenario_profit_and_loss(np.ones(2), wall_hours=np.array([0, 2]), changes=changes)
        assert autumn.tolist() == [25.0, -169.0]
        assert spring.tolist() == [5.0, -9.0]

    @pytest.mark.parametrize(
        "prices", [np.zeros((1, 3)), np.zeros(3), np.array([[1.0, np.nan], [1.0, 2.0]])]
    )
    def test_a_history_with_gaps_is_refused(self, prices: Vector) -> None:
        with pytest.raises(ValueError, match=r"price"):
            hourwise_changes(prices)

    @pytest.mark.parametrize(
        ("energy", "hours"),
        [
            (np.ones(2), np.array([0])),
            (np.ones(1), np.array([3])),
            (np.ones(1), np.array([-1])),
            (np.array([np.nan]), np.array([0])),
        ],
    )
    def test_what_does_not_fit_is_refused(self, energy: Vector, hours: np.ndarray) -> None:
        with pytest.raises(ValueError, match=r"hours|finite"):
            scenario_profit_and_loss(
                energy, wall_hours=hours, changes=hourwise_changes(self.PRICES)
            )


@pytest.mark.parametrize("level", [0.0, 1.0, -0.1, 95])
def test_a_level_lies_inside_the_unit_interval(level: float) -> None:
    for measure in (value_at_risk, expected_shortfall):
        with pytest.raises(ValueError, match="confidence level"):
            measure(LOSSES, level=level)


@pytest.mark.parametrize("losses", [np.array([]), np.array([[1.0]]), np.array([1.0, np.nan])])
def test_missing_scenarios_are_not_zeros(losses: Vector) -> None:
    with pytest.raises(ValueError, match="scenario"):
        value_at_risk(losses, level=0.95)


def test_a_deviation_is_not_negative() -> None:
    with pytest.raises(ValueError, match="standard deviation"):
        normal_value_at_risk(mean=0, deviation=-1, level=0.95)
