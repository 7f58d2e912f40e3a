"""Decides what money is: an exact amount of one currency. Rates between currencies are elsewhere.

Two currencies never meet silently: adding, comparing or dividing them raises.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Final, Self

import attrs

from wattbook_domain.quantities.exact import Exact, as_exact, exact
from wattbook_domain.quantities.linear import Linear
from wattbook_domain.quantities.rounding import Rounding, round_fraction


class Currency(StrEnum):
    """An ISO 4217 code of a currency in which energy is traded."""

    EUR = "EUR"
    GBP = "GBP"
    USD = "USD"
    NOK = "NOK"
    SEK = "SEK"
    DKK = "DKK"
    CHF = "CHF"
    PLN = "PLN"
    CZK = "CZK"
    HUF = "HUF"
    RON = "RON"
    BGN = "BGN"
    RSD = "RSD"
    TRY = "TRY"
    UAH = "UAH"
    CAD = "CAD"
    MXN = "MXN"
    BRL = "BRL"
    AUD = "AUD"
    NZD = "NZD"
    JPY = "JPY"
    KRW = "KRW"
    CNY = "CNY"
    INR = "INR"
    SGD = "SGD"
    ZAR = "ZAR"

    @property
    def minor_digits(self) -> int:
        """Return the decimal places of the smallest coin in ISO 4217: 2, or 0 for yen and won."""
        return 0 if self in _WITHOUT_MINOR_UNIT else 2


_WITHOUT_MINOR_UNIT: Final = frozenset({Currency.JPY, Currency.KRW})


@attrs.frozen(repr=False)
class Monetary(Linear):
    """An amount in one currency, per something that the subtype names."""

    amount: Fraction = attrs.field(converter=as_exact)
    currency: Currency = attrs.field(validator=attrs.validators.instance_of(Currency))

    @property
    def _magnitude(self) -> Fraction:
        return self.amount

    def _like(self, magnitude: Fraction) -> Self:
        return type(self)(magnitude, self.currency)

    def _other(self, other: object) -> Fraction | None:
        if type(other) is not type(self):
            return None
        if other.currency is not self.currency:
            raise ValueError(
                f"{type(self).__name__} in {self.currency} cannot meet {other.currency}; "
                "convert one of them by a dated ExchangeRate first"
            )
        return other.amount


@attrs.frozen(repr=False)
class Money(Monetary):
    """Money, exact; negative when it is owed or paid."""

    @classmethod
    def of(cls, amount: Exact, currency: Currency) -> Self:
        """Build from an amount in the currency's major unit."""
        return cls(exact("amount", amount), currency)

    @classmethod
    def zero(cls, currency: Currency) -> Self:
        """Return nothing in a currency: a start for `sum`."""
        return cls(Fraction(0), currency)

    def rounded(
        self, places: int | None = None, rounding: Rounding = Rounding.HALF_EVEN
    ) -> Decimal:
        """Return the amount as a decimal, by default to the currency's smallest coin.

        >>> Money.of("2.345", Currency.EUR).rounded()
        Decimal('2.34')
        """
        digits = self.currency.minor_digits if places is None else places
        return round_fraction(self.amount, places=digits, rounding=rounding)

    def __repr__(self) -> str:
        return f"Money({self.amount} {self.currency})"
