"""Total notional quantity: real hours, exactly."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wattbook_domain.delivery.granularity import Granularity
from wattbook_domain.delivery.period import DeliveryPeriod
from wattbook_domain.foundation.instants import NS_PER_HOUR, UtcNs
from wattbook_domain.quantities.power import Power
from wattbook_domain.regulation.quantity import merged, total_hours, total_notional_quantity

BERLIN = "Europe/Berlin"

# Computed for Europe/Berlin base load; gas days run 06:00 to 06:00.
HOURS = [
    (DeliveryPeriod.month(2026, 3, BERLIN), 743),
    (DeliveryPeriod.month(2026, 10, BERLIN), 745),
    (DeliveryPeriod.day(date(2026, 3, 29), BERLIN), 23),
    (DeliveryPeriod.day(date(2026, 10, 25), BERLIN), 25),
    (DeliveryPeriod.year(2026, BERLIN), 8760),
    (DeliveryPeriod.gas_day(date(2026, 3, 28), BERLIN), 23),
    (DeliveryPeriod.gas_day(date(2026, 10, 24), BERLIN), 25),
]


@pytest.mark.parametrize(("period", "hours"), HOURS)
def test_known_hours(period: DeliveryPeriod, hours: int) -> None:
    assert total_hours([period]) == hours
    assert total_notional_quantity(Power.of_mw(10), [period]).mwh == 10 * hours


def test_ten_megawatts_of_base_load_in_march_2026() -> None:
    days = DeliveryPeriod.month(2026, 3, BERLIN).split(Granularity.DAY)
    assert total_notional_quantity(Power.of_mw(10), days).mwh == 7430


@given(
    st.dates(date(2015, 1, 1), date(2030, 12, 31)),
    st.sampled_from([BERLIN, "Europe/London", "America/New_York", "Australia/Brisbane"]),
    st.sampled_from([Granularity.HOUR, Granularity.MINUTES_30, Granularity.MINUTES_15]),
    st.decimals(0, 1000, places=1, allow_nan=False),
)
def test_energy_does_not_depend_on_how_a_day_is_cut(
    day: date, zone: str, granularity: Granularity, power: Decimal
) -> None:
    whole = DeliveryPeriod.day(day, zone)
    pieces = whole.split(granularity)
    assert merged(pieces) == (whole,)
    capacity = Power.of_mw(power)
    assert total_notional_quantity(capacity, pieces).mwh == Fraction(power) * whole.hours


def test_a_gap_stays_a_gap() -> None:
    first = DeliveryPeriod.hour(date(2017, 1, 24), 8, BERLIN)
    third = DeliveryPeriod.hour(date(2017, 1, 24), 10, BERLIN)
    assert merged([first, third]) == (first, third)
    assert total_hours([first, third]) == 2


def test_what_would_count_twice_is_refused() -> None:
    first = DeliveryPeriod.hour(date(2017, 1, 24), 8, BERLIN)
    with pytest.raises(ValueError, match="without overlap"):
        merged([first, first])
    with pytest.raises(ValueError, match="one zone"):
        merged([first, DeliveryPeriod(first.end, UtcNs(first.end + NS_PER_HOUR), "Europe/Paris")])
