"""Decides what the engine and the replay have in common: facts, their names, and one handler each.

A `Program` is the deterministic part of a run. Fed the same facts it reaches the same state and
asks for the same effects, byte for byte; where the facts come from and what the effects do to the
world is left to the engine and its ports.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Generic, Protocol, TypeVar

import attrs

from wattbook_contracts.errors import CorruptionFault, PlatformFault
from wattbook_domain.audit.chain import JournalEntry
from wattbook_domain.foundation.canonical import canonical_bytes, from_plain, state_hash
from wattbook_domain.foundation.identifiers import require_identifier
from wattbook_domain.foundation.instants import UtcNs

S = TypeVar("S")


class Fact(Protocol):
    """Something that came in from outside: a frozen attrs value that knows when it happened."""

    @property
    def at(self) -> UtcNs:
        """When it happened, by the clock of whoever it happened to."""
        ...


Effect = object
"""Something the world is asked to do: a frozen attrs value, meant for the `perform` port."""

Handler = Callable[[S, Any], Sequence[Effect]]
"""Moves the state by one fact and returns what the world shall do about it. Reads nothing else."""


class HandlerFault(PlatformFault):
    """A handler raised; the state can no longer be trusted, the journal still can."""

    def __init__(self, *, seq: int, kind: str, cause: Exception) -> None:
        self.seq = seq
        self.kind = kind
        super().__init__(
            f"a handler must not raise; the one for {kind!r} raised {type(cause).__name__} "
            f"({cause}) at journal entry {seq}. The entry is kept: correct the handler and resume"
        )


def _frozen(classes: Mapping[str, type[Fact]]) -> Mapping[str, type[Fact]]:
    return MappingProxyType(dict(classes))


@attrs.frozen
class FactRegistry:
    """The stable names of fact classes; a name once given is never given to another class."""

    classes: Mapping[str, type[Fact]] = attrs.field(converter=_frozen)
    _kinds: Mapping[type[Fact], str] = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        for kind, cls in self.classes.items():
            require_identifier("fact kind", kind)
            if not attrs.has(cls):
                raise TypeError(f"a fact must be an attrs class, found {cls.__name__} for {kind!r}")
        kinds = {cls: kind for kind, cls in self.classes.items()}
        if len(kinds) != len(self.classes):
            raise ValueError(f"a fact class has one kind, found two among {sorted(self.classes)}")
        object.__setattr__(self, "_kinds", MappingProxyType(kinds))

    def kind_of(self, fact: Fact) -> str:
        """Return the stable name of the fact's class.

        Raises:
            TypeError: if the class was not registered.
        """
        kind = self._kinds.get(type(fact))
        if kind is None:
            raise TypeError(
                f"a fact must be one of {', '.join(sorted(self.classes))}; "
                f"found {type(fact).__name__}, register it first"
            )
        return kind

    def decode(self, entry: JournalEntry) -> Fact:
        """Rebuild the fact that an entry holds.

        Raises:
            CorruptionFault: if the kind is unknown or the payload does not fit its class.
        """
        cls = self.classes.get(entry.kind)
        if cls is None:
            raise CorruptionFault(
                f"journal entry {entry.seq} is of the unknown kind {entry.kind!r}; "
                f"read the journal with the release that wrote it, or a newer one"
            )
        try:
            return from_plain(cls, json.loads(entry.payload))
        except (ValueError, TypeError) as error:
            raise CorruptionFault(
                f"journal entry {entry.seq} is not a {entry.kind!r}: {error}"
            ) from error


@attrs.frozen
class Step:
    """One turn of the engine: the entry kept, the fact in it and the effects decided on it."""

    entry: JournalEntry
    fact: Fact
    effects: tuple[Effect, ...]


Observe = Callable[[Step, S], None]
"""Told of a step and of the state after it, which it may read and must not change."""


@attrs.frozen
class SequencedEffect:
    """An effect with its origin: the `index`-th decided on journal entry `seq`.

    The pair is the same in every replay, so it serves as an idempotency key.
    """

    seq: int
    index: int
    effect: Effect


@attrs.frozen(kw_only=True)
class Program(Generic[S]):
    """The deterministic part of a run.

    Attributes:
        registry: the facts it understands.
        handlers: the one handler of each fact class; the table lives in `handlers.py`.
        initial: makes the state before the first fact. A handler may change the state in place.
        hash_state: names a state; two states with one name are the same.
    """

    registry: FactRegistry
    handlers: Mapping[type[Fact], Handler[S]]
    initial: Callable[[], S]
    hash_state: Callable[[S], str] = state_hash

    def __attrs_post_init__(self) -> None:
        named, handled = set(self.registry.classes.values()), set(self.handlers)
        if named != handled:
            odd = ", ".join(sorted(cls.__name__ for cls in named ^ handled))
            raise ValueError(
                f"every fact class needs one kind and one handler, found only one of both: {odd}"
            )

    def decide(self, state: S, entry: JournalEntry, fact: Fact) -> Step:
        """Call the one handler of the fact on `state`, which it may change.

        Raises:
            HandlerFault: if the handler raised; `state` must then be thrown away.
        """
        try:
            effects = self.handlers[type(fact)](state, fact)
        except Exception as error:
            raise HandlerFault(seq=entry.seq, kind=entry.kind, cause=error) from error
        return Step(entry, fact, tuple(effects))


def effect_bytes(effects: Sequence[SequencedEffect]) -> bytes:
    """Return the canonical bytes of effects, one line each, for comparing two runs."""
    return b"".join(
        canonical_bytes([e.seq, e.index, type(e.effect).__name__, e.effect]) + b"\n"
        for e in effects
    )


def sequenced(step: Step) -> tuple[SequencedEffect, ...]:
    """Return the effects of one step with their origin."""
    return tuple(
        SequencedEffect(step.entry.seq, index, effect) for index, effect in enumerate(step.effects)
    )
