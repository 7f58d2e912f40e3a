"""Wattbook: trade and optimise energy, from market data to regulator.

The public face. Most users need `open_platform` and what it returns; integrators import
`wattbook_contracts`, and domain types through it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wattbook.platform import Wattbook, open_platform

__all__ = ["Wattbook", "open_platform"]


def __getattr__(name: str) -> Any:
    # Loaded when asked for: importing the face must cost nothing and do nothing.
    if name in __all__:
        from wattbook import platform

        return getattr(platform, name)
    raise AttributeError(f"module 'wattbook' has no attribute {name!r}")
