"""Decides what a journal meant: verified, decoded and folded through the same handlers, no effects.

Two ways lead back into a run. `replay` rebuilds the state and collects the effects instead of
performing them; it serves wherever the world outside went on by itself (real venues).
`RetracedJournal` lets the whole run be done again against its own journal; it serves where the
world outside is simulated and died with the process.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Generic, TypeVar

import attrs

from wattbook_application.program import Observe, Program, SequencedEffect, Step, sequenced
from wattbook_contracts.errors import CorruptionFault
from wattbook_contracts.ports.journal import Journal, JournalReader
from wattbook_domain.audit.chain import (
    EMPTY_HEAD,
    ChainHead,
    JournalEntry,
    PendingEntry,
    first_broken,
)

S = TypeVar("S")


@attrs.frozen(kw_only=True)
class Replayed(Generic[S]):
    """What a journal came to.

    Attributes:
        state: after the last entry.
        head: of the journal that was read; an engine goes on from here and from nowhere else.
        effects: everything the handlers asked for, in order; none of it was performed.
        state_hash: the state's name under the program's `hash_state`.
    """

    state: S
    head: ChainHead
    effects: tuple[SequencedEffect, ...]
    state_hash: str


def verify_chain(journal: JournalReader, expected_head: ChainHead | None = None) -> None:
    """Read the whole journal once and check every link, before anything is believed.

    Raises:
        CorruptionFault: naming the first altered record.
    """
    broken = first_broken(journal.read(), expected_head)
    if broken is not None:
        raise CorruptionFault(
            f"a journal must be what was written: {broken.explain()}; stop and restore a copy"
        )


def steps(program: Program[S], state: S, journal: JournalReader) -> Iterator[Step]:
    """Fold a verified journal into `state`, yielding each turn the engine took."""
    for entry in journal.read():
        yield program.decide(state, entry, program.registry.decode(entry))


def replay(
    program: Program[S],
    journal: JournalReader,
    *,
    expected_head: ChainHead | None = None,
    observe: Observe[S] | None = None,
) -> Replayed[S]:
    """Verify a journal and fold it from the program's initial state.

    Args:
        program: the same program that wrote the journal.
        journal: where the facts are.
        expected_head: an anchor kept elsewhere, if there is one.
        observe: told of every step, as it would be by the engine; followers catch up with it.

    Raises:
        CorruptionFault: if a record was altered or cannot be decoded.
        HandlerFault: if a handler raises now; then it would have raised in the run, too.
    """
    verify_chain(journal, expected_head)
    state, head = program.initial(), EMPTY_HEAD
    effects: list[SequencedEffect] = []
    for step in steps(program, state, journal):
        head = step.entry.head
        effects.extend(sequenced(step))
        if observe is not None:
            observe(step, state)
    return Replayed(
        state=state, head=head, effects=tuple(effects), state_hash=program.hash_state(state)
    )


class RetracedJournal:
    """A journal that is walked again from its start, and continued where it ended.

    A run whose world is simulated is done again from the beginning, with its effects: each fact
    it appends must be the one recorded at that place, which is then returned as it was kept.
    Past the recorded end facts are really appended. So the simulated world is rebuilt in step,
    and the finished journal is the one that an uninterrupted run would have written.
    """

    def __init__(self, recorded: Journal) -> None:
        verify_chain(recorded)
        self._recorded = recorded
        self._recorded_seq = recorded.head().seq
        self._ahead: Iterator[JournalEntry] = recorded.read()
        self._head = EMPTY_HEAD

    @property
    def is_retracing(self) -> bool:
        """Whether recorded facts are still ahead."""
        return self._head.seq < self._recorded_seq

    def append(self, pending: Sequence[PendingEntry]) -> tuple[JournalEntry, ...]:
        """Walk over recorded entries as far as they go; append the rest.

        Raises:
            CorruptionFault: if a fact differs from the recorded one; the run is not the same.
        """
        count = min(len(pending), self._recorded_seq - self._head.seq) if self.is_retracing else 0
        walked = tuple(itertools.islice(self._ahead, count))
        try:
            for recorded, item in zip(walked, pending, strict=False):
                _require_same(recorded, item)
            rest = pending[count:]
            entries = (*walked, *(self._recorded.append(rest) if rest else ()))
        except BaseException:
            self._ahead = itertools.chain(walked, self._ahead)
            raise
        self._head = entries[-1].head if entries else self._head
        return entries

    def read(self, *, after_seq: int = 0) -> Iterator[JournalEntry]:
        """Yield the entries walked over or appended so far."""
        for entry in self._recorded.read(after_seq=after_seq):
            if entry.seq > self._head.seq:
                return
            yield entry

    def head(self) -> ChainHead:
        """Return how far the run has come, recorded or new."""
        return self._head


def _require_same(recorded: JournalEntry, item: PendingEntry) -> None:
    kept = (recorded.kind, recorded.event_ns, recorded.payload)
    if kept != (item.kind, item.event_ns, item.payload):
        raise CorruptionFault(
            f"a run done again must repeat its journal; entry {recorded.seq} is a "
            f"{recorded.kind!r} at {recorded.event_ns}, the run now brings a {item.kind!r} at "
            f"{item.event_ns}. Use the settings, data and release of the first run"
        )
