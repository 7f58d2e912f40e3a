"""Decides nothing a journal has not decided already: it keeps the entries in a list.

For backtests that are read once and thrown away, and as the reference that every durable journal
is compared with. What it holds dies with the process, so it declares no `DURABLE`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from wattbook_domain.audit.chain import (
    EMPTY_HEAD,
    ChainHead,
    JournalEntry,
    PendingEntry,
    next_entries,
)


class MemoryJournal:
    """A journal in a list."""

    def __init__(self, entries: Iterable[JournalEntry] = ()) -> None:
        self._entries = list(entries)

    def append(self, pending: Sequence[PendingEntry]) -> tuple[JournalEntry, ...]:
        """Keep all facts; nothing can fail half way."""
        entries = next_entries(self.head(), pending)
        self._entries.extend(entries)
        return entries

    def read(self, *, after_seq: int = 0) -> Iterator[JournalEntry]:
        """Yield a snapshot; what is appended meanwhile is not in it."""
        return iter(self._entries[after_seq:])

    def head(self) -> ChainHead:
        """Return the last entry's head."""
        return self._entries[-1].head if self._entries else EMPTY_HEAD
