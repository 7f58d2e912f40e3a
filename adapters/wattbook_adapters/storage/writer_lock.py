"""Decides how a journal has one writer: whoever holds the lock writes, the next one is refused.

The lock is the operating system's or the server's, never a row or a file that stays behind: it
ends with the process that holds it, also when that process is killed.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa

from wattbook_adapters.storage.faults import translated
from wattbook_adapters.storage.store import SqlStore
from wattbook_contracts.errors import ConfigurationFault, StoreLockedFault
from wattbook_domain.foundation.canonical import sha256_hex

Release = Callable[[], None]


def hold(store: SqlStore, connection: sa.Connection, run_id: str) -> Release:
    """Become the one writer of a run's journal, and return how to cease being it.

    Args:
        store: where the journal is.
        connection: the writer's own; a server ties the lock to it.
        run_id: whose journal it is.

    Raises:
        StoreLockedFault: if another writer holds it.
        ConfigurationFault: if there is no such lock for the database.
    """
    if store.path is not None:
        return _hold_file(store.path)
    if store.dialect == "postgresql":
        return _hold_on_server(connection, run_id)
    raise ConfigurationFault(
        f"a journal needs a store that can tell two writers apart: sqlite or postgresql, "
        f"found {store.dialect}"
    )


def _hold_file(path: Path) -> Release:
    """Hold an exclusive SQLite transaction on an empty file beside the store, while we live."""
    beside = path.with_name(f"{path.name}.writer")
    with translated("become the writer of", str(path)):
        connection = sqlite3.connect(beside, timeout=0, isolation_level=None)
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except BaseException:
            connection.close()
            raise
    return connection.close


def _hold_on_server(connection: sa.Connection, run_id: str) -> Release:
    key = int(sha256_hex(f"wattbook.journal:{run_id}".encode())[:15], 16)
    with connection.begin():
        is_held = connection.scalar(sa.select(sa.func.pg_try_advisory_lock(key)))
    if not is_held:
        raise StoreLockedFault(
            f"a journal has one writer; another session writes the run {run_id!r}. "
            f"Stop it, or choose another run"
        )

    def release() -> None:
        if connection.closed or connection.invalidated:
            return  # the session is over, and its lock with it
        with connection.begin():
            connection.execute(sa.select(sa.func.pg_advisory_unlock(key)))

    return release
