"""Decides how our values look in a column, the same on SQLite, PostgreSQL and Oracle.

Instants are integers, not timestamps: Oracle's generic date-time column is a `DATE` without
fraction or zone, SQLite has none at all, and no timestamp type holds nanoseconds. Exact numbers
are text, because SQLite stores `NUMERIC` as a binary float. Oracle takes an empty text for an
absent one, so no text column here may hold an empty text: absence is NULL, on purpose.
"""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

from wattbook_domain.foundation.canonical import canonical_bytes


class CanonicalJson(TypeDecorator[Any]):
    """A nested value as canonical JSON text, so that equal values have equal columns."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Write; `None` becomes NULL."""
        return None if value is None else canonical_bytes(value).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ARG002
        """Read."""
        return None if value is None else json.loads(value)


def whole() -> TypeEngine[int]:
    """A signed 64-bit integer: ticks, lots, sequence numbers, nanoseconds."""
    return sa.BigInteger()


def identifier() -> TypeEngine[str]:
    """What `require_identifier` admits: 1 to 64 characters."""
    return sa.String(64)


def digest() -> TypeEngine[str]:
    """A SHA-256 in hexadecimal."""
    return sa.String(64)


def word() -> TypeEngine[str]:
    """The name of an enum member, or a short code."""
    return sa.String(40)


def exact() -> TypeEngine[str]:
    """A decimal or a fraction as canonical text."""
    return sa.String(100)


def title() -> TypeEngine[str]:
    """A name written by people."""
    return sa.String(200)


def octets() -> TypeEngine[bytes]:
    """Bytes as they are."""
    return sa.LargeBinary()
