"""Decides when a value became known, so that nothing can be used before it was published."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import attrs

from wattbook_domain.foundation.instants import UtcNs, from_datetime


@attrs.frozen(kw_only=True)
class PublicationRule:
    """Local times of the day before delivery at which a market's facts become public.

    Attributes:
        zone: IANA key of the market's clock.
        outlook_by: when the forecasts of load, wind and sun are out.
        prices_by: when the auction's result is out.
    """

    zone: str
    outlook_by: time
    prices_by: time

    def __attrs_post_init__(self) -> None:
        if self.prices_by < self.outlook_by:
            raise ValueError(
                f"the outlook is published before the auction it informs, found outlook "
                f"{self.outlook_by} and prices {self.prices_by}"
            )

    def outlook_published_at(self, day: date) -> UtcNs:
        """Return when the drivers of delivery day `day` are public."""
        return self._on_eve_of(day, self.outlook_by)

    def prices_published_at(self, day: date) -> UtcNs:
        """Return when the prices of delivery day `day` are public."""
        return self._on_eve_of(day, self.prices_by)

    def _on_eve_of(self, day: date, at: time) -> UtcNs:
        eve = day - timedelta(days=1)
        return from_datetime(datetime.combine(eve, at, tzinfo=ZoneInfo(self.zone)))
