"""LEAR's parts: its inputs, its scale, its penalty, and that the quick way is the slow one."""

from __future__ import annotations

import warnings
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import Lasso, lars_path
from tests.domain.signals.examples import MONDAY, question
from tests.plugins.models.questions import ask

from wattbook_plugins.models.lear.design import build_design
from wattbook_plugins.models.lear.forecaster import WindowFit
from wattbook_plugins.models.lear.lasso import akaike_penalty, fit_hourly_lasso
from wattbook_plugins.models.lear.scaling import MedianArcsinh

SPIKE = date(2017, 1, 24)


class TestDesign:
    def test_a_row_holds_lagged_prices_drivers_and_the_day_of_the_week(self):
        # Prices are 100 x day + hour, drivers ten times that; the outlook's loads are the hours.
        design = build_design(question(10))
        assert design.inputs.shape == (4, 4 * 24 + 3 * 24 + 7)
        assert design.prices[:, 0].tolist() == [700, 800, 900]
        hour_five = design.inputs[1, 5 : 7 * 24 : 24]  # of day 8, a Tuesday
        assert hour_five.tolist() == [705, 605, 505, 105, 8050, 7050, 1050]
        assert design.inputs[1, -7:].tolist() == [0, 1, 0, 0, 0, 0, 0]

    def test_the_last_row_is_the_day_asked_for_and_knows_its_outlook_only(self):
        row = build_design(question(10)).inputs[-1]
        assert row[5 : 4 * 24 : 24].tolist() == [905, 805, 705, 305]
        assert row[4 * 24 : 5 * 24].tolist() == list(range(24))

    @pytest.mark.parametrize("shift", range(7))
    def test_the_week_follows_the_calendar(self, shift):
        first = MONDAY + timedelta(days=shift)
        rows = build_design(question(30, first_day=first)).inputs[:, -7:]
        for index, row in enumerate(rows):
            day = first + timedelta(days=7 + index)
            assert row.tolist() == [float(i == day.weekday()) for i in range(7)]


class TestScale:
    @given(arrays(np.float64, (20, 3), elements=st.floats(-3000, 3000)))
    def test_undo_undoes(self, rows):
        scale = MedianArcsinh.fit(rows)
        assert scale.undo(scale.apply(rows)) == pytest.approx(rows, abs=1e-6)

    def test_a_unit_normal_keeps_its_middle(self):
        # arcsinh x ~ x near zero; 0.6745 of a unit normal's mass lies within its median deviation.
        normal = np.random.default_rng(3).normal(50.0, 8.0, size=(20_001, 1))
        scale = MedianArcsinh.fit(normal)
        assert scale.median == pytest.approx(50.0, abs=0.2)
        assert scale.spread == pytest.approx(8.0, abs=0.2)

    def test_a_column_without_spread_keeps_its_unit(self):
        assert MedianArcsinh.fit(np.full((9, 1), 7.0)).apply(np.array([[8.0]])) == np.arcsinh(1.0)


class TestPenalty:
    @staticmethod
    def moments(rows: int, columns: int, seed: int):
        random = np.random.default_rng(seed)
        inputs = random.normal(size=(rows, columns))
        target = inputs[:, :3] @ [2.0, -1.0, 0.5] + random.normal(size=rows)
        inputs, target = inputs - inputs.mean(axis=0), target - target.mean()
        return inputs, target

    @pytest.mark.parametrize(("rows", "columns"), [(200, 20), (30, 80)])
    @pytest.mark.parametrize("seed", range(5))
    def test_where_the_path_is_cut_first_does_not_matter(self, rows, columns, seed):
        inputs, target = self.moments(rows, columns, seed)
        found = {
            akaike_penalty(
                inputs.T @ inputs,
                inputs.T @ target,
                rows=rows,
                target_square=float(target @ target),
                path_steps=steps,
            )
            for steps in (2, 10, None, 1000)
        }
        assert max(found) - min(found) <= 1e-12

    def test_the_three_true_inputs_are_found(self):
        inputs, target = self.moments(2000, 20, 1)
        fit = fit_hourly_lasso(inputs, target[:, None])
        assert fit.weights[:3, 0] == pytest.approx([2.0, -1.0, 0.5], abs=0.1)
        assert np.abs(fit.weights[3:]).max() < 0.1

    def test_a_constant_hour_is_its_own_forecast(self):
        inputs, _ = self.moments(50, 5, 1)
        fit = fit_hourly_lasso(inputs, np.full((50, 1), 4.0))
        assert fit.predict(inputs) == pytest.approx(np.full((50, 1), 4.0))


class TestTheQuickWayIsTheSlowWay:
    """Against the text-book route: the whole path over the columns themselves, one hour at a time,
    then a lasso that is given no Gram matrix."""

    @pytest.mark.parametrize("window", [56, pytest.param(1092, marks=pytest.mark.slow)])
    def test_same_penalties_same_weights(self, window):
        design = build_design(ask(SPIKE))
        end = len(design.prices)
        fit = WindowFit.on(design, end=end, window=window)
        rows = slice(end - window + 7, end)
        inputs = np.hstack(
            [fit.input_scale.apply(design.inputs[rows, :-7]), design.inputs[rows, -7:]]
        )
        prices = fit.price_scale.apply(design.prices[rows])
        for hour in (0, 8, 19):
            penalty = slow_penalty(inputs, prices[:, hour])
            assert fit.lasso.penalties[hour] == pytest.approx(penalty, rel=1e-9)
            slow = slow_lasso(inputs, prices[:, hour], penalty)
            assert fit.lasso.weights[:, hour] == pytest.approx(slow.coef_, abs=1e-4)
            assert fit.lasso.predict(inputs)[:, hour] == pytest.approx(
                slow.predict(inputs), abs=1e-4
            )


def slow_penalty(inputs, target):
    centred = inputs - inputs.mean(axis=0)
    length = np.linalg.norm(centred, axis=0)
    deviations = target - target.mean()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        penalties, _, path = lars_path(
            centred / np.where(length > 0, length, 1), deviations, method="lasso", Gram=False
        )
    unit = centred / np.where(length > 0, length, 1)
    errors = ((deviations[:, None] - unit @ path) ** 2).mean(axis=0)
    criterion = len(target) * errors / deviations.var() + 2 * (path != 0).sum(axis=0)
    return penalties[1 + np.argmin(criterion[1:])]


def slow_lasso(inputs, target, penalty):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return Lasso(alpha=penalty, max_iter=2500).fit(inputs, target)
