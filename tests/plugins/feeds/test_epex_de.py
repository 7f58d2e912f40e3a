"""The packaged German market: sound, complete, known no earlier than published, or refused."""

from __future__ import annotations

import gzip
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from importlib import resources
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wattbook_contracts.errors import DataFault
from wattbook_contracts.ports.market_feed import MarketFeed, QualityFault
from wattbook_domain.foundation.instants import UtcNs
from wattbook_domain.signals.quality import QualityCode
from wattbook_plugins.feeds.epex_de.day_file import read_day_file
from wattbook_plugins.feeds.epex_de.feed import PACKAGED_FILE, EpexDeFeed, open_feed

PACKAGE = resources.files("wattbook_plugins.feeds.epex_de")
LAST = date(2017, 12, 31)


@cache
def feed() -> EpexDeFeed:
    return open_feed()


@cache
def lines() -> tuple[str, ...]:
    packed = (PACKAGE / "data" / PACKAGED_FILE).read_bytes()
    return tuple(gzip.decompress(packed).decode().splitlines())


def settled(day: date) -> UtcNs:
    return feed().publication.prices_published_at(day)


def first_days(days: int) -> list[str]:
    return list(lines()[: 1 + 24 * days])


def refusal(edited: list[str]) -> QualityFault:
    with pytest.raises(QualityFault) as caught:
        read_day_file("\n".join([*edited, ""]).encode(), source="mine.csv")
    text = str(caught.value)
    assert "\n" not in text
    assert text.startswith(f"{caught.value.code}: mine.csv line ")
    assert "found" in text
    assert "; restore the file" in text
    return caught.value


class TestThePackagedMarket:
    def test_is_a_market_feed_under_a_named_licence(self):
        market: MarketFeed = feed()
        assert (market.name, market.zone, market.currency) == ("epex_de", "Europe/Berlin", "EUR")
        assert market.bidding_zone == "DE-AT-LU"
        assert market.licence.startswith("CC-BY-4.0")
        assert "116983" in market.licence

    def test_licence_file_names_the_terms_the_source_and_the_content(self):
        licence = (PACKAGE / "data" / "LICENCE.md").read_text(encoding="utf-8")
        for needed in ("CC BY 4.0", "116983", "4624805", "Lago", "gzip", feed().content_sha256):
            assert needed in licence

    def test_reaches_from_2012_to_2017_without_a_gap(self):
        assert (feed().first_day, feed().last_day) == (date(2012, 1, 9), LAST)
        assert len(feed().history(LAST, as_of=settled(LAST))) == (LAST - feed().first_day).days

    def test_holds_the_known_extremes(self):
        # Facts of the source: 538 negative hours, least -221.99, greatest 210.00 EUR/MWh.
        cents = feed().file.price_cents
        assert (int((cents < 0).sum()), cents.min(), cents.max()) == (538, -22199, 21000)

    def test_gives_the_known_prices_of_the_spike(self):
        day = feed().delivery_day(date(2017, 1, 24), as_of=settled(date(2017, 1, 24)))
        known = "57.01 51.04 53.05 48.82 51.52 56.06 91.21 163.52 153.67 150.10 151.07 135.00"
        assert day.prices[:12] == tuple(Decimal(text) for text in known.split())
        assert day.notes == ()

    def test_floats_of_the_table_are_the_nearest_to_the_exact_prices(self):
        table = feed().history(LAST, as_of=settled(LAST))
        text = [line.split(",")[1] for line in lines()[1 : 1 + table.prices.size]]
        assert np.array_equal(table.prices.ravel(), np.array(text, dtype=float))


class TestClockChanges:
    def test_spring_has_twenty_three_hours_and_a_note(self):
        day = date(2017, 3, 26)
        settled_day = feed().delivery_day(day, as_of=settled(day))
        assert len(settled_day.intervals) == 23
        assert settled_day.prices[:4] == tuple(map(Decimal, ("28.74", "27.94", "26.97", "26.62")))
        assert [n.code for n in settled_day.notes] == [QualityCode.DROPPED_NONEXISTENT_HOUR]

    def test_autumn_has_twenty_five_hours_and_a_note(self):
        day = date(2017, 10, 29)
        settled_day = feed().delivery_day(day, as_of=settled(day))
        assert len(settled_day.intervals) == 25
        assert settled_day.prices[1:5] == tuple(
            map(Decimal, ("-83.00", "-83.03", "-83.03", "-83.03"))
        )
        wind = settled_day.driver("wind_solar_forecast_mw")
        assert wind[2] == wind[3] == 39206.944125
        assert [n.code for n in settled_day.notes] == [QualityCode.REPEATED_DOUBLED_HOUR]

    def test_every_year_has_one_of_each(self):
        counts = []
        for offset in range((LAST - feed().first_day).days + 1):
            day = feed().first_day + timedelta(days=offset)
            counts.append(len(feed().delivery_day(day, as_of=settled(day)).intervals))
        assert counts.count(23) == counts.count(25) == 6
        assert set(counts) == {23, 24, 25}


class TestWhatIsKnownWhen:
    DAY = date(2017, 1, 24)

    def test_nothing_is_known_a_nanosecond_before_it_is_published(self):
        rule = feed().publication
        outlook, prices = rule.outlook_published_at(self.DAY), rule.prices_published_at(self.DAY)
        feed().outlook(self.DAY, as_of=outlook)
        feed().delivery_day(self.DAY, as_of=prices)
        feed().history(self.DAY + timedelta(days=1), as_of=prices)
        for early in (
            lambda: feed().outlook(self.DAY, as_of=UtcNs(outlook - 1)),
            lambda: feed().delivery_day(self.DAY, as_of=UtcNs(prices - 1)),
            lambda: feed().history(self.DAY + timedelta(days=1), as_of=UtcNs(prices - 1)),
        ):
            with pytest.raises(QualityFault) as caught:
                early()
            assert caught.value.code is QualityCode.NOT_YET_PUBLISHED

    def test_the_past_and_the_outlook_are_known_before_the_auction(self):
        before_gate = feed().publication.outlook_published_at(self.DAY)
        history = feed().history(self.DAY, as_of=before_gate)
        assert history.end_day == self.DAY
        assert feed().outlook(self.DAY, as_of=before_gate).drivers.shape == (24, 2)

    def test_a_refusal_says_when_it_was_published(self):
        with pytest.raises(DataFault, match=r"published at 2017-01-23T11:42:00Z, asked for as of"):
            feed().delivery_day(self.DAY, as_of=UtcNs(settled(self.DAY) - 1))

    @pytest.mark.parametrize("day", [date(2012, 1, 8), date(2018, 1, 1), date(1999, 1, 1)])
    def test_an_unknown_date_is_refused_with_the_range(self, day):
        for ask in (feed().outlook, feed().delivery_day):
            with pytest.raises(QualityFault, match="2012-01-09 to 2017-12-31") as caught:
                ask(day, as_of=settled(LAST))
            assert caught.value.code is QualityCode.UNKNOWN_DATE

    def test_the_day_after_the_last_has_a_history_but_no_outlook(self):
        after = LAST + timedelta(days=1)
        assert feed().history(after, as_of=settled(LAST)).end_day == after
        with pytest.raises(QualityFault, match="UNKNOWN_DATE"):
            feed().outlook(after, as_of=settled(after))


class TestBadFiles:
    """Each defect has its own code and names its line; no row is ever dropped or filled."""

    def test_missing_hour(self):
        rows = first_days(3)
        del rows[30]
        fault = refusal(rows)
        assert fault.code is QualityCode.MISSING_HOUR
        assert "line 31: the row 2012-01-10 05:00:00 is due, found '2012-01-10 06:00:00'" in str(
            fault
        )

    @pytest.mark.parametrize("gone", [1, 24])
    def test_missing_first_and_last_hour(self, gone):
        rows = first_days(1)
        del rows[gone]
        assert refusal(rows).code is QualityCode.MISSING_HOUR

    def test_no_rows_at_all(self):
        assert refusal(first_days(0)).code is QualityCode.MISSING_HOUR

    def test_duplicate_hour(self):
        rows = first_days(2)
        rows.insert(10, rows[10])
        fault = refusal(rows)
        assert fault.code is QualityCode.DUPLICATE_HOUR
        assert "line 12" in str(fault)

    @pytest.mark.parametrize(("one", "other"), [(5, 6), (5, 40), (2, 3)])
    def test_rows_out_of_order(self, one, other):
        rows = first_days(2)
        rows[one], rows[other] = rows[other], rows[one]
        fault = refusal(rows)
        assert fault.code is QualityCode.OUT_OF_ORDER
        assert f"line {one + 1}" in str(fault)

    def test_a_day_that_comes_twice(self):
        rows = first_days(2)
        assert refusal([*rows, *rows[1:25]]).code is QualityCode.DUPLICATE_HOUR

    def test_a_row_from_before_the_first_day(self):
        rows = first_days(2)
        rows[30] = rows[30].replace("2012-01-10", "2012-01-08")
        assert refusal(rows).code is QualityCode.OUT_OF_ORDER

    @pytest.mark.parametrize("column", [1, 2, 3])
    @pytest.mark.parametrize(
        ("value", "code"),
        [
            ("", QualityCode.MISSING_VALUE),
            ("NaN", QualityCode.MISSING_VALUE),
            ("n/a", QualityCode.MISSING_VALUE),
            ("cheap", QualityCode.NOT_A_NUMBER),
            ("1_000", QualityCode.NOT_A_NUMBER),
            (" 34.97", QualityCode.NOT_A_NUMBER),
            ("inf", QualityCode.NOT_A_NUMBER),
            ("0x10", QualityCode.NOT_A_NUMBER),
        ],
    )
    def test_values_that_are_absent_or_no_numbers(self, column, value, code):
        fault = refusal(self.with_field(7, column, value))
        assert fault.code is code
        assert "line 8: " in str(fault)
        assert f"found {value!r}" in str(fault)

    @pytest.mark.parametrize(
        ("column", "value", "code"),
        [
            (1, "34.975", QualityCode.OFF_TICK),
            (1, "3e1", QualityCode.OFF_TICK),
            (1, "41943.05", QualityCode.OUT_OF_BOUNDS),
            (1, "-41943.05", QualityCode.OUT_OF_BOUNDS),
            (2, "1e999", QualityCode.OUT_OF_BOUNDS),
        ],
    )
    def test_values_beyond_the_tick_or_the_bounds(self, column, value, code):
        assert refusal(self.with_field(7, column, value)).code is code

    @pytest.mark.parametrize(
        "stamp", ["yesterday", "2012-01-09 06:30:00", "2012-1-9 06:00:00", "2012-02-31 06:00:00"]
    )
    def test_times_that_cannot_be_read(self, stamp):
        assert refusal(self.with_field(7, 0, stamp)).code is QualityCode.UNREADABLE_TIME

    @pytest.mark.parametrize("row", ["", "2012-01-09 06:00:00,1,2", "2012-01-09 06:00:00,1,2,3,4"])
    def test_rows_of_another_width(self, row):
        rows = first_days(1)
        rows[7] = row
        assert refusal(rows).code is QualityCode.WRONG_FIELD_COUNT

    @pytest.mark.parametrize(
        "header", ["", ",Price", ",Price,PV+Wind Forecast,Ampirion Load Forecast"]
    )
    def test_another_header(self, header):
        fault = refusal([header, *first_days(1)[1:]])
        assert fault.code is QualityCode.CHANGED_HEADER
        assert "line 1" in str(fault)

    @given(data=st.data())
    def test_any_removed_row_is_missed_on_the_line_where_it_stood(self, data):
        rows = first_days(3)
        gone = data.draw(st.integers(2, len(rows) - 1))
        del rows[gone]
        fault = refusal(rows)
        assert fault.code is QualityCode.MISSING_HOUR
        assert f"line {gone + 1}:" in str(fault)

    @given(cents=st.integers(-300_000, 300_000))
    def test_every_price_of_two_decimals_is_kept_exactly(self, cents):
        text = str(Decimal(cents).scaleb(-2))
        read = read_day_file("\n".join(self.with_field(3, 1, text)).encode(), source="mine.csv")
        assert read.price_cents[0, 2] == cents

    @staticmethod
    def with_field(line: int, column: int, value: str) -> list[str]:
        rows = first_days(1)
        fields = rows[line].split(",")
        fields[column] = value
        rows[line] = ",".join(fields)
        return rows


class TestFilesOnDisk:
    def test_another_file_of_the_same_layout_is_read_plain_or_zipped(self, tmp_path: Path):
        text = "\n".join([*first_days(9), ""]).encode()
        (tmp_path / "mine.csv").write_bytes(text)
        (tmp_path / "mine.csv.gz").write_bytes(gzip.compress(text))
        plain, zipped = open_feed(tmp_path / "mine.csv"), open_feed(tmp_path / "mine.csv.gz")
        assert plain.last_day == zipped.last_day == date(2012, 1, 17)
        assert plain.content_sha256 != zipped.content_sha256
        day = date(2012, 1, 17)
        assert plain.delivery_day(day, as_of=settled(day)) == feed().delivery_day(
            day, as_of=settled(day)
        )

    @pytest.mark.parametrize("keep", [1, 10, 3000])
    def test_a_truncated_archive_is_corrupt(self, tmp_path: Path, keep):
        packed = (PACKAGE / "data" / PACKAGED_FILE).read_bytes()
        self.corrupt(tmp_path, packed[:keep])

    def test_a_flipped_bit_in_the_archive_is_corrupt(self, tmp_path: Path):
        packed = bytearray((PACKAGE / "data" / PACKAGED_FILE).read_bytes())
        packed[len(packed) // 2] ^= 1
        self.corrupt(tmp_path, bytes(packed))

    def test_text_that_claims_to_be_an_archive_is_corrupt(self, tmp_path: Path):
        self.corrupt(tmp_path, b"not an archive")

    def test_text_of_another_alphabet_is_corrupt(self, tmp_path: Path):
        self.corrupt(tmp_path, gzip.compress("Preis €".encode()))

    def test_an_absent_file_is_named(self, tmp_path: Path):
        with pytest.raises(QualityFault, match="No such file") as caught:
            open_feed(tmp_path / "none.csv")
        assert caught.value.code is QualityCode.UNREADABLE_FILE

    def test_the_packaged_content_is_pinned(self):
        packed = (PACKAGE / "data" / PACKAGED_FILE).read_bytes()
        with pytest.raises(QualityFault, match="must have the SHA-256") as caught:
            read_day_file(
                packed + b"\0", source=PACKAGED_FILE, expected_sha256=feed().content_sha256
            )
        assert caught.value.code is QualityCode.CHANGED_CONTENT

    @staticmethod
    def corrupt(tmp_path: Path, content: bytes) -> None:
        path = tmp_path / "mine.csv.gz"
        path.write_bytes(content)
        with pytest.raises(QualityFault) as caught:
            open_feed(path)
        assert caught.value.code is QualityCode.CORRUPT_FILE
        assert "\n" not in str(caught.value)
        assert caught.value.__cause__ is not None
