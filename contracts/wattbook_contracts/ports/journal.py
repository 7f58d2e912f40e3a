"""The sequenced, append-only record of every inbound fact: written first, acted on second."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from wattbook_domain.audit.chain import ChainHead, JournalEntry, PendingEntry
from wattbook_domain.audit.records import AuditRecord


class JournalReader(Protocol):
    """Gives the facts back in order and unchanged; there may be several readers."""

    def read(self, *, after_seq: int = 0) -> Iterator[JournalEntry]:
        """Yield entries in order, those with `seq > after_seq` only.

        Entries are yielded as they are stored; whether they are what was written is for
        `wattbook_domain.audit.chain.first_broken` to say.
        """
        ...

    def head(self) -> ChainHead:
        """Return the last sequence number and hash; zero and the genesis hash when empty."""
        ...


class Journal(JournalReader, Protocol):
    """Appends facts in order. There is one writer; a second is refused with `StoreLockedFault`."""

    def append(self, pending: Sequence[PendingEntry]) -> tuple[JournalEntry, ...]:
        """Number the facts, chain them to their predecessors and keep all of them or none.

        Returns only when the entries are durable under the journal's stated policy. A group
        costs one such wait, however long it is.

        Raises:
            StorageFault: if the entries could not be made durable. Either nothing was kept, or
                the journal cannot know and refuses every later append until it is opened again.
        """
        ...


class AuditLogReader(Protocol):
    """Gives back the hash-linked account of who did what, exactly as it stands."""

    def lines(self) -> Iterator[bytes]:
        """Yield the stored lines without their line ends, whether or not they are records."""
        ...

    def anchor(self) -> ChainHead | None:
        """Return the count and hash kept apart from the log; `None` when there is no anchor."""
        ...


class AuditLog(AuditLogReader, Protocol):
    """The account itself, derived from the journal by a follower."""

    def append(self, records: Sequence[AuditRecord]) -> None:
        """Keep already chained records, one canonical line each, durably and in order.

        Raises:
            ValueError: if the first record does not follow the log's last one.
            StorageFault: if the lines could not be made durable.
        """
        ...
