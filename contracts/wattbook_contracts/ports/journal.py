"""The sequenced, append-only record of every inbound fact: written first, acted on second."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from wattbook_domain.audit.chain import ChainHead, JournalEntry
from wattbook_domain.foundation.instants import UtcNs


class Journal(Protocol):
    """Appends facts in order and gives them back unchanged.

    One writer. `append` returns only when the entry is durable under the journal's stated policy.
    """

    def append(
        self, *, kind: str, event_ns: UtcNs, received_ns: UtcNs, payload: bytes
    ) -> JournalEntry:
        """Give the fact the next sequence number, chain it to its predecessor and keep it.

        Args:
            kind: the fact's name, for readers and for decoding.
            event_ns: when it happened, by the clock of whoever it happened to; part of the hash.
            received_ns: when we heard of it, by our clock; kept beside the hash, not in it.
            payload: canonical bytes of the fact.

        Raises:
            StorageFault: if the entry could not be made durable. Nothing was then kept.
        """
        ...

    def read(self, *, after_seq: int = 0) -> Iterator[JournalEntry]:
        """Yield entries in order, those with `seq > after_seq` only."""
        ...

    def head(self) -> ChainHead:
        """Return the last sequence number and hash; zero and the genesis hash when empty."""
        ...


class AuditLog(Protocol):
    """The hash-linked account of who did what, derived from the journal by a follower."""

    def append(self, records: Sequence[bytes]) -> None:
        """Keep already chained audit records, one canonical line each, durably and in order."""
        ...

    def read(self) -> Iterator[bytes]:
        """Yield the stored lines exactly as they were kept."""
        ...
