"""Decides into which finer deliveries a delivery turns: rung by rung, or as exchanges do at expiry.

Cal > quarter > month > day > hour > quarter-hour. Power is unchanged in every piece, so volume and
money are, too.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from wattbook_domain.delivery.granularity import Granularity
from wattbook_domain.delivery.period import DeliveryPeriod

NEXT_RUNG: Final[Mapping[Granularity, Granularity]] = MappingProxyType(
    {
        Granularity.YEAR: Granularity.QUARTER,
        Granularity.SEASON: Granularity.QUARTER,
        Granularity.QUARTER: Granularity.MONTH,
        Granularity.MONTH: Granularity.DAY,
        Granularity.WEEK: Granularity.DAY,
        Granularity.WEEKEND: Granularity.DAY,
        Granularity.DAY: Granularity.HOUR,
        Granularity.GAS_YEAR: Granularity.GAS_SEASON,
        Granularity.GAS_CALENDAR_YEAR: Granularity.GAS_QUARTER,
        Granularity.GAS_SEASON: Granularity.GAS_QUARTER,
        Granularity.GAS_QUARTER: Granularity.GAS_MONTH,
        Granularity.GAS_MONTH: Granularity.GAS_DAY,
        Granularity.GAS_WEEK: Granularity.GAS_DAY,
        Granularity.GAS_WEEKEND: Granularity.GAS_DAY,
        Granularity.GAS_DAY: Granularity.HOUR,
        Granularity.HOUR: Granularity.MINUTES_15,
        Granularity.MINUTES_30: Granularity.MINUTES_15,
        Granularity.MINUTES_15: Granularity.MINUTES_5,
    }
)
"""Each granularity and the one it cascades into."""

_EXPIRES_INTO: Final = MappingProxyType(
    {
        Granularity.YEAR: Granularity.QUARTER,
        Granularity.SEASON: Granularity.QUARTER,
        Granularity.QUARTER: Granularity.MONTH,
        Granularity.GAS_YEAR: Granularity.GAS_QUARTER,
        Granularity.GAS_CALENDAR_YEAR: Granularity.GAS_QUARTER,
        Granularity.GAS_SEASON: Granularity.GAS_QUARTER,
        Granularity.GAS_QUARTER: Granularity.GAS_MONTH,
    }
)


def cascade(period: DeliveryPeriod, to: Granularity | None = None) -> tuple[DeliveryPeriod, ...]:
    """Return the pieces of a period one rung down, or down the ladder to a granularity.

    >>> from datetime import date
    >>> [piece.label for piece in cascade(DeliveryPeriod.quarter(2026, 1, "Europe/Berlin"))]
    ['Jan-2026', 'Feb-2026', 'Mar-2026']

    Raises:
        ValueError: for a block, which is on no ladder, or a target that is not below it.
    """
    rung = period.granularity
    pieces: tuple[DeliveryPeriod, ...] = (period,)
    while rung is not to:
        if rung not in NEXT_RUNG:
            raise ValueError(f"{period.label} cascades no further than {rung.value}")
        rung = NEXT_RUNG[rung]
        pieces = tuple(finer for piece in pieces for finer in piece.split(rung))
        if to is None:
            break
    return pieces


def cascade_at_expiry(period: DeliveryPeriod) -> tuple[DeliveryPeriod, ...]:
    """Return the deliveries that replace a future at its expiry, by exchange rule.

    The part that delivers first is opened to months, the rest stays quarters (EEX, ICE Endex):

    >>> cal = DeliveryPeriod.year(2026, "Europe/Berlin")
    >>> [piece.label for piece in cascade_at_expiry(cal)]
    ['Jan-2026', 'Feb-2026', 'Mar-2026', 'Q2-2026', 'Q3-2026', 'Q4-2026']

    Raises:
        ValueError: when a period of this granularity does not cascade at expiry.
    """
    granularity = period.granularity
    if granularity not in _EXPIRES_INTO:
        raise ValueError(f"{period.label} is a {granularity.value}; it is delivered, not cascaded")
    first, *rest = period.split(_EXPIRES_INTO[granularity])
    if first.granularity not in _EXPIRES_INTO:
        return (first, *rest)
    return (*cascade_at_expiry(first), *rest)
