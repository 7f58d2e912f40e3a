"""Containers are lists of parts: each is built from what it is given, once, and opens nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from dependency_injector.errors import Error

from wattbook.containers import AnalyticsContainer, MarketContainer, RecordsContainer
from wattbook.run_folder import RunFolder
from wattbook_adapters.clocks.system import SystemClock

CONTAINERS = (AnalyticsContainer, MarketContainer, RecordsContainer)


@pytest.mark.parametrize("container", CONTAINERS)
def test_a_container_says_what_it_must_be_given(container: type) -> None:
    with pytest.raises(Error, match="has undefined dependencies"):
        container().check_dependencies()


def test_the_parts_that_keep_a_run_open_nothing_until_asked(tmp_path: Path) -> None:
    records = RunFolder(path=tmp_path).records("paper-1")
    records.check_dependencies()
    assert list(tmp_path.iterdir()) == []
    assert isinstance(records.clock(), SystemClock)
    assert records.clock() is records.clock()


def test_a_store_is_one_and_a_unit_of_work_is_new_each_time(tmp_path: Path) -> None:
    records = RunFolder(path=tmp_path).records("paper-1")
    try:
        assert records.store() is records.store()
        assert records.unit_of_work() is not records.unit_of_work()
    finally:
        records.store().close()


def test_one_missing_thing_is_no_other(tmp_path: Path) -> None:
    """Two containers share nothing: a second run never meets the first one's parts."""
    first, second = (RunFolder(path=tmp_path).records("paper-1") for _ in range(2))
    assert first.clock() is not second.clock()
