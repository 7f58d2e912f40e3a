"""Reads the machine's clock; the only place of the platform that does."""

from __future__ import annotations

import time

from wattbook_domain.foundation.instants import UtcNs, instant


class SystemClock:
    """The machine's UTC clock in nanoseconds, kept from going back."""

    def __init__(self) -> None:
        self._last = UtcNs(0)

    def now(self) -> UtcNs:
        """Return the present instant, never an earlier one than before."""
        self._last = max(self._last, instant(time.time_ns()))
        return self._last
