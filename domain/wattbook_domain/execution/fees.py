"""Decides what a trade costs beyond its price: a venue's fees, in money and in ticks.

Who took liquidity and who made it, the venue's report says; what a lot and a tick are worth, the
instrument says.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import attrs

from wattbook_domain.instruments.resolve import Instrument
from wattbook_domain.orders.vocabulary import Side
from wattbook_domain.quantities.energy import Energy
from wattbook_domain.quantities.money import Currency, Money
from wattbook_domain.quantities.price import Price


@attrs.frozen(kw_only=True)
class FeeSchedule:
    """A venue's fees. A rebate is negative.

    Attributes:
        maker: per MWh for the side that rested. taker: per MWh for the side that came.
        per_order: once for every order that trades, with its first fill, so that every fee
            belongs to a fill and an order that never trades costs nothing.
    """

    maker: Price
    taker: Price
    per_order: Money

    def __attrs_post_init__(self) -> None:
        currencies = {self.maker.currency, self.taker.currency, self.per_order.currency}
        if len(currencies) != 1:
            raise ValueError(f"a fee schedule has one currency, found {sorted(currencies)}")

    @classmethod
    def of(
        cls, *, maker_per_mwh: Decimal, taker_per_mwh: Decimal, per_order: Decimal, currency: str
    ) -> FeeSchedule:
        """Build from the four facts that a venue publishes; `currency` is an ISO 4217 code."""
        code = Currency(currency)
        return cls(
            maker=Price.of(maker_per_mwh, code),
            taker=Price.of(taker_per_mwh, code),
            per_order=Money.of(per_order, code),
        )

    def of_fill(self, energy: Energy, *, is_aggressor: bool, is_first: bool) -> Money:
        """Return the fee of one fill of `energy` (positive, whichever way it flows)."""
        rate = self.taker if is_aggressor else self.maker
        fee = rate * energy
        return fee + self.per_order if is_first else fee


@attrs.frozen(kw_only=True)
class LotTerms:
    """What one tick and one lot of an instrument are worth, so that fees can be told in ticks."""

    tick: Price
    lot_energy: Energy

    @classmethod
    def of(cls, instrument: Instrument) -> LotTerms:
        """Read the terms from a resolved instrument."""
        return cls(tick=instrument.price(1), lot_energy=instrument.energy(1))

    @property
    def tick_lot(self) -> Money:
        """What one tick on one lot is worth."""
        return self.tick * self.lot_energy

    def fee_ticks(self, fee: Price) -> Fraction:
        """Return a fee per MWh in ticks."""
        return fee / self.tick

    def fee_tick_lots(self, fee: Money) -> Fraction:
        """Return a fixed fee in ticks x lots."""
        return fee / self.tick_lot


def ticks_after_fees(price_ticks: int, *, side: Side, fee_ticks: Fraction) -> Fraction:
    """Return what a buyer really pays, or a seller really gets, per lot, in ticks.

    >>> ticks_after_fees(-5, side=Side.BUY, fee_ticks=Fraction(2))
    Fraction(-3, 1)
    """
    return price_ticks + side.sign * fee_ticks
