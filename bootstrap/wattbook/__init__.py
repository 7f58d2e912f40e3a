"""Wattbook: trade and optimise energy, from market data to regulator.

The public face. Most users need `open_platform` and what it returns; integrators import
`wattbook_contracts`, and domain types through it.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wattbook.platform import Wattbook, open_platform
    from wattbook_adapters.frames.day import interval_frame, profit_frame

__all__ = ["Wattbook", "interval_frame", "open_platform", "profit_frame"]

_HOMES = {
    "Wattbook": "wattbook.platform",
    "open_platform": "wattbook.platform",
    "interval_frame": "wattbook_adapters.frames.day",
    "profit_frame": "wattbook_adapters.frames.day",
}


def __getattr__(name: str) -> Any:
    # Loaded when asked for: importing the face must cost nothing and do nothing.
    if name in _HOMES:
        return getattr(importlib.import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'wattbook' has no attribute {name!r}")
