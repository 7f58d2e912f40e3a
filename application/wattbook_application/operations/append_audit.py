"""Decides what the audit log says of each step: one record for the fact, one for each decision.

The log is a pure function of journal, program and configuration. It may lag behind a crash, never
ahead of the journal; fed the same steps again it adds only what is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, Generic, TypeVar

import attrs

from wattbook_application.program import Effect, Fact, Step
from wattbook_contracts.errors import CorruptionFault
from wattbook_contracts.ports.journal import AuditLog
from wattbook_domain.audit.chain import EMPTY_HEAD, ChainHead
from wattbook_domain.audit.records import AuditRecord, AuditSource, AuditSubject, seal, to_line
from wattbook_domain.foundation.canonical import canonical_bytes, sha256_hex

S = TypeVar("S")

Describe = Callable[[Fact | Effect], AuditSubject]
"""Says who did what to which thing, for a fact and for a decision; the table of subjects."""

BATCH: Final = 64
"""Steps kept back at most; one wait for the disk serves them all."""


@attrs.frozen
class Checkpoints(Generic[S]):
    """At which journal entries the state is named in the log: every `every`-th one."""

    every: int
    hash_state: Callable[[S], str]

    def __attrs_post_init__(self) -> None:
        if self.every < 1:
            raise ValueError(f"checkpoints must be at least one entry apart, found {self.every}")

    def name(self, seq: int, state: S) -> str | None:
        """Return the hash of the state after entry `seq`, `None` between checkpoints."""
        return self.hash_state(state) if seq % self.every == 0 else None


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


def _sayings(step: Step) -> Iterator[tuple[AuditSource, Fact | Effect, bytes]]:
    yield AuditSource.FACT, step.fact, step.entry.payload
    for effect in step.effects:
        yield AuditSource.DECISION, effect, canonical_bytes(effect)


class AppendAudit(Generic[S]):
    """Follows the engine's steps and keeps their records; `follow` is an observer of the engine.

    Steps come from the first one on. A resumed engine replays them, and those the log already has
    are compared with it instead of being written again.
    """

    def __init__(
        self,
        log: AuditLog,
        *,
        describe: Describe,
        config_version: str,
        checkpoints: Checkpoints[S] | None = None,
        batch: int = BATCH,
    ) -> None:
        """Prepare to follow a run from its first step.

        Args:
            log: opened for appending.
            describe: names the subjects.
            config_version: the version of limits and settings in force.
            checkpoints: when the state's hash is recorded; `None` for never.
            batch: steps kept back at most. After a crash they are derived again.
        """
        self._log = log
        self._describe = describe
        self._config_version = config_version
        self._checkpoints = checkpoints
        self._batch = batch
        self._waiting: list[AuditRecord] = []
        self._waiting_steps = 0
        self._recorded: Iterator[bytes] | None = log.lines()
        self._head = EMPTY_HEAD
        self._seq = 0

    def follow(self, step: Step, state: S) -> None:
        """Add the records of one step, or compare them with those the log has.

        Raises:
            ValueError: if a step was left out.
            CorruptionFault: if the log says something else of a step.
            StorageFault: if the log refused; the engine then stops before it acts.
        """
        if step.entry.seq != self._seq + 1:
            raise ValueError(
                f"an audit follows every step in order; after {self._seq} came {step.entry.seq}"
            )
        self._seq = step.entry.seq
        records = records_of(
            step,
            self._head,
            describe=self._describe,
            config_version=self._config_version,
            state_hash=self._checkpoints.name(self._seq, state) if self._checkpoints else None,
        )
        self._head = records[-1].head
        self._waiting += [record for record in records if not self._is_recorded(record)]
        self._waiting_steps += 1
        if self._waiting_steps >= self._batch:
            self.flush()

    def flush(self) -> None:
        """Keep what waits; call it at the end of a run."""
        self._log.append(self._waiting)
        self._waiting, self._waiting_steps = [], 0

    def _is_recorded(self, record: AuditRecord) -> bool:
        if self._recorded is None:
            return False
        line = next(self._recorded, None)
        if line is None:
            self._recorded = None  # from here on the log grows by what we append
            return False
        if line != to_line(record):
            raise CorruptionFault(
                f"an audit log must say what its journal says; record {record.seq} of journal "
                f"entry {record.journal_seq} is not what is derived from it. Verify the log"
            )
        return True
