"""Decides how one currency becomes another: by an explicit, dated, sourced rate and no other way.

Which rate applies to a trade is a matter of its settlement rule.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import TypeVar

import attrs

from wattbook_domain.quantities.exact import as_exact
from wattbook_domain.quantities.money import Currency, Monetary

M = TypeVar("M", bound=Monetary)


@attrs.frozen
class ExchangeRate:
    """One unit of `base` costs `rate` units of `quote`, as fixed `on` a date by a `source`.

    EURUSD 1.10 is `ExchangeRate(Currency.EUR, Currency.USD, "1.10", on=..., source="ECB")`.
    """

    base: Currency
    quote: Currency
    rate: Fraction = attrs.field(converter=as_exact)
    on: date = attrs.field(kw_only=True)
    source: str = attrs.field(kw_only=True)

    @rate.validator
    def _positive(self, _: object, value: Fraction) -> None:
        if value <= 0:
            raise ValueError(f"an exchange rate must be positive, found {value}")

    def __attrs_post_init__(self) -> None:
        if self.base is self.quote:
            raise ValueError(f"an exchange rate needs two currencies, found {self.base} twice")

    def convert(self, amount: M) -> M:
        """Convert money or a price of either currency of the pair into the other, exactly.

        Raises:
            ValueError: when its currency is not of this pair.
        """
        if amount.currency is self.base:
            return attrs.evolve(amount, amount=amount.amount * self.rate, currency=self.quote)
        if amount.currency is self.quote:
            return attrs.evolve(amount, amount=amount.amount / self.rate, currency=self.base)
        raise ValueError(
            f"the rate {self.base}{self.quote} of {self.on} cannot convert {amount.currency}"
        )

    def inverse(self) -> ExchangeRate:
        """Return the same fixing quoted the other way round."""
        return attrs.evolve(self, base=self.quote, quote=self.base, rate=1 / self.rate)

    def cross(self, other: ExchangeRate) -> ExchangeRate:
        """Chain `base -> quote` with `quote -> other.quote` into one rate of the same date.

        Raises:
            ValueError: when the currencies do not chain or the dates differ.
        """
        if self.quote is not other.base or self.on != other.on:
            raise ValueError(
                f"{self.base}{self.quote} of {self.on} does not chain with "
                f"{other.base}{other.quote} of {other.on}"
            )
        source = self.source if self.source == other.source else f"{self.source} x {other.source}"
        return ExchangeRate(
            self.base, other.quote, self.rate * other.rate, on=self.on, source=source
        )
