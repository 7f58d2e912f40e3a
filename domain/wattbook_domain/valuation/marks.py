"""Decides what the world is valued at: marks, settlement prices and exchange rates at an instant.

A missing mark is missing: nothing here, and nothing that reads it, turns absence into zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType

import attrs

from wattbook_domain.foundation.identifiers import InstrumentId
from wattbook_domain.foundation.instants import UtcNs
from wattbook_domain.instruments.resolve import Instrument
from wattbook_domain.quantities.money import Currency, Money


def _freeze_ticks(ticks: Mapping[InstrumentId, int]) -> Mapping[InstrumentId, int]:
    return MappingProxyType(dict(ticks))


def _freeze_rates(rates: Mapping[Currency, Fraction]) -> Mapping[Currency, Fraction]:
    return MappingProxyType(dict(rates))


def _freeze_settled(
    settled: Mapping[InstrumentId, Mapping[UtcNs, int]],
) -> Mapping[InstrumentId, Mapping[UtcNs, int]]:
    return MappingProxyType(
        {name: MappingProxyType(dict(prices)) for name, prices in settled.items()}
    )


@attrs.frozen(kw_only=True)
class Marks:
    """Everything a valuation takes from outside the positions.

    Attributes:
        valued_at: the instant; an interval that ends by then has delivered.
        ticks: the mark of each instrument that has one, in its own ticks.
        settled: settlement prices of delivered intervals, by instrument and interval start. A
            delivered interval without one is still valued at the mark.
        rates: how much of the reporting currency one unit of each currency buys.
    """

    valued_at: UtcNs
    ticks: Mapping[InstrumentId, int] = attrs.field(converter=_freeze_ticks)
    settled: Mapping[InstrumentId, Mapping[UtcNs, int]] = attrs.field(
        factory=dict, converter=_freeze_settled
    )
    rates: Mapping[Currency, Fraction] = attrs.field(factory=dict, converter=_freeze_rates)

    def delivered(self, instrument: Instrument) -> Delivered:
        """Return the part of an instrument that has delivered and has a settlement price."""
        prices = self.settled.get(instrument.instrument_id, {})
        settled = [
            (interval.slots, prices[interval.start])
            for interval in instrument.intervals
            if interval.end <= self.valued_at and interval.start in prices
        ]
        return Delivered(
            slots=sum(slots for slots, _ in settled),
            tick_slots=sum(slots * ticks for slots, ticks in settled),
        )

    def convert(self, amount: Money, reporting: Currency) -> Money:
        """Return an amount in the reporting currency.

        Raises:
            ValueError: when the rate is missing.
        """
        if amount.currency is reporting or amount.is_zero:
            return Money(amount.amount, reporting)
        if amount.currency not in self.rates:
            raise ValueError(
                f"valuing in {reporting} needs the rate of {amount.currency}; give it in rates"
            )
        return Money(amount.amount * self.rates[amount.currency], reporting)


@attrs.frozen
class Delivered:
    """What has delivered: five-minute slots, and the sum of settlement ticks over them."""

    slots: int
    tick_slots: int
