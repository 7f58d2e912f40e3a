"""The outbox: whole files, a manifest that is true, and no claim beyond written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wattbook_adapters.regulators.outbox import MANIFEST_NAME, OutboxTransport
from wattbook_contracts.errors import CorruptionFault, StorageFault
from wattbook_contracts.ports.regulator import ReportTransport
from wattbook_domain.foundation.instants import UtcNs, parse_instant
from wattbook_domain.regulation.submission import ReportDocument, SubmissionStatus

AT = parse_instant("2017-01-25T08:00:00Z")
LATER = parse_instant("2017-01-25T09:00:00Z")


def document(name: str = "a_1.xml", content: bytes = b"<a/>") -> ReportDocument:
    return ReportDocument(
        name=name, content=content, contract_count=1, order_count=2, trade_count=3
    )


def manifest(folder: Path) -> dict[str, object]:
    read: dict[str, object] = json.loads((folder / MANIFEST_NAME).read_text())
    return read


def test_documents_and_manifest_are_written(tmp_path: Path) -> None:
    transport: ReportTransport = OutboxTransport(tmp_path / "remit")
    sent = transport.send([document(), document("a_2.xml", b"<b/>")], sent_at=AT)
    assert [(s.name, s.status) for s in sent] == [
        ("a_1.xml", SubmissionStatus.WRITTEN),
        ("a_2.xml", SubmissionStatus.WRITTEN),
    ]
    folder = tmp_path / "remit"
    assert (folder / "a_1.xml").read_bytes() == b"<a/>"
    assert sorted(path.name for path in folder.iterdir()) == ["a_1.xml", "a_2.xml", MANIFEST_NAME]
    assert manifest(folder) == {
        "count": 2,
        "documents": [
            {
                "name": f"a_{n}.xml",
                "sha256": document(content=content).sha256,
                "contracts": 1,
                "orders": 2,
                "trades": 3,
                "status": "WRITTEN",
                "written_at": "2017-01-25T08:00:00Z",
            }
            for n, content in ((1, b"<a/>"), (2, b"<b/>"))
        ],
    }
    assert OutboxTransport(folder).verify() == sent


def test_the_same_document_again_changes_nothing(tmp_path: Path) -> None:
    transport = OutboxTransport(tmp_path)
    first = transport.send([document()], sent_at=AT)
    before = (tmp_path / MANIFEST_NAME).read_bytes()
    assert transport.send([document()], sent_at=LATER) == first
    assert (tmp_path / MANIFEST_NAME).read_bytes() == before


def test_another_document_of_the_same_name_is_refused(tmp_path: Path) -> None:
    transport = OutboxTransport(tmp_path)
    transport.send([document()], sent_at=AT)
    with pytest.raises(StorageFault, match="next sequence number"):
        transport.send([document(content=b"<other/>")], sent_at=LATER)
    assert (tmp_path / "a_1.xml").read_bytes() == b"<a/>"


def test_a_stop_between_document_and_manifest_is_made_good(tmp_path: Path) -> None:
    (tmp_path / "a_1.xml").write_bytes(b"<a/>")
    OutboxTransport(tmp_path).send([document()], sent_at=AT)
    assert manifest(tmp_path)["count"] == 1


@pytest.mark.parametrize("alter", ["change", "remove"])
def test_an_altered_document_is_named(tmp_path: Path, alter: str) -> None:
    transport = OutboxTransport(tmp_path)
    transport.send([document()], sent_at=AT)
    path = tmp_path / "a_1.xml"
    if alter == "change":
        path.write_bytes(b"<A/>")
    else:
        path.unlink()
    with pytest.raises(CorruptionFault, match=r"a_1\.xml"):
        transport.verify()
    with pytest.raises(CorruptionFault, match=r"a_1\.xml"):
        transport.send([document()], sent_at=LATER)


@pytest.mark.parametrize("text", ["", "[]", '{"documents": []}', '{"count": 2, "documents": []}'])
def test_a_spoilt_manifest_stops(tmp_path: Path, text: str) -> None:
    (tmp_path / MANIFEST_NAME).write_text(text)
    with pytest.raises(CorruptionFault, match="manifest"):
        OutboxTransport(tmp_path).send([document()], sent_at=AT)


@pytest.mark.parametrize(
    "name", ["../a.xml", "b/a.xml", "", ".", "..", MANIFEST_NAME, "a.xml.part"]
)
def test_a_name_cannot_leave_the_folder(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "out"
    with pytest.raises(StorageFault, match="plain file name"):
        OutboxTransport(folder).send([document(name)], sent_at=AT)
    assert not folder.exists()


def test_a_folder_that_cannot_be_made_is_a_storage_fault(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StorageFault, match="must be writable"):
        OutboxTransport(tmp_path / "file" / "out").send([document()], sent_at=AT)


@settings(max_examples=25)
@given(st.lists(st.lists(st.integers(0, 5), max_size=4), max_size=5))
def test_the_manifest_lists_exactly_what_was_sent(
    tmp_path_factory: pytest.TempPathFactory, batches: list[list[int]]
) -> None:
    folder = tmp_path_factory.mktemp("outbox")
    transport = OutboxTransport(folder)
    for index, numbers in enumerate(batches):
        batch = [document(f"a_{n}.xml", b"<a>%d</a>" % n) for n in numbers]
        transport.send(batch, sent_at=UtcNs(AT + index))
    expected = sorted({f"a_{n}.xml" for numbers in batches for n in numbers})
    assert [submission.name for submission in transport.verify()] == expected
