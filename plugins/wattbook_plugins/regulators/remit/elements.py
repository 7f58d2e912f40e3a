"""Decides how a record becomes XML elements and back, by one description used in both directions.

A record is a frozen attrs class whose fields stand in the order of the schema; each field carries
a `Part` that names its element and kind. Writing and reading walk the same parts, so they cannot
drift. Which records exist is `records`' part; whether the result is valid is the schema's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any, Final, TypeVar, cast

import attrs
from lxml import etree

from wattbook_contracts.errors import DataFault
from wattbook_domain.foundation.instants import (
    NS_PER_SECOND,
    UtcNs,
    format_instant,
    from_datetime,
    instant,
)

R = TypeVar("R")
_PART: Final = "part"
_MOMENT: Final = re.compile(
    r"(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})(?:\.(\d+))?(Z|[+-]\d{2}:\d{2})"
)
_NANOSECOND_DIGITS: Final = 9


@attrs.frozen
class Leaf:
    """An element with text: how a value is written and read."""

    name: str
    write: Callable[[Any], str]
    read: Callable[[str], Any]


@attrs.frozen
class Nested:
    """An element with elements inside: another record."""

    name: str
    record: type


@attrs.frozen
class Group:
    """A run of elements without one around them: another record, spelt out in place."""

    record: type


@attrs.frozen
class Choice:
    """An element with exactly one child, whose name says what its text is (`CodedText`)."""

    name: str


@attrs.frozen
class CodedText:
    """A code and the scheme it belongs to, for example `lei`."""

    scheme: str
    text: str


Kind = Leaf | Nested | Group | Choice
"""What a field can be in XML."""


@attrs.frozen
class Part:
    """What one field of a record is in XML, and whether it may stand there more than once."""

    kind: Kind
    repeats: bool


def part(kind: Kind, *, repeats: bool = False) -> dict[str, Part]:
    """Return the metadata of a record's field."""
    return {_PART: Part(kind, repeats)}


def text(name: str) -> Leaf:
    """Describe an element of characters, kept as they are."""
    return Leaf(name, str, str)


def number(name: str) -> Leaf:
    """Describe an element with an exact decimal."""
    return Leaf(name, format_number, _read_number)


def whole(name: str) -> Leaf:
    """Describe an element with an integer."""
    return Leaf(name, str, _read_whole)


def day(name: str) -> Leaf:
    """Describe an element with a date."""
    return Leaf(name, date.isoformat, _read_day)


def moment(name: str) -> Leaf:
    """Describe an element with an instant; written in UTC, read in any offset."""
    return Leaf(name, format_instant, read_moment)


def format_number(value: Decimal) -> str:
    """Write a decimal exactly, without exponent or idle zeros; negative zero is zero.

    >>> format_number(Decimal("-41.50")), format_number(Decimal("1E+2"))
    ('-41.5', '100')
    """
    written = format(value, "f")
    if "." in written:
        written = written.rstrip("0").rstrip(".")
    return "0" if written == "-0" else written


def read_moment(written: str) -> UtcNs:
    """Read a date and time with a zone exactly, down to a nanosecond.

    Raises:
        DataFault: if the text is no such instant, or is finer than a nanosecond.
    """
    match = _MOMENT.fullmatch(written.strip())
    if match is None:
        raise DataFault(f"a date and time needs a zone, found {written!r}")
    on, clock, fraction, offset = match.groups()
    digits = (fraction or "").rstrip("0")
    if len(digits) > _NANOSECOND_DIGITS:
        raise DataFault(f"a date and time may be as fine as a nanosecond, found {written!r}")
    # ISO 8601 writes the end of a day as 24:00:00, which Python's parser refuses.
    ends_day = clock == "24:00:00"
    try:
        local = datetime.fromisoformat(f"{on}T{'00:00:00' if ends_day else clock}{_offset(offset)}")
    except ValueError as cause:
        raise DataFault(f"no such date and time: {written!r}") from cause
    seconds = from_datetime((local + timedelta(days=int(ends_day))).astimezone(UTC))
    return instant(seconds + int(digits.ljust(_NANOSECOND_DIGITS, "0") or "0") % NS_PER_SECOND)


def write_record(parent: etree._Element, record: Any, namespace: str) -> None:
    """Append the elements of `record` to `parent`, in the order of the schema."""
    for name, description in _parts(type(record)):
        value = getattr(record, name)
        if value is None:
            continue
        for item in value if description.repeats else (value,):
            _write_one(parent, description.kind, item, namespace)


def read_record(record: type[R], element: etree._Element) -> R:
    """Build a record from the children of `element`.

    Raises:
        DataFault: if an element is missing, unexpected or unreadable.
    """
    cursor = _Cursor(element)
    built = _read_fields(record, cursor)
    if (left := cursor.peek()) is not None:
        raise DataFault(f"{cursor.where} must not hold {left!r} here; check it against the schema")
    return built


class _Cursor:
    """Walks the child elements of one element once, forward."""

    def __init__(self, element: etree._Element) -> None:
        self._children = [child for child in element if isinstance(child.tag, str)]
        self._next = 0
        self.where = etree.QName(element).localname

    def peek(self) -> str | None:
        if self._next == len(self._children):
            return None
        return etree.QName(self._children[self._next]).localname

    def take(self) -> etree._Element:
        self._next += 1
        return self._children[self._next - 1]


def _parts(record: type) -> tuple[tuple[str, Part], ...]:
    return _described(cast(Hashable, record))


@cache
def _described(record: Any) -> tuple[tuple[str, Part], ...]:
    return tuple((field.name, field.metadata[_PART]) for field in attrs.fields(record))


def _write_one(parent: etree._Element, kind: Kind, value: Any, namespace: str) -> None:
    if isinstance(kind, Group):
        write_record(parent, value, namespace)
        return
    element = etree.SubElement(parent, f"{{{namespace}}}{kind.name}")
    if isinstance(kind, Leaf):
        element.text = kind.write(value)
    elif isinstance(kind, Nested):
        write_record(element, value, namespace)
    else:
        etree.SubElement(element, f"{{{namespace}}}{value.scheme}").text = value.text


def _read_fields(record: type[R], cursor: _Cursor) -> R:
    values: dict[str, Any] = {}
    for name, description in _parts(record):
        first = _first_name(description.kind)
        if description.repeats:
            found = tuple(_while_named(first, description.kind, cursor))
            if found:
                values[name] = found
        elif cursor.peek() == first:
            values[name] = _read_one(description.kind, cursor)
    try:
        return record(**values)
    except TypeError as cause:
        missing = _missing(record, values)
        raise DataFault(f"{cursor.where} lacks {', '.join(missing)}") from cause


def _while_named(first: str, kind: Kind, cursor: _Cursor) -> Iterator[Any]:
    while cursor.peek() == first:
        yield _read_one(kind, cursor)


def _read_one(kind: Kind, cursor: _Cursor) -> Any:
    if isinstance(kind, Group):
        return _read_fields(kind.record, cursor)
    element = cursor.take()
    if isinstance(kind, Leaf):
        return kind.read("".join(str(piece) for piece in element.itertext()))
    if isinstance(kind, Nested):
        return read_record(kind.record, element)
    inside = _Cursor(element)
    scheme = inside.peek()
    if scheme is None:
        raise DataFault(f"{inside.where} must hold one code, found none")
    return CodedText(scheme, "".join(str(piece) for piece in inside.take().itertext()))


def _first_name(kind: Kind) -> str:
    if isinstance(kind, Group):
        return _first_name(_parts(kind.record)[0][1].kind)
    return kind.name


def _missing(record: type, values: dict[str, Any]) -> Sequence[str]:
    fields = attrs.fields(cast(Any, record))
    return [f.name for f in fields if f.default is attrs.NOTHING and f.name not in values]


def _offset(written: str) -> str:
    return "+00:00" if written == "Z" else written


def _read_number(written: str) -> Decimal:
    try:
        return Decimal(written.strip())
    except InvalidOperation as cause:
        raise DataFault(f"a number must be a decimal, found {written!r}") from cause


def _read_whole(written: str) -> int:
    try:
        return int(written.strip())
    except ValueError as cause:
        raise DataFault(f"a sequence number must be an integer, found {written!r}") from cause


def _read_day(written: str) -> date:
    try:
        return date.fromisoformat(written.strip())
    except ValueError as cause:
        raise DataFault(f"a date must be YYYY-MM-DD, found {written!r}") from cause
