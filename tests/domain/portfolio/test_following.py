"""A battery follows what is asked of it as far as it can, and never further."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wattbook_domain.delivery.granularity import Granularity
from wattbook_domain.delivery.period import DeliveryPeriod
from wattbook_domain.portfolio.assets import Battery
from wattbook_domain.portfolio.following import follow
from wattbook_domain.portfolio.horizon import Horizon
from wattbook_domain.quantities.energy import Energy
from wattbook_domain.quantities.money import Currency
from wattbook_domain.quantities.power import Power
from wattbook_domain.quantities.price import Price

BATTERY = Battery(
    asset_id="B",
    charge_power=Power.of_mw(10),
    discharge_power=Power.of_mw(8),
    capacity=Energy.of_mwh(20),
    charge_efficiency=Decimal("0.95"),
    discharge_efficiency=Decimal("0.9"),
    initial_energy=Energy.of_mwh(5),
    final_energy=None,
    wear_cost=Price.of(0, Currency.EUR),
)


def horizon(day: date, granularity: Granularity = Granularity.HOUR) -> Horizon:
    return Horizon(DeliveryPeriod.day(day, "Europe/Berlin").split(granularity))


@given(
    day=st.sampled_from([date(2017, 1, 24), date(2017, 3, 26), date(2017, 10, 29)]),
    granularity=st.sampled_from([Granularity.HOUR, Granularity.MINUTES_15]),
    data=st.data(),
)
def test_energy_is_conserved_and_no_bound_is_passed(
    day: date, granularity: Granularity, data: st.DataObject
) -> None:
    where = horizon(day, granularity)
    wanted = data.draw(
        st.lists(st.integers(-15_000, 15_000), min_size=len(where), max_size=len(where))
    )
    done = follow(BATTERY, where, wanted)
    for asked, kw, held in zip(wanted, done.net_kw, done.stored, strict=True):
        assert min(asked, 0) <= kw <= max(asked, 0)
        assert -10_000 <= kw <= 8_000
        assert Energy.zero() <= held <= BATTERY.capacity
    gained = done.charged * BATTERY.charge_efficiency
    spent = done.discharged / BATTERY.discharge_efficiency
    assert done.stored[-1] == BATTERY.initial_energy + gained - spent


def test_what_can_be_done_is_done_and_the_rest_is_not() -> None:
    where = Horizon(horizon(date(2017, 1, 24)).intervals[:4])
    # 5 MWh held give 4.5 MWh at the grid; then 20 MWh of room take 10 MW twice and 1.052 MW.
    done = follow(BATTERY, where, [6_000, -12_000, -10_000, -5_000])
    assert done.net_kw == (4_500, -10_000, -10_000, -1_052)
    assert done.stored[0] == Energy.zero()


def test_each_interval_is_asked_once() -> None:
    with pytest.raises(ValueError, match="24 intervals, found 3"):
        follow(BATTERY, horizon(date(2017, 1, 24)), [0, 0, 0])
