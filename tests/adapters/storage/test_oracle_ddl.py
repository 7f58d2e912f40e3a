"""Oracle, verified by compilation: no server can be had here, so its SQL is compared word for word.

The traps this guards against: a generic date-time becomes `DATE` without fraction and zone, an
unlimited text cannot be a key, an empty text is NULL.
"""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.dialects import oracle
from sqlalchemy.schema import CreateIndex, CreateTable

from wattbook_adapters.storage.tables import METADATA

GOLDEN = Path(__file__).parent / "golden" / "oracle.sql"
DIALECT = oracle.dialect()


def ddl() -> str:
    statements = []
    for table in METADATA.sorted_tables:
        statements.append(str(CreateTable(table).compile(dialect=DIALECT)))
        indexes = sorted(table.indexes, key=lambda index: str(index.name))
        statements += [str(CreateIndex(index).compile(dialect=DIALECT)) for index in indexes]
    lines = (line.rstrip() for one in statements for line in f"{one.strip()};\n".splitlines())
    return "\n".join(lines) + "\n"


def test_the_tables_compile_to_the_golden_file() -> None:
    assert ddl() == GOLDEN.read_text()


def test_no_column_is_a_timestamp_or_a_binary_float() -> None:
    for table in METADATA.tables.values():
        for column in table.columns:
            assert not isinstance(column.type, sa.DateTime | sa.Date | sa.Numeric | sa.Float)


def test_no_key_or_index_is_of_unlimited_length() -> None:
    for table in METADATA.tables.values():
        indexed = {c for index in table.indexes for c in index.columns} | set(table.primary_key)
        assert not any(isinstance(c.type, sa.Text | sa.LargeBinary) for c in indexed)


def test_names_fit_the_oldest_limit_still_met() -> None:
    names = [t.name for t in METADATA.tables.values()]
    names += [c.name for t in METADATA.tables.values() for c in t.columns]
    names += [str(i.name) for t in METADATA.tables.values() for i in t.indexes]
    assert max(map(len, names)) <= 128
    assert not {name.upper() for name in names} & oracle.base.RESERVED_WORDS
