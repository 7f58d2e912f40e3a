"""Decides which fault a database error is: locked, read-only, full, corrupt, or simply refused.

Drivers are told apart by their codes, never by their words. The driver's own error stays attached
as the cause.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from wattbook_contracts.errors import (
    CorruptionFault,
    PlatformFault,
    StorageFault,
    StoreLockedFault,
)

_Fault = tuple[type[PlatformFault], str]

_LOCKED: Final[_Fault] = (StoreLockedFault, "somebody else holds it; try again when they are done")
_READ_ONLY: Final[_Fault] = (
    StorageFault,
    "it is read-only; make the file and its folder writable, or open a copy",
)
_FULL: Final[_Fault] = (StorageFault, "there is no space left; free some and start again")
_CORRUPT: Final[_Fault] = (
    CorruptionFault,
    "its content is damaged or is no database; stop, keep it as evidence and restore a copy",
)
_UNREACHABLE: Final[_Fault] = (
    StorageFault,
    "it cannot be opened; check that the folder exists and the server answers",
)
_CONFLICT: Final[_Fault] = (
    StoreLockedFault,
    "somebody else wrote the same record first; open it again",
)
_REFUSED: Final[_Fault] = (StorageFault, "it refused")

_SQLITE: Final[Mapping[int, _Fault]] = {
    sqlite3.SQLITE_BUSY: _LOCKED,
    sqlite3.SQLITE_LOCKED: _LOCKED,
    sqlite3.SQLITE_READONLY: _READ_ONLY,
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_CORRUPT: _CORRUPT,
    sqlite3.SQLITE_NOTADB: _CORRUPT,
    sqlite3.SQLITE_CANTOPEN: _UNREACHABLE,
    sqlite3.SQLITE_CONSTRAINT: _CONFLICT,
}
"""Primary result codes, sqlite.org/rescode.html; the low byte of an extended code."""

_SQLSTATE: Final[Mapping[str, _Fault]] = {
    "55P03": _LOCKED,
    "40001": _LOCKED,
    "40P01": _LOCKED,
    "25006": _READ_ONLY,
    "53100": _FULL,
    "XX001": _CORRUPT,
    "XX002": _CORRUPT,
    "23505": _CONFLICT,
}
"""PostgreSQL 15 manual, appendix A."""


@contextmanager
def translated(doing: str, store: str) -> Iterator[None]:
    """Turn database errors into faults that say what was being done, to what, and what to do.

    Raises:
        StoreLockedFault, StorageFault, CorruptionFault: with the driver's error as the cause.
    """
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        kind, advice = fault_of(error)
        words = " ".join(str(getattr(error, "orig", None) or error).split())
        raise kind(f"cannot {doing} {store}: {advice} ({words})") from error


def fault_of(error: DBAPIError | sqlite3.Error) -> _Fault:
    """Return the fault class and the advice for a driver's error."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, sqlite3.Error):
        return _SQLITE.get(getattr(cause, "sqlite_errorcode", 0) & 0xFF, _REFUSED)
    sqlstate = getattr(cause, "sqlstate", None)
    if sqlstate is None and isinstance(error, OperationalError | InterfaceError):
        return _UNREACHABLE
    return _SQLSTATE.get(sqlstate or "", _REFUSED)
