"""Decides how an instant is written: integer nanoseconds since 1970-01-01T00:00:00Z.

Zones belong to delivery and to screens; an instant has none.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final, NewType

from wattbook_domain.foundation.bounds import INSTANT_NS_MAX, require_within

UtcNs = NewType("UtcNs", int)
"""Nanoseconds since the epoch, UTC, never negative."""

NS_PER_SECOND: Final = 1_000_000_000
NS_PER_MINUTE: Final = 60 * NS_PER_SECOND
NS_PER_HOUR: Final = 60 * NS_PER_MINUTE

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def instant(ns: int) -> UtcNs:
    """Check an integer and call it an instant.

    Raises:
        ValueError: if it is negative or does not fit in 63 bits.
    """
    return UtcNs(require_within("instant", ns, 0, INSTANT_NS_MAX))


def from_datetime(moment: datetime) -> UtcNs:
    """Convert an aware datetime exactly.

    >>> from_datetime(datetime(2017, 1, 24, 11, tzinfo=UTC))
    1485255600000000000

    Raises:
        ValueError: if the datetime carries no zone.
    """
    if moment.tzinfo is None:
        raise ValueError(f"an instant needs a zone, found the naive datetime {moment.isoformat()}")
    elapsed = moment.astimezone(UTC) - _EPOCH
    whole_seconds = elapsed.days * 86_400 + elapsed.seconds
    return instant(whole_seconds * NS_PER_SECOND + elapsed.microseconds * 1_000)


def to_datetime(at: UtcNs) -> datetime:
    """Convert to an aware UTC datetime; digits below a microsecond are cut, for display only."""
    return _EPOCH + timedelta(microseconds=at // 1_000)


def format_instant(at: UtcNs) -> str:
    """Write an instant in ISO 8601 with as many fraction digits as it needs.

    >>> format_instant(instant(1485255600000000000))
    '2017-01-24T11:00:00Z'
    """
    seconds, fraction = divmod(at, NS_PER_SECOND)
    text = (_EPOCH + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%S")
    digits = f".{fraction:09d}".rstrip("0") if fraction else ""
    return f"{text}{digits}Z"


def parse_instant(text: str) -> UtcNs:
    """Read what `format_instant` wrote; any ISO 8601 text with a zone is accepted.

    Raises:
        ValueError: if the text is no date and time, or carries no zone.
    """
    body, dot, rest = text.removesuffix("Z").partition(".")
    if dot and text.endswith("Z") and rest.isdigit() and len(rest) <= 9:
        whole = from_datetime(datetime.fromisoformat(body).replace(tzinfo=UTC))
        return instant(whole + int(rest.ljust(9, "0")))
    return from_datetime(datetime.fromisoformat(text))
