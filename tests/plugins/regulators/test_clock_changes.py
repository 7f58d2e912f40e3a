"""The doubled and the missing hour: how the two hours called 02:00 are told apart."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import combinations

import attrs
import pytest
from tests.plugins.regulators.filings import (
    AUTUMN,
    BERLIN,
    SPRING,
    WINTER,
    contract,
    filing,
    order,
    trade,
)

from wattbook_contracts.errors import DataFault
from wattbook_domain.delivery.granularity import Granularity
from wattbook_domain.delivery.period import DeliveryPeriod
from wattbook_domain.delivery.zones import AmbiguousLocalTime, NonExistentLocalTime
from wattbook_domain.regulation.facts import PriceStep, RegulatoryContract
from wattbook_domain.regulation.words import DurationWord, LoadType
from wattbook_plugins.regulators.remit.clock_windows import (
    Window,
    periods_of,
    runs_of,
    span_of,
    windows_in,
    windows_of,
)
from wattbook_plugins.regulators.remit.describe import describe, describe_contract
from wattbook_plugins.regulators.remit.documents import read_document
from wattbook_plugins.regulators.remit.elements import CodedText
from wattbook_plugins.regulators.remit.interpret import contract_fact, interpret
from wattbook_plugins.regulators.remit.records import (
    ContractInfo,
    ContractRecord,
    DeliveryProfileRecord,
    LoadTimes,
    Table1,
    TraderRecord,
    TradingHoursRecord,
)
from wattbook_plugins.regulators.remit.reporter import AREA_ZONES, RemitReporter


def hours(day: date) -> tuple[DeliveryPeriod, ...]:
    return DeliveryPeriod.day(day, BERLIN).split(Granularity.HOUR)


def shown(*periods: DeliveryPeriod) -> list[tuple[str, str]]:
    return [(w.start[:5], w.end[:5]) for period in periods for w in windows_of(period)]


def block(day: date, first: int, last: int) -> DeliveryPeriod:
    some = hours(day)
    return DeliveryPeriod(some[first].start, some[last].end, BERLIN)


def test_the_two_hours_have_one_clock_time_and_two_names() -> None:
    first, second = (contract(hours(AUTUMN)[index]) for index in (2, 3))
    first_record, second_record = describe_contract(first), describe_contract(second)
    assert first_record.profiles == second_record.profiles
    assert first_record.profiles[0].times == (LoadTimes(start="02:00:00", end="03:00:00"),)
    assert first_record.name == "Power 2017-10-29 02:00 CEST"
    assert second_record.name == "Power 2017-10-29 02:00 CET"
    assert first_record.contract_id != second_record.contract_id
    assert contract_fact(first_record, AREA_ZONES) == first
    assert contract_fact(second_record, AREA_ZONES) == second


def test_without_instants_in_its_identifier_a_lone_pass_is_refused_and_not_guessed() -> None:
    anonymous = attrs.evolve(contract(hours(AUTUMN)[2]), contract_id="H03")
    with pytest.raises(AmbiguousLocalTime, match="instants in the identifier"):
        describe_contract(anonymous)
    record = attrs.evolve(describe_contract(contract(hours(AUTUMN)[2])), contract_id="H03")
    with pytest.raises(AmbiguousLocalTime):
        contract_fact(record, AREA_ZONES)


# ACER FAQ 2.1.50: repeat the hour, in chronological order.
@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (1, 1, [("01:00", "02:00")]),
        (2, 3, [("02:00", "03:00"), ("02:00", "03:00")]),
        (1, 2, [("01:00", "03:00")]),
        (1, 3, [("01:00", "03:00"), ("02:00", "03:00")]),
        (3, 5, [("02:00", "05:00")]),
        (2, 5, [("02:00", "03:00"), ("02:00", "05:00")]),
        (0, 6, [("00:00", "06:00")]),
        (0, 24, [("00:00", "24:00")]),
    ],
)
def test_blocks_of_the_long_day(first: int, last: int, expected: list[tuple[str, str]]) -> None:
    assert shown(block(AUTUMN, first, last)) == expected


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (1, 1, [("01:00", "02:00")]),
        (2, 2, [("03:00", "04:00")]),
        (1, 2, [("01:00", "04:00")]),
        (0, 22, [("00:00", "24:00")]),
    ],
)
def test_blocks_of_the_short_day(first: int, last: int, expected: list[tuple[str, str]]) -> None:
    assert shown(block(SPRING, first, last)) == expected


@pytest.mark.parametrize("day", [SPRING, WINTER, AUTUMN])
def test_every_block_of_a_day_is_told_and_read_back(day: date) -> None:
    for first, last in combinations(range(len(hours(day)) + 1), 2):
        period = block(day, first, last - 1)
        described = describe_contract(contract(period))
        assert contract_fact(described, AREA_ZONES).deliveries == (period,)


def test_every_quarter_hour_of_the_long_day_is_told_and_read_back() -> None:
    quarters = DeliveryPeriod.day(AUTUMN, BERLIN).split(Granularity.MINUTES_15)
    assert len(quarters) == 100
    for quarter in quarters:
        product = contract(quarter)
        assert contract_fact(describe_contract(product), AREA_ZONES) == product


@pytest.mark.parametrize(("day", "count"), [(SPRING, 23), (WINTER, 24), (AUTUMN, 25)])
def test_totals_follow_real_hours(day: date, count: int) -> None:
    each = tuple(contract(hour) for hour in hours(day))
    whole = attrs.evolve(contract(DeliveryPeriod.day(day, BERLIN)), load=LoadType.BASE)
    trades = tuple(trade(c, transaction_id=f"T{n}") for n, c in enumerate((*each, whole)))
    batch = RemitReporter().prepare(filing((*each, whole), (), trades))
    assert batch.findings == ()
    totals = [
        record.total_quantity.value for record in read_document(batch.documents[0].content).trades
    ]
    assert len(each) == count
    assert sum(totals[:-1]) == totals[-1] == Decimal("10.1") * count


def test_a_price_step_inside_the_doubled_hour_of_a_longer_contract_is_refused() -> None:
    day = contract(DeliveryPeriod.day(AUTUMN, BERLIN))
    step = PriceStep(delivery=hours(AUTUMN)[2], quantity_mw=Decimal(1), price=Decimal(5))
    curve = attrs.evolve(order(day), price=None, quantity_mw=None, steps=(step,))
    with pytest.raises(AmbiguousLocalTime, match="contracts of their own"):
        describe(filing((day,), (curve,)))
    clear = attrs.evolve(curve, steps=(attrs.evolve(step, delivery=hours(AUTUMN)[7]),))
    told = filing((day,), (clear,))
    assert interpret(describe(told), zones=AREA_ZONES, filed_on=told.filed_on) == told


def test_a_step_of_changing_times_is_refused() -> None:
    two_days = DeliveryPeriod(hours(WINTER)[5].start, hours(date(2017, 1, 25))[3].end, BERLIN)
    product = contract(two_days)
    step = PriceStep(delivery=two_days, quantity_mw=Decimal(1), price=Decimal(5))
    curve = attrs.evolve(order(product), price=None, quantity_mw=None, steps=(step,))
    with pytest.raises(ValueError, match="same times each day"):
        describe(filing((product,), (curve,)))


def test_a_month_of_base_load_is_one_window() -> None:
    (run,) = runs_of([DeliveryPeriod.month(2017, 10, BERLIN)])
    assert (run.first, run.last) == (date(2017, 10, 1), date(2017, 10, 31))
    assert run.times == (("00:00:00", "24:00:00"),)
    assert len(windows_in(run)) == 31


def test_gas_days_end_on_the_next_date() -> None:
    days = DeliveryPeriod.gas_day(AUTUMN, BERLIN)
    product = attrs.evolve(contract(days), load=LoadType.GAS_DAY, duration=DurationWord.DAY)
    record = describe_contract(product)
    assert (record.delivery_start, record.delivery_end) == (AUTUMN, date(2017, 10, 30))
    assert record.profiles[0].times == (LoadTimes(start="06:00:00", end="06:00:00"),)
    assert contract_fact(record, AREA_ZONES) == product
    hour = attrs.evolve(contract(hours(WINTER)[7]), load=LoadType.GAS_DAY)
    with pytest.raises(ValueError, match="whole gas days"):
        describe_contract(hour)


def test_times_the_clock_skips_are_refused() -> None:
    with pytest.raises(NonExistentLocalTime, match="jump over"):
        periods_of([Window(SPRING, "02:00:00", "03:00:00")], BERLIN)


def test_times_that_contradict_the_identifier_are_refused() -> None:
    record = describe_contract(contract(hours(WINTER)[7]))
    moved = attrs.evolve(
        record,
        profiles=(DeliveryProfileRecord(times=(LoadTimes(start="08:00:00", end="09:00:00"),)),),
    )
    with pytest.raises(NonExistentLocalTime, match="no delivery fits"):
        contract_fact(moved, AREA_ZONES)


def test_only_identifiers_of_ours_carry_instants() -> None:
    assert span_of("10YEU_EL_20140731T12:00") is None
    assert span_of("X-201713290000Z-201713290100Z") is None
    assert span_of("DE-201710290000Z-201710290100Z") is not None


def unsaid(**changes: object) -> ContractRecord:
    return attrs.evolve(describe_contract(contract(hours(WINTER)[7])), **changes)


@pytest.mark.parametrize(
    "record",
    [
        unsaid(commodities=("EL", "NG")),
        unsaid(index_names=("TTF",)),
        unsaid(delivery_points=("10YTR-TEIAS----W",)),
        unsaid(delivery_end=date(2017, 1, 23)),
    ],
)
def test_what_facts_cannot_say_is_refused_by_name(record: ContractRecord) -> None:
    with pytest.raises(DataFault, match=record.contract_id):
        contract_fact(record, AREA_ZONES)


def interpreted(table: Table1) -> None:
    interpret(table, zones=AREA_ZONES, filed_on=AUTUMN)


def test_codes_that_do_not_hold_are_no_facts() -> None:
    table = describe(filing((contract(hours(WINTER)[7]),)))
    for entity in (CodedText("lei", "529900T8BM49AURSDO54"), CodedText("mic", "XEEE")):
        with pytest.raises(DataFault, match=r"check digits|participant is named by"):
            interpreted(attrs.evolve(table, reporting_entity=entity))


def test_orders_that_facts_cannot_say_are_refused() -> None:
    product = contract(hours(WINTER)[7])
    plain = order(product)
    step = PriceStep(delivery=hours(WINTER)[7], quantity_mw=Decimal(1), price=Decimal(5))
    curve = attrs.evolve(plain, price=None, quantity_mw=None, steps=(step,))
    table = describe(filing((product,), (curve,)))
    assert table.order_list is not None
    (record,) = table.orders
    for change, rule in (
        ({"intervals": (attrs.evolve(record.intervals[0], quantity=None),)}, "interval without"),
        ({"trader": TraderRecord()}, "trader must have a code"),
        ({"contract": ContractInfo(contract_id="ELSEWHERE")}, "nowhere described"),
    ):
        listed = attrs.evolve(table.order_list, orders=(attrs.evolve(record, **change),))
        with pytest.raises(DataFault, match=rule):
            interpreted(attrs.evolve(table, order_list=listed))


def test_trading_hours_are_whole_utc_minutes() -> None:
    local = TradingHoursRecord(start="09:00:00", end="17:00:00")
    with pytest.raises(DataFault, match="whole UTC minutes"):
        contract_fact(unsaid(trading_hours=(local,)), AREA_ZONES)


def test_a_report_that_says_more_than_facts_can_is_refused() -> None:
    product: RegulatoryContract = contract(hours(WINTER)[7])
    table = describe(filing((product,), (), (trade(product),)))
    assert table.trade_list is not None
    for change in ({"voice_brokered": "Y"}, {"extra": "a==1"}, {"price": None}, {"side": "C"}):
        richer = attrs.evolve(table.trades[0], **change)
        listed = attrs.evolve(table.trade_list, trades=(richer,))
        with pytest.raises(DataFault, match=r"fact"):
            interpret(attrs.evolve(table, trade_list=listed), zones=AREA_ZONES, filed_on=AUTUMN)
