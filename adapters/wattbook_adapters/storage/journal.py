"""Keeps the journal in a table: one durable transaction a group, one writer a run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import Any, Final, Self

import attrs
import sqlalchemy as sa

from wattbook_adapters.storage.faults import translated
from wattbook_adapters.storage.store import SqlStore
from wattbook_adapters.storage.tables import JOURNAL
from wattbook_adapters.storage.writer_lock import hold
from wattbook_contracts.errors import StorageFault
from wattbook_domain.audit.chain import (
    EMPTY_HEAD,
    ChainHead,
    JournalEntry,
    PendingEntry,
    next_entries,
)
from wattbook_domain.foundation.identifiers import RunId, require_identifier

_PAGE: Final = 1_000
"""Entries fetched at a time; no cursor stays open between pages, so a writer is never held up."""

_COLUMNS: Final = [c for c in JOURNAL.columns if c.name != "run_id"]


class SqlJournalReader:
    """Reads one run's journal; there may be many readers, also while it is written."""

    def __init__(self, store: SqlStore, run_id: RunId) -> None:
        self._store = store
        self._run_id = require_identifier("run id", run_id)

    def read(self, *, after_seq: int = 0) -> Iterator[JournalEntry]:
        """Yield entries in the order of their numbers, page by page."""
        while page := self._page(after_seq):
            yield from page
            after_seq = page[-1].seq

    def head(self) -> ChainHead:
        """Return the number and hash of the last entry."""
        wanted = (
            sa.select(JOURNAL.c.seq, JOURNAL.c.entry_hash)
            .where(JOURNAL.c.run_id == self._run_id)
            .order_by(JOURNAL.c.seq.desc())
            .limit(1)
        )
        with self._store.reading("read the journal in") as connection:
            row = connection.execute(wanted).first()
        return ChainHead(row.seq, row.entry_hash) if row else EMPTY_HEAD

    def _page(self, after_seq: int) -> list[JournalEntry]:
        wanted = (
            sa.select(*_COLUMNS)
            .where(JOURNAL.c.run_id == self._run_id, JOURNAL.c.seq > after_seq)
            .order_by(JOURNAL.c.seq)
            .limit(_PAGE)
        )
        with self._store.reading("read the journal in") as connection:
            return [_entry(row) for row in connection.execute(wanted).mappings()]


class SqlJournal:
    """Writes one run's journal, and reads it; close it, or use it as a context manager.

    After a failed commit nobody knows whether the group was kept. The journal then refuses to go
    on until it is opened again, which reads what is there.
    """

    def __init__(self, store: SqlStore, run_id: RunId) -> None:
        """Become the run's one writer.

        Raises:
            StoreLockedFault: if there is another one.
            StorageFault: if the store is read-only or refuses.
        """
        if store.is_read_only:
            raise StorageFault(
                f"a journal's writer needs a writable store, found {store.shown_url} opened "
                f"read-only; read it with SqlJournalReader"
            )
        self._store = store
        self._run_id = run_id
        self._reader = SqlJournalReader(store, run_id)
        with translated("open the journal in", store.shown_url):
            self._connection = store.writer()
            try:
                self._release = hold(store, self._connection, run_id)
                self._head = self._reader.head()
            except BaseException:
                self._connection.close()
                raise
        self._is_certain = True

    def append(self, pending: Sequence[PendingEntry]) -> tuple[JournalEntry, ...]:
        """Keep a group in one durable transaction; see the port."""
        if not self._is_certain:
            raise StorageFault(
                f"the last append to {self._store.shown_url} may or may not have been kept; "
                f"open the journal again and go on from its head"
            )
        entries = next_entries(self._head, pending)
        if entries:
            with translated("append to the journal in", self._store.shown_url):
                self._insert([_row(self._run_id, entry) for entry in entries])
            self._head = entries[-1].head
        return entries

    def read(self, *, after_seq: int = 0) -> Iterator[JournalEntry]:
        """Yield entries in order."""
        return self._reader.read(after_seq=after_seq)

    def head(self) -> ChainHead:
        """Return the head this writer has reached."""
        return self._head

    def close(self) -> None:
        """Let go of the writer's lock; an unfinished transaction ends with its session."""
        if not self._is_certain:
            self._connection.invalidate()
        self._is_certain = False
        try:
            self._release()
        finally:
            self._connection.close()

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close."""
        self.close()

    def _insert(self, rows: list[dict[str, Any]]) -> None:
        transaction = self._connection.begin()
        try:
            self._connection.execute(sa.insert(JOURNAL), rows)
        except BaseException:
            # Rolled back: certain. A connection lost here also lost the lock: not certain.
            self._is_certain = False
            transaction.rollback()
            self._is_certain = not self._connection.invalidated
            raise
        self._is_certain = False
        transaction.commit()
        self._is_certain = True


def _row(run_id: str, entry: JournalEntry) -> dict[str, Any]:
    return {"run_id": run_id, **attrs.asdict(entry)}


def _entry(row: sa.RowMapping) -> JournalEntry:
    return JournalEntry(
        seq=row["seq"],
        kind=row["kind"],
        event_ns=row["event_ns"],
        received_ns=row["received_ns"],
        payload=bytes(row["payload"]),
        previous_hash=row["previous_hash"],
        entry_hash=row["entry_hash"],
    )
