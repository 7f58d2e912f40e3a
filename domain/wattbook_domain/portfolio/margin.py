"""Decides what a plan earns at given prices, and how that compares with perfect foresight.

The optimum under real prices comes from an optimiser, which the caller asks; here it is only
compared. Margin counts sales, purchases and wear; venue fees belong to the fills.
"""

from __future__ import annotations

from fractions import Fraction

import attrs

from wattbook_domain.portfolio.assets import Battery
from wattbook_domain.portfolio.dispatch import DispatchPlan
from wattbook_domain.portfolio.horizon import PriceStrip
from wattbook_domain.quantities.energy import Energy
from wattbook_domain.quantities.money import Money


@attrs.frozen(kw_only=True)
class Margin:
    """What a plan earns: `sales - purchases - wear`; each part may be negative but wear."""

    sales: Money
    purchases: Money
    wear: Money

    @property
    def total(self) -> Money:
        """The money that remains."""
        return self.sales - self.purchases - self.wear


def margin(plan: DispatchPlan, *, battery: Battery, prices: PriceStrip) -> Margin:
    """Value a plan at one price an interval, exactly: expected or realised, as the prices are.

    Raises:
        ValueError: if the prices cover another horizon or count in another currency than wear.
    """
    if prices.horizon != plan.horizon:
        raise ValueError("prices and plan must cover the same intervals; cut one to the other")
    nothing = Money.zero(prices.currency)
    priced = zip(prices.prices, plan.charged, plan.discharged, strict=True)
    sales = purchases = nothing
    for price, charged, discharged in priced:
        sales += price * discharged
        purchases += price * charged
    wear = battery.wear_cost * sum(plan.discharged, Energy.zero())
    if wear.currency is not prices.currency:
        raise ValueError(
            f"wear is counted in {wear.currency} and prices in {prices.currency}; "
            "state both in one currency"
        )
    return Margin(sales=sales, purchases=purchases, wear=wear)


@attrs.frozen(kw_only=True)
class ForesightComparison:
    """What was earned beside what knowing every price in advance would have earned.

    Both under the same battery, lots and end condition, or the comparison says nothing. Where the
    optimum was not proven (`Solution.gap`), the share is as uncertain as that gap, and may pass 1.
    """

    realised: Money
    optimum: Money

    @property
    def regret(self) -> Money:
        """The money that foresight would have added."""
        return self.optimum - self.realised

    @property
    def efficiency(self) -> Fraction | None:
        """The share of the optimum that was earned; negative after a loss.

        `None` unless the optimum is positive: a share of nothing, or of a loss, is no share.
        """
        if self.optimum <= Money.zero(self.optimum.currency):
            return None
        return self.realised / self.optimum
