"""The chain names the first altered record, whatever was done to it."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Sequence

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wattbook_domain.audit.chain import (
    EMPTY_HEAD,
    GENESIS_HASH,
    ChainHead,
    ChainRule,
    JournalEntry,
    PendingEntry,
    first_broken,
    link,
    next_entries,
)
from wattbook_domain.foundation.instants import UtcNs

facts = st.tuples(
    st.text(min_size=1, max_size=12),
    st.integers(0, 2**63 - 1).map(UtcNs),
    st.binary(max_size=40),
)


def chain_of(contents: Sequence[tuple[str, UtcNs, bytes]]) -> list[JournalEntry]:
    pending = [
        PendingEntry(kind=kind, event_ns=event_ns, received_ns=event_ns, payload=payload)
        for kind, event_ns, payload in contents
    ]
    return list(next_entries(EMPTY_HEAD, pending))


def head_of(entries: Sequence[JournalEntry]) -> ChainHead:
    return entries[-1].head if entries else EMPTY_HEAD


def rehashed(entry: JournalEntry) -> JournalEntry:
    """What a forger who knows the formula would store."""
    fresh = link(entry.previous_hash, entry.seq, entry.kind, entry.event_ns, entry.payload)
    return attrs.evolve(entry, entry_hash=fresh)


chains = st.lists(facts, min_size=1, max_size=12).map(chain_of)


def test_the_hash_is_sha256_of_the_documented_bytes() -> None:
    expected = hashlib.sha256(
        b"wattbook.journal.1\x00"
        + bytes(32)
        + struct.pack(">QqII", 1, 1_485_255_600_000_000_000, 14, 2)
        + b"order.accepted"
        + b"{}"
    ).hexdigest()
    at = UtcNs(1_485_255_600_000_000_000)
    assert link(GENESIS_HASH, 1, "order.accepted", at, b"{}") == expected


@given(first=facts, second=facts, seqs=st.tuples(st.integers(1, 9), st.integers(1, 9)))
def test_different_entries_never_share_their_bytes(
    first: tuple[str, UtcNs, bytes], second: tuple[str, UtcNs, bytes], seqs: tuple[int, int]
) -> None:
    same_content = (first, seqs[0]) == (second, seqs[1])
    same_hash = link(GENESIS_HASH, seqs[0], *first) == link(GENESIS_HASH, seqs[1], *second)
    assert same_hash == same_content


def test_moving_a_byte_from_kind_to_payload_changes_the_hash() -> None:
    at = UtcNs(0)
    assert link(GENESIS_HASH, 1, "ab", at, b"c") != link(GENESIS_HASH, 1, "a", at, b"bc")


@given(chains)
def test_an_untouched_chain_is_whole_and_passes_through_each_of_its_heads(
    entries: list[JournalEntry],
) -> None:
    assert first_broken(entries) is None
    for length in range(len(entries) + 1):
        assert first_broken(entries, head_of(entries[:length])) is None


def test_an_empty_chain_is_whole() -> None:
    assert first_broken([]) is None
    assert first_broken([], EMPTY_HEAD) is None


def test_the_receiving_time_is_outside_the_hash() -> None:
    entries = chain_of([("tick", UtcNs(5), b"x")])
    later = [attrs.evolve(entries[0], received_ns=UtcNs(99))]
    assert first_broken(later, head_of(entries)) is None


@given(chains, st.data())
def test_an_edit_of_any_hashed_field_is_named(
    entries: list[JournalEntry], data: st.DataObject
) -> None:
    index = data.draw(st.integers(0, len(entries) - 1))
    entry = entries[index]
    edits: dict[str, object] = {
        "seq": entry.seq + 7,
        "kind": entry.kind + "x",
        "event_ns": entry.event_ns ^ 1,
        "payload": entry.payload + b"0",
        "previous_hash": "f" * 64,
        "entry_hash": "e" * 64,
    }
    field = data.draw(st.sampled_from(sorted(edits)))
    entries[index] = attrs.evolve(entry, **{field: edits[field]})
    broken = first_broken(entries)
    assert broken is not None
    assert (broken.seq, broken.rule) == (index + 1, ChainRule.EDITED)


@given(chains, st.data())
def test_an_edit_with_its_hash_recomputed_is_still_named_itself(
    entries: list[JournalEntry], data: st.DataObject
) -> None:
    anchor = head_of(entries)
    index = data.draw(st.integers(0, len(entries) - 1))
    entries[index] = rehashed(attrs.evolve(entries[index], payload=entries[index].payload + b"0"))
    broken = first_broken(entries, anchor)
    assert broken is not None
    assert (broken.seq, broken.rule) == (index + 1, ChainRule.REWRITTEN)


@given(st.lists(facts, min_size=2, max_size=9).map(chain_of), st.data())
def test_a_deletion_before_the_end_is_named(
    entries: list[JournalEntry], data: st.DataObject
) -> None:
    index = data.draw(st.integers(0, len(entries) - 2))
    del entries[index]
    broken = first_broken(entries)
    assert broken is not None
    assert (broken.seq, broken.rule) == (index + 1, ChainRule.DELETED)


@given(st.lists(facts, min_size=2, max_size=9).map(chain_of), st.data())
def test_a_swap_is_named_at_the_earlier_place(
    entries: list[JournalEntry], data: st.DataObject
) -> None:
    first = data.draw(st.integers(0, len(entries) - 2))
    second = data.draw(st.integers(first + 1, len(entries) - 1))
    entries[first], entries[second] = entries[second], entries[first]
    broken = first_broken(entries)
    assert broken is not None
    assert (broken.seq, broken.rule) == (first + 1, ChainRule.REORDERED)


@given(chains, st.data())
def test_a_repeated_record_is_named(entries: list[JournalEntry], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(entries) - 1))
    entries.insert(index + 1, entries[index])
    broken = first_broken(entries)
    assert broken is not None
    assert (broken.seq, broken.rule) == (index + 2, ChainRule.INSERTED)


@given(chains, st.data())
def test_a_cut_tail_shows_against_an_anchor_only(
    entries: list[JournalEntry], data: st.DataObject
) -> None:
    anchor = head_of(entries)
    kept = data.draw(st.integers(0, len(entries) - 1))
    assert first_broken(entries[:kept]) is None
    broken = first_broken(entries[:kept], anchor)
    assert broken is not None
    assert (broken.seq, broken.rule) == (kept + 1, ChainRule.TRUNCATED)


@given(chains)
def test_a_rewritten_history_shows_against_an_anchor_only(entries: list[JournalEntry]) -> None:
    forged = chain_of([(e.kind, e.event_ns, e.payload + b"0") for e in entries])
    assert first_broken(forged) is None
    broken = first_broken(forged, head_of(entries))
    assert broken is not None
    assert (broken.seq, broken.rule) == (len(entries), ChainRule.REWRITTEN)


def test_a_chain_that_does_not_begin_at_the_genesis_is_broken_at_its_first_record() -> None:
    entry = rehashed(attrs.evolve(chain_of([("a", UtcNs(1), b"")])[0], previous_hash="1" * 64))
    broken = first_broken([entry])
    assert broken is not None
    assert (broken.seq, broken.rule) == (1, ChainRule.REWRITTEN)


@pytest.mark.parametrize("junk", ["", "zz" * 32, "ab", "0" * 62 + " 0", "é" * 64, "AB" * 32])
def test_a_hash_that_is_none_is_misuse_when_writing_and_a_break_when_reading(junk: str) -> None:
    with pytest.raises(ValueError, match="64 lower-case"):
        link(junk, 1, "a", UtcNs(0), b"")
    entry = attrs.evolve(chain_of([("a", UtcNs(1), b"")])[0], previous_hash=junk)
    broken = first_broken([entry])
    assert broken is not None
    assert broken.rule is ChainRule.EDITED


def test_a_number_that_does_not_fit_is_misuse() -> None:
    with pytest.raises(ValueError, match="seq -1"):
        link(GENESIS_HASH, -1, "a", UtcNs(0), b"")


def test_the_explanation_names_record_rule_and_both_values() -> None:
    entries = chain_of([("a", UtcNs(1), b""), ("b", UtcNs(2), b""), ("c", UtcNs(3), b"")])
    broken = first_broken([entries[0], entries[2]])
    assert broken is not None
    assert broken.explain() == (
        "record 2 is missing, though later records exist (DELETED: expected 2, found 3)"
    )
