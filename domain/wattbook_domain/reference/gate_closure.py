"""Decides the last instant at which a delivery period may still be traded.

The gate is closed *at* the returned instant: an order is in time while `at < gate_closes_at`.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from types import MappingProxyType
from typing import Final, Protocol

import attrs

from wattbook_domain.delivery.period import DeliveryPeriod
from wattbook_domain.delivery.zones import first_instant, to_local
from wattbook_domain.foundation.bounds import require_within
from wattbook_domain.foundation.instants import NS_PER_MINUTE, UtcNs, instant

_LEAD_MINUTES_MAX: Final = 7 * 1440


class GateClosure(Protocol):
    """A rule that gives each delivery period its gate closure."""

    def gate_closes_at(self, period: DeliveryPeriod) -> UtcNs:
        """Return the first instant at which `period` can no longer be traded."""
        ...


@attrs.frozen(kw_only=True)
class AuctionGate:
    """Closes at a wall-clock time, some days before the local date on which delivery begins.

    Attributes:
        local_time: the time on the auction's clocks.
        zone: the IANA key of the auction's clocks, which may differ from the delivery's: the
            single day-ahead coupling closes at 12:00 in Central Europe for Portugal too.
        days_before: 1 for day-ahead.
    """

    local_time: time
    zone: str
    days_before: int = 1

    def gate_closes_at(self, period: DeliveryPeriod) -> UtcNs:
        """Return the closing of the auction in which `period` is sold."""
        day = to_local(period.start, self.zone).date() - timedelta(days=self.days_before)
        return first_instant(datetime.combine(day, self.local_time), self.zone)


@attrs.frozen(kw_only=True)
class LeadTimeGate:
    """Closes a fixed number of minutes before delivery begins, as continuous markets do."""

    minutes: int

    def __attrs_post_init__(self) -> None:
        require_within("minutes before delivery", self.minutes, 0, _LEAD_MINUTES_MAX)

    def gate_closes_at(self, period: DeliveryPeriod) -> UtcNs:
        """Return the start of `period` less the lead time."""
        return instant(period.start - self.minutes * NS_PER_MINUTE)


GATE_CLOSURES: Final = MappingProxyType[str, GateClosure](
    {
        "day-ahead": AuctionGate(local_time=time(12), zone="Europe/Berlin"),
        "gb-day-ahead": AuctionGate(local_time=time(9, 20), zone="Europe/London"),
        "intraday-cross-border": LeadTimeGate(minutes=60),
        "intraday-national": LeadTimeGate(minutes=30),
        "intraday-control-area": LeadTimeGate(minutes=5),
    }
)
"""Closures by name: the coupled day-ahead auction at noon Central European time, the GB hourly
auction at 09:20, and German continuous intraday, which stops 60 minutes before delivery across
borders, 30 within Germany and 5 within one control area."""
