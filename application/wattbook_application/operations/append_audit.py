"""Decides what the audit log says of each step: one record for the fact, one for each decision.

The log is a pure function of journal, program and configuration. It may lag behind a crash, never
ahead of the journal; fed the same steps again it adds only what is missing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from wattbook_application.program import Effect, Fact, Step
from wattbook_contracts.ports.journal import AuditLog
from wattbook_domain.audit.chain import EMPTY_HEAD, ChainHead
from wattbook_domain.audit.records import (
    AuditRecord,
    AuditSource,
    AuditSubject,
    seal,
)
from wattbook_domain.foundation.canonical import sha256_hex

Describe = Callable[[Fact | Effect], AuditSubject]
"""Says who did what to which thing, for a fact and for a decision; the table of subjects."""

BATCH: Final = 64
"""Steps kept back at most; one wait for the disk serves them all."""


def records_of(
    step: Step,
    head: ChainHead,
    *,
    describe: Describe,
    config_version: str,
    state_hash: str | None = None,
) -> tuple[AuditRecord, ...]:
    """Derive the records of one step; the one place that decides what they say.

    Args:
        step: what the engine did.
        head: the record before.
        describe: names the subjects.
        config_version: the version of limits and settings in force.
        state_hash: the state after the step, at a checkpoint; on the fact's record only.
    """
    records: list[AuditRecord] = []
    for source, said, payload in _sayings(step):
        record = seal(
            head,
            journal_seq=step.entry.seq,
            source=source,
            at_ns=step.entry.event_ns,
            subject=describe(said),
            payload_hash=sha256_hex(payload),
            state_hash=state_hash if source is AuditSource.FACT else None,
            config_version=config_version,
        )
        head = record.head
        records.append(record)
    return tuple(records)


class AppendAudit:
    """Follows the engine's steps and keeps their records; hand `follow` to it as observer."""

    def __init__(
        self,
        log: AuditLog,
        *,
        describe: Describe,
        config_version: str,
        checkpoint: Callable[[], str] | None = None,
    ) -> None:
        """Go on where the log ends.

        Args:
            log: opened for appending.
            describe: names the subjects.
            config_version: the version of limits and settings in force.
            checkpoint: names the state when a batch is written; `None` writes no state hashes.

        Raises:
            CorruptionFault: if a line of the log is no record; verify it then.
        """
        self._log = log
        self._describe = describe
        self._config_version = config_version
        self._checkpoint = checkpoint
        self._steps = 0
        self._pending: list[AuditRecord] = []
        self._kept = _records_by_entry(log)
        self._head = self._kept_head = EMPTY_HEAD
        self._recover(log)

    def follow(self, step: Step) -> None:
        """Add the records of one step, unless the log has them; steps come in order.

        Raises:
            CorruptionFault: if the log skips a step, or says something else of a known one.
            StorageFault: if the log refused; the engine then stops before it acts.
        """
