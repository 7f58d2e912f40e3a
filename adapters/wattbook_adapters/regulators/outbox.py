"""Decides how documents are put into an outbox folder: whole or not at all, with a manifest.

The outbox is where a reporting mechanism's own client picks documents up. Written is all that can
be said of them here: this transport sees no receipt, so it never claims that anybody accepted.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import attrs

from wattbook_contracts.errors import CorruptionFault, StorageFault
from wattbook_domain.foundation.canonical import sha256_hex
from wattbook_domain.foundation.instants import UtcNs, format_instant
from wattbook_domain.regulation.submission import ReportDocument, Submission, SubmissionStatus

MANIFEST_NAME: Final = "manifest.json"
_UNFINISHED: Final = ".part"


@attrs.frozen(kw_only=True)
class ManifestEntry:
    """What the manifest says of one document."""

    name: str
    sha256: str
    contracts: int
    orders: int
    trades: int
    status: str
    written_at: str


@attrs.frozen
class OutboxTransport:
    """Writes documents into one folder. One writer; a repeated document changes nothing."""

    folder: Path

    def send(
        self, documents: Sequence[ReportDocument], *, sent_at: UtcNs
    ) -> tuple[Submission, ...]:
        """Write the documents, then the manifest that lists them; see `ReportTransport.send`.

        Raises:
            StorageFault: if a name is no plain file name, if another document of the same name was
                written before, or if the folder refuses.
            CorruptionFault: if the manifest or a listed document was altered since.
        """
        for document in documents:
            _require_plain_name(document.name)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            listed = {entry.name: entry for entry in self.entries()}
            for document in documents:
                listed[document.name] = self._write(document, listed, sent_at)
            entries = [attrs.asdict(listed[name]) for name in sorted(listed)]
            text = json.dumps({"count": len(entries), "documents": entries}, indent=2)
            self._replace(MANIFEST_NAME, f"{text}\n".encode())
        except OSError as cause:
            raise StorageFault(
                f"the outbox {self.folder} must be writable: {cause.strerror or cause}; check the "
                f"folder and its free space"
            ) from cause
        return tuple(_written(document.name, document.sha256) for document in documents)

    def entries(self) -> tuple[ManifestEntry, ...]:
        """Return what the manifest lists, by name; empty where nothing was written yet.

        Raises:
            CorruptionFault: if the manifest is not what this transport writes.
        """
        path = self.folder / MANIFEST_NAME
        if not path.exists():
            return ()
        try:
            listed = json.loads(path.read_bytes())
            count = listed["count"]
            entries = tuple(ManifestEntry(**entry) for entry in listed["documents"])
        except (ValueError, KeyError, TypeError) as cause:
            raise CorruptionFault(
                f"the manifest {path} must list documents, found something else; restore it"
            ) from cause
        if count != len(entries):
            raise CorruptionFault(
                f"the manifest {path} counts {count} documents and lists {len(entries)}; restore it"
            )
        return entries

    def verify(self) -> tuple[Submission, ...]:
        """Compare every listed document with its hash and return what is there.

        Raises:
            CorruptionFault: naming the first document that is missing or was altered.
        """
        return tuple(self._verified(entry) for entry in self.entries())

    def _verified(self, entry: ManifestEntry) -> Submission:
        path = self.folder / entry.name
        found = sha256_hex(path.read_bytes()) if path.exists() else "no file"
        if found != entry.sha256:
            raise CorruptionFault(
                f"document {entry.name} must have sha256 {entry.sha256}, found {found}; restore it"
            )
        return _written(entry.name, entry.sha256)

    def _write(
        self, document: ReportDocument, listed: dict[str, ManifestEntry], sent_at: UtcNs
    ) -> ManifestEntry:
        path = self.folder / document.name
        known = listed.get(document.name)
        held = known.sha256 if known else sha256_hex(path.read_bytes()) if path.exists() else None
        if held is not None and held != document.sha256:
            raise StorageFault(
                f"document {document.name} was written before with other content; give the new "
                f"one the next sequence number"
            )
        if known is not None:
            self._verified(known)
            return known
        self._replace(document.name, document.content)
        return ManifestEntry(
            name=document.name,
            sha256=document.sha256,
            contracts=document.contract_count,
            orders=document.order_count,
            trades=document.trade_count,
            status=SubmissionStatus.WRITTEN.name,
            written_at=format_instant(sent_at),
        )

    def _replace(self, name: str, content: bytes) -> None:
        """Write beside, flush to disk, then rename: a reader sees the whole file or none."""
        unfinished = self.folder / f"{name}{_UNFINISHED}"
        with unfinished.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(self.folder / name)
        folder = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _written(name: str, sha256: str) -> Submission:
    return Submission(name=name, sha256=sha256, status=SubmissionStatus.WRITTEN)


def _require_plain_name(name: str) -> None:
    is_plain = Path(name).name == name and name not in (MANIFEST_NAME, "", ".", "..")
    if not is_plain or name.endswith(_UNFINISHED):
        raise StorageFault(f"a document has a plain file name of its own, found {name!r}")
