"""Keeps values in tables under their natural keys, in the order of their first saving."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final, Generic, TypeVar

import sqlalchemy as sa

from wattbook_adapters.storage.codecs import Codec, Row, by_path
from wattbook_adapters.storage.faults import translated
from wattbook_adapters.storage.store import SqlStore
from wattbook_adapters.storage.tables import FILLS, INSTRUMENTS, ORDERS, PARTIES, POSITIONS
from wattbook_contracts.errors import StorageFault
from wattbook_domain.foundation.identifiers import ClientOrderId, InstrumentId
from wattbook_domain.instruments.spec import InstrumentSpec
from wattbook_domain.orders.order import Order
from wattbook_domain.positions.fills import ExecutionKey, Fill
from wattbook_domain.positions.position import Position, PositionKey
from wattbook_domain.reference.parties import Party

K = TypeVar("K")
V = TypeVar("V")

_PAGE: Final = 500
"""Rows or keys a statement; below every database's limit of bound parameters."""


def _order_key(client_order_id: ClientOrderId) -> Row:
    return {"root_client_order_id": client_order_id}


def _execution_key(key: ExecutionKey) -> Row:
    return {"venue_id": key.venue_id, "execution_id": key.execution_id}


def _position_key(key: PositionKey) -> Row:
    return {
        "desk_id": key.desk_id,
        "ledger_id": key.ledger_id,
        "instrument_id": key.instrument_id,
    }


def _instrument_key(instrument_id: InstrumentId) -> Row:
    return {"instrument_id": instrument_id}


def _party_key(party_id: str) -> Row:
    return {"party_id": party_id}


ORDER_CODEC: Final = by_path(Order, ORDERS, _order_key)
FILL_CODEC: Final = by_path(Fill, FILLS, _execution_key)
POSITION_CODEC: Final = by_path(Position, POSITIONS, _position_key)
INSTRUMENT_CODEC: Final = by_path(InstrumentSpec, INSTRUMENTS, _instrument_key)
PARTY_CODEC: Final = by_path(Party, PARTIES, _party_key)


class SqlRepository(Generic[K, V]):
    """One collection of one run inside one transaction."""

    def __init__(
        self, codec: Codec[K, V], *, store: SqlStore, connection: sa.Connection, run_id: str
    ) -> None:
        self._codec = codec
        self._store = store
        self._connection = connection
        self._run_id = run_id
        self._key_names = [column.name for column in codec.key_columns]

    def save(self, values: Sequence[V]) -> None:
        """Insert what is new, in order; update what is known, in place."""
        rows = {self._key_of(row): row for row in map(self._codec.to_row, values)}
        with self._translated("save to"):
            known = self._known(list(rows))
            if self._codec.is_write_once:
                self._require_unchanged(rows, known)
            else:
                self._update([rows[key] for key in rows if key in known])
            self._insert([row for key, row in rows.items() if key not in known])

    def get(self, key: K) -> V | None:
        """Return one value."""
        found = self._select(**self._codec.key_row(key))
        return next(found, None)

    def all(self) -> Iterator[V]:
        """Yield every value, page by page."""
        return self._select()

    def _select(self, **wanted: object) -> Iterator[V]:
        table, after = self._codec.table, 0
        conditions = [table.c.run_id == self._run_id]
        conditions += [table.c[name] == value for name, value in wanted.items()]
        query = sa.select(table).where(*conditions).order_by(table.c.ordinal).limit(_PAGE)
        while True:
            with self._translated("read"):
                page = self._connection.execute(query.where(table.c.ordinal > after)).mappings()
                rows = page.all()
            for row in rows:
                yield self._codec.from_row(dict(row))
            if len(rows) < _PAGE:
                return
            after = rows[-1]["ordinal"]

    def _known(self, keys: list[tuple[Any, ...]]) -> dict[tuple[Any, ...], Row]:
        table, columns = self._codec.table, self._codec.key_columns
        known: dict[tuple[Any, ...], Row] = {}
        for start in range(0, len(keys), _PAGE // len(columns)):
            some = keys[start : start + _PAGE // len(columns)]
            query = sa.select(table).where(
                table.c.run_id == self._run_id, sa.tuple_(*columns).in_(some)
            )
            for row in self._connection.execute(query).mappings():
                known[self._key_of(row)] = dict(row)
        return known

    def _insert(self, rows: list[Row]) -> None:
        if not rows:
            return
        table = self._codec.table
        last = self._connection.scalar(
            sa.select(sa.func.coalesce(sa.func.max(table.c.ordinal), 0)).where(
                table.c.run_id == self._run_id
            )
        )
        self._connection.execute(
            sa.insert(table),
            [
                {"run_id": self._run_id, "ordinal": ordinal, **row}
                for ordinal, row in enumerate(rows, int(last or 0) + 1)
            ],
        )

    def _update(self, rows: list[Row]) -> None:
        if not rows:
            return
        table = self._codec.table
        change = sa.update(table).where(table.c.run_id == self._run_id)
        for column in self._codec.key_columns:
            change = change.where(column == sa.bindparam(f"key_{column.name}"))
        keys = set(self._key_names)
        self._connection.execute(
            change,
            [
                {f"key_{name}" if name in keys else name: value for name, value in row.items()}
                for row in rows
            ],
        )

    def _require_unchanged(
        self, rows: dict[tuple[Any, ...], Row], known: dict[tuple[Any, ...], Row]
    ) -> None:
        for key, kept in known.items():
            changed = sorted(name for name, value in rows[key].items() if kept[name] != value)
            if changed:
                raise StorageFault(
                    f"what was kept in {self._codec.table.name} under {'/'.join(key)} is evidence "
                    f"and cannot change; found other {', '.join(changed)}. Use another name"
                )

    def _key_of(self, row: Any) -> tuple[Any, ...]:
        return tuple(row[name] for name in self._key_names)

    def _translated(self, doing: str) -> Any:
        return translated(f"{doing} {self._codec.table.name} in", self._store.shown_url)


class SqlFillRepository(SqlRepository[ExecutionKey, Fill]):
    """Trades of ours."""

    def of_order(self, client_order_id: ClientOrderId) -> Iterator[Fill]:
        """Yield one order's fills."""
        return self._select(client_order_id=client_order_id)
