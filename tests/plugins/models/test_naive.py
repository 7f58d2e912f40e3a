"""The similar-day forecaster on the real market, from its first possible day on."""

from __future__ import annotations

from datetime import date

import pytest
from tests.plugins.models.questions import ask, settled

from wattbook_contracts.errors import DataFault
from wattbook_contracts.ports.forecaster import Forecaster
from wattbook_plugins.models.naive.forecaster import SimilarDayForecaster
from wattbook_plugins.models.naive.plugin import MANIFEST, wattbook_register_forecasters

FIRST_POSSIBLE = date(2012, 1, 11)


def test_the_plugin_offers_it_by_its_name():
    (descriptor,) = wattbook_register_forecasters()
    model: Forecaster = descriptor.build()
    assert descriptor.name == MANIFEST.name == model.name == "naive"
    assert descriptor.minimum_history_days == 2


def test_a_tuesday_costs_what_its_monday_did():
    steps = []
    answer = SimilarDayForecaster().forecast(
        ask(date(2017, 1, 24)), progress=lambda *done: steps.append(done)
    )
    assert answer.point == tuple(float(p) for p in settled(date(2017, 1, 23)).prices)
    assert answer.model == "similar day"
    assert answer.level == 0.9
    assert steps == [(1, 1)]


def test_the_first_possible_day_is_answered_and_the_one_before_names_it():
    answer = SimilarDayForecaster().forecast(ask(FIRST_POSSIBLE))
    assert answer.level == 0.5
    assert len(answer.intervals) == 24
    with pytest.raises(DataFault, match=r"found 1 before 2012-01-10; choose 2012-01-11 or"):
        SimilarDayForecaster().forecast(ask(date(2012, 1, 10)))
