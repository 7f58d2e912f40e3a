"""What a weather-driven asset is expected to deliver, and what it delivered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from wattbook_domain.delivery.period import DeliveryPeriod
from wattbook_domain.delivery.schedule import DeliverySchedule
from wattbook_domain.foundation.instants import UtcNs


class GenerationFeed(Protocol):
    """Gives forecasts as they stood at an instant, and metered output after delivery."""

    @property
    def is_simulated(self) -> bool:
        """Whether the output is invented; said wherever it is shown."""
        ...

    def expected(
        self, intervals: Sequence[DeliveryPeriod], *, issued_at: UtcNs
    ) -> DeliverySchedule:
        """Return the newest forecast of mean power in each interval at an instant.

        Whole kilowatts, from zero up to the asset's capacity.

        Raises:
            DataFault: for an interval the feed does not reach.
        """
        ...

    def metered(self, intervals: Sequence[DeliveryPeriod], *, as_of: UtcNs) -> DeliverySchedule:
        """Return the output of those intervals that have ended by an instant.

        An interval still running is absent, not zero.

        Raises:
            DataFault: for an interval the feed does not reach.
        """
        ...
