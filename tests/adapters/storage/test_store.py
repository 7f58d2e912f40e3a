"""What a store does with bad input: one clear fault, its cause kept, nothing lost."""

from __future__ import annotations

import builtins
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.exc import DBAPIError

from wattbook_adapters.storage import schema
from wattbook_adapters.storage.faults import fault_of
from wattbook_adapters.storage.journal import SqlJournal, SqlJournalReader
from wattbook_adapters.storage.store import SqlStore, open_store
from wattbook_adapters.storage.tables import METADATA
from wattbook_adapters.storage.unit_of_work import SqlUnitOfWork
from wattbook_adapters.storage.writer_lock import hold
from wattbook_contracts.conformance import samples
from wattbook_contracts.conformance.journal import facts
from wattbook_contracts.errors import (
    ConfigurationFault,
    CorruptionFault,
    MissingExtraFault,
    StorageFault,
    StoreLockedFault,
)
from wattbook_domain.audit.chain import EMPTY_HEAD, first_broken
from wattbook_domain.foundation.identifiers import RunId

RUN = RunId("run-1")


@contextmanager
def opened(url: str, *, is_read_only: bool = False) -> Iterator[SqlStore]:
    store = open_store(url, is_read_only=is_read_only)
    try:
        yield store
    finally:
        store.close()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A store with one run of three entries."""
    path = tmp_path / "wattbook.sqlite"
    with opened(f"sqlite:///{path}") as store, SqlJournal(store, RUN) as journal:
        journal.append(facts(1, 3))
    return path


def test_migrations_build_the_tables_that_the_code_uses(url: str) -> None:
    with opened(url) as store, store.reading("compare") as connection:
        assert schema.version_of(connection) == schema.latest_version()
        context = MigrationContext.configure(
            connection, opts={"version_table": schema.VERSION_TABLE, "compare_type": True}
        )
        assert compare_metadata(context, METADATA) == []


def test_opening_again_changes_nothing(url: str) -> None:
    for first in (1, 3):
        with opened(url) as store, SqlJournal(store, RUN) as journal:
            journal.append(facts(first, first + 1))
    with opened(url, is_read_only=True) as store:
        assert [e.seq for e in SqlJournalReader(store, RUN).read()] == [1, 2, 3, 4]


def test_a_store_of_a_newer_release_is_refused(url: str) -> None:
    with opened(url) as store, store.writing("pretend") as connection:
        versions = sa.table(schema.VERSION_TABLE, sa.column("version_num"))
        connection.execute(sa.update(versions).values(version_num="9999"))
    for is_read_only in (False, True):
        with pytest.raises(StorageFault, match="version 9999, this release knows up to 0001"):
            open_store(url, is_read_only=is_read_only)


def test_an_empty_store_cannot_be_opened_for_reading(url: str) -> None:
    with pytest.raises(StorageFault, match=r"no such file|found no tables"):
        open_store(url, is_read_only=True)


def test_a_read_only_store_refuses_every_write(url: str) -> None:
    with opened(url):
        pass
    with opened(url, is_read_only=True) as store:
        with pytest.raises(StorageFault, match="opened read-only"):
            SqlJournal(store, RUN)
        with (
            pytest.raises(StorageFault, match="it is read-only"),
            SqlUnitOfWork(store, RUN) as unit,
        ):
            unit.orders.save([samples.order(1)])


def test_runs_in_one_store_do_not_see_each_other(url: str) -> None:
    with opened(url) as store:
        for run in ("run-1", "run-2"):
            with SqlJournal(store, RunId(run)) as journal:
                assert journal.head() == EMPTY_HEAD
                journal.append(facts(1, 2))
            with SqlUnitOfWork(store, RunId(run)) as unit:
                unit.orders.save([samples.order(1)])
                unit.commit()
        for run in ("run-1", "run-2"):
            assert SqlJournalReader(store, RunId(run)).head().seq == 2
            with SqlUnitOfWork(store, RunId(run)) as unit:
                assert list(unit.orders.all()) == [samples.order(1)]


def test_a_tampered_row_is_named_by_the_chain(url: str) -> None:
    with opened(url) as store:
        with SqlJournal(store, RUN) as journal:
            journal.append(facts(1, 5))
        with store.writing("tamper with") as connection:
            connection.execute(sa.text("UPDATE journal SET event_ns = event_ns + 1 WHERE seq = 3"))
        broken = first_broken(SqlJournalReader(store, RUN).read())
        assert broken is not None
        assert broken.seq == 3


def test_a_row_that_holds_no_value_is_corruption(url: str) -> None:
    with opened(url) as store:
        with SqlUnitOfWork(store, RUN) as unit:
            unit.orders.save([samples.order(1)])
            unit.commit()
        with store.writing("tamper with") as connection:
            connection.execute(sa.text("UPDATE orders SET side = 'SIDEWAYS'"))
        with (
            pytest.raises(CorruptionFault, match=r"a row of orders .* BUY, SELL"),
            SqlUnitOfWork(store, RUN) as unit,
        ):
            list(unit.orders.all())


def test_two_writers_that_slip_past_the_lock_cannot_write_the_same_number(url: str) -> None:
    with opened(url) as store, SqlJournal(store, RUN) as journal:
        journal.append(facts(1, 1))
        with store.writing("slip into") as connection:
            row = dict(connection.execute(sa.text("SELECT * FROM journal")).mappings().one())
            connection.execute(sa.insert(METADATA.tables["journal"]), [{**row, "seq": 2}])
        with pytest.raises(StoreLockedFault, match="somebody else wrote the same record first"):
            journal.append(facts(2, 2))


def test_a_failed_commit_leaves_a_journal_that_must_be_opened_again(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(url) as store:
        with SqlJournal(store, RUN) as journal:
            journal.append(facts(1, 1))

            def fail(transaction: object) -> None:
                raise sqlite3.OperationalError("the line broke")

            with monkeypatch.context() as patch:
                patch.setattr(sa.RootTransaction, "commit", fail)
                with pytest.raises(StorageFault, match="the line broke"):
                    journal.append(facts(2, 2))
            with pytest.raises(StorageFault, match="may or may not have been kept"):
                journal.append(facts(2, 2))
        with SqlJournal(store, RUN) as journal:
            assert journal.append(facts(2, 2))[0].seq == 2


def test_units_of_work_do_not_nest_and_must_be_entered(url: str) -> None:
    with opened(url) as store:
        unit = SqlUnitOfWork(store, RUN)
        with pytest.raises(RuntimeError, match="must be entered first"):
            unit.orders.all()
        with unit, pytest.raises(RuntimeError, match="do not nest"):
            unit.__enter__()


def test_a_locked_file_says_so_and_allows_another_try(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wattbook_adapters.storage.store.LOCK_WAIT_S", 0.05)
    with (
        closing(sqlite3.connect(file, isolation_level=None)) as other,
        opened(f"sqlite:///{file}") as store,
        SqlJournal(store, RUN) as journal,
    ):
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreLockedFault, match="somebody else holds it") as caught:
            journal.append(facts(4, 4))
        assert isinstance(caught.value.__cause__, DBAPIError)
        other.execute("ROLLBACK")
        assert journal.append(facts(4, 4))[0].seq == 4


def test_a_unit_of_work_on_a_locked_file_says_so(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wattbook_adapters.storage.store.LOCK_WAIT_S", 0.05)
    with (
        closing(sqlite3.connect(file, isolation_level=None)) as other,
        opened(f"sqlite:///{file}") as store,
    ):
        unit = SqlUnitOfWork(store, RUN)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreLockedFault, match="begin a unit of work"), unit:
            pass
        other.execute("ROLLBACK")
        with unit:
            unit.orders.save([samples.order(1)])
            unit.commit()


def test_a_journal_is_refused_where_two_writers_cannot_be_told_apart() -> None:
    pytest.importorskip("oracledb", reason="needs the extra wattbook[oracle]")
    store = SqlStore(sa.create_engine("oracle+oracledb://host/name"), "oracle", False)
    with pytest.raises(ConfigurationFault, match="found oracle"):
        hold(store, store.writer, "run-1")  # type: ignore[arg-type]


def test_a_writer_that_was_killed_leaves_no_lock_behind(tmp_path: Path) -> None:
    """kill -9 while the journal is open: what was appended is there, the next writer goes on."""
    url = f"sqlite:///{tmp_path}/killed.sqlite"
    program = (
        "import os, signal, sys\n"
        "from wattbook_adapters.storage.store import open_store\n"
        "from wattbook_adapters.storage.journal import SqlJournal\n"
        "from wattbook_contracts.conformance.journal import facts\n"
        f"journal = SqlJournal(open_store({url!r}), 'run-1')\n"
        "journal.append(facts(1, 3))\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], timeout=60)
    assert done.returncode == -9
    with opened(url) as store, SqlJournal(store, RUN) as journal:
        assert journal.head().seq == 3
        assert journal.append(facts(4, 4))[0].seq == 4
        assert first_broken(journal.read()) is None


@contextmanager
def unprivileged() -> Iterator[None]:
    """Root ignores file permissions, so become somebody else for a while."""
    if os.geteuid() != 0:
        yield
        return
    os.setegid(65534)
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)


def test_a_read_only_file_says_so() -> None:
    folder = Path("/tmp") / f"wattbook-read-only-{os.getpid()}"  # noqa: S108
    folder.mkdir(mode=0o755)
    try:
        path = folder / "wattbook.sqlite"
        with opened(f"sqlite:///{path}") as store, SqlJournal(store, RUN) as journal:
            journal.append(facts(1, 1))
        for each in folder.iterdir():
            each.chmod(0o444)
        folder.chmod(0o555)
        with unprivileged(), pytest.raises(StorageFault, match=r"read-only|cannot be opened"):
            open_store(f"sqlite:///{path}")
    finally:
        folder.chmod(0o755)
        shutil.rmtree(folder)


@pytest.mark.parametrize("content", [b"this is no database, but long enough to look\n" * 100])
def test_a_file_that_is_no_database_is_corruption(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "text.sqlite"
    path.write_bytes(content)
    with pytest.raises(CorruptionFault, match="restore a copy") as caught:
        open_store(f"sqlite:///{path}")
    assert caught.value.__cause__ is not None
    assert path.read_bytes() == content


def test_a_damaged_database_is_corruption(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = bytearray(file.read_bytes())
    content[4096:] = bytes(byte ^ 0x5A for byte in content[4096:])
    file.write_bytes(content)
    with (
        pytest.raises(CorruptionFault),
        opened(f"sqlite:///{file}", is_read_only=True) as store,
    ):
        list(SqlJournalReader(store, RUN).read())


def test_a_full_disk_says_so_and_keeps_what_was_there(file: Path) -> None:
    with opened(f"sqlite:///{file}") as store, SqlJournal(store, RUN) as journal:
        journal._connection.exec_driver_sql("PRAGMA max_page_count=1")
        journal._connection.commit()
        with pytest.raises(StorageFault, match="no space left"):
            journal.append(facts(4, 2_000))
        assert [e.seq for e in journal.read()] == [1, 2, 3]
        journal._connection.exec_driver_sql("PRAGMA max_page_count=100000")
        journal._connection.commit()
        assert journal.append(facts(4, 4))[0].seq == 4


def test_a_missing_folder_says_so(tmp_path: Path) -> None:
    with pytest.raises(StorageFault, match="check that the folder exists"):
        open_store(f"sqlite:///{tmp_path}/nowhere/wattbook.sqlite")


def test_a_missing_file_is_not_created_by_reading(tmp_path: Path) -> None:
    path = tmp_path / "absent.sqlite"
    with pytest.raises(StorageFault, match="no such file"):
        open_store(f"sqlite:///{path}", is_read_only=True)
    assert not path.exists()


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("wattbook.sqlite", "must look like sqlite:///"),
        ("sqlite://", "must be a file"),
        ("sqlite:///:memory:", "must be a file"),
        ("nosuchdb://host/name", "must be sqlite, postgresql or oracle, found 'nosuchdb'"),
    ],
)
def test_a_url_that_names_no_usable_store_is_refused(url: str, message: str) -> None:
    with pytest.raises(ConfigurationFault, match=message):
        open_store(url)


def test_a_server_that_does_not_answer_says_so_without_the_password() -> None:
    with pytest.raises(StorageFault, match="the server answers") as caught:
        open_store("postgresql+psycopg://trader:secret@127.0.0.1:1/wattbook?connect_timeout=2")
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "package", "extra"),
    [
        ("postgresql+psycopg://host/name", "psycopg", "pg"),
        ("postgresql://host/name", "psycopg", "pg"),
        ("oracle+oracledb://host/name", "oracledb", "oracle"),
    ],
)
def test_a_missing_driver_names_the_extra_to_install(
    url: str, package: str, extra: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def without(name: str, *more: Any, **others: Any) -> ModuleType:
        if name.partition(".")[0] == package:
            raise ModuleNotFoundError(f"No module named {package!r}", name=package)
        return real(name, *more, **others)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(MissingExtraFault, match=rf"wattbook\[{extra}\]"):
        open_store(url)


class ServerError(Exception):
    """A driver's error as psycopg raises it: with an SQLSTATE."""

    def __init__(self, sqlstate: str | None) -> None:
        super().__init__("the server's words")
        self.sqlstate = sqlstate


@pytest.mark.parametrize(
    ("sqlstate", "kind"),
    [
        ("55P03", StoreLockedFault),
        ("40001", StoreLockedFault),
        ("25006", StorageFault),
        ("53100", StorageFault),
        ("XX001", CorruptionFault),
        ("42P01", StorageFault),
        (None, StorageFault),
    ],
)
def test_server_errors_are_told_apart_by_their_codes(sqlstate: str, kind: type) -> None:
    error = sa.exc.OperationalError("SELECT 1", {}, ServerError(sqlstate))
    assert fault_of(error)[0] is kind
