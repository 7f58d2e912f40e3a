"""The six analytics steps: what each may know, what it answers, and when it must stay silent."""

from __future__ import annotations

import gzip
from datetime import date, timedelta
from functools import cache
from importlib import resources
from pathlib import Path
from statistics import fmean

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.application.days import AUTUMN, SPRING, WINTER, a_forecast, a_setup

from wattbook_adapters.optimisation.highs import HighsOptimiser
from wattbook_application.analytics.aggregate_signals import aggregate, signals
from wattbook_application.analytics.collect import collect, received
from wattbook_application.analytics.engineer_features import engineer_features
from wattbook_application.analytics.grade_confidence import grade_confidence
from wattbook_application.analytics.infer import Answer, Model, infer
from wattbook_application.portfolio.dispatch import battery_of, dispatch
from wattbook_contracts.errors import DataFault
from wattbook_contracts.ports.forecaster import FitProgress
from wattbook_contracts.ports.market_feed import QualityFault
from wattbook_domain.delivery.granularity import Granularity
from wattbook_domain.delivery.period import DeliveryPeriod
from wattbook_domain.foundation.instants import UtcNs
from wattbook_domain.portfolio.dispatch import DispatchPlan
from wattbook_domain.portfolio.horizon import Horizon, PriceStrip
from wattbook_domain.quantities.money import Currency
from wattbook_domain.quantities.power import Power
from wattbook_domain.signals.forecast import Forecast, ForecastQuestion
from wattbook_domain.signals.signal import Signal
from wattbook_plugins.feeds.epex_de.feed import EpexDeFeed, open_feed
from wattbook_plugins.models.naive.forecaster import SimilarDayForecaster

DAY = date(2012, 3, 26)
"""The day after a clock change: the eve has a missing hour, and still one row for every name."""

INTERVALS = DeliveryPeriod.day(WINTER, "Europe/Berlin").split(Granularity.HOUR)


@cache
def market() -> EpexDeFeed:
    return open_feed()


def outlook_at(day: date) -> UtcNs:
    return market().publication.outlook_published_at(day)


def asked(feed: EpexDeFeed, day: date) -> ForecastQuestion:
    at = outlook_at(day)
    return engineer_features(collect(feed, day, as_of=at), issued_at=at, level=0.9)


def similar_day(minimum_days: int = 8) -> Model:
    return Model(forecaster=SimilarDayForecaster(), minimum_history_days=minimum_days, weight=1.0)


@attrs.frozen
class Elaborate:
    """A model of another name, for telling who spoke; it doubles the similar day."""

    name: str = "elaborate"

    def forecast(
        self, question: ForecastQuestion, *, progress: FitProgress | None = None
    ) -> Forecast:
        plain = SimilarDayForecaster().forecast(question, progress=progress)
        return attrs.evolve(plain, model=self.name)


class TestCollection:
    def test_the_outlook_is_refused_until_it_is_published(self) -> None:
        with pytest.raises(QualityFault, match="NOT_YET_PUBLISHED"):
            collect(market(), DAY, as_of=UtcNs(outlook_at(DAY) - 1))
        assert collect(market(), DAY, as_of=outlook_at(DAY)).outlook.day == DAY

    def test_the_eve_s_prices_are_the_last_of_the_history(self) -> None:
        collected = collect(market(), DAY, as_of=outlook_at(DAY))
        assert collected.history.end_day == DAY

    def test_a_day_the_feed_does_not_know_is_refused(self) -> None:
        unknown = market().last_day + timedelta(days=1)
        with pytest.raises(QualityFault, match="UNKNOWN_DATE"):
            collect(market(), unknown, as_of=outlook_at(unknown))

    def test_the_fact_names_what_was_read(self) -> None:
        collected = collect(market(), DAY, as_of=outlook_at(DAY))
        fact = received(collected, market(), at=outlook_at(DAY))
        assert fact.history_days == (DAY - market().first_day).days
        assert fact.outlook_day == DAY
        assert fact.sha256 == market().content_sha256


class TestNothingLater:
    @pytest.fixture
    def altered(self, tmp_path: Path) -> EpexDeFeed:
        """The packaged market with everything changed that was not yet public in the morning
        before `DAY`: its own prices, and every later row whole."""
        packaged = resources.files("wattbook_plugins.feeds.epex_de") / "data" / "epf_DE.csv.gz"
        lines = gzip.decompress(packaged.read_bytes()).decode().splitlines()
        head, rows = lines[0], lines[1 : 1 + 24 * 100]
        told = []
        for row in rows:
            stamp, price, load, renewable = row.split(",")
            if stamp >= DAY.isoformat():
                price = str(round(-3 * float(price) + 7, 2))
            if stamp >= (DAY + timedelta(days=1)).isoformat():
                load, renewable = "1.0", "2.0"
            told.append(",".join((stamp, price, load, renewable)))
        path = tmp_path / "altered.csv"
        path.write_text("\n".join([head, *told]) + "\n", "utf-8")
        return open_feed(path)

    def test_no_step_sees_it(self, altered: EpexDeFeed) -> None:
        as_was, as_altered = asked(market(), DAY), asked(altered, DAY)
        assert as_altered == as_was
        (one,), (other,) = (infer([similar_day()], q) for q in (as_was, as_altered))
        assert one == other
        assert signals(one.forecast, as_was) == signals(other.forecast, as_altered)

    def test_the_alteration_would_show_a_day_later(self, altered: EpexDeFeed) -> None:
        tomorrow = DAY + timedelta(days=1)
        assert asked(altered, tomorrow) != asked(market(), tomorrow)


class TestInference:
    def test_the_first_model_that_can_speak_speaks_alone(self) -> None:
        models = [Model(forecaster=Elaborate(), minimum_history_days=9, weight=2.0), similar_day()]
        (answer,) = infer(models, asked(market(), DAY))
        assert (answer.forecast.model, answer.weight) == ("elaborate", 2.0)

    def test_it_falls_back_where_history_is_short(self) -> None:
        models = [
            Model(forecaster=Elaborate(), minimum_history_days=5_000, weight=2.0),
            similar_day(),
        ]
        (answer,) = infer(models, asked(market(), DAY))
        assert (answer.forecast.model, answer.weight) == ("similar day", 1.0)

    def test_it_names_the_day_and_the_shortest_history_that_would_do(self) -> None:
        models = [similar_day(200), similar_day(90)]
        with pytest.raises(DataFault, match="2012-03-26 needs at least 90 days of history"):
            infer(models, asked(market(), DAY))

    @pytest.mark.parametrize(("day", "hours"), [(SPRING, 23), (WINTER, 24), (AUTUMN, 25)])
    def test_it_answers_for_every_real_hour(self, day: date, hours: int) -> None:
        (answer,) = infer([similar_day()], asked(market(), day))
        assert len(answer.forecast.point) == hours


POINTS = st.lists(st.floats(-100, 300), min_size=24, max_size=24)


class TestAggregation:
    @given(POINTS, st.floats(0.1, 9))
    def test_one_answer_is_left_as_it_is(self, point: list[float], weight: float) -> None:
        forecast = a_forecast(INTERVALS, point)
        assert aggregate([Answer(forecast=forecast, weight=weight)]) is forecast

    def test_several_are_weighed(self) -> None:
        low, high = a_forecast(INTERVALS, [10.0] * 24), a_forecast(INTERVALS, [50.0] * 24)
        together = aggregate([Answer(forecast=low, weight=3.0), Answer(forecast=high, weight=1.0)])
        assert together.point == (20.0,) * 24
        assert together.lower == (10.0,) * 24
        assert "uncalibrated" in together.calibration

    @pytest.mark.parametrize("day", [SPRING, AUTUMN])
    def test_a_signal_compares_with_the_same_hour_of_the_eve(self, day: date) -> None:
        question = asked(market(), day)
        intervals = DeliveryPeriod.day(day, "Europe/Berlin").split(Granularity.HOUR)
        forecast = a_forecast(intervals, [0.0] * len(intervals))
        eve = question.history.prices[-1]
        for signal in signals(forecast, question):
            assert signal.edge == -eve[signal.interval.local_start.hour]


def a_signal(edge: float, probability_up: float) -> Signal:
    return Signal(
        source="s",
        issued_at=UtcNs(0),
        interval=INTERVALS[0],
        edge=edge,
        probability_up=probability_up,
    )


class TestConfidence:
    @given(
        st.lists(
            st.tuples(st.floats(-50, 50), st.floats(0, 1)).map(lambda pair: a_signal(*pair)),
            min_size=1,
            max_size=25,
        )
    )
    def test_it_is_the_mean_probability_of_being_on_the_right_side(
        self, given_signals: list[Signal]
    ) -> None:
        right = [s.probability_up if s.edge >= 0 else 1 - s.probability_up for s in given_signals]
        assert grade_confidence(given_signals) == pytest.approx(fmean(right))
        assert 0 <= grade_confidence(given_signals) <= 1

    def test_without_a_signal_there_is_none(self) -> None:
        with pytest.raises(ValueError, match="at least one signal"):
            grade_confidence([])


class TestDecision:
    def test_the_battery_buys_the_cheapest_hours_and_sells_the_dearest(self) -> None:
        prices = [50.0] * 24
        prices[3], prices[19] = 5.0, 120.0
        plan = self._plan(prices)
        assert plan.charge_lots[3] == 100
        assert plan.discharge_lots[19] > 0
        assert plan.net_lots[3] < 0 < plan.net_lots[19]

    def test_at_one_price_it_rests(self) -> None:
        assert set(self._plan([50.0] * 24).net_lots) == {0}

    def _plan(self, prices: list[float]) -> DispatchPlan:
        setup = a_setup()
        strip = PriceStrip.of_forecast(Horizon(INTERVALS), prices, Currency.EUR)
        return dispatch(
            battery_of(setup),
            strip,
            lot=Power.of_mw(setup.market.lot_mw),
            optimiser=HighsOptimiser(),
        )
