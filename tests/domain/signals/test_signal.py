"""What a forecast says against a price one could trade at, and how opinions are pooled."""

from __future__ import annotations

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.domain.signals.examples import forecast

from wattbook_domain.signals.signal import Signal, aggregate, signals_from

REFERENCE = st.floats(-3000, 3000, allow_nan=False)


@pytest.mark.parametrize(
    ("reference", "probability_up"),
    # Level 0.9: 0.05 in each tail. Point 10 is the median; 7.5 is half way to the lower bound.
    [(10.0, 0.5), (5.0, 0.95), (15.0, 0.05), (7.5, 0.725), (-100.0, 0.95), (100.0, 0.05)],
)
def test_probability_is_read_off_the_interval(reference, probability_up):
    first = signals_from(forecast(), (reference, 0.0, 0.0))[0]
    assert first.probability_up == pytest.approx(probability_up)
    assert first.edge == 10.0 - reference


@given(a=REFERENCE, b=REFERENCE)
def test_a_dearer_reference_never_makes_buying_likelier(a, b):
    low, high = sorted((a, b))
    cheap = signals_from(forecast(), (low, 0.0, 0.0))[0]
    dear = signals_from(forecast(), (high, 0.0, 0.0))[0]
    assert cheap.edge >= dear.edge
    assert cheap.probability_up >= dear.probability_up
    assert 0.05 - 1e-12 <= dear.probability_up <= cheap.probability_up <= 0.95 + 1e-12


@pytest.mark.parametrize(("reference", "up"), [(9.0, 0.95), (10.0, 0.5), (11.0, 0.05)])
def test_an_interval_of_no_width_still_claims_no_certainty(reference, up):
    sure = forecast(lower=(10.0, 0.0, -20.0), upper=(10.0, 0.0, -20.0))
    assert signals_from(sure, (reference, 0.0, 0.0))[0].probability_up == pytest.approx(up)


def test_confidence_is_that_of_the_side_the_edge_points_to():
    up, none, down = signals_from(forecast(), (7.5, 0.0, -15.0))
    assert (up.edge, up.confidence) == (2.5, pytest.approx(0.725))
    assert none.confidence == pytest.approx(0.5)
    assert down.edge == -5.0
    assert down.confidence == pytest.approx(0.725)


def test_every_interval_needs_a_reference():
    with pytest.raises(ValueError, match="one reference price for each of 3"):
        signals_from(forecast(), (1.0,))


def test_sure_and_opposite_opinions_leave_one_half():
    long, short = _opinion(edge=4.0, up=1.0), _opinion(edge=-4.0, up=0.0)
    pooled = aggregate([long, short], [1, 1], source="desk")
    assert (pooled.edge, pooled.probability_up, pooled.source) == (0.0, 0.5, "desk")


@given(st.lists(st.tuples(st.floats(-50, 50), st.floats(0, 1), st.floats(0.01, 5)), min_size=1))
def test_a_pool_lies_within_its_members(members):
    signals = [_opinion(edge=edge, up=up) for edge, up, _ in members]
    pooled = aggregate(signals, [weight for *_, weight in members], source="desk")
    assert min(s.edge for s in signals) - 1e-9 <= pooled.edge
    assert pooled.edge <= max(s.edge for s in signals) + 1e-9
    assert min(s.probability_up for s in signals) - 1e-9 <= pooled.probability_up
    assert pooled.probability_up <= max(s.probability_up for s in signals) + 1e-9


def test_opinions_on_different_hours_are_not_pooled():
    first, second, _ = signals_from(forecast(), (1.0, 1.0, 1.0))
    with pytest.raises(ValueError, match="same interval"):
        aggregate([first, second], [1, 1], source="desk")


@pytest.mark.parametrize("change", [{"edge": float("inf")}, {"probability_up": 1.1}])
def test_an_impossible_signal_is_refused(change):
    with pytest.raises(ValueError):
        attrs.evolve(_opinion(edge=1.0, up=0.5), **change)


def _opinion(*, edge: float, up: float) -> Signal:
    first = signals_from(forecast(), (0.0, 0.0, 0.0))[0]
    return attrs.evolve(first, edge=edge, probability_up=up)
