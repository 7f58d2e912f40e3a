"""Proves a kept run: replays its journal, and checks chains and files against each other.

What counts as altered is decided by `wattbook_application.operations.verify_audit`; here its
questions are put to the run's store and folder.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from wattbook.containers import RecordsContainer
from wattbook.documents import REMIT_FOLDER
from wattbook.run_folder import RunFolder
from wattbook_adapters.entrypoints.platform import CheckRow, ReplayOutcome
from wattbook_application.compliance.report_trade import prepare_day
from wattbook_application.handlers import TRADING_DAY
from wattbook_application.operations.audit_day import derive_day
from wattbook_application.operations.verify_audit import AuditVerdict, verify_audit
from wattbook_application.replay import replay
from wattbook_application.state import DayState
from wattbook_contracts.ports.regulator import Reporter
from wattbook_domain.foundation.canonical import sha256_hex


def replay_run(folder: RunFolder, reporter: Reporter) -> ReplayOutcome:
    """Fold a run's journal again; compare state and regulatory files with what it recorded.

    Raises:
        DataFault: if the folder is not a run's.
        StorageFault, CorruptionFault: if the journal cannot be read, or is not what was written.
    """
    with _reading(folder) as records:
        replayed = replay(TRADING_DAY, records.journal_reader())
    rewritten = _rewritten(replayed.state, reporter)
    return ReplayOutcome(
        entries=replayed.head.seq,
        state_hash=replayed.state_hash,
        recorded_state_hash=replayed.state.closed_at_hash,
        documents=len(rewritten),
        differing=tuple(
            name
            for name, sha256 in rewritten.items()
            if replayed.state.documents.get(name) != sha256
        ),
    )


def _rewritten(state: DayState, reporter: Reporter) -> Mapping[str, str]:
    """Write the regulator's files of a closed day anew, in memory; name to hash."""
    if state.closed_at_hash is None:
        return {}
    batch = prepare_day(state, reporter)
    return {f"{REMIT_FOLDER}/{d.name}": d.sha256 for d in batch.documents if batch.is_submittable}


def verify_run(folder: RunFolder) -> tuple[CheckRow, ...]:
    """Check journal, audit log and files; the first altered record is named.

    Raises:
        DataFault: if the folder is not a run's.
        StorageFault, CorruptionFault: if a chain cannot be read at all.
    """
    run_id = folder.run_id()
    with _reading(folder) as records:
        journal, log = records.journal_reader(), records.audit_reader()
        verdict = verify_audit(log, journal, derived=derive_day(TRADING_DAY, journal, run_id))
        rows = [_chain_row(verdict)]
        if verdict.is_intact:
            rows += _check_end(verdict)
            rows += _check_files(folder.path, replay(TRADING_DAY, journal).state.documents)
    return tuple(rows)


@contextmanager
def _reading(folder: RunFolder) -> Iterator[RecordsContainer]:
    """Hold a run's store open for reading."""
    records = folder.records(folder.run_id())
    store = records.store_to_read()
    try:
        yield records
    finally:
        store.close()


def _chain_row(verdict: AuditVerdict) -> CheckRow:
    text = (
        f"{verdict.log_records} audit records account for "
        f"{verdict.journal_head.seq - verdict.unaudited_entries} journal entries, "
        "and a replay derives the same"
    )
    if verdict.finding is not None:
        text = verdict.finding.explain()
    return CheckRow(name="chains", is_ok=verdict.is_intact, text=text)


def _check_end(verdict: AuditVerdict) -> Iterator[CheckRow]:
    """Say where the log lags behind the journal: a run that was killed, or a log that was cut."""
    if verdict.log_records and not verdict.is_anchored:
        yield CheckRow(
            name="anchor",
            is_ok=False,
            text="the audit log has no anchor, so a cut or rewritten end would stay unseen; "
            "restore the anchor from where it is kept",
        )
    if verdict.unaudited_entries:
        yield CheckRow(
            name="end",
            is_ok=False,
            text=f"the audit log stops {verdict.unaudited_entries} journal entries before the "
            "journal's end; go on with the run, which audits them, or ask who cut the log",
        )


def _check_files(folder: Path, documents: Mapping[str, str]) -> Iterator[CheckRow]:
    for name, sha256 in sorted(documents.items()):
        try:
            found = sha256_hex((folder / name).read_bytes())
        except OSError as cause:
            yield CheckRow(name=name, is_ok=False, text=f"cannot be read: {cause.strerror}")
            continue
        is_same = found == sha256
        text = "as journalled" if is_same else f"altered: journalled {sha256}, found {found}"
        yield CheckRow(name=name, is_ok=is_same, text=text)
