"""Names the steps of the two flows, in order, with the use case that does each.

The trading flow has eight steps and the analytics flow, which is the inside of the second one,
has six. `docs/concepts/flows.md` shows both with their modules.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Final


class TradingStep(IntEnum):
    """The eight steps from market data to result."""

    RECEPTION = 1
    SIGNAL = 2
    RISK_VALIDATION = 3
    ORDER_GENERATION = 4
    ROUTING = 5
    EXECUTION_MONITORING = 6
    POSITION_UPDATE = 7
    PROFIT_AND_LOSS = 8


class AnalyticsStep(IntEnum):
    """The six steps from collected data to a decision."""

    COLLECTION = 1
    FEATURES = 2
    INFERENCE = 3
    AGGREGATION = 4
    CONFIDENCE = 5
    DECISION = 6


TRADING_STEPS: Final = (
    "Reception",
    "Signal",
    "Risk validation",
    "Order generation",
    "Routing",
    "Execution monitoring",
    "Position update",
    "Profit and loss",
)
"""What a person reads for each `TradingStep`."""
