"""LEAR on real days: what it answers, that it cannot see ahead, and what it says of itself."""

from __future__ import annotations

import gzip
from datetime import date, timedelta
from functools import cache
from importlib import resources
from pathlib import Path

import attrs
import numpy as np
import pytest
from tests.plugins.models.questions import ask, settled

from wattbook_contracts.errors import DataFault
from wattbook_contracts.ports.forecaster import Forecaster
from wattbook_domain.signals.forecast import Forecast, ForecastQuestion
from wattbook_plugins.feeds.epex_de.feed import PACKAGED_FILE, open_feed
from wattbook_plugins.models.lear.forecaster import LearForecaster
from wattbook_plugins.models.lear.plugin import MANIFEST, wattbook_register_forecasters

SPIKE = date(2017, 1, 24)


@cache
def short_answer() -> Forecast:
    return LearForecaster().forecast(ask(SPIKE, days=200))


def test_the_plugin_offers_it_by_its_name():
    (descriptor,) = wattbook_register_forecasters()
    model: Forecaster = descriptor.build()
    assert descriptor.name == MANIFEST.name == model.name == "lear"
    assert descriptor.minimum_history_days == 84


def test_it_says_with_what_it_spoke():
    answer = short_answer()
    assert answer.model == "LEAR 56/84"
    assert answer.level == 0.9
    assert answer.calibration.startswith("split conformal, 90% by hour, rank 83 of 91")
    assert "LEAR 56/84 fitted once before the last 91 days" in answer.calibration


def test_the_same_question_gets_the_same_answer():
    assert LearForecaster().forecast(ask(SPIKE, days=200)) == short_answer()


def test_it_is_kept_to_six_decimals():
    for value in (*short_answer().point, *short_answer().lower, *short_answer().upper):
        assert value == round(value, 6)


@pytest.mark.slow
def test_the_whole_ensemble_speaks_when_history_allows():
    steps = []
    answer = LearForecaster().forecast(ask(SPIKE), progress=lambda *done: steps.append(done))
    assert answer.model == "LEAR 56/84/1092/1456"
    assert steps == [(done, 8) for done in range(1, 9)]


@pytest.mark.parametrize(
    ("days", "model"),
    [
        (147, "LEAR 56"),
        (84, "LEAR 56"),
        (83, "similar day (LEAR needs 84 days, has 83)"),
        (2, "similar day (LEAR needs 84 days, has 2)"),
    ],
)
def test_a_short_history_uses_what_fits_and_says_so(days, model):
    answer = LearForecaster().forecast(ask(SPIKE, days=days))
    assert answer.model == model
    assert len(answer.point) == len(answer.intervals) == 24


def test_the_first_day_of_the_data_names_the_first_possible_one():
    with pytest.raises(DataFault, match="choose 2012-01-11 or a later day"):
        LearForecaster().forecast(ask(date(2012, 1, 10)))


@pytest.mark.parametrize(
    ("day", "hours", "twins"), [(date(2017, 3, 26), 23, None), (date(2017, 10, 29), 25, (2, 3))]
)
def test_clock_changes_keep_the_real_hours(day, hours, twins):
    answer = LearForecaster().forecast(ask(day, days=160))
    assert len(answer.point) == hours
    assert answer.intervals == settled(day).intervals
    if twins is not None:
        first, second = twins
        assert answer.point[first] == answer.point[second]
        assert answer.intervals[first].label != answer.intervals[second].label


class TestNoLookingAhead:
    """Whatever happens on the day and after it, the forecast made before is the same to the bit."""

    CUT = 200

    def test_altering_the_future_of_the_file_alters_nothing(self, tmp_path: Path):
        altered = self.question_from(self.file_with_another_future(tmp_path))
        assert LearForecaster().forecast(altered) == LearForecaster().forecast(
            self.question_from(None)
        )

    def test_altering_yesterday_does_alter_it(self):
        question = ask(SPIKE, days=self.CUT)
        prices = question.history.prices.copy()
        prices[-1] += 10
        changed = attrs.evolve(question, history=attrs.evolve(question.history, prices=prices))
        assert LearForecaster().forecast(changed).point != short_answer().point

    def test_altering_the_outlook_does_alter_it(self):
        question = ask(SPIKE, days=self.CUT)
        windier = question.outlook.drivers * [1.0, 1.5]
        changed = attrs.evolve(question, outlook=attrs.evolve(question.outlook, drivers=windier))
        answer = LearForecaster().forecast(changed)
        assert np.mean(answer.point) < np.mean(short_answer().point)

    def question_from(self, path: Path | None) -> ForecastQuestion:
        feed = open_feed(path)
        at = feed.publication.outlook_published_at(SPIKE)
        whole = feed.history(SPIKE, as_of=at)
        history = attrs.evolve(
            whole,
            first_day=SPIKE - timedelta(days=self.CUT),
            prices=whole.prices[-self.CUT :],
            drivers=whole.drivers[-self.CUT :],
        )
        return ForecastQuestion(
            history=history, outlook=feed.outlook(SPIKE, as_of=at), issued_at=at
        )

    @staticmethod
    def file_with_another_future(tmp_path: Path) -> Path:
        packed = resources.files("wattbook_plugins.feeds.epex_de") / "data" / PACKAGED_FILE
        header, *rows = gzip.decompress(packed.read_bytes()).decode().splitlines()
        changed = []
        for row in rows:
            stamp, _, load, sun = row.split(",")
            if stamp >= str(SPIKE + timedelta(days=1)):
                row = f"{stamp},-99.99,{load}1,{sun}1"
            elif stamp >= str(SPIKE):
                row = f"{stamp},2999.99,{load},{sun}"
            changed.append(row)
        path = tmp_path / "other_future.csv"
        path.write_text("\n".join([header, *changed, ""]), encoding="ascii")
        return path
