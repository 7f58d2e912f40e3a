"""Settles the day: what was contracted, what was delivered, and what the difference costs.

The imbalance price is an assumption of the run, not data: the day-ahead price less the penalty
for a long position, plus the penalty for a short one. It is named wherever the result is shown.
"""

from __future__ import annotations

from collections import defaultdict

from wattbook_application.portfolio.dispatch import battery_of
from wattbook_application.state import DayState, Market
from wattbook_domain.delivery.period import DeliveryPeriod
from wattbook_domain.delivery.schedule import DeliverySchedule
from wattbook_domain.foundation.identifiers import LedgerId
from wattbook_domain.portfolio.following import FollowedDispatch, follow
from wattbook_domain.portfolio.horizon import Horizon
from wattbook_domain.positions.delivery import by_delivery
from wattbook_domain.quantities.power import Power
from wattbook_domain.quantities.price import Price
from wattbook_domain.settlement.imbalance import (
    ImbalancePrice,
    ImbalanceStatement,
    settle_imbalance,
)

IMBALANCE_ASSUMPTION = "day-ahead price less (long) or plus (short) the penalty; assumed, not data"


def schedule_of_kw(market: Market, power_kw: tuple[int, ...]) -> DeliverySchedule:
    """Return kilowatts for each interval of the day as a schedule."""
    return DeliverySchedule.of(
        {i: Power.of_kw(kw) for i, kw in zip(market.intervals, power_kw, strict=True)}
    )


def sold_kw(state: DayState, ledger_id: LedgerId) -> tuple[int, ...]:
    """Return net kilowatts sold by one ledger in each interval; bought is negative."""
    market = state.opened
    totals: dict[DeliveryPeriod, int] = defaultdict(int)
    for position in by_delivery(state.positions.snapshot(), market.instruments):
        if position.place.ledger_id == ledger_id:
            totals[position.interval] -= position.net_kw
    return tuple(totals[interval] for interval in market.intervals)


def day_ahead_price(state: DayState, index: int) -> Price:
    """Return the cleared price of one interval.

    Raises:
        ValueError: if the auction has not cleared yet.
    """
    if state.auction is None:
        raise ValueError("the day-ahead price is known after the auction; it has not cleared yet")
    instrument = state.opened.day_ahead[index]
    return instrument.price(state.auction.price_ticks[index])


def imbalance_price(state: DayState, index: int) -> ImbalancePrice:
    """Return the assumed imbalance prices of one interval. Raises as `day_ahead_price` does."""
    market = state.opened.setup.market
    price = day_ahead_price(state, index)
    penalty = Price.of(state.opened.setup.wind.imbalance_penalty, market.currency)
    return ImbalancePrice(long=price - penalty, short=price + penalty)


def settle_wind(state: DayState) -> ImbalanceStatement:
    """Settle the wind ledger against what was metered; unmetered intervals stay open."""
    market = state.opened
    metered = (
        DeliverySchedule()
        if state.metered is None
        else schedule_of_kw(market, state.metered.power_kw)
    )
    return _settle(state, market.setup.wind.owner.ledger_id, metered)


def settle_battery(state: DayState) -> ImbalanceStatement:
    """Settle the battery ledger against what the battery could follow of what it sold."""
    market = state.opened
    delivered = schedule_of_kw(market, run_battery(state).net_kw)
    return _settle(state, market.setup.battery.owner.ledger_id, delivered)


def run_battery(state: DayState) -> FollowedDispatch:
    """Return what the battery did: what its ledger sold and bought, as far as it was able.

    When every order of a sound plan was accepted this is the plan.
    """
    market = state.opened
    sold = sold_kw(state, market.setup.battery.owner.ledger_id)
    return follow(battery_of(market.setup), Horizon(market.intervals), sold)


def _settle(state: DayState, ledger_id: LedgerId, metered: DeliverySchedule) -> ImbalanceStatement:
    market = state.opened
    prices = {
        interval: imbalance_price(state, index) for index, interval in enumerate(market.intervals)
    }
    return settle_imbalance(
        market.intervals,
        contracted=schedule_of_kw(market, sold_kw(state, ledger_id)),
        metered=metered,
        prices=prices,
    )
