"""Keeps the audit log in a plain file, one canonical line a record, and its anchor in another.

The anchor is the log's count and last hash. It should lie where whoever can write the log cannot
(another account, an object lock): only then does it show a cut or rewritten tail. A line is on
the disk before the anchor counts it. A crash can so leave whole lines, or a piece of one, beyond
the anchor. Whole lines are checked like all others; the piece was never acknowledged to anybody
and is cut off when the log is next opened for writing, and the follower derives its record again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import IO, Final, Self

from wattbook_contracts.errors import CorruptionFault, StorageFault
from wattbook_domain.audit.chain import EMPTY_HEAD, ChainHead
from wattbook_domain.audit.records import AuditRecord, from_line, to_line
from wattbook_domain.foundation.canonical import canonical_bytes, from_plain

_NEW: Final = ".new"


class AuditFileReader:
    """Reads a log and its anchor; changes neither."""

    def __init__(self, path: Path, anchor_path: Path) -> None:
        self._path = path
        self._anchor_path = anchor_path

    def lines(self) -> Iterator[bytes]:
        """Yield the stored lines without their line ends; a torn last line as it stands."""
        if not self._path.exists():
            return
        with _translated("read", self._path), self._path.open("rb") as file:
            for line in file:
                yield line.removesuffix(b"\n")

    def anchor(self) -> ChainHead | None:
        """Return the count and hash kept apart from the log.

        Raises:
            CorruptionFault: if the anchor cannot be read as one.
        """
        if not self._anchor_path.exists():
            return None
        with _translated("read", self._anchor_path):
            content = self._anchor_path.read_bytes()
        try:
            return from_plain(ChainHead, json.loads(content))
        except ValueError as error:
            raise CorruptionFault(
                f"an anchor must be a count and a hash, {self._anchor_path} is not: {error}"
            ) from error


class AuditFile:
    """Appends to a log, moves its anchor, and reads both; close it, or use it with `with`."""

    def __init__(self, path: Path, anchor_path: Path) -> None:
        """Open the log for appending, at its end.

        Raises:
            CorruptionFault: if the log does not reach its anchor, or its end is no record.
            StorageFault: if the file cannot be opened or repaired.
        """
        self._path = path
        self._anchor_path = anchor_path
        self._reader = AuditFileReader(path, anchor_path)
        self._head = self._find_end()
        with _translated("open", path):
            self._file: IO[bytes] = path.open("ab")

    @property
    def head(self) -> ChainHead:
        """Where the log ends."""
        return self._head

    def append(self, records: Sequence[AuditRecord]) -> None:
        """Write whole lines, force them to the disk, then move the anchor."""
        head = self._head
        for record in records:
            if (record.seq, record.previous_hash) != (head.seq + 1, head.entry_hash):
                raise ValueError(
                    f"an audit record must follow the log's last one; the log ends with "
                    f"{head.seq}, found record {record.seq}"
                )
            head = record.head
        if head == self._head:
            return
        with _translated("append to", self._path):
            self._file.write(b"".join(to_line(record) + b"\n" for record in records))
            self._file.flush()
            os.fsync(self._file.fileno())
        self._head = head
        self._move_anchor(head)

    def lines(self) -> Iterator[bytes]:
        """Yield the stored lines."""
        return self._reader.lines()

    def anchor(self) -> ChainHead | None:
        """Return the anchor."""
        return self._reader.anchor()

    def close(self) -> None:
        """Close the file."""
        self._file.close()

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

    def _find_end(self) -> ChainHead:
        """Cut off a torn line beyond the anchor; return the head of the last whole record."""
        anchor = self._reader.anchor() or EMPTY_HEAD
        whole, count, last = _whole_lines(self._path)
        if count < anchor.seq:
            raise CorruptionFault(
                f"an audit log must reach its anchor; {self._path} holds {count} records, its "
                f"anchor counts {anchor.seq}. Keep both as evidence and restore a copy"
            )
        if self._path.exists() and self._path.stat().st_size > whole:
            with _translated("repair", self._path):
                os.truncate(self._path, whole)
        return _head_of(last, count, self._path)

    def _move_anchor(self, head: ChainHead) -> None:
        """Replace the anchor as a whole: a reader sees the old one or the new one."""
        fresh = self._anchor_path.with_name(self._anchor_path.name + _NEW)
        with _translated("anchor", self._anchor_path):
            with fresh.open("wb") as file:
                file.write(canonical_bytes(head) + b"\n")
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(self._anchor_path)
            _sync_folder(self._anchor_path.parent)


def _whole_lines(path: Path) -> tuple[int, int, bytes]:
    """Return length and number of the whole lines, and the last of them."""
    length, count, last = 0, 0, b""
    if path.exists():
        with _translated("read", path), path.open("rb") as file:
            for line in file:
                if line.endswith(b"\n"):
                    length, count, last = length + len(line), count + 1, line
    return length, count, last.removesuffix(b"\n")


def _head_of(line: bytes, count: int, path: Path) -> ChainHead:
    if count == 0:
        return EMPTY_HEAD
    try:
        record = from_line(line)
    except ValueError as error:
        raise CorruptionFault(
            f"the last line of {path} must be an audit record: {error}; verify the log"
        ) from error
    if record.seq != count:
        raise CorruptionFault(
            f"{path} must hold as many lines as its last record counts; it holds {count}, "
            f"the record counts {record.seq}; verify the log"
        )
    return record.head


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _translated(doing: str, path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StorageFault(
            f"cannot {doing} {path}: {error.strerror or error}; "
            f"check that the folder exists, is writable and has space left"
        ) from error
