"""Reads the machine's clock; the only place of the platform that does."""

from __future__ import annotations

import time
from collections.abc import Callable

from wattbook_domain.foundation.instants import UtcNs, instant


class SystemClock:
    """The machine's UTC clock in nanoseconds, kept from going back."""

    def __init__(self, read_ns: Callable[[], int] = time.time_ns) -> None:
        """Take what is read; nanoseconds since 1970 in UTC."""
        self._read_ns = read_ns
        self._last = UtcNs(0)

    def now(self) -> UtcNs:
        """Return the present instant, never an earlier one than before."""
        self._last = max(self._last, instant(self._read_ns()))
        return self._last
