"""A run's folder says whose it is; whatever else lies there is told in one line and left alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wattbook.platform import open_platform
from wattbook.run_folder import JOURNAL_FILE, RUN_FILE, RunFolder
from wattbook_contracts.errors import ConfigurationFault, DataFault, StorageFault
from wattbook_domain.foundation.identifiers import RunId

RUN = RunId("paper-20170124-0011aabb")

HOSTILE = [
    b"",
    b"\x00\xff\xfe binary",
    b"[1, 2]",
    b'"a run"',
    b"null",
    b"{}",
    b'{"run_id": null}',
    b'{"run_id": 17}',
    b'{"run_id": ["a"]}',
    b'{"run_id": ""}',
    b'{"run_id": "../../etc"}',
    b'{"run_id": "a\\nb"}',
    b'{"run_id": "paper"',
    b"[" * 100_000,
]


def folder_at(path: Path) -> RunFolder:
    return RunFolder(path=path)


def claim(path: Path, run_id: RunId = RUN) -> None:
    folder_at(path).claim(run_id, profile="paper")


def test_a_new_folder_is_made_with_its_parents_and_named(tmp_path: Path) -> None:
    path = tmp_path / "runs" / "of" / "mine"
    claim(path)
    assert folder_at(path).run_id() == RUN
    assert [file.name for file in path.iterdir()] == [RUN_FILE]
    assert json.loads((path / RUN_FILE).read_text("utf-8"))["profile"] == "paper"


def test_the_same_run_finds_its_folder_again(tmp_path: Path) -> None:
    claim(tmp_path)
    before = (tmp_path / RUN_FILE).stat()
    claim(tmp_path)
    after = (tmp_path / RUN_FILE).stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_another_run_leaves_the_folder_alone(tmp_path: Path) -> None:
    claim(tmp_path)
    content = (tmp_path / RUN_FILE).read_bytes()
    with pytest.raises(ConfigurationFault, match=f"holds the run {RUN}, not another-1: .*--out"):
        claim(tmp_path, RunId("another-1"))
    assert (tmp_path / RUN_FILE).read_bytes() == content


def test_a_draft_that_a_crash_left_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / f"{RUN_FILE}.draft").write_text('{"run')
    claim(tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == [RUN_FILE]


@pytest.mark.parametrize("content", HOSTILE, ids=range(len(HOSTILE)))
def test_a_folder_that_does_not_say_whose_it_is_is_one_line(tmp_path: Path, content: bytes) -> None:
    (tmp_path / RUN_FILE).write_bytes(content)
    for ask in (
        lambda: claim(tmp_path),
        lambda: open_platform().replay(tmp_path),
        lambda: open_platform().verify_audit(tmp_path),
    ):
        with pytest.raises(DataFault, match=f"{RUN_FILE}.*; restore") as caught:
            ask()
        assert "\n" not in str(caught.value)
    assert (tmp_path / RUN_FILE).read_bytes() == content


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(), st.lists, max_leaves=5))
def test_no_value_under_run_id_but_a_name_is_taken(
    tmp_path_factory: pytest.TempPathFactory, value: object
) -> None:
    path = tmp_path_factory.mktemp("run")
    (path / RUN_FILE).write_text(json.dumps({"run_id": value}), "utf-8")
    try:
        found = folder_at(path).run_id()
    except DataFault:
        return
    assert found == value


def test_what_is_no_folder_of_a_run_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "run" / RUN_FILE).mkdir(parents=True)
    for path in (tmp_path / "none", tmp_path, tmp_path / "file", tmp_path / "run"):
        with pytest.raises(DataFault, match=r"is not the folder of a run.*--out"):
            open_platform().replay(path)


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for path in (tmp_path / "file", tmp_path / "file" / "below", Path("/proc/wattbook")):
        with pytest.raises(StorageFault, match=r"cannot be written: .*--out"):
            claim(path)


def test_the_journal_is_a_file_in_the_folder_unless_a_server_is_named(tmp_path: Path) -> None:
    assert folder_at(tmp_path).url == f"sqlite:///{tmp_path / JOURNAL_FILE}"
    url = "postgresql+psycopg://desk@db/wattbook"
    assert RunFolder(path=tmp_path, storage_url=url).url == url
