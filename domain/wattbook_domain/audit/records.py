"""Decides what an audit record says: who did what to which thing, under which configuration.

Records are derived from the journal and linked like its entries. Names of persons stay outside:
an actor is a pseudonym, so that the key to it can be destroyed without breaking the chain.
How records are stored is left to the adapters, which of them are made to `append_audit`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from enum import IntEnum
from typing import Final

import attrs

from wattbook_domain.audit.chain import ChainHead, ChainLink
from wattbook_domain.foundation.canonical import canonical_bytes, from_plain, sha256_hex
from wattbook_domain.foundation.identifiers import require_identifier
from wattbook_domain.foundation.instants import UtcNs

_UNSEALED: Final = ""


class AuditSource(IntEnum):
    """Where a record comes from: a fact that came in, or a decision the engine took on it."""

    FACT = 0
    DECISION = 1


@attrs.frozen(kw_only=True)
class AuditSubject:
    """Who did what to which thing, in stable identifiers."""

    actor: str
    action: str
    entity: str

    def __attrs_post_init__(self) -> None:
        require_identifier("audit actor", self.actor)
        require_identifier("audit action", self.action)
        require_identifier("audit entity", self.entity)


@attrs.frozen(kw_only=True)
class AuditRecord:
    """One line of the audit log.

    Attributes:
        seq: 1, 2, 3 ... without a gap, in the audit log.
        journal_seq: the journal entry this record accounts for.
        source: whether it accounts for the fact itself or for a decision taken on it.
        at_ns: the instant of the fact, by the clock of whoever it happened to.
        subject: who did what to which thing.
        payload_hash: SHA-256 of the fact's, or the decision's, canonical bytes.
        state_hash: SHA-256 of the whole state after the fact; `None` between checkpoints.
        config_version: the version of limits and settings in force.
        previous_hash: `record_hash` of the record before, or `GENESIS_HASH`.
        record_hash: SHA-256 of the canonical form of everything above.
    """

    seq: int
    journal_seq: int
    source: AuditSource
    at_ns: UtcNs
    subject: AuditSubject
    payload_hash: str
    state_hash: str | None
    config_version: str
    previous_hash: str
    record_hash: str

    @property
    def head(self) -> ChainHead:
        """The head of the chain that ends with this record."""
        return ChainHead(self.seq, self.record_hash)


def seal(
    previous: ChainHead,
    *,
    journal_seq: int,
    source: AuditSource,
    at_ns: UtcNs,
    subject: AuditSubject,
    payload_hash: str,
    state_hash: str | None,
    config_version: str,
) -> AuditRecord:
    """Build the record that follows `previous`, with its hash."""
    unsealed = AuditRecord(
        seq=previous.seq + 1,
        journal_seq=journal_seq,
        source=source,
        at_ns=at_ns,
        subject=subject,
        payload_hash=payload_hash,
        state_hash=state_hash,
        config_version=config_version,
        previous_hash=previous.entry_hash,
        record_hash=_UNSEALED,
    )
    return attrs.evolve(unsealed, record_hash=record_hash(unsealed))


def record_hash(record: AuditRecord) -> str:
    """Return the hash a record must carry: of its canonical form with the hash left blank."""
    return sha256_hex(canonical_bytes(attrs.evolve(record, record_hash=_UNSEALED)))


def to_line(record: AuditRecord) -> bytes:
    """Return the record's one canonical line, without a line end."""
    return canonical_bytes(record)


def from_line(line: bytes) -> AuditRecord:
    """Read a line that `to_line` wrote.

    Raises:
        ValueError: if the line is not a record, or not in the one canonical form; a line that
            means the same in other bytes was not written by us.
    """
    record = from_plain(AuditRecord, json.loads(line))
    if to_line(record) != line:
        raise ValueError("an audit line must be in canonical form, found other bytes")
    return record


def record_links(lines: Iterable[bytes]) -> Iterator[ChainLink]:
    """Turn stored lines into links for `chain.first_broken_link`.

    A line that is no record becomes a link that no chain can hold, so that it is found and named
    at its place like any other altered record.
    """
    for line in lines:
        try:
            record = from_line(line)
        except ValueError as error:
            yield ChainLink(0, "", "a canonical record", f"{line[:40]!r}: {error}")
        else:
            yield ChainLink(
                record.seq, record.previous_hash, record.record_hash, record_hash(record)
            )
