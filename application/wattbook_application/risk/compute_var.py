"""Computes historical value at risk and expected shortfall of a delivery position.

Scenarios are the day-on-day price changes of the last days, each kept whole so that the shape of
a day stays together. They are differences in money per MWh: where prices cross zero, a return has
no meaning.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from wattbook_application.state import Market
from wattbook_domain.quantities.power import Power
from wattbook_domain.risk.measures import (
    RiskMeasure,
    historical_risk,
    hourwise_changes,
    scenario_profit_and_loss,
)
from wattbook_domain.signals.series import DayTable


def compute_var(market: Market, position_kw: Sequence[int], history: DayTable) -> RiskMeasure:
    """Return both measures for a position in kilowatts for each interval, positive when long.

    Uses the last `lookback_days` changes, or as many as the history has.

    Raises:
        ValueError: if the history has fewer than two days.
    """
    setup = market.setup
    rows = history.prices[-(setup.lookback_days + 1) :]
    energy = [
        float(Power.of_kw(kw).over(interval).mwh)
        for kw, interval in zip(position_kw, market.intervals, strict=True)
    ]
    hours = [interval.local_start.hour for interval in market.intervals]
    scenarios = scenario_profit_and_loss(
        np.array(energy), wall_hours=np.array(hours), changes=hourwise_changes(rows)
    )
    return historical_risk(
        scenarios, level=setup.risk_level, horizon="one day to the next delivery day"
    )
