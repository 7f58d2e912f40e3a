"""Puts the repositories of one run into one transaction."""

from __future__ import annotations

from types import TracebackType
from typing import Self, TypeVar

import sqlalchemy as sa

from wattbook_adapters.storage.codecs import REPORT_CODEC, Codec
from wattbook_adapters.storage.faults import translated
from wattbook_adapters.storage.repositories import (
    FILL_CODEC,
    INSTRUMENT_CODEC,
    ORDER_CODEC,
    PARTY_CODEC,
    POSITION_CODEC,
    SqlFillRepository,
    SqlRepository,
)
from wattbook_adapters.storage.store import SqlStore
from wattbook_contracts.ports.repositories import FiledReport
from wattbook_domain.foundation.identifiers import (
    ClientOrderId,
    InstrumentId,
    RunId,
    require_identifier,
)
from wattbook_domain.instruments.spec import InstrumentSpec
from wattbook_domain.orders.order import Order
from wattbook_domain.positions.position import Position, PositionKey
from wattbook_domain.reference.parties import Party

K = TypeVar("K")
V = TypeVar("V")


class SqlUnitOfWork:
    """One transaction over the repositories of a run; may be entered again when it has ended.

    On a read-only store it reads; a save is refused.
    """

    def __init__(self, store: SqlStore, run_id: RunId) -> None:
        self._store = store
        self._run_id = require_identifier("run id", run_id)
        self._connection: sa.Connection | None = None

    @property
    def orders(self) -> SqlRepository[ClientOrderId, Order]:
        """Orders."""
        return self._repository(ORDER_CODEC)

    @property
    def fills(self) -> SqlFillRepository:
        """Trades of ours."""
        return SqlFillRepository(
            FILL_CODEC, store=self._store, connection=self._open(), run_id=self._run_id
        )

    @property
    def positions(self) -> SqlRepository[PositionKey, Position]:
        """Holdings."""
        return self._repository(POSITION_CODEC)

    @property
    def instruments(self) -> SqlRepository[InstrumentId, InstrumentSpec]:
        """What is traded."""
        return self._repository(INSTRUMENT_CODEC)

    @property
    def parties(self) -> SqlRepository[str, Party]:
        """With whom."""
        return self._repository(PARTY_CODEC)

    @property
    def reports(self) -> SqlRepository[str, FiledReport]:
        """What was written for regulators."""
        return self._repository(REPORT_CODEC)

    def commit(self) -> None:
        """Keep everything saved so far; the unit may go on."""
        connection = self._open()
        with translated("commit to", self._store.shown_url):
            connection.commit()

    def __enter__(self) -> Self:
        """Begin."""
        if self._connection is not None:
            raise RuntimeError("a unit of work is already open; units do not nest")
        with translated("begin a unit of work in", self._store.shown_url):
            store = self._store
            connection = store.engine.connect() if store.is_read_only else store.writer()
            try:
                connection.begin()
            except BaseException:
                connection.close()
                raise
        self._connection = connection
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Forget what was not committed."""
        connection, self._connection = self._open(), None
        connection.close()

    def _repository(self, codec: Codec[K, V]) -> SqlRepository[K, V]:
        return SqlRepository(codec, store=self._store, connection=self._open(), run_id=self._run_id)

    def _open(self) -> sa.Connection:
        if self._connection is None:
            raise RuntimeError("a unit of work must be entered first: `with unit: ...`")
        return self._connection
