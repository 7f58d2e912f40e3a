"""Decides the worst price a plan can bear, from the prices it expects.

Buying one MWh is worth what selling its remainder is expected to bring, less wear: `eta_rt (S - w)`
with `S` the plan's average sale price. Selling one MWh must return what buying it is expected to
cost, plus wear: `C / eta_rt + w` with `C` the average purchase price. A plan that makes money at
the expected prices has `C <= eta_rt (S - w)`, so at those prices neither guard strikes on average.
"""

from __future__ import annotations

import attrs

from wattbook_domain.delivery.schedule import DeliverySchedule
from wattbook_domain.orders.vocabulary import Side
from wattbook_domain.portfolio.assets import Battery
from wattbook_domain.portfolio.horizon import PriceStrip
from wattbook_domain.quantities.energy import Energy
from wattbook_domain.quantities.money import Money
from wattbook_domain.quantities.price import Price


@attrs.frozen(kw_only=True)
class BreakEven:
    """The dearest purchase and the cheapest sale; `None` where the plan has no other side."""

    dearest_buy: Price | None
    cheapest_sell: Price | None

    def limit(self, side: Side) -> Price | None:
        """Return the guard of one side."""
        return self.dearest_buy if side is Side.BUY else self.cheapest_sell


def break_even(battery: Battery, *, plan: DeliverySchedule, prices: PriceStrip) -> BreakEven:
    """Return the guards of a plan at its expected prices.

    Raises:
        ValueError: if some planned delivery has no expected price.
    """
    kept = battery.round_trip_efficiency
    sale = _average(plan, prices, Side.SELL)
    purchase = _average(plan, prices, Side.BUY)
    wear = battery.wear_cost
    return BreakEven(
        dearest_buy=None if sale is None else (sale - wear) * kept,
        cheapest_sell=None if purchase is None else purchase / kept + wear,
    )


def _average(plan: DeliverySchedule, prices: PriceStrip, side: Side) -> Price | None:
    wanted_sign = -side.sign
    part = DeliverySchedule(tuple((i, p) for i, p in plan.entries if p.mw * wanted_sign > 0))
    energy: Energy = part.energy()
    if energy.is_zero:
        return None
    by_interval = dict(zip(prices.horizon.intervals, prices.prices, strict=True))
    money: Money = part.value(by_interval)
    return Price.of(money.amount / energy.mwh, money.currency)
