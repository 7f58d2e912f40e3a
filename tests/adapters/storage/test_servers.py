"""A missing server is a skip that says what is missing, and an error where servers are required."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests import servers


def test_a_missing_server_is_a_skip_that_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(servers, "postgres_binaries", lambda: None)
    monkeypatch.delenv(servers.REQUIRE_SERVERS, raising=False)
    with pytest.raises(pytest.skip.Exception, match="apt-get install postgresql"):
        servers.postgres().__enter__()


def test_a_missing_server_is_an_error_where_servers_are_required(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(servers, "postgres_binaries", lambda: None)
    monkeypatch.setenv(servers.REQUIRE_SERVERS, "1")
    with pytest.raises(pytest.fail.Exception, match="PostgreSQL is missing"):
        servers.postgres().__enter__()


@pytest.mark.server
def test_the_server_is_ours_and_ends_with_the_session(
    postgres_server: servers.PostgresServer,
) -> None:
    assert postgres_server.sockets.is_dir()
    assert Path(postgres_server.binaries, "postgres").exists()
    assert int(postgres_server.version.partition(".")[0]) >= 12
