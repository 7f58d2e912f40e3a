"""What proves a run: it repeats, it replays, and whatever is changed in it is found and named."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.end_to_end.conftest import NAIVE, Finished
from tests.end_to_end.runs import Run, copy_of, files, process, tables, wattbook
from wattbook_domain.audit.chain import link
from wattbook_domain.foundation.instants import UtcNs

pytestmark = pytest.mark.xdist_group("end_to_end_days")

DAY = "2017-03-26"


@pytest.fixture(scope="module")
def whole(finished: Finished) -> Run:
    return finished(DAY, *NAIVE)[0]


@pytest.fixture
def copy(whole: Run, tmp_path: Path) -> Path:
    return copy_of(whole, tmp_path / "run")


@pytest.mark.slow
def test_the_same_day_twice_gives_the_same_bytes(finished: Finished, tmp_path: Path) -> None:
    """In another process, with another hash seed, clock zone, locale and folder.

    On this day the plan's search is cut short: by nodes, or the load of the machine would show.
    """
    day, out = "2017-10-29", tmp_path / "elsewhere"
    first, _ = finished(day, *NAIVE)
    with process(
        *("demo", "--date", day, "--out", out, *NAIVE),
        PYTHONHASHSEED="4711",
        TZ="Asia/Kathmandu",
        LC_ALL="C",
    ) as again:
        _, errors = again.communicate()
    assert (again.returncode, errors) == (0, "")
    assert files(out) == files(first.path)
    assert tables(out) == tables(first.path)


def test_another_seed_is_another_day(whole: Run, finished: Finished) -> None:
    """So the equality above is no accident of files that never change."""
    other, _ = finished(DAY, *NAIVE, "--set", "run.seed=7")
    assert other.summary.run.run_id != whole.summary.run.run_id
    assert other.summary.wind.output_mwh != whole.summary.wind.output_mwh
    assert [i.price_actual for i in other.summary.intervals] == [
        i.price_actual for i in whole.summary.intervals
    ]


def test_a_replay_gives_the_state_that_the_run_recorded(whole: Run) -> None:
    before = files(whole.path), tables(whole.path)
    outcome = wattbook("replay", whole.path, "--json")
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.json["is_same"] is True
    assert outcome.json["state_hash"] == whole.summary.audit.state_hash
    assert outcome.json["recorded_state_hash"] == whole.summary.audit.state_hash
    # Two entries more than the summary could know: those that name it and the page.
    assert outcome.json["entries"] == whole.summary.audit.journal_entries + 2
    assert (files(whole.path), tables(whole.path)) == before


def change(run: Path, statement: str, *values: object) -> None:
    with closing(sqlite3.connect(run / "journal.sqlite")) as database, database:
        assert database.execute(statement, values).rowcount > 0


def payload(run: Path, seq: int) -> bytes:
    with closing(sqlite3.connect(run / "journal.sqlite")) as database:
        (found,) = database.execute("select payload from journal where seq = ?", (seq,)).fetchone()
    return bytes(found)


def test_one_altered_byte_stops_the_replay_and_is_named(copy: Path) -> None:
    kept = payload(copy, 100)
    middle = len(kept) // 2
    altered = kept[:middle] + bytes([kept[middle] ^ 1]) + kept[middle + 1 :]
    change(copy, "update journal set payload = ? where seq = 100", altered)
    outcome = wattbook("replay", copy)
    assert (outcome.code, outcome.out) == (66, "")
    assert outcome.err.count("\n") == 1
    assert "record 100 does not have the content its own hash was made of" in outcome.err
    # Nor does a run go on from it.
    again = wattbook("demo", "--date", DAY, "--out", copy, *NAIVE)
    assert again.code == 66
    assert "record 100" in again.err


# --- tampering -----------------------------------------------------------------------------------


def lines_of(run: Path) -> list[bytes]:
    return (run / "audit.jsonl").read_bytes().splitlines(keepends=True)


def write_lines(run: Path, lines: list[bytes]) -> None:
    (run / "audit.jsonl").write_bytes(b"".join(lines))


def edit_line(run: Path) -> None:
    lines = lines_of(run)
    record = json.loads(lines[199])
    record["payload_hash"] = "f" * 64
    lines[199] = json.dumps(record, separators=(",", ":"), sort_keys=True).encode() + b"\n"
    write_lines(run, lines)


def break_line(run: Path) -> None:
    lines = lines_of(run)
    lines[199] = b"{" + lines[199]
    write_lines(run, lines)


def delete_line(run: Path) -> None:
    lines = lines_of(run)
    del lines[199]
    write_lines(run, lines)


def swap_lines(run: Path) -> None:
    lines = lines_of(run)
    lines[199], lines[200] = lines[200], lines[199]
    write_lines(run, lines)


def repeat_line(run: Path) -> None:
    lines = lines_of(run)
    lines.insert(200, lines[199])
    write_lines(run, lines)


def truncate_lines(run: Path) -> None:
    write_lines(run, lines_of(run)[:199])


def truncate_within_a_line(run: Path) -> None:
    lines = lines_of(run)[:200]
    write_lines(run, [*lines[:199], lines[199][:40]])


def edit_fact(run: Path) -> None:
    kept = payload(run, 200)
    altered = kept.replace(b"1", b"2", 1)
    assert altered != kept
    change(run, "update journal set payload = ? where seq = 200", altered)


def forge_fact(run: Path) -> None:
    """Edit a fact and make every later link anew: the journal alone looks whole again."""
    with closing(sqlite3.connect(run / "journal.sqlite")) as database, database:
        rows = database.execute(
            "select seq, kind, event_ns, payload, previous_hash from journal where seq >= 200 "
            "order by seq"
        ).fetchall()
        previous = rows[0][4]
        for seq, kind, event_ns, content, _ in rows:
            fact = bytes(content).replace(b"1", b"2", 1) if seq == 200 else bytes(content)
            entry_hash = link(previous, seq, kind, UtcNs(event_ns), fact)
            database.execute(
                "update journal set payload = ?, previous_hash = ?, entry_hash = ? where seq = ?",
                (fact, previous, entry_hash, seq),
            )
            previous = entry_hash


def delete_fact(run: Path) -> None:
    change(run, "delete from journal where seq = 200")


def cut_facts(run: Path) -> None:
    change(run, "delete from journal where seq > 200")


def edit_anchor(run: Path) -> None:
    anchor = json.loads((run / "audit.anchor.json").read_bytes())
    (run / "audit.anchor.json").write_text(json.dumps({**anchor, "entry_hash": "e" * 64}))


def advance_anchor(run: Path) -> None:
    anchor = json.loads((run / "audit.anchor.json").read_bytes())
    (run / "audit.anchor.json").write_text(json.dumps({**anchor, "seq": anchor["seq"] + 1}))


def cut_log_and_anchor(run: Path) -> None:
    """Cut the log, and let the anchor agree: only the journal still knows how long it was."""
    lines = lines_of(run)[:199]
    last = json.loads(lines[-1])
    write_lines(run, lines)
    (run / "audit.anchor.json").write_text(
        json.dumps({"seq": 199, "entry_hash": last["record_hash"]})
    )


def remove_anchor(run: Path) -> None:
    (run / "audit.anchor.json").unlink()


def remove_log(run: Path) -> None:
    (run / "audit.jsonl").unlink()


def edit_file(name: str) -> Callable[[Path], None]:
    def edit(run: Path) -> None:
        (file,) = run.glob(name)
        content = file.read_bytes()
        file.write_bytes(content.replace(b"2017", b"2018", 1))

    return edit


def remove_file(name: str) -> Callable[[Path], None]:
    def remove(run: Path) -> None:
        (file,) = run.glob(name)
        file.unlink()

    return remove


TAMPERING: dict[str, tuple[Callable[[Path], None], str, str]] = {
    "line edited": (edit_line, "chains", "the audit log: record 200 was altered"),
    "line unreadable": (break_line, "chains", "the audit log: record 200 was altered"),
    "line deleted": (delete_line, "chains", "the audit log: record 200 was altered"),
    "lines swapped": (swap_lines, "chains", "the audit log: record 200 was altered"),
    "line repeated": (repeat_line, "chains", "the audit log: record 201 was altered"),
    "log cut": (truncate_lines, "chains", "the audit log: record 200 was altered"),
    "log cut in a line": (truncate_within_a_line, "chains", "the audit log: record 200"),
    "log and anchor cut": (cut_log_and_anchor, "end", "journal entries before the journal's end"),
    "log removed": (remove_log, "chains", "the audit log: record 1 was altered"),
    "fact edited": (edit_fact, "chains", "the journal: record 200 was altered"),
    "fact forged": (forge_fact, "chains", "the audit log against the journal: record"),
    "fact deleted": (delete_fact, "chains", "the journal: record 200 was altered"),
    "facts cut": (cut_facts, "chains", "the audit log against the journal: record"),
    "anchor edited": (edit_anchor, "chains", "the audit log: record"),
    "anchor advanced": (advance_anchor, "chains", "the audit log: record"),
    "anchor removed": (remove_anchor, "anchor", "has no anchor"),
    "page edited": (edit_file("report.html"), "report.html", "altered: journalled"),
    "summary edited": (edit_file("summary.json"), "summary.json", "altered: journalled"),
    "report edited": (edit_file("remit/*.xml"), "remit/", "altered: journalled"),
    "report removed": (remove_file("remit/*.xml"), "remit/", "cannot be read"),
}


@pytest.mark.parametrize("name", TAMPERING)
def test_whatever_is_altered_is_found_and_named(name: str, copy: Path) -> None:
    tamper, where, words = TAMPERING[name]
    tamper(copy)
    outcome = wattbook("audit", "verify", copy, "--json")
    assert outcome.code == 1
    failed = [row for row in outcome.json if not row["is_ok"]]
    assert len(failed) == 1
    assert failed[0]["name"].startswith(where)
    assert words in failed[0]["text"]


def test_what_nobody_altered_is_found_intact(whole: Run) -> None:
    before = files(whole.path), tables(whole.path)
    outcome = wattbook("audit", "verify", whole.path, "--json")
    assert (outcome.code, outcome.err) == (0, "")
    assert all(row["is_ok"] for row in outcome.json)
    (report,) = (whole.path / "remit").glob("*.xml")
    assert [row["name"] for row in outcome.json] == [
        "chains",
        f"remit/{report.name}",
        "report.html",
        "summary.json",
    ]
    assert (files(whole.path), tables(whole.path)) == before


def test_the_forged_fact_is_named_by_its_record(copy: Path) -> None:
    """Record 200 of the journal is the fact of some later record of the log: that one is named."""
    of_entry_200 = next(
        number
        for number, line in enumerate(lines_of(copy), 1)
        if json.loads(line)["journal_seq"] == 200
    )
    forge_fact(copy)
    outcome = wattbook("audit", "verify", copy)
    assert (outcome.code, outcome.err) == (1, "")
    assert f"FAIL chains: the audit log against the journal: record {of_entry_200} was" in (
        outcome.out
    )
    assert "journal entry 200" in outcome.out
