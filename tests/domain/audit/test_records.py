"""Audit records are chained like journal entries and have one byte form."""

from __future__ import annotations

from collections.abc import Iterator

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wattbook_domain.audit.chain import EMPTY_HEAD, ChainLink, ChainRule, first_broken_link
from wattbook_domain.audit.records import (
    AuditRecord,
    AuditSource,
    AuditSubject,
    from_line,
    record_hash,
    record_links,
    seal,
    to_line,
)
from wattbook_domain.foundation.canonical import sha256_hex
from wattbook_domain.foundation.instants import UtcNs

SUBJECT = AuditSubject(actor="desk-1", action="order.submitted", entity="order:D1-1")
identifiers = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.:/-]{0,20}", fullmatch=True)


@st.composite
def logs(draw: st.DrawFn) -> list[AuditRecord]:
    records: list[AuditRecord] = []
    for at in range(draw(st.integers(1, 8))):
        subject = AuditSubject(
            actor=draw(identifiers), action=draw(identifiers), entity=draw(identifiers)
        )
        records.append(
            seal(
                records[-1].head if records else EMPTY_HEAD,
                journal_seq=at + 1,
                source=draw(st.sampled_from(AuditSource)),
                at_ns=UtcNs(at),
                subject=subject,
                payload_hash=sha256_hex(draw(st.binary(max_size=8))),
                state_hash=draw(st.none() | st.just(sha256_hex(b"state"))),
                config_version=draw(st.text(max_size=10)),
            )
        )
    return records


@given(logs())
def test_lines_round_trip_and_the_log_is_whole(records: list[AuditRecord]) -> None:
    assert [from_line(to_line(r)) for r in records] == records
    assert first_broken_link(links_of(records), records[-1].head) is None


@given(logs(), st.data())
def test_every_field_is_inside_the_hash(records: list[AuditRecord], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(records) - 1))
    record = records[index]
    edited = data.draw(
        st.sampled_from(
            [
                attrs.evolve(record, seq=record.seq + 100),
                attrs.evolve(record, journal_seq=record.journal_seq + 1),
                attrs.evolve(record, source=AuditSource(1 - record.source)),
                attrs.evolve(record, at_ns=UtcNs(record.at_ns + 1)),
                attrs.evolve(
                    record, subject=attrs.evolve(record.subject, actor=record.subject.actor + "x")
                ),
                attrs.evolve(record, payload_hash="a" * 64),
                attrs.evolve(record, state_hash="b" * 64),
                attrs.evolve(record, config_version=record.config_version + "x"),
                attrs.evolve(record, previous_hash="c" * 64),
            ]
        )
    )
    assert record_hash(edited) != record.record_hash
    records[index] = edited
    broken = first_broken_link(links_of(records))
    assert broken is not None
    assert (broken.seq, broken.rule) == (index + 1, ChainRule.EDITED)


def test_a_missing_state_hash_differs_from_an_empty_one() -> None:
    record = sealed()
    assert record_hash(attrs.evolve(record, state_hash="")) != record.record_hash


def links_of(records: list[AuditRecord]) -> Iterator[ChainLink]:
    return record_links(map(to_line, records))


@given(logs(), st.data())
def test_a_line_that_is_no_record_is_named_at_its_place(
    records: list[AuditRecord], data: st.DataObject
) -> None:
    lines = [to_line(record) for record in records]
    index = data.draw(st.integers(0, len(lines) - 1))
    lines[index] = data.draw(st.sampled_from([b"", b"{}", lines[index][:-1], b" " + lines[index]]))
    broken = first_broken_link(record_links(lines))
    assert broken is not None
    assert (broken.seq, broken.rule) == (index + 1, ChainRule.EDITED)


@pytest.mark.parametrize("change", [lambda t: t.replace(b":", b": ", 1), lambda t: t + b" "])
def test_a_line_in_other_bytes_is_refused_though_it_means_the_same(change) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match="canonical form"):
        from_line(change(to_line(sealed())))


@pytest.mark.parametrize("line", [b"", b"{", b"[]", b'{"seq":1}', b"\xff"])
def test_a_line_that_is_no_record_is_refused(line: bytes) -> None:
    with pytest.raises(ValueError):
        from_line(line)


def test_a_subject_must_be_made_of_identifiers() -> None:
    with pytest.raises(ValueError, match="audit actor"):
        AuditSubject(actor="Jane Doe", action="order.submitted", entity="order:1")


def sealed() -> AuditRecord:
    return seal(
        EMPTY_HEAD,
        journal_seq=1,
        source=AuditSource.FACT,
        at_ns=UtcNs(5),
        subject=SUBJECT,
        payload_hash=sha256_hex(b"{}"),
        state_hash=None,
        config_version="limits-1",
    )
