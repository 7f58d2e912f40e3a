"""Decides what each phase of a market permits; when phases change, the venue tells."""

from __future__ import annotations

from enum import IntEnum
from types import MappingProxyType
from typing import Final

import attrs


class TradingPhase(IntEnum):
    """What an instrument's market is doing."""

    CLOSED = 0
    PRE_TRADING = 1
    """Orders may be entered and changed; nothing matches."""
    AUCTION_CALL = 2
    """Orders gather for one uniform price."""
    CONTINUOUS = 3
    HALTED = 4
    """Stopped by the venue: orders may be cancelled only."""
    GATE_CLOSED = 5
    """Past gate closure: what was traded will be delivered."""


@attrs.frozen
class Permissions:
    """What may be done in a phase."""

    enter: bool
    cancel: bool
    matches: bool


PERMISSIONS: Final = MappingProxyType(
    {
        TradingPhase.CLOSED: Permissions(enter=False, cancel=False, matches=False),
        TradingPhase.PRE_TRADING: Permissions(enter=True, cancel=True, matches=False),
        TradingPhase.AUCTION_CALL: Permissions(enter=True, cancel=True, matches=False),
        TradingPhase.CONTINUOUS: Permissions(enter=True, cancel=True, matches=True),
        TradingPhase.HALTED: Permissions(enter=False, cancel=True, matches=False),
        TradingPhase.GATE_CLOSED: Permissions(enter=False, cancel=False, matches=False),
    }
)
"""The one table of what each phase permits."""
