"""The audit log follows the engine, survives a crash, and names the first altered record."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.application.engine.desk import (
    PROGRAM,
    CountingClock,
    DeskState,
    OrderWanted,
    ReportReceived,
    SendCancel,
    SendOrder,
    Venue,
)

from wattbook_adapters.storage.audit_file import AuditFile, AuditFileReader
from wattbook_adapters.storage.memory import MemoryJournal
from wattbook_application.engine import Engine
from wattbook_application.operations.append_audit import AppendAudit, Checkpoints, records_of
from wattbook_application.operations.verify_audit import AuditCheck, AuditVerdict, verify_audit
from wattbook_application.program import Effect, Fact, Step
from wattbook_application.replay import replay
from wattbook_contracts.errors import CorruptionFault, StorageFault
from wattbook_domain.audit.chain import EMPTY_HEAD, ChainHead, JournalEntry, next_entries
from wattbook_domain.audit.records import (
    AuditRecord,
    AuditSource,
    AuditSubject,
    from_line,
    record_hash,
    to_line,
)
from wattbook_domain.foundation.canonical import state_hash
from wattbook_domain.foundation.identifiers import ClientOrderId
from wattbook_domain.foundation.instants import UtcNs
from wattbook_domain.orders.vocabulary import Side

CHECKPOINTS: Checkpoints[DeskState] = Checkpoints(every=5, hash_state=state_hash)


def describe(said: Fact | Effect) -> AuditSubject:
    match said:
        case OrderWanted():
            return AuditSubject(actor="desk-1", action="order.wanted", entity=said.order_id)
        case ReportReceived():
            name = said.report.client_order_id
            return AuditSubject(actor="SIM", action="report.received", entity=name)
        case SendOrder() | SendCancel():
            return AuditSubject(actor="engine", action=type(said).__name__, entity=said.order_id)
        case _:
            raise AssertionError(said)


def follower(log: AuditFile, batch: int = 1) -> AppendAudit[DeskState]:
    return AppendAudit(
        log, describe=describe, config_version="limits-1", checkpoints=CHECKPOINTS, batch=batch
    )


def orders(count: int) -> list[OrderWanted]:
    return [
        OrderWanted(order_id=ClientOrderId(f"D1-{n}"), side=Side.BUY, lots=n, ticks=-n, at=UtcNs(n))
        for n in range(1, count + 1)
    ]


def run(journal: MemoryJournal, audit: AppendAudit[DeskState], count: int = 5) -> None:
    venue = Venue()
    engine = Engine(
        PROGRAM,
        journal=journal,
        clock=CountingClock(),
        perform=venue.perform,
        observe=audit.follow,
    )
    venue.tell = engine.post
    for fact in orders(count):
        engine.post(fact)
    engine.drain()


def derived(journal: MemoryJournal) -> list[AuditRecord]:
    """The records that a replay gives."""
    records: list[AuditRecord] = []

    def observe(step: Step, state: DeskState) -> None:
        head = records[-1].head if records else EMPTY_HEAD
        records.extend(
            records_of(
                step,
                head,
                describe=describe,
                config_version="limits-1",
                state_hash=CHECKPOINTS.name(step.entry.seq, state),
            )
        )

    replay(PROGRAM, journal, observe=observe)
    return records


class Kept:
    """A finished run on disk: journal, log and anchor, to be tampered with."""

    def __init__(self, folder: Path) -> None:
        self.path, self.anchor_path = folder / "audit.jsonl", folder / "elsewhere.anchor"
        self.journal = MemoryJournal()
        with AuditFile(self.path, self.anchor_path) as log:
            audit = follower(log)
            run(self.journal, audit)

    @property
    def log(self) -> AuditFileReader:
        return AuditFileReader(self.path, self.anchor_path)

    def lines(self) -> list[bytes]:
        return list(self.log.lines())

    def rewrite(self, lines: Iterable[bytes]) -> None:
        self.path.write_bytes(b"".join(line + b"\n" for line in lines))

    def verify(self, *, derive: bool = False) -> AuditVerdict:
        return verify_audit(
            self.log, self.journal, derived=derived(self.journal) if derive else None
        )


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    return Kept(tmp_path)


def test_each_fact_and_each_decision_has_its_record(kept: Kept) -> None:
    records = [from_line(line) for line in kept.lines()]
    assert records == derived(kept.journal)
    facts = [r for r in records if r.source is AuditSource.FACT]
    assert [r.journal_seq for r in facts] == list(range(1, kept.journal.head().seq + 1))
    decided = {r.subject.action for r in records if r.source is AuditSource.DECISION}
    assert decided == {"SendOrder", "SendCancel"}
    named = [r.journal_seq for r in facts if r.state_hash]
    assert named == list(range(5, kept.journal.head().seq + 1, 5))


def test_a_finished_run_verifies(kept: Kept) -> None:
    verdict = kept.verify(derive=True)
    assert verdict.is_intact
    assert verdict.is_anchored
    assert verdict.unaudited_entries == 0
    assert verdict.log_records == len(kept.lines())
    assert verdict.journal_head == kept.journal.head()


def found(verdict: AuditVerdict) -> tuple[AuditCheck, int]:
    assert verdict.finding is not None
    assert f"record {verdict.finding.seq} was altered" in verdict.finding.explain()
    return verdict.finding.check, verdict.finding.seq


def test_an_edited_line_is_named(kept: Kept) -> None:
    lines = kept.lines()
    lines[3] = (
        lines[3].replace(b"desk-1", b"desk-2").replace(b"SIM", b"XXX").replace(b"engine", b"nobody")
    )
    kept.rewrite(lines)
    assert found(kept.verify()) == (AuditCheck.LOG_CHAIN, 4)


def test_a_line_that_is_no_record_is_named(kept: Kept) -> None:
    lines = kept.lines()
    lines[2] = b"\xff" + lines[2]
    kept.rewrite(lines)
    assert found(kept.verify()) == (AuditCheck.LOG_CHAIN, 3)


def test_a_deleted_line_is_named(kept: Kept) -> None:
    lines = kept.lines()
    del lines[4]
    kept.rewrite(lines)
    assert found(kept.verify()) == (AuditCheck.LOG_CHAIN, 5)


def test_swapped_lines_are_named(kept: Kept) -> None:
    lines = kept.lines()
    lines[1], lines[6] = lines[6], lines[1]
    kept.rewrite(lines)
    assert found(kept.verify()) == (AuditCheck.LOG_CHAIN, 2)


def test_a_cut_tail_is_named_by_the_anchor_and_unseen_without_it(kept: Kept) -> None:
    lines = kept.lines()
    kept.rewrite(lines[:-2])
    assert found(kept.verify()) == (AuditCheck.LOG_CHAIN, len(lines) - 1)
    kept.anchor_path.unlink()
    verdict = kept.verify()
    assert verdict.is_intact
    assert not verdict.is_anchored


def test_an_edited_journal_is_named_first(kept: Kept) -> None:
    entries = list(kept.journal.read())
    entries[2] = attrs.evolve(entries[2], payload=entries[2].payload + b" ")
    kept.journal = MemoryJournal(entries)
    assert found(kept.verify()) == (AuditCheck.JOURNAL_CHAIN, 3)


def rechained(entries: Iterable[JournalEntry], altered: int) -> MemoryJournal:
    """A journal forged from one entry on, every later hash recomputed."""
    changed = [attrs.evolve(e, event_ns=UtcNs(e.event_ns + (e.seq == altered))) for e in entries]
    return MemoryJournal(next_entries(EMPTY_HEAD, changed))  # type: ignore[arg-type]


def test_a_journal_forged_with_all_its_hashes_is_named_by_the_log(kept: Kept) -> None:
    kept.journal = rechained(kept.journal.read(), altered=3)
    verdict = kept.verify()
    assert verdict.finding is not None
    assert verdict.finding.check is AuditCheck.LOG_AGAINST_JOURNAL
    record = from_line(kept.lines()[verdict.finding.seq - 1])
    assert record.journal_seq == 3


def test_a_cut_journal_is_named_by_the_log(kept: Kept) -> None:
    kept.journal = MemoryJournal(list(kept.journal.read())[:-1])
    verdict = kept.verify()
    assert verdict.finding is not None
    assert verdict.finding.check is AuditCheck.LOG_AGAINST_JOURNAL
    assert "none is there" in verdict.finding.detail


def test_a_payload_forged_in_log_and_anchor_is_named_by_the_journal(kept: Kept) -> None:
    forge(kept, lambda r: attrs.evolve(r, payload_hash="a" * 64) if r.seq == 1 else r)
    assert found(kept.verify()) == (AuditCheck.LOG_AGAINST_JOURNAL, 1)


def test_a_decision_forged_in_log_and_anchor_is_named_by_the_replay(kept: Kept) -> None:
    records = [from_line(line) for line in kept.lines()]
    seq = next(r.seq for r in records if r.source is AuditSource.DECISION)
    forge(kept, lambda r: attrs.evolve(r, payload_hash="a" * 64) if r.seq == seq else r)
    assert kept.verify().is_intact
    assert found(kept.verify(derive=True)) == (AuditCheck.LOG_AGAINST_REPLAY, seq)


def test_a_decision_that_was_never_taken_is_named_by_the_replay(kept: Kept) -> None:
    records = [from_line(line) for line in kept.lines()]
    extra = attrs.evolve(records[-1], source=AuditSource.DECISION)
    write(kept, [*records, extra])
    assert found(kept.verify(derive=True)) == (AuditCheck.LOG_AGAINST_REPLAY, len(records) + 1)


def forge(kept: Kept, change) -> None:  # type: ignore[no-untyped-def]
    write(kept, [change(from_line(line)) for line in kept.lines()])


def write(kept: Kept, records: Iterable[AuditRecord]) -> None:
    """What a forger who can write both files and knows the formula would leave."""
    head, sealed = EMPTY_HEAD, []
    for record in records:
        linked = attrs.evolve(record, seq=head.seq + 1, previous_hash=head.entry_hash)
        sealed.append(attrs.evolve(linked, record_hash=record_hash(linked)))
        head = sealed[-1].head
    kept.rewrite(map(to_line, sealed))
    kept.anchor_path.write_text(json.dumps(attrs.asdict(head)))


@given(lost=st.integers(0, 30), torn=st.integers(0, 400), batch=st.integers(1, 7))
def test_after_a_crash_the_follower_writes_the_same_file(
    tmp_path_factory: pytest.TempPathFactory, lost: int, torn: int, batch: int
) -> None:
    """A crash loses unflushed records and may tear the last line; a replay brings them back."""
    folder = tmp_path_factory.mktemp("run")
    kept = Kept(folder)
    whole = kept.path.read_bytes()
    lines = kept.lines()
    remaining = lines[: max(len(lines) - lost, 0)]
    kept.rewrite(remaining)
    with kept.path.open("ab") as file:
        file.write(lines[len(remaining)][:torn] if lost and remaining != lines else b"")
    head = from_line(remaining[-1]).head if remaining else EMPTY_HEAD
    kept.anchor_path.write_text(json.dumps(attrs.asdict(head)))
    with AuditFile(kept.path, kept.anchor_path) as log:
        audit = follower(log, batch)
        replay(PROGRAM, kept.journal, observe=audit.follow)
        audit.flush()
    assert kept.path.read_bytes() == whole
    assert kept.verify(derive=True).is_intact


def test_a_run_still_unaudited_says_how_far_behind(kept: Kept, tmp_path: Path) -> None:
    log = AuditFileReader(tmp_path / "none.jsonl", tmp_path / "none.anchor")
    verdict = verify_audit(log, kept.journal)
    assert verdict.is_intact
    assert (verdict.log_records, verdict.unaudited_entries) == (0, kept.journal.head().seq)


def test_a_log_that_says_something_else_of_a_known_step_stops_the_follower(kept: Kept) -> None:
    with AuditFile(kept.path, kept.anchor_path) as log:
        audit = AppendAudit[DeskState](log, describe=describe, config_version="limits-2")
        with pytest.raises(CorruptionFault, match="record 1 of journal entry 1"):
            replay(PROGRAM, kept.journal, observe=audit.follow)


def test_a_follower_that_misses_a_step_says_so(kept: Kept, tmp_path: Path) -> None:
    steps: list[Step] = []
    replay(PROGRAM, kept.journal, observe=lambda step, state: steps.append(step))
    with (
        AuditFile(tmp_path / "new.jsonl", tmp_path / "new.anchor") as log,
        pytest.raises(ValueError, match="after 0 came 2"),
    ):
        follower(log).follow(steps[1], DeskState())


def test_checkpoints_are_at_least_one_entry_apart() -> None:
    with pytest.raises(ValueError, match="found 0"):
        Checkpoints(every=0, hash_state=state_hash)


def records(count: int) -> Iterator[AuditRecord]:
    journal = MemoryJournal()
    venue = Venue()
    engine = Engine(PROGRAM, journal=journal, clock=CountingClock(), perform=venue.perform)
    for fact in orders(count):
        engine.post(fact)
    engine.drain()
    return iter(derived(journal))


def test_a_record_that_does_not_follow_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    first, second, third, *_ = records(3)
    with AuditFile(tmp_path / "a.jsonl", tmp_path / "a.anchor") as log:
        with pytest.raises(ValueError, match="the log ends with 0, found record 2"):
            log.append([second])
        log.append([first])
        with pytest.raises(ValueError, match="the log ends with 2, found record 2"):
            log.append([second, second])
        assert list(log.lines()) == [to_line(first)]
        log.append([second, third])
        assert log.head == third.head
        assert log.anchor() == third.head


def test_a_log_shorter_than_its_anchor_is_not_opened_for_writing(kept: Kept) -> None:
    kept.rewrite(kept.lines()[:-1])
    with pytest.raises(CorruptionFault, match="must reach its anchor"):
        AuditFile(kept.path, kept.anchor_path)


def test_a_log_whose_end_is_no_record_is_not_opened_for_writing(kept: Kept) -> None:
    kept.rewrite([*kept.lines(), b"{}"])
    with pytest.raises(CorruptionFault, match="must be an audit record"):
        AuditFile(kept.path, kept.anchor_path)
    kept.rewrite([*kept.lines()[:-1], kept.lines()[0]])
    with pytest.raises(CorruptionFault, match="the record counts 1"):
        AuditFile(kept.path, kept.anchor_path)


def test_an_anchor_that_is_none_is_corruption(kept: Kept) -> None:
    kept.anchor_path.write_text("{}")
    with pytest.raises(CorruptionFault, match="lacks the field"):
        kept.verify()


def test_a_missing_folder_is_a_storage_fault(tmp_path: Path) -> None:
    with pytest.raises(StorageFault, match="check that the folder exists"):
        AuditFile(tmp_path / "no" / "a.jsonl", tmp_path / "a.anchor")


def test_the_anchor_is_a_count_and_a_hash(kept: Kept) -> None:
    last = from_line(kept.lines()[-1])
    assert kept.log.anchor() == ChainHead(last.seq, last.record_hash)
