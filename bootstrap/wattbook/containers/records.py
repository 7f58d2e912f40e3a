"""The parts that keep a run: store, journal, audit log, outbox, clock."""

from __future__ import annotations

from typing import Any

from dependency_injector import containers, providers

from wattbook_adapters.clocks.system import SystemClock
from wattbook_adapters.regulators.outbox import OutboxTransport
from wattbook_adapters.storage.audit_file import AuditFile, AuditFileReader
from wattbook_adapters.storage.journal import SqlJournal, SqlJournalReader
from wattbook_adapters.storage.store import open_store
from wattbook_adapters.storage.unit_of_work import SqlUnitOfWork


class RecordsContainer(containers.DeclarativeContainer):
    """Everything that must last."""

    url = providers.Dependency(instance_of=str)
    run_id = providers.Dependency(instance_of=str)
    audit_path: providers.Dependency[Any] = providers.Dependency()
    anchor_path: providers.Dependency[Any] = providers.Dependency()
    outbox_path: providers.Dependency[Any] = providers.Dependency()

    clock = providers.Singleton(SystemClock)
    store = providers.Singleton(open_store, url)
    journal = providers.Singleton(SqlJournal, store, run_id)
    unit_of_work = providers.Factory(SqlUnitOfWork, store, run_id)
    audit_log = providers.Singleton(AuditFile, audit_path, anchor_path)
    outbox = providers.Singleton(OutboxTransport, outbox_path)

    store_to_read = providers.Singleton(open_store, url, is_read_only=True)
    journal_reader = providers.Factory(SqlJournalReader, store_to_read, run_id)
    audit_reader = providers.Factory(AuditFileReader, audit_path, anchor_path)
