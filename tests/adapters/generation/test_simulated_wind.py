"""Simulated wind: bounded, repeatable, and forecast by conditional expectation."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wattbook_adapters.generation.noise import ErrorModel, child_seed, error_parts
from wattbook_adapters.generation.simulated_wind import PublishedArea, SimulatedWind
from wattbook_contracts.errors import DataFault
from wattbook_domain.delivery.granularity import Granularity
from wattbook_domain.delivery.period import DeliveryPeriod
from wattbook_domain.foundation.instants import NS_PER_HOUR, UtcNs
from wattbook_domain.portfolio.assets import WindFarm
from wattbook_domain.quantities.money import Currency
from wattbook_domain.quantities.power import Power
from wattbook_domain.quantities.price import Price

BERLIN = "Europe/Berlin"
FARM = WindFarm(
    asset_id="W1",
    capacity=Power.of_mw(50),
    is_curtailable=True,
    floor_price=Price.of(0, Currency.EUR),
)
DAYS = (date(2017, 3, 26), date(2017, 1, 24), date(2017, 10, 29))


def intervals_of(day: date, granularity: Granularity = Granularity.HOUR):
    return DeliveryPeriod.day(day, BERLIN).split(granularity)


def wind(*days: date, factor: float = 0.5, seed: int = 7, granularity=Granularity.HOUR):
    forecast = {i: factor * 60_000.0 for day in days for i in intervals_of(day, granularity)}
    area = PublishedArea(forecast_mw=forecast, installed_mw=60_000.0)
    return SimulatedWind(FARM, area=area, seed=seed)


def hours_before(interval: DeliveryPeriod, hours: float) -> UtcNs:
    return UtcNs(interval.start - round(hours * NS_PER_HOUR))


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("granularity", [Granularity.HOUR, Granularity.MINUTES_15])
def test_every_real_interval_of_a_day_has_an_output(day, granularity):
    intervals = intervals_of(day, granularity)
    feed = wind(day, granularity=granularity)
    metered = feed.metered(intervals, as_of=intervals[-1].end)
    assert metered.intervals == intervals
    assert len(intervals) in (23, 24, 25, 92, 96, 100)


@given(factor=st.floats(0, 1.2), seed=st.integers(0, 10**6), lead=st.floats(0, 48))
def test_output_and_forecast_are_whole_kilowatts_within_the_farm(factor, seed, lead):
    day = DAYS[1]
    intervals = intervals_of(day)
    feed = wind(day, factor=factor, seed=seed)
    outcome = feed.metered(intervals, as_of=intervals[-1].end)
    forecast = feed.expected(intervals, issued_at=hours_before(intervals[0], lead))
    for power in (*outcome.powers, *forecast.powers):
        assert 0 <= power.whole_kw <= 50_000


def test_a_day_does_not_depend_on_what_else_was_asked_for():
    intervals = intervals_of(DAYS[1])
    alone = wind(DAYS[1]).metered(intervals, as_of=intervals[-1].end)
    among_others = wind(*DAYS)
    for day in DAYS:
        others = intervals_of(day)
        among_others.metered(others, as_of=others[-1].end)
    assert among_others.metered(intervals, as_of=intervals[-1].end) == alone


def test_seed_asset_and_day_give_different_weather():
    model, hours = ErrorModel(), [1.0] * 24
    draws = [
        error_parts(model, hours, seed=seed, asset_id=asset_id, day=day).tobytes()
        for seed in (1, 2)
        for asset_id in ("W1", "W2")
        for day in (DAYS[0], DAYS[1])
    ]
    assert len(set(draws)) == len(draws)


def test_a_child_seed_is_the_sha256_of_its_path():
    # sha256("7/W1/2017-01-24/0"), computed with coreutils.
    known = 0xEC075015E501F27C4F68F2C6537E9FFF2B98DEA691377B14474B760D00810129
    assert child_seed(7, "W1", DAYS[1], 0) == known


def test_from_the_start_of_delivery_on_the_forecast_is_the_outcome():
    intervals = intervals_of(DAYS[1])
    feed = wind(DAYS[1])
    outcome = feed.metered(intervals, as_of=intervals[-1].end)
    known = feed.expected(intervals, issued_at=intervals[-1].start)
    assert known == outcome


def test_an_interval_that_has_not_ended_is_absent_from_the_metering():
    intervals = intervals_of(DAYS[1])
    metered = wind(DAYS[1]).metered(intervals, as_of=UtcNs(intervals[9].end - 1))
    assert metered.intervals == intervals[:9]


def test_far_ahead_the_forecast_is_the_public_one():
    intervals = intervals_of(DAYS[1])
    forecast = wind(DAYS[1]).expected(intervals, issued_at=hours_before(intervals[0], 30))
    assert {power.whole_kw for power in forecast.powers} == {25_000}


def test_an_interval_outside_the_public_forecast_is_a_data_fault():
    other = intervals_of(DAYS[2])
    with pytest.raises(DataFault, match=r"2017-10-29 00:00"):
        wind(DAYS[1]).expected(other, issued_at=other[0].start)


def test_errors_shrink_with_lead_time_and_revisions_cannot_be_foreseen():
    """Over 2,000 days: the error's spread is the model's, and the correlation between what is
    known and what is still to come is zero within four standard errors."""
    model = ErrorModel()
    thresholds = np.array(model.lead_hours)
    sample = np.array(
        [
            error_parts(model, [1.0] * 24, seed=3, asset_id="W1", day=date(2000, 1, 1) + n * ONE)[
                :, 12
            ]
            for n in range(2000)
        ]
    )
    spreads = []
    for lead in (36.0, 20.0, 10.0, 4.0, 2.0, 0.5):
        unknown = sample[:, thresholds < lead].sum(axis=1)
        known = sample[:, thresholds >= lead].sum(axis=1)
        spreads.append(unknown.std())
        assert unknown.std() == pytest.approx(model.remaining_std(lead), rel=0.08)
        if known.any():
            assert abs(np.corrcoef(known, unknown)[0, 1]) < 4 / np.sqrt(2000)
    assert spreads == sorted(spreads, reverse=True)


ONE = timedelta(days=1)


@pytest.mark.parametrize(
    "broken",
    [
        {"lead_hours": (), "std": ()},
        {"lead_hours": (24.0, 6.0), "std": (0.1,)},
        {"lead_hours": (6.0, 24.0), "std": (0.1, 0.1)},
        {"lead_hours": (6.0,), "std": (-0.1,)},
        {"persistence_per_hour": 1.0},
    ],
)
def test_an_error_model_that_makes_no_sense_is_refused(broken):
    with pytest.raises(ValueError, match=r"must|needs"):
        ErrorModel(**broken)
