"""The main job on an ordinary day, on the short day and on the long one with negative prices.

The exact state is folded from the journal and held against independent sums over raw fills; the
rounded summary is held against the exact state.
"""

from __future__ import annotations

import itertools
import json
import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.end_to_end.conftest import NAIVE, Finished
from tests.end_to_end.runs import Outcome, Run
from wattbook_application.post_trade.explain_pnl import explain_day
from wattbook_application.views.day_view import IntervalView, surviving_fills, view_intervals
from wattbook_contracts.schemas.day_summary import DaySummary
from wattbook_domain.foundation.instants import from_datetime
from wattbook_domain.orders.vocabulary import Side
from wattbook_domain.quantities.money import Currency, Money
from wattbook_domain.quantities.power import Power

pytestmark = pytest.mark.xdist_group("end_to_end_days")

BERLIN = ZoneInfo("Europe/Berlin")
DAYS = {"2017-01-24": 24, "2017-03-26": 23, "2017-10-29": 25}
"""Hours of each delivery day: an ordinary one, the start and the end of summer time."""

# The packaged file has a row for each of 24 hour names a day. quant.md A8 lists these rows.
PRICES_24_JANUARY = (
    "57.01 51.04 53.05 48.82 51.52 56.06 91.21 163.52 153.67 150.1 151.07 135 "
    "121.58 117.68 112.21 117.18 120 131.01 138.91 113.8 109.92 78.98 66.17 56.61"
)
PRICES_29_OCTOBER = (
    "-79.94 -83 -83.03 -83.03 -83.04 -83.02 -83.01 -80 -79.96 -76.02 -67.08 -81.95 "
    "-67.07 -80.07 -79.95 -76.06 -.92 8.51 27.62 29.77 22.06 17 12.44 -70.05"
)


@pytest.fixture(scope="module", params=DAYS)
def demo(request: pytest.FixtureRequest, finished: Finished) -> tuple[str, Run, Outcome]:
    """One finished day: the ordinary one with the demo's own model."""
    day = str(request.param)
    return (day, *finished(day, *(() if day == "2017-01-24" else NAIVE)))


def intervals_of(run: Run) -> tuple[IntervalView, ...]:
    return view_intervals(run.state)


def test_the_day_ends_well_and_shows_its_eight_steps(demo: tuple[str, Run, Outcome]) -> None:
    day, run, outcome = demo
    assert (outcome.code, outcome.err) == (0, "")
    assert re.findall(r"^\[(\d)/8\]", outcome.out, re.MULTILINE) == list("12345678")
    assert [step.number for step in run.summary.steps] == list(range(1, 9))
    assert run.summary.run.delivery_date == day


def test_the_intervals_are_the_real_hours_of_the_local_day(
    demo: tuple[str, Run, Outcome],
) -> None:
    day, run, _ = demo
    midnight = datetime.combine(date.fromisoformat(day), datetime.min.time(), BERLIN)
    following = datetime.combine(midnight.date() + timedelta(days=1), midnight.time(), BERLIN)
    rows = intervals_of(run)
    assert len(rows) == len(run.summary.intervals) == run.summary.run.hours == DAYS[day]
    assert rows[0].interval.start == from_datetime(midnight)
    assert rows[-1].interval.end == from_datetime(following)
    for row, after in itertools.pairwise(rows):
        assert row.interval.end == after.interval.start
    assert {row.interval.minutes for row in rows} == {60}
    labels = [row.interval.label for row in rows]
    assert labels == [part.label for part in run.summary.intervals]
    assert len(set(labels)) == len(labels)


def test_no_energy_is_lost_in_any_interval(demo: tuple[str, Run, Outcome]) -> None:
    """day-ahead + intraday + imbalance = battery + wind produced; produced + curtailed = wind."""
    _, run, _ = demo
    state = run.state
    assert state.metered is not None
    for index, row in enumerate(intervals_of(run)):
        accounted = row.day_ahead_sold + row.intraday_sold + row.imbalance
        assert accounted == row.battery + row.wind_output, row.interval.label
        available = state.metered.power_kw[index] + state.metered.curtailed_kw[index]
        assert row.wind_output + row.wind_curtailed == Power.of_kw(available)


def test_energy_is_power_over_the_real_minutes(demo: tuple[str, Run, Outcome]) -> None:
    """MWh = MW x minutes / 60, once from raw fills and once from the printed intervals."""
    _, run, _ = demo
    state, summary = run.state, run.summary
    auction = state.opened.setup.market.auction.venue_id
    totals = {(stage, side): Fraction(0) for stage in (True, False) for side in Side}
    for fill in surviving_fills(state):
        instrument = state.opened.instruments[fill.instrument_id]
        mwh = fill.lots * Fraction(instrument.spec.lot_mw) * instrument.spec.delivery.minutes / 60
        totals[fill.venue_id == auction, fill.side] += mwh
    shown = {
        (True, Side.BUY): summary.day_ahead.bought_mwh,
        (True, Side.SELL): summary.day_ahead.sold_mwh,
        (False, Side.BUY): summary.intraday.bought_mwh,
        (False, Side.SELL): summary.intraday.sold_mwh,
    }
    for key, exact in totals.items():
        assert shown[key] == float(round(exact, 3))
    for is_ahead, column in ((True, "day_ahead_sold"), (False, "intraday_sold")):
        net = sum(getattr(row, column).mw * row.interval.minutes / 60 for row in intervals_of(run))
        assert net == totals[is_ahead, Side.SELL] - totals[is_ahead, Side.BUY]
    output = sum(row.wind_output.mw * row.interval.minutes / 60 for row in intervals_of(run))
    assert summary.wind.output_mwh == float(round(output, 3))


def test_the_result_is_the_cash_of_the_fills_and_nothing_is_unexplained(
    demo: tuple[str, Run, Outcome],
) -> None:
    """Result = sum of fills (price x MWh - fee) + imbalance at day-ahead price -+ the penalty."""
    _, run, _ = demo
    state, result = run.state, explain_day(run.state)
    zero, cash = Money.zero(Currency.EUR), Fraction(0)
    assert result.unexplained == zero
    for fill in surviving_fills(state):
        spec = state.opened.instruments[fill.instrument_id].spec
        mwh = fill.lots * Fraction(spec.lot_mw) * spec.delivery.minutes / 60
        price = fill.ticks * Fraction(spec.tick_size)
        cash += (price * mwh if fill.side is Side.SELL else -price * mwh) - fill.fee.amount
    penalty = Fraction(state.opened.setup.wind.imbalance_penalty)
    for row in intervals_of(run):
        mwh = row.imbalance.mw * row.interval.minutes / 60
        cash += mwh * row.price.amount - abs(mwh) * penalty
    assert result.total.amount == cash  # the demo's battery has no wear
    assert result.total == sum((amount for _, amount in result.parts), zero)
    assert run.summary.profit.unexplained == 0
    assert run.summary.profit.total == float(result.total.rounded())


def test_every_interval_has_its_published_price(demo: tuple[str, Run, Outcome]) -> None:
    day, run, _ = demo
    published = {"2017-01-24": PRICES_24_JANUARY, "2017-10-29": PRICES_29_OCTOBER}.get(day)
    shown = [part.price_actual for part in run.summary.intervals]
    assert len(shown) == DAYS[day]
    if published is None:
        assert run.summary.data.notes[0].startswith("DROPPED_NONEXISTENT_HOUR 2017-03-26")
        return
    rows = [float(text) for text in published.split()]
    if day == "2017-10-29":
        rows.insert(3, rows[2])  # the row 02:00 serves both hours of that name
        assert run.summary.data.notes[0].startswith("REPEATED_DOUBLED_HOUR 2017-10-29")
    assert shown == rows


def test_below_the_floor_the_wind_stands_still_rather_than_pays(finished: Finished) -> None:
    run, _ = finished("2017-10-29", *NAIVE)
    negative = [row for row in intervals_of(run) if row.price.amount < 0]
    # 18 hour names had a negative price; one of them is that of the doubled hour.
    assert len(negative) == 19
    # Spilling would cost: what is not sold is not produced.
    assert all(row.imbalance <= Power.of_mw(0) for row in negative)
    assert sum(row.wind_curtailed.mw for row in negative) > 0


def contract_names(run: Run) -> list[str]:
    (report,) = (run.path / "remit").glob("*.xml")
    return re.findall(r"<contractName>(.*?)</contractName>", report.read_text("utf-8"))


def test_the_doubled_hour_is_two_intervals_and_two_reported_contracts(finished: Finished) -> None:
    run, _ = finished("2017-10-29", *NAIVE)
    labels = [part.label for part in run.summary.intervals]
    assert labels[2:4] == ["2017-10-29 02:00 CEST", "2017-10-29 02:00 CET"]
    starts = [part.start for part in run.summary.intervals]
    assert starts[2:4] == ["2017-10-29T00:00:00Z", "2017-10-29T01:00:00Z"]
    assert {"DAYAHEAD 2017-10-29 02:00 CEST", "DAYAHEAD 2017-10-29 02:00 CET"} <= set(
        contract_names(run)
    )


def test_the_missing_hour_is_neither_an_interval_nor_a_reported_contract(
    finished: Finished,
) -> None:
    run, _ = finished("2017-03-26", *NAIVE)
    labels = [part.label for part in run.summary.intervals]
    assert labels[1:3] == ["2017-03-26 01:00 CET", "2017-03-26 03:00 CEST"]
    names = contract_names(run)
    assert names
    assert not [name for name in (*labels, *names) if " 02:00" in name]


def test_the_summary_keeps_its_schema_and_its_order(demo: tuple[str, Run, Outcome]) -> None:
    _, run, _ = demo
    text = (run.path / "summary.json").read_text("utf-8")
    assert DaySummary.model_validate_json(text, strict=True) == run.summary
    assert text == run.summary.model_dump_json(indent=2) + "\n"


def numbers_in(value: object) -> set[Decimal]:
    """Every number of a document, those within its texts included."""
    if isinstance(value, dict):
        return set().union(*map(numbers_in, value.values()))
    if isinstance(value, list):
        return set().union(*map(numbers_in, value))
    return {
        Decimal(token.replace(",", "")) for token in re.findall(r"-?\d[\d,]*(?:\.\d+)?", str(value))
    }


def test_every_printed_figure_stands_in_the_summary(demo: tuple[str, Run, Outcome]) -> None:
    """As it stands, as a share in per cent, or as the sum of the two market stages beside it."""
    _, run, outcome = demo
    document = json.loads((run.path / "summary.json").read_text("utf-8"))
    known = numbers_in(document)
    stages = document["day_ahead"], document["intraday"]
    known |= {
        sum(Decimal(str(stage[name])) for stage in stages)
        for name in ("orders", "fills", "bought_mwh", "sold_mwh")
    }
    table = outcome.out.split("\n\n", 1)[1].rpartition("Read ")[0]
    hashes = re.findall(r"\b[0-9a-f]{16}\b", table)
    assert hashes == [run.summary.audit.audit_head[:16]]
    printed = re.findall(r"-?\d[\d,]*(?:\.\d+)?%?", table.replace(hashes[0], ""))
    assert len(printed) > 30
    for token in printed:
        text = token.rstrip("%").replace(",", "")
        step = Decimal(1).scaleb(-len(text.partition(".")[2]))
        scale = 100 if token.endswith("%") else 1
        # Half a step, and half a step of the summary's own rounding.
        near = step / 2 + Decimal("0.0005") * scale
        assert any(abs(value * scale - Decimal(text)) <= near for value in known), token


def test_the_page_is_one_file_that_says_what_is_simulated(demo: tuple[str, Run, Outcome]) -> None:
    _, run, _ = demo
    page = (run.path / "report.html").read_text("utf-8")
    assert not re.search(r"<script|<link|<iframe|<object|@import|javascript:", page, re.IGNORECASE)
    assert not re.search(r"\son\w+\s*=", page)
    for target in re.findall(r"(?:src|href|action|poster)\s*=\s*[\"']([^\"']*)", page):
        assert target.startswith(("#", "data:")), target
    for target in re.findall(r"url\(([^)]*)\)", page):
        assert target.strip("\"'").startswith(("#", "data:")), target
    # What is left of addresses are the names of XML vocabularies inside the drawings.
    names = re.sub(r"(?:xmlns(?::\w+)?|rdf:resource)=\"[^\"]*\"", "", page)
    assert not re.findall(r"https?://[^\s\"<]*", names)
    assert page.count("<svg") == 4
    for text in run.summary.run.simulated:
        assert text in page.replace("&#39;", "'")


def test_the_battery_with_foresight_earns_the_known_answer(
    finished: Finished, tmp_path: Path
) -> None:
    """quant.md A8: 1 MW / 2 MWh at 0.95 / 0.95 on 24 January 2017 earns 211.581474 EUR at most.

    The optimum is found with continuous power, so it differs by the cent's rounding alone. The
    plan is in lots of 0.1 MW. Full power is ten lots, yet the store is not: 2 MWh are 2 / 0.95 =
    2.105 MWh bought, which whole lots miss by up to 0.1 MWh, and one lot may miss the final
    energy by half its step, 0.05 MWh / 0.95. At the day's highest price the plan can so earn at
    most 163.52 x 0.0526 = 8.61 EUR more than the optimum; how much less is the forecast's doing.
    """
    run, _ = finished(
        "2017-01-24", *NAIVE, "--set", "battery.power_mw=1", "--set", "battery.energy_mwh=2"
    )
    battery = run.summary.battery
    assert battery.perfect_margin == pytest.approx(211.581474, abs=0.005)
    assert battery.realised_margin <= 211.581474 + 163.52 * 0.05 / 0.95
    assert {row.battery.mw * 10 % 1 for row in intervals_of(run)} == {0}
