"""The two views of history: what they refuse, and that neither can be altered."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest
from tests.domain.signals.examples import DRIVERS, MONDAY, ZONE, outlook, table

from wattbook_domain.delivery.granularity import Granularity
from wattbook_domain.delivery.period import DeliveryPeriod
from wattbook_domain.signals.series import DayOutlook, DayTable, DeliveryDay, Driver


def test_a_table_keeps_its_own_unchangeable_copy():
    source = np.zeros((1, 24))
    kept = DayTable(
        first_day=MONDAY,
        zone=ZONE,
        driver_names=DRIVERS,
        prices=source,
        drivers=source[:, :, None],
    )
    source[:] = 1.0
    assert not kept.prices.any()
    with pytest.raises(ValueError, match="read-only"):
        kept.prices[0, 0] = 1.0


def test_tables_compare_by_value_and_print_without_their_numbers():
    assert table(3) == table(3)
    assert table(3) != table(4)
    assert "array(3, 24)" in repr(table(3))


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_what_is_absent_cannot_hide_in_a_series(bad):
    with pytest.raises(ValueError, match="finite"):
        DayTable(
            first_day=MONDAY,
            zone=ZONE,
            driver_names=(),
            prices=np.full((1, 24), bad),
            drivers=np.empty((1, 24, 0)),
        )


@pytest.mark.parametrize("prices", [np.zeros((2, 23)), np.zeros((2, 25)), np.zeros(24)])
def test_a_table_has_one_column_for_each_hour_name(prices):
    with pytest.raises(ValueError, match="shape"):
        DayTable(
            first_day=MONDAY,
            zone=ZONE,
            driver_names=(),
            prices=prices,
            drivers=np.empty((2, 24, 0)),
        )


def test_a_table_is_cut_before_a_day():
    cut = table(5).before(MONDAY + timedelta(days=2))
    assert cut == table(2)
    assert cut.end_day == MONDAY + timedelta(days=2)
    assert len(table(5).before(MONDAY)) == 0
    with pytest.raises(ValueError, match="can be cut between"):
        table(5).before(MONDAY + timedelta(days=6))


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2017, 3, 26), 23), (date(2017, 10, 29), 25), (MONDAY, 24)]
)
def test_an_outlook_goes_to_the_real_hours(day, hours):
    loads = outlook(day).on_delivery("load_forecast_mw")
    assert len(loads) == hours
    assert loads[0] == 0.0
    assert loads[-1] == 23.0


def test_an_unknown_driver_is_named_with_the_known_ones():
    with pytest.raises(ValueError, match="one of load_forecast_mw, found 'snow'"):
        outlook(MONDAY).on_delivery("snow")


def test_an_outlook_has_the_shape_of_its_names():
    with pytest.raises(ValueError, match="shape"):
        DayOutlook(day=MONDAY, zone=ZONE, driver_names=("a", "b"), drivers=np.zeros((24, 1)))


def test_a_delivery_day_has_one_value_for_each_real_hour():
    day = date(2017, 3, 26)
    intervals = DeliveryPeriod.day(day, ZONE).split(Granularity.HOUR)

    def build(prices: int, loads: int) -> DeliveryDay:
        return DeliveryDay(
            day=day,
            zone=ZONE,
            currency="EUR",
            intervals=intervals,
            prices=(Decimal("-0.01"),) * prices,
            drivers=(Driver(name="load_forecast_mw", values=(1.0,) * loads),),
        )

    assert build(23, 23).driver("load_forecast_mw") == (1.0,) * 23
    with pytest.raises(ValueError, match="prices must have one value for each of the 23 hours"):
        build(24, 23)
    with pytest.raises(ValueError, match="load_forecast_mw must have one value"):
        build(23, 24)
