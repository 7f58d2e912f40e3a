"""Decides how a trading day is audited: in whose words, and how often a record names the state.

A run that writes its log and a verification that derives it anew both ask here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from wattbook_application.operations.append_audit import AppendAudit, Checkpoints, records_of
from wattbook_application.operations.subjects import subject_of
from wattbook_application.program import Program
from wattbook_application.replay import steps
from wattbook_application.state import DayState, fingerprint
from wattbook_contracts.ports.journal import AuditLog, JournalReader
from wattbook_domain.audit.chain import EMPTY_HEAD
from wattbook_domain.audit.records import AuditRecord
from wattbook_domain.foundation.identifiers import RunId

CHECKPOINT_ENTRIES: Final = 100
"""Journal entries from one named state to the next."""


def audit_day(log: AuditLog, run_id: RunId) -> AppendAudit[DayState]:
    """Return who follows the day's engine and keeps its records; the run id names its terms."""
    return AppendAudit(
        log,
        describe=subject_of,
        config_version=run_id,
        checkpoints=Checkpoints(CHECKPOINT_ENTRIES, fingerprint),
    )


def derive_day(
    program: Program[DayState], journal: JournalReader, run_id: RunId
) -> Iterator[AuditRecord]:
    """Derive from the journal alone every record that `audit_day` keeps.

    Raises:
        CorruptionFault: from the replay.
    """
    state, head = program.initial(), EMPTY_HEAD
    checkpoints = Checkpoints(CHECKPOINT_ENTRIES, fingerprint)
    for step in steps(program, state, journal):
        records = records_of(
            step,
            head,
            describe=subject_of,
            config_version=run_id,
            state_hash=checkpoints.name(step.entry.seq, state),
        )
        head = records[-1].head
        yield from records
