"""Decides how one record is bound to the one before it, and how the first altered one is found.

Every entry carries the hash of its predecessor, so a change of the past changes every later hash.
Whoever can write the store can also recompute those hashes; only a head kept elsewhere (a count
and a hash, the *anchor*) shows that, and that a tail was cut off. Where entries and anchors are
kept is left to the adapters.
"""

from __future__ import annotations

import hashlib
import re
import struct
from collections.abc import Iterable, Iterator
from enum import Enum
from typing import Final

import attrs

from wattbook_domain.foundation.instants import UtcNs

GENESIS_HASH: Final = "0" * 64
"""What the first entry names as its predecessor."""

_HASH: Final = re.compile(r"[0-9a-f]{64}")
_JOURNAL_TAG: Final = b"wattbook.journal.1\x00"
_FIXED: Final = struct.Struct(">QqII")
"""Sequence number, event time, length of the kind, length of the payload; big-endian."""


@attrs.frozen(kw_only=True)
class PendingEntry:
    """A fact about to be kept; the words mean what they mean in `JournalEntry`."""

    kind: str
    event_ns: UtcNs
    received_ns: UtcNs
    payload: bytes


@attrs.frozen(kw_only=True)
class JournalEntry:
    """One inbound fact as it was kept.

    Attributes:
        seq: 1, 2, 3 ... without a gap.
        kind: the fact's stable name, which also names its decoder.
        event_ns: when it happened, by the clock of whoever it happened to.
        received_ns: when we heard of it, by our clock; outside the hash, so that the same day
            run twice has the same hashes.
        payload: canonical bytes of the fact.
        previous_hash: `entry_hash` of the entry before, or `GENESIS_HASH`.
        entry_hash: `link(previous_hash, seq, kind, event_ns, payload)` when it was written.
    """

    seq: int
    kind: str
    event_ns: UtcNs
    received_ns: UtcNs
    payload: bytes
    previous_hash: str
    entry_hash: str

    @property
    def head(self) -> ChainHead:
        """The head of the chain that ends with this entry."""
        return ChainHead(self.seq, self.entry_hash)


@attrs.frozen
class ChainHead:
    """How long a chain is, and the hash it ends with. Kept elsewhere, it is an anchor."""

    seq: int
    entry_hash: str


EMPTY_HEAD: Final = ChainHead(0, GENESIS_HASH)
"""The head of a chain without entries."""


class ChainRule(Enum):
    """Which rule of the chain a record breaks; the value completes "record N ..."."""

    EDITED = "does not have the content its own hash was made of"
    REWRITTEN = "has another hash than its successor, or the anchor, remembers"
    DELETED = "is missing, though later records exist"
    REORDERED = "does not stand in its place"
    INSERTED = "stands where another record should"
    TRUNCATED = "is missing from the end, though the anchor counts it"


@attrs.frozen(kw_only=True)
class ChainBreak:
    """The first record at which a chain cannot be what was written.

    `expected` and `found` are the two values the rule compared, hashes or sequence numbers.
    """

    seq: int
    rule: ChainRule
    expected: str
    found: str

    def explain(self) -> str:
        """Return one line: which record, which rule, and the two values compared."""
        return (
            f"record {self.seq} {self.rule.value} "
            f"({self.rule.name}: expected {self.expected}, found {self.found})"
        )


@attrs.frozen
class ChainLink:
    """What a chain check needs of any hash-linked record, whatever else the record says."""

    seq: int
    previous_hash: str
    stored_hash: str
    computed_hash: str


def link(previous_hash: str, seq: int, kind: str, event_ns: UtcNs, payload: bytes) -> str:
    """Return the SHA-256 that binds an entry to its predecessor, as 64 hexadecimal digits.

    The hashed bytes are a tag, the 32 bytes of the previous hash, the fixed-width numbers with
    the lengths of both texts, then the texts: no two different entries have the same bytes.

    Raises:
        ValueError: if `previous_hash` is not 64 hexadecimal digits, or a number does not fit.
    """
    name = kind.encode()
    try:
        fixed = _FIXED.pack(seq, event_ns, len(name), len(payload))
    except struct.error as error:
        raise ValueError(
            f"a journal entry needs 0 <= seq < 2**64 and a 64-bit event time, "
            f"found seq {seq}, event_ns {event_ns}"
        ) from error
    digest = hashlib.sha256(_JOURNAL_TAG + _raw(previous_hash) + fixed)
    digest.update(name)
    digest.update(payload)
    return digest.hexdigest()


def next_entry(head: ChainHead, pending: PendingEntry) -> JournalEntry:
    """Build the entry that follows `head`; every journal numbers and links through this."""
    seq = head.seq + 1
    return JournalEntry(
        seq=seq,
        kind=pending.kind,
        event_ns=pending.event_ns,
        received_ns=pending.received_ns,
        payload=pending.payload,
        previous_hash=head.entry_hash,
        entry_hash=link(head.entry_hash, seq, pending.kind, pending.event_ns, pending.payload),
    )


def next_entries(head: ChainHead, pending: Iterable[PendingEntry]) -> tuple[JournalEntry, ...]:
    """Build the entries that follow `head`, in order."""
    entries = []
    for item in pending:
        entry = next_entry(head, item)
        head = entry.head
        entries.append(entry)
    return tuple(entries)


def first_broken(
    entries: Iterable[JournalEntry], expected_head: ChainHead | None = None
) -> ChainBreak | None:
    """Return the first entry that cannot be what was written, or `None` for an intact chain.

    Args:
        entries: the journal from its first entry, in stored order.
        expected_head: an anchor. The chain must pass through it; it may be longer, because an
            anchor is taken now and then while the journal grows.
    """
    return first_broken_link((_journal_link(entry) for entry in entries), expected_head)


def first_broken_link(
    links: Iterable[ChainLink], expected_head: ChainHead | None = None
) -> ChainBreak | None:
    """Check any hash-linked record; see `first_broken`.

    A record is named by the place it should have. A record whose hash was recomputed after an
    edit is named itself, not its intact successor, which is where the mismatch comes to light.
    """
    stream = iter(links)
    head = EMPTY_HEAD
    for found in stream:
        if broken := _break_at(head, found, stream):
            return broken
        head = ChainHead(found.seq, found.stored_hash)
        if expected_head is not None and head.seq == expected_head.seq and head != expected_head:
            return _break(head.seq, ChainRule.REWRITTEN, expected_head.entry_hash, head.entry_hash)
    if expected_head is not None and head.seq < expected_head.seq:
        return _break(
            head.seq + 1, ChainRule.TRUNCATED, f"{expected_head.seq} records", f"{head.seq}"
        )
    return None


def _break_at(head: ChainHead, found: ChainLink, rest: Iterator[ChainLink]) -> ChainBreak | None:
    place = head.seq + 1
    if found.computed_hash != found.stored_hash:
        return _break(place, ChainRule.EDITED, found.stored_hash, found.computed_hash)
    if found.seq < place:
        return _break(place, ChainRule.INSERTED, str(place), str(found.seq))
    if found.seq > place:
        is_elsewhere = any(later.seq == place for later in rest)
        rule = ChainRule.REORDERED if is_elsewhere else ChainRule.DELETED
        return _break(place, rule, str(place), str(found.seq))
    if found.previous_hash != head.entry_hash:
        altered = max(head.seq, 1)
        return _break(altered, ChainRule.REWRITTEN, found.previous_hash, head.entry_hash)
    return None


def _break(seq: int, rule: ChainRule, expected: str, found: str) -> ChainBreak:
    return ChainBreak(seq=seq, rule=rule, expected=expected, found=found)


def _journal_link(entry: JournalEntry) -> ChainLink:
    return ChainLink(
        entry.seq, entry.previous_hash, entry.entry_hash, computed_hash=_recompute(entry)
    )


def _recompute(entry: JournalEntry) -> str:
    """Hash what is stored now; what cannot even be hashed gets a name no hash equals."""
    try:
        return link(entry.previous_hash, entry.seq, entry.kind, entry.event_ns, entry.payload)
    except ValueError as error:
        return f"unhashable: {error}"


def _raw(digest: str) -> bytes:
    if not _HASH.fullmatch(digest):
        raise ValueError(f"a hash must be 64 lower-case hexadecimal digits, found {digest!r}")
    return bytes.fromhex(digest)
