"""Decides how a database is opened from its URL, and what every connection to it promises.

SQLite runs with a write-ahead log and `synchronous=FULL`: a committed record survives a power cut.
Writing transactions take the write lock when they begin, so that two of them queue instead of
failing half way. A read-only store writes nothing at all, not even its own upgrade.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import attrs
import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from wattbook_adapters.storage import schema
from wattbook_adapters.storage.faults import translated
from wattbook_contracts.errors import ConfigurationFault, MissingExtraFault, StorageFault

_EXTRAS: Final = {"postgresql": ("pg", "psycopg"), "oracle": ("oracle", "oracledb")}
_WRITES: Final = "wattbook_writes"
LOCK_WAIT_S: Final = 5.0
"""How long a SQLite transaction waits for another one to end before it is refused as locked."""


@attrs.frozen
class SqlStore:
    """An open database at this release's version.

    Attributes:
        engine: SQLAlchemy's pool of connections.
        shown_url: the URL without its password, for messages.
        is_read_only: whether every write is refused.
    """

    engine: sa.Engine
    shown_url: str
    is_read_only: bool

    @property
    def dialect(self) -> str:
        """`sqlite`, `postgresql` or `oracle`."""
        return self.engine.dialect.name

    @property
    def path(self) -> Path | None:
        """The file of a SQLite store."""
        return _file_of(self.engine.url)

    @contextmanager
    def reading(self, doing: str) -> Iterator[sa.Connection]:
        """Open one reading transaction; errors become faults."""
        with translated(doing, self.shown_url), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def writing(self, doing: str) -> Iterator[sa.Connection]:
        """Open one writing transaction, kept on a normal end; errors become faults."""
        with translated(doing, self.shown_url), self.writer() as connection, connection.begin():
            yield connection

    def writer(self) -> sa.Connection:
        """Return a connection whose transactions write; the caller closes it."""
        return self.engine.connect().execution_options(**{_WRITES: True})

    def close(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()


def open_store(url: str, *, is_read_only: bool = False) -> SqlStore:
    """Open a database and bring its tables to this release's version.

    Args:
        url: `sqlite:///path/to/file` or `postgresql+psycopg://user@host/name`.
        is_read_only: refuse every write; then the tables must be current already.

    Raises:
        ConfigurationFault: if the URL cannot be understood or names an unusable database.
        MissingExtraFault: if the database's driver is not installed.
        StorageFault, StoreLockedFault, CorruptionFault: if the database refuses.
    """
    engine = _engine(url, is_read_only=is_read_only)
    store = SqlStore(engine, engine.url.render_as_string(hide_password=True), is_read_only)
    try:
        if is_read_only:
            _require_file(store)
            with store.reading("open") as connection:
                schema.require_current(connection, store.shown_url)
        else:
            with store.writing("open") as connection:
                schema.upgrade(connection, store.shown_url)
    except BaseException:
        store.close()
        raise
    return store


def _engine(url: str, *, is_read_only: bool) -> sa.Engine:
    try:
        parsed = sa.make_url(url)
    except ArgumentError as error:
        raise ConfigurationFault(
            "a store URL must look like sqlite:///runs/demo/wattbook.sqlite or "
            "postgresql+psycopg://user@host/name; this one cannot be read"
        ) from error
    backend = parsed.get_backend_name()
    if backend not in ("sqlite", *_EXTRAS):
        raise ConfigurationFault(
            f"a store must be sqlite, postgresql or oracle, found {parsed.drivername!r}"
        )
    if backend == "sqlite":
        return _sqlite(parsed, is_read_only=is_read_only)
    if backend == "postgresql" and parsed.drivername == backend:
        parsed = parsed.set(drivername="postgresql+psycopg")
    try:
        engine = sa.create_engine(parsed)
    except NoSuchModuleError as error:
        raise ConfigurationFault(
            f"a store must be sqlite, postgresql or oracle, found {parsed.drivername!r}"
        ) from error
    except ModuleNotFoundError as error:
        extra, package = _EXTRAS[backend]
        raise MissingExtraFault(
            extra=extra, package=package, purpose=f"a store on {backend}"
        ) from error
    if is_read_only and backend == "postgresql":
        return engine.execution_options(postgresql_readonly=True)
    return engine


def _sqlite(url: sa.URL, *, is_read_only: bool) -> sa.Engine:
    if _file_of(url) is None:
        raise ConfigurationFault(
            f"a SQLite store must be a file, found {url.render_as_string()!r}; "
            f"a journal that may vanish is a MemoryJournal"
        )
    engine = sa.create_engine(url, connect_args={"timeout": LOCK_WAIT_S})

    def prepare(connection: sqlite3.Connection, _: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves, below
        if is_read_only:
            connection.execute("PRAGMA query_only=ON")
            return
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")

    def begin(connection: sa.Connection) -> None:
        writes = connection.get_execution_options().get(_WRITES, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    sa.event.listen(engine, "connect", prepare)
    sa.event.listen(engine, "begin", begin)
    return engine


def _file_of(url: sa.URL) -> Path | None:
    is_file = url.get_backend_name() == "sqlite" and url.database not in (None, "", ":memory:")
    return Path(str(url.database).removeprefix("file:")) if is_file else None


def _require_file(store: SqlStore) -> None:
    if store.path is not None and not store.path.exists():
        raise StorageFault(
            f"cannot open {store.shown_url}: there is no such file; name the store of a run"
        )
