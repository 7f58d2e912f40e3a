"""Time as the core sees it: an instant that somebody else decided."""

from __future__ import annotations

from typing import Protocol

from wattbook_domain.foundation.instants import UtcNs


class Clock(Protocol):
    """Tells the present instant. Live: the machine's clock. Backtest: the event being replayed."""

    def now(self) -> UtcNs:
        """Return the present instant; it never goes back."""
        ...
