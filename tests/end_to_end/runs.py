"""Runs days as people do, and reads back what they left: files, journal, tables, state."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from wattbook.platform import open_platform
from wattbook.run_folder import JOURNAL_FILE, RunFolder
from wattbook_adapters.entrypoints.cli.app import build_cli
from wattbook_application.handlers import TRADING_DAY
from wattbook_application.replay import replay
from wattbook_application.state import DayState
from wattbook_contracts.schemas.day_summary import DaySummary

ROOT = Path(__file__).parents[2]
WIDE = {"COLUMNS": "250"}
"""Where there is no terminal the width comes from here; wide enough that no line is folded."""


class Outcome:
    """What a command left on its two outputs, and its exit code."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def json(self) -> Any:
        """Standard output as the one JSON document it must be."""
        return json.loads(self.out)


def wattbook(*arguments: object, environ: Mapping[str, str] = WIDE) -> Outcome:
    """Run one command in this process; an exception that is no exit escapes, and fails the test."""
    result = CliRunner().invoke(
        build_cli(open_platform), [str(a) for a in arguments], env={**WIDE, **environ}
    )
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Outcome(result.exit_code, result.stdout, result.stderr)


def process(*arguments: object, **environ: str) -> subprocess.Popen[str]:
    """Start one command in a process of its own, its standard output readable line by line."""
    return subprocess.Popen(
        [sys.executable, "-m", "wattbook", *(str(a) for a in arguments)],
        cwd=ROOT,
        env={**os.environ, **WIDE, **environ},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


class Run:
    """A finished run's folder."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @cached_property
    def summary(self) -> DaySummary:
        """The summary, through its schema."""
        return DaySummary.model_validate_json((self.path / "summary.json").read_text("utf-8"))

    @cached_property
    def state(self) -> DayState:
        """The exact state, folded from the journal alone."""
        run_id = json.loads((self.path / "run.json").read_text("utf-8"))["run_id"]
        records = RunFolder(path=self.path).records(run_id)
        try:
            return replay(TRADING_DAY, records.journal_reader()).state
        finally:
            records.store_to_read().close()


def files(path: Path) -> dict[str, bytes]:
    """Return every file of a run but the database, by its name within the folder."""
    return {
        str(file.relative_to(path)): file.read_bytes()
        for file in sorted(path.rglob("*"))
        if file.is_file() and not file.name.startswith(JOURNAL_FILE)
    }


def tables(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of the database, but for the one column that our own clock fills."""
    database = sqlite3.connect(f"file:{path / JOURNAL_FILE}?mode=ro", uri=True)
    try:
        names = [
            name
            for (name,) in database.execute("select name from sqlite_master where type='table'")
        ]
        return {name: _rows(database, name) for name in sorted(names)}
    finally:
        database.close()


def _rows(database: sqlite3.Connection, table: str) -> list[tuple[Any, ...]]:
    cursor = database.execute(f"select * from {table}")  # noqa: S608 - a name from the schema
    columns = [column[0] for column in cursor.description]
    kept = [i for i, name in enumerate(columns) if name != "received_ns"]
    return sorted(tuple(row[i] for i in kept) for row in cursor)


def copy_of(run: Run, path: Path) -> Path:
    """Return a copy of a finished run that may be changed."""
    shutil.copytree(run.path, path)
    return path
