"""Decides what a run's summary proves, and writes the summary and the page.

Both name the chains as they stood when the day was closed: the entries that name these two files
come later and cannot be told of in them. So a finished run that is started again writes the same
bytes, and therefore nothing new.
"""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Final

import attrs

from wattbook_adapters.entrypoints.summarise import Proof, summarise
from wattbook_adapters.reporting.page import render_page
from wattbook_adapters.storage.audit_file import AuditFile
from wattbook_application.closing import ClosedDay
from wattbook_application.facts import DayClosed
from wattbook_application.operations.append_audit import AppendAudit
from wattbook_application.program import Step
from wattbook_application.state import DayState
from wattbook_contracts.errors import StorageFault
from wattbook_contracts.ports.regulator import ReportBatch
from wattbook_contracts.schemas.day_summary import DaySummary, ReportPart
from wattbook_domain.audit.chain import ChainHead
from wattbook_domain.audit.records import from_line
from wattbook_domain.foundation.canonical import sha256_hex

SUMMARY_FILE: Final = "summary.json"
PAGE_FILE: Final = "report.html"
REMIT_FOLDER: Final = "remit"


@attrs.define
class Witness:
    """Follows the engine for the audit, and remembers at which entry the day was closed."""

    follower: AppendAudit[DayState]
    closed: DayClosed | None = None
    closed_seq: int = 0

    def follow(self, step: Step, state: DayState) -> None:
        """Hand the step on; an observer of the engine."""
        self.follower.follow(step, state)
        if isinstance(step.fact, DayClosed):
            self.closed, self.closed_seq = step.fact, step.entry.seq


def summary_of(
    state: DayState,
    day: ClosedDay,
    *,
    witness: Witness,
    audit_log: AuditFile,
    notes: tuple[str, ...],
) -> DaySummary:
    """Return the summary of a closed day whose audit log is flushed.

    Raises:
        ValueError: if the day is still open.
    """
    if witness.closed is None:
        raise ValueError("a summary is made of a closed day, this one is open")
    audit_head = _audit_head(audit_log, witness.closed_seq)
    proof = Proof(
        journal_entries=witness.closed_seq,
        audit_records=audit_head.seq,
        audit_head=audit_head.entry_hash,
        state_hash=witness.closed.state_hash,
        reports=_reports(day.batch),
        notes=notes,
    )
    return summarise(state, day.view, proof)


def write_documents(path: Path, summary: DaySummary) -> tuple[tuple[str, str], ...]:
    """Write summary and page; return their names and hashes.

    Raises:
        StorageFault: if a file cannot be written.
    """
    contents = {
        SUMMARY_FILE: summary.model_dump_json(indent=2) + "\n",
        PAGE_FILE: render_page(summary),
    }
    try:
        for name, text in contents.items():
            (path / name).write_text(text, "utf-8")
    except OSError as cause:
        raise StorageFault(
            f"the run's files cannot be written to {path}: {cause.strerror or cause}"
        ) from cause
    return tuple((name, sha256_hex(text.encode())) for name, text in contents.items())


def _audit_head(audit_log: AuditFile, closed_seq: int) -> ChainHead:
    records = map(from_line, audit_log.lines())
    *_, last = itertools.takewhile(lambda record: record.journal_seq <= closed_seq, records)
    return last.head


def _reports(batch: ReportBatch) -> tuple[ReportPart, ...]:
    errors = sum(finding.severity.name == "ERROR" for finding in batch.findings)
    return tuple(
        ReportPart(
            file=f"{REMIT_FOLDER}/{document.name}",
            sha256=document.sha256,
            orders=document.order_count,
            trades=document.trade_count,
            errors=errors,
            warnings=len(batch.findings) - errors,
            status="written, not submitted" if batch.is_submittable else "held back",
        )
        for document in batch.documents
    )
