"""Decides what an identifier looks like, and derives child identifiers without chance.

Identity is an input or a derivation, never a random draw: replay must give the same names.
"""

from __future__ import annotations

import re
from typing import Final, NewType

InstrumentId = NewType("InstrumentId", str)
VenueId = NewType("VenueId", str)
ClientOrderId = NewType("ClientOrderId", str)
VenueOrderId = NewType("VenueOrderId", str)
ExecutionId = NewType("ExecutionId", str)
DeskId = NewType("DeskId", str)
LedgerId = NewType("LedgerId", str)
TraderId = NewType("TraderId", str)
AlgorithmId = NewType("AlgorithmId", str)
AccountId = NewType("AccountId", str)
RunId = NewType("RunId", str)

_PATTERN: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:/-]{0,63}")


def require_identifier(name: str, text: str) -> str:
    """Return `text` when it is 1 to 64 characters of letters, digits and `_ . : / -`.

    Raises:
        ValueError: otherwise; identifiers go to venues, files and regulators, so none may surprise.
    """
    if not _PATTERN.fullmatch(text):
        raise ValueError(
            f"{name} must be 1 to 64 letters, digits or _ . : / -, the first a letter or digit, "
            f"found {text!r}"
        )
    return text


def child_id(parent: str, index: int) -> str:
    """Name the `index`-th child of `parent`; the same parent and index give the same name.

    >>> child_id("D1-INTRA-H09", 2)
    'D1-INTRA-H09.2'
    """
    if index < 0:
        raise ValueError(f"child index must not be negative, found {index}")
    return require_identifier("child id", f"{parent}.{index}")
