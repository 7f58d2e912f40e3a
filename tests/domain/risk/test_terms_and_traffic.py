"""What the gate needs of an instrument, and how traffic is counted."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.domain.risk.desk import ALGORITHM, FIRST_SLOT, NOON, OWNER, eur, order, replace, terms

from wattbook_domain.delivery.granularity import Granularity
from wattbook_domain.delivery.markets import GERMAN_POWER
from wattbook_domain.delivery.period import DeliveryPeriod
from wattbook_domain.delivery.profile import DeliveryProfile
from wattbook_domain.foundation.identifiers import AlgorithmId, ClientOrderId, InstrumentId
from wattbook_domain.foundation.instants import UtcNs
from wattbook_domain.instruments.resolve import resolve
from wattbook_domain.instruments.spec import Commodity, InstrumentKind, InstrumentSpec
from wattbook_domain.orders.commands import CancelOrder
from wattbook_domain.quantities.money import Currency
from wattbook_domain.risk.terms import SLOT_NS, SlotSpan, grains_of, terms_of
from wattbook_domain.risk.traffic import Traffic


class TestTerms:
    def test_a_value_unit_is_a_whole_number_of_grains(self) -> None:
        # 0.01 EUR/MWh x 0.1 MW x 5 min = 1/12000 EUR = 1000 grains of 1/12000000 EUR.
        assert terms().grains_per_unit == 1_000
        assert grains_of(eur(1)) == 12_000_000
        assert terms(tick_size=Fraction(1, 1000), lot_kw=1).grains_per_unit == 1

    def test_a_value_unit_too_fine_is_refused(self) -> None:
        with pytest.raises(ValueError, match=r"multiple of 0\.000001"):
            terms(tick_size=Fraction(1, 10_000), lot_kw=1)
        with pytest.raises(ValueError, match=r"multiple of 0\.000001"):
            terms(tick_size=Fraction(0))

    def test_slots_are_derived_from_the_spans(self) -> None:
        two = (SlotSpan(FIRST_SLOT, FIRST_SLOT + 3), SlotSpan(FIRST_SLOT + 6, FIRST_SLOT + 18))
        assert terms(spans=two).delivery_slots == 15
        with pytest.raises(ValueError, match="ordered and disjoint"):
            terms(spans=two[::-1])

    @pytest.mark.parametrize(("first", "end"), [(-1, 3), (3, 3), (4, 3)])
    def test_a_span_is_half_open_and_not_empty(self, first: int, end: int) -> None:
        with pytest.raises(ValueError, match="slot span"):
            SlotSpan(first, end)

    def test_delivery_lies_on_the_raster(self) -> None:
        assert SlotSpan.between(UtcNs(2 * SLOT_NS), UtcNs(5 * SLOT_NS)) == SlotSpan(2, 5)
        with pytest.raises(ValueError, match="five-minute raster"):
            SlotSpan.between(UtcNs(1), UtcNs(SLOT_NS))

    @pytest.mark.parametrize(
        ("day", "hours"),
        [(date(2017, 3, 26), 23), (date(2017, 1, 24), 24), (date(2017, 10, 29), 25)],
    )
    def test_a_day_is_as_long_as_it_is(self, day: date, hours: int) -> None:
        period = DeliveryPeriod.day(day, "Europe/Berlin")
        span = SlotSpan.between(period.start, period.end)
        assert span.slots == hours * 12


@pytest.mark.parametrize(
    ("profile", "spans"), [(DeliveryProfile.BASE, 1), (DeliveryProfile.OFF_PEAK, 2)]
)
def test_the_intervals_of_an_instrument_become_spans(profile: DeliveryProfile, spans: int) -> None:
    # Friday 24 March 2017: off-peak delivers before 08:00 and from 20:00.
    spec = InstrumentSpec(
        instrument_id=InstrumentId("DE-DAY"),
        kind=InstrumentKind.SPOT,
        commodity=Commodity.POWER,
        currency=Currency.EUR,
        tick_size=Decimal("0.01"),
        lot_mw=Decimal("0.1"),
        delivery=DeliveryPeriod.day(date(2017, 3, 24), "Europe/Berlin"),
        profile=profile,
        granularity=Granularity.HOUR,
        delivery_point_eic="10Y1001A1001A82H",
    )
    instrument = resolve(spec, calendar=GERMAN_POWER)

    found = terms_of(instrument, tick_step_ticks=5)

    assert len(found.spans) == spans
    assert found.delivery_slots == instrument.delivery_slots
    assert found.spans[0].first * SLOT_NS == instrument.intervals[0].start
    assert found.spans[-1].end * SLOT_NS == instrument.intervals[-1].end
    assert found.tick_step_ticks == 5
    # The two worths of a value unit, the instrument's and the gate's, are the same money.
    assert grains_of(instrument.value_unit) == found.grains_per_unit


def cancel(number: int, at: int) -> CancelOrder:
    return CancelOrder(
        client_order_id=ClientOrderId(f"C{number}"),
        original_client_order_id=ClientOrderId("O1"),
        decided_at=UtcNs(at),
    )


class TestTraffic:
    @given(
        st.lists(st.integers(0, 50), max_size=30),
        st.integers(1, 40),
        st.integers(0, 60),
    )
    def test_the_window_is_counted_exactly(self, gaps: list[int], window: int, later: int) -> None:
        traffic = Traffic(horizon_ns=40)
        instants: list[int] = []
        at = NOON
        for number, gap in enumerate(gaps):
            at = UtcNs(at + gap)
            instants.append(at)
            traffic.apply(cancel(number, at), owner=OWNER)
        now = UtcNs(at + later)

        counted = traffic.messages_within(ALGORITHM, window_ns=window, now=now)

        assert counted == sum(now - window < sent <= now for sent in instants)

    def test_all_three_commands_are_messages(self) -> None:
        traffic = Traffic(horizon_ns=10)
        traffic.apply(order(), owner=OWNER)
        traffic.apply(replace(), owner=OWNER)
        traffic.apply(cancel(1, NOON), owner=OWNER)
        assert traffic.messages_within(ALGORITHM, window_ns=10, now=NOON) == 3
        assert traffic.messages_within(AlgorithmId("OTHER"), window_ns=10, now=NOON) == 0
        assert all(traffic.is_used(ClientOrderId(name)) for name in ("O1", "O1-R", "C1"))
        assert not traffic.is_used(ClientOrderId("O2"))

    def test_a_twin_is_the_same_desk_instrument_side_quantity_and_price(self) -> None:
        traffic = Traffic(horizon_ns=1_000)
        traffic.apply(order(), owner=OWNER)
        later = UtcNs(NOON + 7)
        assert traffic.twin_age_ns(order("O2", decided_at=later)) == 7
        assert traffic.twin_age_ns(order("O2", decided_at=later, limit_ticks=1)) is None

    def test_old_twins_are_forgotten(self) -> None:
        traffic = Traffic(horizon_ns=10)
        traffic.apply(order("O1"), owner=OWNER)
        traffic.apply(order("O2", limit_ticks=1, decided_at=UtcNs(NOON + 9)), owner=OWNER)
        traffic.apply(order("O3", limit_ticks=2, decided_at=UtcNs(NOON + 10)), owner=OWNER)

        at = UtcNs(NOON + 11)
        assert traffic.twin_age_ns(order("O4", decided_at=at)) is None
        assert traffic.twin_age_ns(order("O4", limit_ticks=1, decided_at=at)) == 2

    def test_time_does_not_go_back(self) -> None:
        traffic = Traffic(horizon_ns=10)
        traffic.apply(cancel(1, NOON), owner=OWNER)
        with pytest.raises(ValueError, match="counted in order"):
            traffic.apply(cancel(2, NOON - 1), owner=OWNER)

    def test_a_window_longer_than_the_memory_is_misuse(self) -> None:
        with pytest.raises(ValueError, match="at most"):
            Traffic(horizon_ns=10).messages_within(ALGORITHM, window_ns=11, now=NOON)
        with pytest.raises(ValueError, match="must be positive"):
            Traffic(horizon_ns=0)
