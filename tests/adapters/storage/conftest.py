"""The stores under test: a file, and a real server where there is one."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.servers import PostgresServer, postgres

_COUNTER = itertools.count(1)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    with postgres() as server:
        yield server


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.server)])
def fresh_url(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], str]:
    """Makes URLs of empty stores, on every database in turn."""
    if request.param == "sqlite":
        return lambda: f"sqlite:///{tmp_path}/store{next(_COUNTER)}.sqlite"
    server: PostgresServer = request.getfixturevalue("postgres_server")
    return lambda: server.database(f"store{next(_COUNTER)}")


@pytest.fixture
def url(fresh_url: Callable[[], str]) -> str:
    return fresh_url()
