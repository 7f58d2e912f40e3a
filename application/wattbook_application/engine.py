"""Decides in which order things happen: journal first, then the one handler, then its effects.

The engine is single-threaded and knows no business word. Facts enter through `post`, also while
an effect is being performed (a venue that answers at once only queues), and are taken in the
order they came. What a fact means is left to the program, what an effect does to `perform`.

A crash can fall between the keeping of a fact and the performing of its effects. What is in the
journal is decided, what was sent is not known. On `resume` the state is rebuilt without effects,
and every effect that the state shows no answer to is handed to a reconcile callback, which asks
the venue or performs again under the same identity. Both may bring reports that are already in
the journal: the fold books a report once per (venue_id, execution_id), so an answer too many is
harmless and an answer too few is asked for again. At-least-once effects and idempotent facts
together are exactly-once bookings.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from typing import Final, Generic, TypeVar

from wattbook_application.program import Effect, Fact, Observe, Program, SequencedEffect
from wattbook_application.replay import Replayed, replay
from wattbook_contracts.errors import PlatformFault
from wattbook_contracts.ports.clock import Clock
from wattbook_contracts.ports.journal import Journal
from wattbook_domain.audit.chain import EMPTY_HEAD, JournalEntry, PendingEntry
from wattbook_domain.foundation.canonical import canonical_bytes

S = TypeVar("S")

Perform = Callable[[Effect], None]
"""Does one effect. Answers come back through `post`, now or later; it returns nothing."""

Post = Callable[[Fact], None]
"""The engine's entrance."""

Reconcile = Callable[[Sequence[SequencedEffect], Post], None]
"""Finds out what became of effects that have no answer, and posts what it learns."""

GROUP_MAX: Final = 256
"""Most facts made durable together. Grouping changes the waiting, never the order."""


class EffectFault(PlatformFault):
    """An effect raised: it and the later ones of its fact may or may not have happened."""

    def __init__(self, *, seq: int, kind: str, index: int, cause: Exception) -> None:
        self.seq = seq
        self.kind = kind
        self.index = index
        super().__init__(
            f"performing an effect must not raise; effect {index} of the {kind!r} at journal "
            f"entry {seq} raised {type(cause).__name__} ({cause}). "
            f"Resume from the journal: unanswered effects are then reconciled"
        )


class Engine(Generic[S]):
    """The sequenced loop over one program and one journal."""

    def __init__(
        self,
        program: Program[S],
        *,
        journal: Journal,
        clock: Clock,
        perform: Perform,
        observe: Observe[S] | None = None,
        replayed: Replayed[S] | None = None,
    ) -> None:
        """Take the journal over at its head.

        Args:
            program: facts, handlers and initial state.
            journal: the one writer's handle.
            clock: stamps `received_ns`, which no handler sees.
            perform: does the effects.
            observe: told of each step after the decision and before its effects; if it raises,
                the engine stops and does nothing that could not be accounted for.
            replayed: what the journal came to so far; required when it is not empty.

        Raises:
            ValueError: if the journal does not end where `replayed` does.
        """
        start = replayed.head if replayed is not None else EMPTY_HEAD
        if journal.head() != start:
            raise ValueError(
                f"an engine starts where its state ends; the state ends at entry {start.seq}, "
                f"the journal at {journal.head().seq}. Replay the journal first"
            )
        self._program = program
        self._journal = journal
        self._clock = clock
        self._perform = perform
        self._observe = observe
        self._state = replayed.state if replayed is not None else program.initial()
        self._queue: deque[tuple[Fact, PendingEntry]] = deque()
        self._is_draining = False
        self._unfinished: JournalEntry | None = None

    @property
    def state(self) -> S:
        """The state after the last fact taken. Read it, never change it."""
        return self._state

    @property
    def state_hash(self) -> str:
        """The state's name under the program's `hash_state`."""
        return self._program.hash_state(self._state)

    @property
    def pending_count(self) -> int:
        """How many facts are posted and not yet kept."""
        return len(self._queue)

    def post(self, fact: Fact) -> None:
        """Write a fact down and queue it; nothing else happens until `drain`.

        Any thread may post. What cannot be written down is refused here, where the culprit is.

        Raises:
            TypeError: if the program has no handler for the fact's class.
            TypeError, ValueError: if the fact has no canonical form.
        """
        pending = PendingEntry(
            kind=self._program.registry.kind_of(fact),
            event_ns=fact.at,
            received_ns=self._clock.now(),
            payload=canonical_bytes(fact),
        )
        self._queue.append((fact, pending))

    def drain(self) -> int:
        """Take facts until none is left, those posted meanwhile included; return how many.

        Raises:
            RuntimeError: if called from inside itself, or after the engine stopped.
            StorageFault: if facts could not be kept; they stay queued, in order, and the state
                is untouched, so a retryable fault allows another `drain`.
            HandlerFault, EffectFault: the engine has stopped; resume from the journal.
        """
        self._require_ready()
        self._is_draining = True
        taken = 0
        try:
            while self._queue:
                taken += self._take_group()
        finally:
            self._is_draining = False
        return taken

    def _require_ready(self) -> None:
        if self._is_draining:
            raise RuntimeError("post facts from inside the engine; only its owner drains it")
        if self._unfinished is not None:
            raise RuntimeError(
                f"the engine stopped inside journal entry {self._unfinished.seq} "
                f"({self._unfinished.kind!r}); resume from the journal"
            )

    def _take_group(self) -> int:
        group = [self._queue.popleft() for _ in range(min(GROUP_MAX, len(self._queue)))]
        try:
            entries = self._journal.append([pending for _, pending in group])
        except BaseException:
            self._queue.extendleft(reversed(group))
            raise
        for entry, (fact, _) in zip(entries, group, strict=True):
            self._step(entry, fact)
        return len(group)

    def _step(self, entry: JournalEntry, fact: Fact) -> None:
        self._unfinished = entry  # stays set if anything below is interrupted, whatever by
        step = self._program.decide(self._state, entry, fact)
        if self._observe is not None:
            self._observe(step, self._state)
        for index, effect in enumerate(step.effects):
            self._act(entry, index, effect)
        self._unfinished = None

    def _act(self, entry: JournalEntry, index: int, effect: Effect) -> None:
        try:
            self._perform(effect)
        except Exception as error:
            raise EffectFault(seq=entry.seq, kind=entry.kind, index=index, cause=error) from error


def resume(
    program: Program[S],
    *,
    journal: Journal,
    clock: Clock,
    perform: Perform,
    is_answered: Callable[[S, Effect], bool],
    reconcile: Reconcile,
    observe: Observe[S] | None = None,
) -> Engine[S]:
    """Rebuild the state from the journal, have open effects reconciled, and return the engine.

    Args:
        program: the same program that wrote the journal.
        journal: the one writer's handle.
        clock: as for the engine.
        perform: as for the engine; not called here.
        is_answered: whether the state shows that nothing more can come of an effect. An order
            still open is not answered, even if part of it was: its last report may be lost.
        reconcile: given the unanswered effects in order, and the entrance to post answers to.
        observe: told of the replayed steps, too; it must know what it has already seen.

    Raises:
        CorruptionFault: if the journal is not what was written.
        HandlerFault: if a handler raises during the replay.
    """
    replayed = replay(program, journal, observe=observe)
    engine = Engine(
        program,
        journal=journal,
        clock=clock,
        perform=perform,
        observe=observe,
        replayed=replayed,
    )
    state = replayed.state
    reconcile([e for e in replayed.effects if not is_answered(state, e.effect)], engine.post)
    return engine
