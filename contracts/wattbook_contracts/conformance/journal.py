"""STORE cards: what every journal must do, whatever keeps it."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Final, Protocol

from wattbook_contracts.capabilities import Capability
from wattbook_contracts.conformance.cards import CardFailure, card, deck, require, require_equal
from wattbook_contracts.errors import StoreLockedFault
from wattbook_contracts.ports.journal import Journal, JournalReader
from wattbook_domain.audit.chain import (
    EMPTY_HEAD,
    PendingEntry,
    first_broken,
    next_entries,
)
from wattbook_domain.foundation.bounds import INSTANT_NS_MAX
from wattbook_domain.foundation.instants import UtcNs

_MANY: Final = 2_500
"""More entries than a sane page, so that paging shows."""


class JournalHarness(Protocol):
    """One empty journal, to be opened for writing and for reading as often as a card likes."""

    def writer(self) -> AbstractContextManager[Journal]:
        """Open the journal as its one writer; leaving lets go of it."""
        ...

    def reader(self) -> JournalReader:
        """Open the journal for reading, beside the writer."""
        ...


def fact(number: int, *, payload: bytes | None = None) -> PendingEntry:
    """Return the `number`-th sample fact."""
    return PendingEntry(
        kind=f"sample.{number % 3}",
        event_ns=UtcNs(number),
        received_ns=UtcNs(number + 1),
        payload=b'{"n":%d}' % number if payload is None else payload,
    )


def facts(first: int, last: int) -> list[PendingEntry]:
    """Return the sample facts from `first` to `last`, both included."""
    return [fact(number) for number in range(first, last + 1)]


@card("STORE-01")
def empty(harness: JournalHarness) -> None:
    """A new journal is empty and ends with the genesis hash."""
    with harness.writer() as journal:
        require_equal("head", journal.head(), EMPTY_HEAD)
        require_equal("entries", list(journal.read()), [])


@card("STORE-02")
def unchanged(harness: JournalHarness) -> None:
    """What was appended is read back unchanged: any bytes, any instant."""
    payloads = [b"", bytes(range(256)), b"\x00\x00", b"\xff" * 70_000, "Ørsted €".encode()]
    pending = [fact(n, payload=payload) for n, payload in enumerate(payloads)]
    pending.append(
        PendingEntry(
            kind="sample.latest",
            event_ns=UtcNs(INSTANT_NS_MAX),
            received_ns=UtcNs(0),
            payload=b"{}",
        )
    )
    with harness.writer() as journal:
        kept = journal.append(pending)
        require_equal("entries read", tuple(journal.read()), kept)
        require_equal("entries kept", kept, next_entries(EMPTY_HEAD, pending))


@card("STORE-03")
def chained(harness: JournalHarness) -> None:
    """Every entry is bound to the one before, from the genesis hash to the head."""
    with harness.writer() as journal:
        for number in range(1, 6):
            journal.append([fact(number)])
        broken = first_broken(journal.read(), journal.head())
        require(broken is None, f"chain: expected whole, found {broken and broken.explain()}")
        require_equal("length", journal.head().seq, 5)


@card("STORE-04")
def grouped(harness: JournalHarness) -> None:
    """A group is the same as its facts one by one: same order, same numbers, same hashes."""
    with harness.writer() as journal:
        journal.append(facts(1, 1))
        journal.append(facts(2, 6))
        require_equal("entries", tuple(journal.read()), next_entries(EMPTY_HEAD, facts(1, 6)))


@card("STORE-05")
def empty_group(harness: JournalHarness) -> None:
    """An empty group keeps nothing and moves nothing."""
    with harness.writer() as journal:
        journal.append(facts(1, 1))
        head = journal.head()
        require_equal("entries of an empty group", tuple(journal.append([])), ())
        require_equal("head", journal.head(), head)


@card("STORE-06")
def read_from(harness: JournalHarness) -> None:
    """Reading after a number yields what follows it, and nothing after the last."""
    with harness.writer() as journal:
        kept = journal.append(facts(1, 5))
        for after in range(6):
            found = tuple(journal.read(after_seq=after))
            require_equal(f"entries after {after}", found, kept[after:])


@card("STORE-07")
def many(harness: JournalHarness) -> None:
    """A long journal is read whole and in order."""
    with harness.writer() as journal:
        kept = journal.append(facts(1, _MANY))
        require_equal("entries", tuple(journal.read()), kept)


@card("STORE-08", Capability.DURABLE)
def reopened(harness: JournalHarness) -> None:
    """A journal opened again goes on where it ended."""
    with harness.writer() as journal:
        journal.append(facts(1, 2))
    with harness.writer() as journal:
        require_equal("head", journal.head().seq, 2)
        journal.append(facts(3, 3))
        require_equal("entries", tuple(journal.read()), next_entries(EMPTY_HEAD, facts(1, 3)))


@card("STORE-09", Capability.SINGLE_WRITER)
def one_writer(harness: JournalHarness) -> None:
    """A second writer is refused while there is a first one, and admitted after it."""
    with harness.writer() as journal:
        journal.append(facts(1, 1))
        try:
            with harness.writer():
                raise CardFailure("second writer: expected StoreLockedFault, found admittance")
        except StoreLockedFault:
            pass
        journal.append(facts(2, 2))
    with harness.writer() as journal:
        require_equal("head", journal.head().seq, 2)


@card("STORE-10", Capability.CONCURRENT_READ)
def read_beside(harness: JournalHarness) -> None:
    """A reader beside the writer sees each group as soon as it is kept, and never half of one."""
    with harness.writer() as journal:
        reader = harness.reader()
        require_equal("head", reader.head(), EMPTY_HEAD)
        for first in (1, 4, 7):
            journal.append(facts(first, first + 2))
            require_equal("head", reader.head(), journal.head())
            require_equal("entries", list(reader.read()), list(journal.read()))


JOURNAL_CARDS: Final = deck(
    empty,
    unchanged,
    chained,
    grouped,
    empty_group,
    read_from,
    many,
    reopened,
    one_writer,
    read_beside,
)
