"""Decides which version of the tables a store has, and brings it up to the version of this release.

A store that a newer release has changed is refused: this one cannot know what it would break.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.runtime.environment import EnvironmentContext
from alembic.script import Script, ScriptDirectory

from wattbook_contracts.errors import StorageFault

VERSION_TABLE: Final = "schema_version"
_STEPS: Final = Path(__file__).parent / "migrations"
_UPGRADE_LOCK: Final = 0x57_41_54_54  # "WATT": serialises two first starts on one PostgreSQL


def latest_version() -> str:
    """Return the version this release works with."""
    head = _script().get_current_head()
    if head is None:
        raise StorageFault("a release must carry its migrations, found none; install it again")
    return head


def version_of(connection: sa.Connection) -> str | None:
    """Return the version a store has, `None` for an empty one."""
    return _context(connection).get_current_revision()


def require_current(connection: sa.Connection, store: str) -> None:
    """Refuse a store that is not at this release's version.

    Raises:
        StorageFault: saying which side is behind.
    """
    found = version_of(connection)
    _require_known(found, store)
    if found != latest_version():
        raise StorageFault(
            f"{store} must have the tables of version {latest_version()}, found "
            f"{found or 'no tables'}; open it once for writing to upgrade it"
        )


def upgrade(connection: sa.Connection, store: str) -> None:
    """Bring a store to this release's version, inside the caller's transaction.

    Raises:
        StorageFault: if the store has a version this release does not know.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_UPGRADE_LOCK)))
    _require_known(version_of(connection), store)
    script = _script()

    def steps(found: str | tuple[str, ...], _: MigrationContext) -> Iterable[Any]:
        return script._upgrade_revs(script.get_heads()[0], found or None)  # type: ignore[arg-type]

    with EnvironmentContext(Config(), script, fn=steps) as environment:
        environment.configure(
            connection=connection,
            version_table=VERSION_TABLE,
            transactional_ddl=True,
        )
        environment.run_migrations()


def _require_known(found: str | None, store: str) -> None:
    known = {step.revision for step in _known_steps()}
    if found is not None and found not in known:
        raise StorageFault(
            f"{store} has the tables of version {found}, this release knows up to "
            f"{latest_version()}; open it with the release that wrote it, or a newer one"
        )


def _known_steps() -> Iterable[Script]:
    return _script().walk_revisions()


def _script() -> ScriptDirectory:
    return ScriptDirectory(str(_STEPS))


def _context(connection: sa.Connection) -> MigrationContext:
    return MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
