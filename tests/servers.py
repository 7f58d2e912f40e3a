"""Starts real servers for tests, on ports and folders of our own, and stops them at the end.

A missing server is a skip that says what is missing; with `WATTBOOK_REQUIRE_SERVERS=1` it is an
error, so that a build machine cannot pass without them.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import attrs
import pytest

REQUIRE_SERVERS = "WATTBOOK_REQUIRE_SERVERS"
UNPRIVILEGED_USER = "nobody"


def missing(server: str, reason: str) -> None:
    """Skip, or fail where servers are required."""
    message = f"{server} is missing: {reason}"
    if os.environ.get(REQUIRE_SERVERS) == "1":
        pytest.fail(f"{message} ({REQUIRE_SERVERS}=1)", pytrace=False)
    pytest.skip(message)


@attrs.frozen
class PostgresServer:
    """A running server; `database` makes a fresh empty database in it."""

    binaries: Path
    port: int
    sockets: Path
    user: str
    version: str

    def database(self, name: str) -> str:
        """Create an empty database and return its URL."""
        command = ["createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", self.user, name]
        run(self.binaries, command)
        return f"postgresql+psycopg://{self.user}@127.0.0.1:{self.port}/{name}"


def postgres_binaries() -> Path | None:
    """Return the folder of the newest server on this machine."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/postgres"),
        key=lambda path: int(path.parent.parent.name.partition(".")[0]),
    )
    return found[-1].parent if found else None


@contextmanager
def postgres() -> Iterator[PostgresServer]:
    """Run a private PostgreSQL; as root it runs under an unprivileged user, as it insists."""
    binaries = postgres_binaries()
    if binaries is None:
        missing("PostgreSQL", "no /usr/lib/postgresql/*/bin/postgres; apt-get install postgresql")
        raise AssertionError("unreachable")
    folder = Path(tempfile.mkdtemp(prefix="wattbook-postgres-"))
    if os.geteuid() == 0:
        shutil.chown(folder, UNPRIVILEGED_USER)
    port, data, user = free_port(), folder / "data", "wattbook"
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
    control = ["pg_ctl", "-D", str(data), "-w", "-t", "60"]
    try:
        as_server = [*unprivileged(), str(binaries / "initdb")]
        run(None, [*as_server, "-D", str(data), "-A", "trust", "-U", user, "-E", "UTF8"], folder)
        server = [*unprivileged(), str(binaries / control[0]), *control[1:]]
        run(None, [*server, "-l", str(folder / "log"), "-o", options, "start"], folder)
        try:
            version = run(binaries, ["postgres", "--version"]).split()[-1]
            yield PostgresServer(binaries, port, folder, user, version)
        finally:
            run(None, [*server, "-m", "immediate", "stop"], folder)
    finally:
        shutil.rmtree(folder)


def unprivileged() -> list[str]:
    """Return what to put before a command so that it does not run as root."""
    return ["runuser", "-u", UNPRIVILEGED_USER, "--"] if os.geteuid() == 0 else []


def free_port() -> int:
    """Return a TCP port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def run(binaries: Path | None, command: Sequence[str], folder: Path | None = None) -> str:
    """Run a command to its end and return what it said; a failure shows it."""
    program = str(binaries / command[0]) if binaries is not None else command[0]
    with tempfile.TemporaryFile("w+") as log:  # a pipe would be held open by what it starts
        done = subprocess.run(
            [program, *command[1:]], stdout=log, stderr=subprocess.STDOUT, cwd=folder, timeout=120
        )
        log.seek(0)
        said = log.read()
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}: {said}")
    return said
