"""The platform as people and programs use it: run, replay, verify, look.

import wattbook

platform = wattbook.open_platform()
summary = platform.run_day("paper", date="2017-01-24", out="runs/mine")
print(summary.profit.total, summary.audit.audit_head)
"""

from __future__ import annotations

import importlib.util
import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from wattbook.plugin_manager import Catalogue, discover_plugins
from wattbook.runtime import (
    CHECKPOINT_ENTRIES,
    RUN_FILE,
    RunFolder,
    run_day,
)
from wattbook.settings import LoadedSettings, load_settings
from wattbook_adapters.entrypoints.cli.progress import SilentProgress
from wattbook_adapters.entrypoints.platform import (
    CheckRow,
    PluginRow,
    ReplayOutcome,
    SettingRow,
    SettingsRequest,
)
from wattbook_application.handlers import TRADING_DAY
from wattbook_application.operations.append_audit import Checkpoints, records_of
from wattbook_application.operations.subjects import subject_of
from wattbook_application.operations.verify_audit import AuditVerdict, verify_audit
from wattbook_application.replay import replay, steps
from wattbook_application.state import fingerprint
from wattbook_contracts.errors import ConfigurationFault, DataFault, PluginFault
from wattbook_contracts.ports.journal import JournalReader
from wattbook_contracts.ports.progress import Progress
from wattbook_contracts.schemas.day_summary import DaySummary
from wattbook_contracts.version import API_VERSION
from wattbook_domain.audit.chain import EMPTY_HEAD
from wattbook_domain.audit.records import AuditRecord
from wattbook_domain.delivery.zones import UnknownZone, zone_info
from wattbook_domain.foundation.canonical import sha256_hex
from wattbook_domain.foundation.identifiers import RunId

Discover = Callable[[Sequence[str]], Catalogue]
"""Finds the allowed plugins and freezes what they offer."""

EXTRAS: Final[Mapping[str, str]] = {
    "kernels": "numba",
    "pg": "psycopg",
    "fix": "quickfix",
    "ml": "torch",
    "oracle": "oracledb",
    "fpga": "amaranth",
}
"""Each optional extra with the package that shows whether it is installed."""


class Wattbook:
    """Every use case. Plugins are looked for when a use case needs them, as the settings allow."""

    def __init__(self, discover: Discover = discover_plugins) -> None:
        """Take the way plugins are found; tests give one of their own."""
        self._discover = discover

    def run_day(self, profile: str = "paper", **settings: object) -> DaySummary:
        """Run one day from Python. Settings are given as `date=...`, or dotted: `**{"a.b": 1}`.

        Raises:
            PlatformFault: one clear line.
        """
        named = {key if "." in key else f"run.{key}": value for key, value in settings.items()}
        request = SettingsRequest(profile=profile, overrides=named)
        return self.run(request, SilentProgress())[0]

    def run(self, request: SettingsRequest, progress: Progress) -> Sequence[DaySummary]:
        """Run every day of the settings, each in its folder, or go on with an interrupted run."""
        loaded = _load(request)
        catalogue = self._discover(loaded.settings.plugins.allow)
        return [
            run_day(loaded, catalogue, day=day, folder=folder, progress=progress)
            for day, folder in _folders(loaded)
        ]

    def replay(self, run: Path) -> ReplayOutcome:
        """Fold a run's journal again and compare the state with the one the run recorded."""
        folder, run_id = _known_run(run)
        records = folder.records(run_id)
        journal = records.journal_reader()
        try:
            replayed = replay(TRADING_DAY, journal)
        finally:
            records.store_to_read().close()
        return ReplayOutcome(
            entries=replayed.head.seq,
            state_hash=replayed.state_hash,
            recorded_state_hash=replayed.state.closed_at_hash,
        )

    def verify_audit(self, run: Path) -> Sequence[CheckRow]:
        """Check journal, audit log and files; the first altered record is named."""
        folder, run_id = _known_run(run)
        records = folder.records(run_id)
        journal, log = records.journal_reader(), records.audit_reader()
        try:
            verdict = verify_audit(log, journal, derived=_derived(journal, run_id))
            rows = [_chain_row(verdict)]
            if verdict.is_intact:
                rows += _check_end(verdict)
                documents = replay(TRADING_DAY, journal).state.documents
                rows += list(_check_files(folder.path, documents))
        finally:
            records.store_to_read().close()
        return rows

    def settings(self, request: SettingsRequest) -> Sequence[SettingRow]:
        """Return every setting with its origin."""
        loaded = _load(request)
        return [SettingRow(key=k, value=v, origin=o) for k, v, o in loaded.rows()]

    def plugins(self) -> Sequence[PluginRow]:
        """Return the installed plugins and what they offer."""
        catalogue = self._allowed()
        return [
            PluginRow(manifest=manifest, offers=catalogue.offers[name])
            for name, manifest in sorted(catalogue.manifests.items())
        ]

    def check_plugin(self, name: str) -> Sequence[CheckRow]:
        """Check one plugin: found, of this interface, offering something, labelled honestly."""
        catalogue = self._allowed()
        manifest = catalogue.manifests.get(name)
        if manifest is None:
            raise ConfigurationFault(
                f"no plugin {name!r} is installed; "
                f"installed are {', '.join(sorted(catalogue.manifests))}"
            )
        offers = catalogue.offers[name]
        simulated = [v.venue_id for v in catalogue.venues.values() if v.is_simulated]
        hidden = [o for o in offers if o.split(" ")[-1] in simulated and not manifest.is_simulated]
        return [
            CheckRow(
                name="interface",
                is_ok=API_VERSION.accepts(manifest.api_version),
                text=f"written for {manifest.api_version}, this release speaks {API_VERSION}",
            ),
            CheckRow(
                name="offers", is_ok=bool(offers), text=", ".join(offers) or "nothing is offered"
            ),
            CheckRow(
                name="honesty",
                is_ok=not hidden,
                text="simulated things are labelled"
                if not hidden
                else f"{', '.join(hidden)} is simulated, the manifest does not say so",
            ),
        ]

    def doctor(self) -> Sequence[CheckRow]:
        """Look at the installation. A missing extra is no failure: it is named with its remedy."""
        return [*_check_installation(), *_check_extras(), *self._check_plugins()]

    def _allowed(self) -> Catalogue:
        """Find the plugins that the environment allows; a run asks its own settings."""
        return self._discover(load_settings("paper").settings.plugins.allow)

    def _check_plugins(self) -> Iterator[CheckRow]:
        try:
            names = sorted(self._allowed().manifests)
        except PluginFault as fault:
            yield CheckRow(name="plugins", is_ok=False, text=str(fault))
            return
        yield CheckRow(name="plugins", is_ok=bool(names), text=", ".join(names) or "none installed")


def open_platform() -> Wattbook:
    """Return the platform over the plugins that are installed."""
    return Wattbook()


def _load(request: SettingsRequest) -> LoadedSettings:
    return load_settings(request.profile, file=request.file, overrides=request.overrides)


def _folders(loaded: LoadedSettings) -> Iterator[tuple[date, RunFolder]]:
    run = loaded.settings.run
    last = run.last_date or run.date
    if last < run.date:
        raise ConfigurationFault(f"run.last_date {last} lies before run.date {run.date}")
    for offset in range((last - run.date).days + 1):
        day = run.date + timedelta(days=offset)
        path = run.out if run.last_date is None else run.out / day.isoformat()
        yield day, RunFolder(path=path, storage_url=loaded.settings.storage.url)


def _known_run(path: Path) -> tuple[RunFolder, RunId]:
    try:
        document = json.loads((path / RUN_FILE).read_text("utf-8"))
        run_id = RunId(document["run_id"])
    except OSError as cause:
        raise DataFault(
            f"{path} is not the folder of a run: it has no readable {RUN_FILE}; "
            "give the folder that --out named"
        ) from cause
    except (json.JSONDecodeError, KeyError, TypeError) as cause:
        raise DataFault(f"{path / RUN_FILE} does not name a run: {cause!r}") from cause
    # A run kept in a server is found by the address in the environment, which may hold a password
    # and therefore never stands in the folder.
    url = load_settings("paper").settings.storage.url
    return RunFolder(path=path, storage_url=url), run_id


def _derived(journal: JournalReader, run_id: RunId) -> Iterator[AuditRecord]:
    """Derive every audit record anew from the journal, as the run's follower did."""
    state, head = TRADING_DAY.initial(), EMPTY_HEAD
    checkpoints = Checkpoints(CHECKPOINT_ENTRIES, fingerprint)
    for step in steps(TRADING_DAY, state, journal):
        records = records_of(
            step,
            head,
            describe=subject_of,
            config_version=run_id,
            state_hash=checkpoints.name(step.entry.seq, state),
        )
        head = records[-1].head
        yield from records


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


def _check_installation() -> Iterator[CheckRow]:
    python = ".".join(map(str, sys.version_info[:3]))
    yield CheckRow(name="python", is_ok=sys.version_info >= (3, 11), text=f"{python}, needs 3.11")
    try:
        zone_info("Europe/Berlin")
        yield CheckRow(name="zones", is_ok=True, text="time zone data found")
    except UnknownZone as cause:
        yield CheckRow(name="zones", is_ok=False, text=f"{cause}; pip install tzdata")
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "probe").write_text("", "utf-8")
    yield CheckRow(name="folder", is_ok=True, text="temporary files can be written")


def _check_extras() -> Iterator[CheckRow]:
    for extra, package in EXTRAS.items():
        is_there = importlib.util.find_spec(package) is not None
        remedy = f"not installed; pip install 'wattbook[{extra}]' when you need it"
        yield CheckRow(
            name=f"extra {extra}", is_ok=True, text=f"{package} installed" if is_there else remedy
        )
