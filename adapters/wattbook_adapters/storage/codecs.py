"""Decides how a value becomes a row and a row the same value again.

Columns say by their path which field they hold, so a codec is derived from class and table; only
what carries bytes is written out by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Generic, TypeVar, cast

import attrs
import sqlalchemy as sa

from wattbook_adapters.storage.tables import REPORTS
from wattbook_contracts.errors import CorruptionFault
from wattbook_contracts.ports.repositories import FiledReport
from wattbook_domain.foundation.canonical import Plain, from_plain, to_plain
from wattbook_domain.regulation.submission import ReportDocument

K = TypeVar("K")
V = TypeVar("V")
Row = dict[str, Any]

SCOPE = frozenset({"run_id", "ordinal"})
"""Columns that belong to the row, not to the value."""


@attrs.frozen(kw_only=True)
class Codec(Generic[K, V]):
    """A table with the two ways between its rows and the values in it.

    Attributes:
        key_row: the natural key as columns.
        is_write_once: whether a known key may only be saved again with the same content.
    """

    table: sa.Table
    to_row: Callable[[V], Row]
    from_row: Callable[[Mapping[str, Any]], V]
    key_row: Callable[[K], Row]
    is_write_once: bool = False

    @property
    def key_columns(self) -> list[sa.Column[Any]]:
        """The columns of the natural key, the run apart."""
        return [c for c in self.table.primary_key.columns if c.name not in SCOPE]


def by_path(cls: type[V], table: sa.Table, key_row: Callable[[K], Row]) -> Codec[K, V]:
    """Derive a codec from the paths that a table's columns name."""
    columns = [c for c in table.columns if c.name not in SCOPE]

    def to_row(value: V) -> Row:
        plain = to_plain(value)
        return {column.name: _dig(plain, column.info["path"]) for column in columns}

    def from_row(row: Mapping[str, Any]) -> V:
        plain: dict[str, Plain] = {}
        for column in columns:
            _bury(plain, column.info["path"], row[column.name])
        try:
            return from_plain(cls, plain)
        except (TypeError, ValueError) as error:
            raise CorruptionFault(
                f"a row of {table.name} does not hold a {cls.__name__}: {error}"
            ) from error

    return Codec(table=table, to_row=to_row, from_row=from_row, key_row=key_row)


def _dig(plain: Plain, path: str) -> Plain:
    for step in path.split("."):
        plain = cast(dict[str, Plain], plain)[step]
    return plain


def _bury(plain: dict[str, Plain], path: str, value: Plain) -> None:
    *steps, last = path.split(".")
    for step in steps:
        plain = cast(dict[str, Plain], plain.setdefault(step, {}))
    plain[last] = value


def _report_row(report: FiledReport) -> Row:
    document = report.document
    return {
        "name": document.name,
        "regime": report.regime,
        "content": document.content,
        "contract_count": document.contract_count,
        "order_count": document.order_count,
        "trade_count": document.trade_count,
        "written_ns": report.written_at,
    }


def _report(row: Mapping[str, Any]) -> FiledReport:
    return FiledReport(
        regime=row["regime"],
        document=ReportDocument(
            name=row["name"],
            content=bytes(row["content"]),
            contract_count=row["contract_count"],
            order_count=row["order_count"],
            trade_count=row["trade_count"],
        ),
        written_at=row["written_ns"],
    )


def _name_row(name: str) -> Row:
    return {"name": name}


REPORT_CODEC: Codec[str, FiledReport] = Codec(
    table=REPORTS, to_row=_report_row, from_row=_report, key_row=_name_row, is_write_once=True
)
