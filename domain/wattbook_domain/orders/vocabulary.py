"""Decides the closed words of an order and their FIX codes; states live in `transitions`.

Integer values are dense and stable: they are stored in rows, journals and kernels. The FIX
characters follow the FIX 4.4 data dictionary, fields 54 Side, 40 OrdType and 59 TimeInForce.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Final


class Side(IntEnum):
    """Which way an order trades. `sign` is +1 for a buy, -1 for a sell."""

    BUY = 0
    SELL = 1

    @property
    def sign(self) -> int:
        """+1 for a buy, -1 for a sell."""
        return 1 - 2 * int(self)

    @property
    def opposite(self) -> Side:
        """The other side."""
        return Side(1 - int(self))


class OrderType(IntEnum):
    """How the price is decided. An auction order is a limit order sent to an auction."""

    MARKET = 0
    LIMIT = 1
    ICEBERG = 2


class TimeInForce(IntEnum):
    """How long an order may live."""

    DAY = 0
    GTC = 1
    IOC = 2
    FOK = 3
    GTD = 4


SIDE_FIX: Final = {Side.BUY: "1", Side.SELL: "2"}
ORDER_TYPE_FIX: Final = {OrderType.MARKET: "1", OrderType.LIMIT: "2", OrderType.ICEBERG: "2"}
"""FIX has no iceberg type: it is a limit order (40=2) with MaxFloor (111)."""
TIME_IN_FORCE_FIX: Final = {
    TimeInForce.DAY: "0",
    TimeInForce.GTC: "1",
    TimeInForce.IOC: "3",
    TimeInForce.FOK: "4",
    TimeInForce.GTD: "6",
}
