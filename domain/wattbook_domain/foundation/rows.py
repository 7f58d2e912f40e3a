"""Decides the dense row of an attrs class: dtype, offsets and the exact way there and back.

The layout is derived from the class, never written beside it. Fields keep their order and sit
where a C compiler would put them, little-endian, padding zero, so that a kernel, a file and
another language read the same bytes.

========================= ============== =====================================================
field                     column         note
========================= ============== =====================================================
``int`` and instants      ``<i8``
``bool``                  ``u1``         0 or 1
``IntEnum``               ``u1``         the members must lie between 0 and 254
identifier (NewType str)  ``S64``        self-contained: a row means the same without its
                                         neighbours; `codes_of` makes integers of a column
attrs class               nested record  the same rules inside
``X | None``              column of X    needs a declared sentinel, see `absent_as`
========================= ============== =====================================================

A plain ``str``, a float, a Fraction or a collection has no fixed width and is refused: such a
class belongs to the control plane and keeps its canonical bytes instead.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Iterable, Mapping, Sequence
from enum import IntEnum
from functools import cache
from typing import Any, Final, TypeVar, cast

import attrs
import numpy as np
import numpy.typing as npt

from wattbook_domain.foundation.bounds import INSTANT_NS_MAX

T = TypeVar("T", bound=attrs.AttrsInstance)
Rows = npt.NDArray[np.void]
"""A one-dimensional structured array."""

IDENTIFIER_BYTES: Final = 64
"""`require_identifier` admits 1 to 64 ASCII characters, so this width never truncates."""

INT_ABSENT: Final = -INSTANT_NS_MAX - 1
"""The least int64: outside every declared bound, and its own negative in two's complement."""

CODE_ABSENT: Final = 255
"""For a ``bool`` or an ``IntEnum`` that may be missing."""

IDENTIFIER_ABSENT: Final = b""
"""No identifier is empty."""

_ABSENT_KEY: Final = "row_absent"

Sentinel = int | bytes


def absent_as(sentinel: Sentinel) -> Mapping[str, Sentinel]:
    """Return field metadata that declares how absence is written in a row.

    >>> @attrs.frozen
    ... class Quote:
    ...     bid_ticks: int | None = attrs.field(metadata=absent_as(INT_ABSENT))
    >>> rows = to_rows(Quote, [Quote(0), Quote(None)])
    >>> rows["bid_ticks"].tolist() == [0, INT_ABSENT]
    True
    """
    return {_ABSENT_KEY: sentinel}


@attrs.frozen
class _Column:
    """How one field becomes one column."""

    name: str
    dtype: np.dtype[Any]
    nested: type | None
    enum: type[IntEnum] | None
    is_bool: bool
    absent: Sentinel | None


@cache
def dtype_of(cls: type) -> np.dtype[np.void]:
    """Derive the row dtype of an attrs class.

    Raises:
        TypeError: if the class is no attrs class, a field has no fixed width, or a field may be
            `None` without a declared sentinel.
    """
    columns = _columns(cls)
    fields = [(column.name, column.dtype) for column in columns]
    return np.dtype(fields, align=True)


def pinned_dtype_of(cls: type, *, row_bytes: int) -> np.dtype[np.void]:
    """Derive the row dtype and insist on its size, where rows outlive the program.

    Raises:
        ValueError: if a row of the class is not `row_bytes` long.
    """
    dtype = dtype_of(cls)
    if dtype.itemsize != row_bytes:
        raise ValueError(
            f"a row of {cls.__name__} must be {row_bytes} bytes, found {dtype.itemsize}; "
            "a change of layout is a change of format"
        )
    return dtype


def offsets_of(cls: type) -> dict[str, int]:
    """Return each column's offset in bytes, for the test that pins the layout."""
    described: Mapping[str, Any] = dtype_of(cls).fields or {}
    return {name: int(entry[1]) for name, entry in described.items()}


def to_rows(cls: type[T], objects: Iterable[T]) -> Rows:
    """Write objects of `cls` as rows, one column at a time.

    Raises:
        TypeError: if an object is not exactly a `cls`.
        ValueError: if a value does not fit its column, or equals the sentinel of absence.
    """
    items = list(objects)
    rows = np.zeros(len(items), dtype=dtype_of(cls))
    for item in items:
        if type(item) is not cls:
            raise TypeError(f"a row of {cls.__name__} cannot hold a {type(item).__name__}")
    for column in _columns(cls):
        values = [getattr(item, column.name) for item in items]
        if column.nested is not None:
            rows[column.name] = to_rows(column.nested, values)
        else:
            rows[column.name] = _encoded(cls, column, values)
    return rows


def from_rows(cls: type[T], rows: Rows) -> tuple[T, ...]:
    """Rebuild the objects that `to_rows` wrote; every constructor checks its invariants again.

    Raises:
        TypeError: if the rows have another layout.
        ValueError: if a row breaks an invariant of the class.
    """
    if rows.dtype != dtype_of(cls):
        raise TypeError(f"rows of {cls.__name__} have the dtype {dtype_of(cls)}, not {rows.dtype}")
    columns = _columns(cls)
    decoded = [_decoded(column, rows[column.name]) for column in columns]
    aliases = {field.name: field.alias for field in attrs.fields(cast(Any, cls))}
    names = [aliases[column.name] for column in columns]
    return tuple(
        cls(**dict(zip(names, values, strict=True))) for values in zip(*decoded, strict=True)
    )


def codes_of(column: npt.NDArray[np.bytes_]) -> tuple[npt.NDArray[np.int64], tuple[str, ...]]:
    """Give each identifier of a column a dense integer, in the order of the sorted texts.

    Kernels group and compare integers; the names come back by index.

    >>> codes, names = codes_of(np.array([b"EPEX", b"NORDPOOL", b"EPEX"]))
    >>> codes.tolist(), names
    ([0, 1, 0], ('EPEX', 'NORDPOOL'))
    """
    names, codes = np.unique(column, return_inverse=True)
    return codes.astype(np.int64), tuple(name.decode("ascii") for name in names.tolist())


@cache
def _columns(cls: type) -> tuple[_Column, ...]:
    if not attrs.has(cls):
        raise TypeError(f"a row is derived from an attrs class, found {cls!r}")
    hints = typing.get_type_hints(cls)
    return tuple(
        _column(cls, field.name, hints[field.name], field.metadata.get(_ABSENT_KEY))
        for field in attrs.fields(cast(Any, cls))
    )


def _column(cls: type, name: str, hint: Any, absent: Sentinel | None) -> _Column:
    where = f"{cls.__name__}.{name}"
    wanted, may_be_none = _without_none(where, hint)
    if may_be_none != (absent is not None):
        raise TypeError(
            f"{where} must declare a row sentinel exactly when it may be None; use absent_as(...)"
        )
    is_identifier = getattr(wanted, "__supertype__", None) is str
    if getattr(wanted, "__supertype__", None) is int:
        wanted = int
    is_enum = isinstance(wanted, type) and issubclass(wanted, IntEnum)
    nested = wanted if isinstance(wanted, type) and attrs.has(wanted) else None
    if nested is not None and not may_be_none:
        dtype: np.dtype[Any] = dtype_of(nested)
    elif is_identifier:
        dtype = np.dtype(f"S{IDENTIFIER_BYTES}")
    elif is_enum or wanted is bool:
        dtype = np.dtype("u1")
    elif wanted is int:
        dtype = np.dtype("<i8")
    else:
        raise TypeError(f"{where} has the type {hint}, which has no fixed-width column")
    if is_enum and not all(0 <= member < CODE_ABSENT for member in wanted):
        raise TypeError(f"{where}: the members of {wanted.__name__} must lie between 0 and 254")
    return _Column(name, dtype, nested, wanted if is_enum else None, wanted is bool, absent)


def _without_none(where: str, hint: Any) -> tuple[Any, bool]:
    if typing.get_origin(hint) not in (typing.Union, types.UnionType):
        return hint, False
    members = [member for member in typing.get_args(hint) if member is not type(None)]
    if len(members) != 1 or len(typing.get_args(hint)) != 2:
        raise TypeError(f"{where} may be one type or None, found {hint}")
    return members[0], True


def _encoded(cls: type, column: _Column, values: Sequence[Any]) -> npt.NDArray[Any]:
    where = f"{cls.__name__}.{column.name}"
    if column.dtype.kind == "S":
        values = [None if value is None else _ascii(where, value) for value in values]
    if column.absent is not None:
        if any(value == column.absent for value in values if value is not None):
            raise ValueError(f"{where} holds {column.absent!r}, which is how absence is written")
        values = [column.absent if value is None else value for value in values]
    try:
        return np.array(values, dtype=column.dtype)
    except (OverflowError, TypeError) as cause:
        raise ValueError(f"{where} holds a value that does not fit {column.dtype}") from cause


def _ascii(where: str, text: str) -> bytes:
    encoded = text.encode("ascii", errors="strict") if text.isascii() else b""
    if (text and not encoded) or len(encoded) > IDENTIFIER_BYTES or encoded.endswith(b"\0"):
        raise ValueError(f"{where} must fit {IDENTIFIER_BYTES} ASCII characters, found {text!r}")
    return encoded


def _decoded(column: _Column, stored: npt.NDArray[Any]) -> Sequence[Any]:
    if column.nested is not None:
        return from_rows(column.nested, stored)
    values: list[Any] = stored.tolist()
    absent = column.absent
    return [
        None if absent is not None and value == absent else _one(column, value) for value in values
    ]


def _one(column: _Column, value: Any) -> Any:
    if column.enum is not None:
        return column.enum(value)
    if column.is_bool:
        return bool(value)
    return value.decode("ascii") if column.dtype.kind == "S" else value
