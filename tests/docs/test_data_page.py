"""Every line of the data page about a refused file is what such a file is refused with."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from datetime import date
from importlib import resources
from pathlib import Path

import pytest
from tests.docs.pages import blocks, codes, read, rows

from wattbook_contracts.ports.market_feed import QualityFault
from wattbook_domain.signals.quality import QualityCode
from wattbook_domain.signals.wall_clock import WALL_CLOCK_ROWS
from wattbook_plugins.feeds.epex_de.feed import PACKAGED_FILE, open_feed

PAGE = read("docs/how-to/run-on-your-own-data.md")
LINES = {codes(row[0])[0]: row[1] for row in rows(PAGE)}
DAYS = 100
BROKEN = 30
"""The row below the header that is broken; it stands on line 32."""

Rows = list[str]


def sound() -> Rows:
    packed = resources.files("wattbook_plugins.feeds.epex_de") / "data" / PACKAGED_FILE
    return gzip.decompress(packed.read_bytes()).decode().splitlines()[: 1 + DAYS * WALL_CLOCK_ROWS]


def with_field(index: int, text: str) -> Callable[[Rows], Rows]:
    def change(found: Rows) -> Rows:
        fields = found[1 + BROKEN].split(",")
        fields[index] = text
        return [*found[: 1 + BROKEN], ",".join(fields), *found[2 + BROKEN :]]

    return change


CHANGES: dict[str, Callable[[Rows], Rows]] = {
    "CHANGED_HEADER": lambda found: ["time,price,load,wind", *found[1:]],
    "WRONG_FIELD_COUNT": lambda found: [
        *found[: 1 + BROKEN],
        f"{found[1 + BROKEN]},1",
        *found[2 + BROKEN :],
    ],
    "UNREADABLE_TIME": with_field(0, "10/01/2012 06:00"),
    "MISSING_HOUR": lambda found: found[: 1 + BROKEN] + found[2 + BROKEN :],
    "DUPLICATE_HOUR": lambda found: found[: 2 + BROKEN] + found[1 + BROKEN :],
    "OUT_OF_ORDER": lambda found: [
        *found[: 1 + BROKEN],
        found[2 + BROKEN],
        found[1 + BROKEN],
        *found[3 + BROKEN :],
    ],
    "MISSING_VALUE": with_field(1, "NaN"),
    "NOT_A_NUMBER": with_field(1, "n.v.t."),
    "OFF_TICK": with_field(1, "35.123"),
    "OUT_OF_BOUNDS": with_field(1, "99999.00"),
}


def write(folder: Path, lines: Rows) -> Path:
    file = folder / "my_prices.csv"
    file.write_text("\n".join(lines) + "\n", "ascii")
    return file


def test_the_layout_shown_is_the_packaged_one() -> None:
    assert blocks(PAGE, "text")[0].splitlines() == sound()[:4]


@pytest.mark.parametrize("code", CHANGES)
def test_a_broken_file_is_refused_as_shown(code: str, tmp_path: Path) -> None:
    with pytest.raises(QualityFault) as refused:
        open_feed(write(tmp_path, CHANGES[code](sound())))
    assert str(refused.value).startswith(f"{code}: my_prices.csv ")
    assert LINES[code].partition(" (and")[0] in str(refused.value)


def test_a_file_that_is_not_there_or_no_archive_is_refused_as_shown(tmp_path: Path) -> None:
    with pytest.raises(QualityFault) as refused:
        open_feed(tmp_path / "my_prices.csv")
    assert LINES["UNREADABLE_FILE"] in str(refused.value)
    torn = tmp_path / "my_prices.csv.gz"
    torn.write_bytes(b"\x1f\x8b0000")
    with pytest.raises(QualityFault) as refused:
        open_feed(torn)
    assert LINES["CORRUPT_FILE"] in str(refused.value)


def test_a_day_outside_the_file_is_refused_as_shown(tmp_path: Path) -> None:
    feed = open_feed(write(tmp_path, sound()))
    day = date(2019, 1, 1)
    with pytest.raises(QualityFault) as refused:
        feed.delivery_day(day, as_of=feed.publication.prices_published_at(day))
    assert LINES["UNKNOWN_DATE"] in str(refused.value)


def test_every_quality_code_is_explained() -> None:
    assert {code for code in QualityCode.__members__ if f"`{code}`" in PAGE} == set(QualityCode)
