"""Decides over which delivery intervals a problem runs, and what a price in each of them is.

An interval brings its own length, so a horizon may mix quarters, half-hours and hours, and a day
of it has as many hours as its zone gives it. Who forecast the prices is the caller's business.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType

import attrs

from wattbook_domain.delivery.period import DeliveryPeriod
from wattbook_domain.quantities.exact import Exact
from wattbook_domain.quantities.money import Currency
from wattbook_domain.quantities.price import Price

FORECAST_DECIMALS = 6
"""Digits kept of a forecast price: far below a tick, and equal on every machine."""


@attrs.frozen
class Horizon:
    """Contiguous delivery intervals of one zone, ascending; each has its own length."""

    intervals: tuple[DeliveryPeriod, ...]

    def __attrs_post_init__(self) -> None:
        if not self.intervals:
            raise ValueError("a horizon needs at least one delivery interval, found none")
        for before, after in zip(self.intervals, self.intervals[1:], strict=False):
            if before.end != after.start or before.zone != after.zone:
                raise ValueError(
                    f"intervals must be contiguous and in one zone, found {before.label} before "
                    f"{after.label}; sort them, or plan the parts on their own"
                )

    def __len__(self) -> int:
        return len(self.intervals)

    @property
    def hours(self) -> tuple[Fraction, ...]:
        """The length of each interval in hours, exactly."""
        return tuple(interval.hours for interval in self.intervals)

    @property
    def local_days(self) -> Mapping[date, tuple[int, ...]]:
        """The positions of the intervals that start on each local day, in order."""
        days: dict[date, list[int]] = {}
        for position, interval in enumerate(self.intervals):
            days.setdefault(interval.local_start.date(), []).append(position)
        return MappingProxyType({day: tuple(positions) for day, positions in days.items()})


@attrs.frozen
class PriceStrip:
    """One price for each interval of a horizon, all in one currency; any sign is ordinary."""

    horizon: Horizon
    prices: tuple[Price, ...]

    def __attrs_post_init__(self) -> None:
        if len(self.prices) != len(self.horizon):
            raise ValueError(
                f"a strip needs one price for each of {len(self.horizon)} intervals, "
                f"found {len(self.prices)}"
            )
        currencies = sorted({price.currency.value for price in self.prices})
        if len(currencies) > 1:
            raise ValueError(f"a strip has one currency, found {', '.join(currencies)}")

    @classmethod
    def of(cls, horizon: Horizon, amounts: Iterable[Exact], currency: Currency) -> PriceStrip:
        """Build from exact amounts of money per MWh: published or settled prices."""
        return cls(horizon, tuple(Price.of(amount, currency) for amount in amounts))

    @classmethod
    def of_forecast(
        cls, horizon: Horizon, amounts: Iterable[float], currency: Currency
    ) -> PriceStrip:
        """Build from a model's floats, each kept to `FORECAST_DECIMALS` digits.

        Raises:
            ValueError: for a float that is not finite; a missing forecast is no price.
        """
        texts = (Decimal(f"{amount:.{FORECAST_DECIMALS}f}") for amount in amounts)
        return cls.of(horizon, texts, currency)

    @property
    def currency(self) -> Currency:
        """The currency of every price."""
        return self.prices[0].currency
