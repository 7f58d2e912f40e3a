"""Periods, powers and prices for the properties of delivery."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from wattbook_domain.delivery import SLOT_NS, DeliveryPeriod, DeliverySchedule, Granularity
from wattbook_domain.foundation.instants import UtcNs
from wattbook_domain.quantities import Currency, Power, Price

BERLIN, LONDON, NEW_YORK, BRISBANE = (
    "Europe/Berlin",
    "Europe/London",
    "America/New_York",
    "Australia/Brisbane",
)
ZONES = (BERLIN, LONDON, NEW_YORK, BRISBANE)
CLOCKS = (Granularity.MINUTES_15, Granularity.MINUTES_30, Granularity.HOUR)

# IANA rules: last Sundays of March and October in Europe, second of March and first of November in
# the United States; Queensland has kept standard time since 1992.
DAYS_OF: dict[str, tuple[tuple[date, int], ...]] = {
    BERLIN: (
        (date(2017, 3, 26), 23),
        (date(2017, 10, 29), 25),
        (date(2026, 3, 29), 23),
        (date(2026, 10, 25), 25),
        (date(2017, 1, 24), 24),
    ),
    LONDON: (
        (date(2017, 3, 26), 23),
        (date(2017, 10, 29), 25),
        (date(2026, 3, 29), 23),
        (date(2026, 10, 25), 25),
        (date(2017, 1, 24), 24),
    ),
    NEW_YORK: (
        (date(2017, 3, 12), 23),
        (date(2017, 11, 5), 25),
        (date(2026, 3, 8), 23),
        (date(2026, 11, 1), 25),
        (date(2026, 3, 29), 24),
    ),
    BRISBANE: ((date(2026, 3, 29), 24), (date(2026, 10, 25), 24)),
}
DAYS = [(zone, day, hours) for zone, days in DAYS_OF.items() for day, hours in days]

zones = st.sampled_from(ZONES)
clocks = st.sampled_from(CLOCKS)
dates = st.dates(date(2015, 1, 1), date(2035, 12, 31))
fractions = st.fractions(min_value=-(10**4), max_value=10**4, max_denominator=100)
powers = fractions.map(Power.of_mw)
prices = fractions.map(lambda amount: Price.of(amount, Currency.EUR))

_FIRST_SLOT = 1_420_070_400_000_000_000 // SLOT_NS  # 2015-01-01T00:00Z


def period_of_slots(first: int, slots: int, zone: str) -> DeliveryPeriod:
    start = (_FIRST_SLOT + first) * SLOT_NS
    return DeliveryPeriod(UtcNs(start), UtcNs(start + slots * SLOT_NS), zone)


@st.composite
def periods(draw: st.DrawFn, zone: str | None = None) -> DeliveryPeriod:
    """Any period of up to two weeks within ten years, in one of the zones."""
    return period_of_slots(
        draw(st.integers(0, 1_000_000)),
        draw(st.integers(1, 4_032)),
        draw(zones) if zone is None else zone,
    )


@st.composite
def near_periods(draw: st.DrawFn) -> DeliveryPeriod:
    """A period within six hours of a clock change, so that two of them often meet."""
    return period_of_slots(draw(st.integers(0, 72)), draw(st.integers(1, 72)), BERLIN)


@st.composite
def schedules(draw: st.DrawFn, zone: str = BERLIN) -> DeliverySchedule:
    """Up to eight intervals with gaps between some of them."""
    entries, reached = [], 0
    for _ in range(draw(st.integers(0, 8))):
        gap, slots = draw(st.integers(0, 6)), draw(st.integers(1, 12))
        entries.append((period_of_slots(reached + gap, slots, zone), draw(powers)))
        reached += gap + slots
    return DeliverySchedule.of(entries)


@st.composite
def calendar_periods(draw: st.DrawFn) -> DeliveryPeriod:
    """A period that some granularity of whole dates, calendar or gas, names."""
    granularity = draw(st.sampled_from([g for g in Granularity if g.has_dates]))
    day, zone = draw(dates), draw(zones)
    while not granularity.begins_on(day):
        day = date.fromordinal(day.toordinal() + 1)
    hour = draw(st.integers(4, 23)) if granularity.is_gas else 0
    return DeliveryPeriod.beginning(day, granularity, zone, start_hour=hour)
