"""Decides whether journal and audit log are what was written, and names the first altered record.

Four questions in order: is the journal's chain whole; is the log's; does the log reach and pass
through its anchor; does every record say of its journal entry what the entry says itself. A fifth
can be asked by handing in records derived anew from the journal: then every decision is checked,
too, and not only every fact.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import Enum

import attrs

from wattbook_contracts.ports.journal import AuditLogReader, JournalReader
from wattbook_domain.audit.chain import (
    ChainBreak,
    ChainHead,
    JournalEntry,
    first_broken,
    first_broken_link,
)
from wattbook_domain.audit.records import (
    AuditRecord,
    AuditSource,
    from_line,
    record_links,
    to_line,
)
from wattbook_domain.foundation.canonical import sha256_hex


class AuditCheck(Enum):
    """Which question a run failed."""

    JOURNAL_CHAIN = "the journal"
    LOG_CHAIN = "the audit log"
    LOG_AGAINST_JOURNAL = "the audit log against the journal"
    LOG_AGAINST_REPLAY = "the audit log against a replay"


@attrs.frozen
class AuditFinding:
    """The first altered record: in which chain, which one, and how it shows."""

    check: AuditCheck
    seq: int
    detail: str

    def explain(self) -> str:
        """Return one line."""
        return f"{self.check.value}: record {self.seq} was altered; {self.detail}"


@attrs.frozen(kw_only=True)
class AuditVerdict:
    """What a verification found.

    Attributes:
        journal_head: where the journal ends.
        log_records: how many records the log holds.
        unaudited_entries: journal entries the log has not come to; after a crash the follower
            catches up, in a finished run there are none.
        is_anchored: whether an anchor was there; without one a cut or rewritten tail stays
            unseen.
        finding: the first altered record, `None` when there is none.
    """

    journal_head: ChainHead
    log_records: int
    unaudited_entries: int
    is_anchored: bool
    finding: AuditFinding | None

    @property
    def is_intact(self) -> bool:
        """Whether nothing was found."""
        return self.finding is None


def verify_audit(
    log: AuditLogReader,
    journal: JournalReader,
    *,
    journal_anchor: ChainHead | None = None,
    derived: Iterable[AuditRecord] | None = None,
) -> AuditVerdict:
    """Verify one run.

    Args:
        log: the audit log with its anchor.
        journal: what the log is about.
        journal_anchor: a head of the journal kept elsewhere, if there is one.
        derived: the records that a replay of the journal gives, if they are to be compared.

    Raises:
        CorruptionFault: if the anchor itself cannot be read.
        StorageFault: if a store cannot be read.
    """
    anchor = log.anchor()
    finding, audited, count = _first_finding(log, journal, anchor, journal_anchor, derived)
    head = journal.head()
    return AuditVerdict(
        journal_head=head,
        log_records=count,
        unaudited_entries=head.seq - audited,
        is_anchored=anchor is not None,
        finding=finding,
    )


def _first_finding(
    log: AuditLogReader,
    journal: JournalReader,
    anchor: ChainHead | None,
    journal_anchor: ChainHead | None,
    derived: Iterable[AuditRecord] | None,
) -> tuple[AuditFinding | None, int, int]:
    """Ask the questions in order; return the first finding, entries audited and records read."""
    count = sum(1 for _ in log.lines())
    if broken := first_broken(journal.read(), journal_anchor):
        return _found(AuditCheck.JOURNAL_CHAIN, broken), 0, count
    if broken := first_broken_link(record_links(log.lines()), anchor):
        return _found(AuditCheck.LOG_CHAIN, broken), 0, count
    finding, audited = _against_journal(map(from_line, log.lines()), journal.read())
    if finding is None and derived is not None:
        finding = _against_replay(log.lines(), derived)
    return finding, audited, count


def _found(check: AuditCheck, broken: ChainBreak) -> AuditFinding:
    return AuditFinding(check, broken.seq, broken.explain())


def _against_journal(
    records: Iterable[AuditRecord], entries: Iterator[JournalEntry]
) -> tuple[AuditFinding | None, int]:
    """Walk log and journal together; every entry has one fact record, then its decisions."""
    entry: JournalEntry | None = None
    for record in records:
        if record.source is AuditSource.FACT:
            entry = next(entries, None)
        if detail := _difference(record, entry):
            return AuditFinding(AuditCheck.LOG_AGAINST_JOURNAL, record.seq, detail), 0
    return None, entry.seq if entry is not None else 0


def _difference(record: AuditRecord, entry: JournalEntry | None) -> str:
    if entry is None or record.journal_seq != entry.seq:
        found = "none is there" if entry is None else f"the next one is {entry.seq}"
        return f"it accounts for journal entry {record.journal_seq}, {found}"
    if record.at_ns != entry.event_ns:
        return f"it says {record.at_ns}, journal entry {entry.seq} says {entry.event_ns}"
    payload_hash = sha256_hex(entry.payload)
    if record.source is AuditSource.FACT and record.payload_hash != payload_hash:
        return (
            f"it remembers payload {record.payload_hash}, journal entry {entry.seq} "
            f"has {payload_hash}"
        )
    return ""


def _against_replay(lines: Iterable[bytes], derived: Iterable[AuditRecord]) -> AuditFinding | None:
    expected = iter(derived)
    for place, line in enumerate(lines, 1):
        record = next(expected, None)
        if record is None or to_line(record) != line:
            detail = (
                "the replay derives no such record"
                if record is None
                else f"the replay derives {record.subject.action} with payload "
                f"{record.payload_hash}"
            )
            return AuditFinding(AuditCheck.LOG_AGAINST_REPLAY, place, detail)
    return None
