"""How market time passes: auctions clear, and continuous venues show what they quote.

Live, time passes by itself and a session waits for it. In a backtest or on paper the session is
moved from instant to instant, and everything that was due by then has happened when it returns.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from wattbook_domain.foundation.identifiers import InstrumentId
from wattbook_domain.foundation.instants import UtcNs


class MarketSession(Protocol):
    """Moves the venues of one trading day. Reports and depth go to the `EventSink`."""

    def clear_auction(self, *, at: UtcNs) -> tuple[int, ...]:
        """Wait for the day-ahead result; return the price of each interval in ticks.

        Raises:
            VenueFault: if the auction gave no price.
        """
        ...

    def show_depth(self, instruments: Sequence[InstrumentId], *, at: UtcNs) -> None:
        """Bring the continuous venues to an instant and publish their books for some instruments.

        A venue that does not list an instrument, or has closed it, publishes nothing for it.
        """
        ...
