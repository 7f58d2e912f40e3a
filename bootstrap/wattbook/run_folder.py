"""Decides what lies in a run's folder, and which run the folder belongs to.

The folder's own file names the run. It is written whole or not at all, before anything else is, so
a folder is either empty, or a run's, or somebody else's and left alone.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Final

import attrs

from wattbook.containers import RecordsContainer
from wattbook.documents import REMIT_FOLDER
from wattbook_contracts.errors import ConfigurationFault, DataFault, StorageFault
from wattbook_domain.foundation.identifiers import RunId, require_identifier

RUN_FILE: Final = "run.json"
JOURNAL_FILE: Final = "journal.sqlite"
AUDIT_FILE: Final = "audit.jsonl"
ANCHOR_FILE: Final = "audit.anchor.json"


@attrs.frozen(kw_only=True)
class RunFolder:
    """Where one day's run is kept; with `storage_url` its journal and records are in a server."""

    path: Path
    storage_url: str = ""

    @property
    def url(self) -> str:
        """The store's address: the settings' own, or a file in the folder."""
        return self.storage_url or f"sqlite:///{self.path / JOURNAL_FILE}"

    def records(self, run_id: str) -> RecordsContainer:
        """Return the parts that keep the run; none is opened until it is asked for."""
        return RecordsContainer(
            url=self.url,
            run_id=run_id,
            audit_path=self.path / AUDIT_FILE,
            anchor_path=self.path / ANCHOR_FILE,
            outbox_path=self.path / REMIT_FOLDER,
        )

    def claim(self, run_id: RunId, *, profile: str) -> None:
        """Make the folder and name its run, or find that it is this run's already.

        Raises:
            ConfigurationFault: if the folder is another run's.
            DataFault: if it does not say whose it is.
            StorageFault: if it cannot be written.
        """
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            if not (self.path / RUN_FILE).exists():
                document = {"run_id": run_id, "profile": profile, "store": "journal"}
                _write_whole(self.path / RUN_FILE, json.dumps(document, indent=2) + "\n")
                return
        except OSError as cause:
            raise StorageFault(
                f"the run's folder {self.path} cannot be written: {cause.strerror or cause}; "
                "choose another one with --out"
            ) from cause
        if (known := self.run_id()) != run_id:
            raise ConfigurationFault(
                f"the folder {self.path} holds the run {known}, not {run_id}: day, settings or "
                "data differ; choose another folder with --out, or remove this one"
            )

    def run_id(self) -> RunId:
        """Return the run that the folder belongs to.

        Raises:
            DataFault: if it is not the folder of a run, or does not say of which.
        """
        name = self.path / RUN_FILE
        try:
            document = json.loads(name.read_text("utf-8"))
        except OSError as cause:
            raise DataFault(
                f"{self.path} is not the folder of a run: its {RUN_FILE} cannot be read "
                f"({cause.strerror or cause}); give the folder that --out named"
            ) from cause
        except (ValueError, RecursionError) as cause:
            raise DataFault(f"{name} is not a JSON document: {cause}; {_REMEDY}") from cause
        found = document.get("run_id") if isinstance(document, dict) else None
        if not isinstance(found, str):
            raise DataFault(f"{name} names no run: it has no text under run_id; {_REMEDY}")
        try:
            return RunId(require_identifier("run_id", found))
        except ValueError as cause:
            raise DataFault(f"{name} names no run: {cause}; {_REMEDY}") from cause


_REMEDY: Final = f"restore {RUN_FILE} from a copy, or remove the folder"


def _write_whole(path: Path, text: str) -> None:
    # Renaming is the one step that a crash cannot cut in half.
    draft = path.with_name(f"{path.name}.draft")
    with draft.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
