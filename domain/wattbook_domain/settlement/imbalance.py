"""Decides the residual: what was metered less what was contracted, and what it costs.

Signs are the balancing area's: power fed in or sold counts as delivered, positive. A long area
(metered above contracted) is paid the long price, a short one pays the short price; where the
system sets one price the two are equal (Regulation (EU) 2017/2195, Articles 52 to 55). Prices of
either sign are ordinary: being long at a negative price costs money.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum

import attrs

from wattbook_domain.delivery.period import DeliveryPeriod
from wattbook_domain.delivery.schedule import DeliverySchedule
from wattbook_domain.quantities.energy import Energy
from wattbook_domain.quantities.money import Currency, Money
from wattbook_domain.quantities.price import Price


@attrs.frozen
class ImbalancePrice:
    """What one MWh of imbalance is worth in one settlement period."""

    long: Price
    short: Price

    def __attrs_post_init__(self) -> None:
        if self.long.currency is not self.short.currency:
            raise ValueError(
                f"both imbalance prices have one currency, found {self.long.currency} and "
                f"{self.short.currency}"
            )

    @classmethod
    def single(cls, price: Price) -> ImbalancePrice:
        """Build from one price for both directions."""
        return cls(price, price)


class Missing(Enum):
    """What a settlement period still waits for."""

    METERED = "metered energy"
    PRICE = "imbalance price"


@attrs.frozen(kw_only=True)
class ImbalanceLine:
    """One settled period."""

    period: DeliveryPeriod
    contracted: Energy
    metered: Energy
    price: ImbalancePrice

    @property
    def volume(self) -> Energy:
        """Metered less contracted; positive is long."""
        return self.metered - self.contracted

    @property
    def cash(self) -> Money:
        """Money received; negative is paid."""
        price = self.price.short if self.volume.is_negative else self.price.long
        return price * self.volume


@attrs.frozen
class OpenPeriod:
    """A period that cannot be settled yet, and why."""

    period: DeliveryPeriod
    missing: tuple[Missing, ...]


@attrs.frozen
class ImbalanceStatement:
    """Settled lines and open periods; together every period that was asked for, in order."""

    lines: tuple[ImbalanceLine, ...]
    open_periods: tuple[OpenPeriod, ...]

    @property
    def volume(self) -> Energy:
        """The net energy of the settled periods: long and short offset."""
        return sum((line.volume for line in self.lines), Energy.zero())

    def cash(self, currency: Currency) -> Money:
        """Return the net money of the settled periods.

        Raises:
            ValueError: if a line is in another currency.
        """
        return sum((line.cash for line in self.lines), Money.zero(currency))


def settle_imbalance(
    periods: Iterable[DeliveryPeriod],
    *,
    contracted: DeliverySchedule,
    metered: DeliverySchedule,
    prices: Mapping[DeliveryPeriod, ImbalancePrice],
) -> ImbalanceStatement:
    """Settle each imbalance period for which there are a full metering and a price.

    Args:
        periods: the imbalance settlement periods, of any lengths.
        contracted: net power sold; no contract in a period is a contract for nothing.
        metered: power fed in; where it does not cover a whole period, the period stays open.
        prices: by settlement period; where there is none, the period stays open.
    """
    lines: list[ImbalanceLine] = []
    waiting: list[OpenPeriod] = []
    for period in periods:
        measured = metered.within(period)
        price = prices.get(period)
        if price is None or measured.minutes != period.minutes:
            waiting.append(OpenPeriod(period, _missing(price, period, measured)))
            continue
        sold = contracted.within(period).energy()
        lines.append(
            ImbalanceLine(period=period, contracted=sold, metered=measured.energy(), price=price)
        )
    return ImbalanceStatement(tuple(lines), tuple(waiting))


def _missing(
    price: ImbalancePrice | None, period: DeliveryPeriod, measured: DeliverySchedule
) -> tuple[Missing, ...]:
    metering = () if measured.minutes == period.minutes else (Missing.METERED,)
    return metering if price is not None else (*metering, Missing.PRICE)
