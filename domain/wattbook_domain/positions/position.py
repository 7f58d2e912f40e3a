"""Decides what a position is: one ledger's holding of one instrument, and how a fill changes it.

`ledger` decides which fills count; `delivery` spreads holdings over delivery intervals.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

import attrs

from wattbook_domain.foundation.identifiers import DeskId, InstrumentId, LedgerId
from wattbook_domain.positions.arithmetic import (
    NET_LOTS_ABS_MAX,
    cash_after,
    cost_after,
    net_after,
    realised,
)
from wattbook_domain.positions.fills import Fill
from wattbook_domain.quantities.money import Money


@attrs.frozen(order=True)
class PositionKey:
    """Whose holding of what. A trading book is a ledger; desks own ledgers."""

    desk_id: DeskId
    ledger_id: LedgerId
    instrument_id: InstrumentId

    @classmethod
    def of(cls, fill: Fill) -> PositionKey:
        """The position that a fill belongs to."""
        return cls(fill.owner.desk_id, fill.owner.ledger_id, fill.instrument_id)


@attrs.frozen(kw_only=True)
class Position:
    """A holding, as the fold of its fills in booking order.

    Attributes:
        net_lots: bought less sold.
        cost_tick_lots: cost of the open lots by average cost; zero when flat.
        cash_tick_lots: paid and received for all fills, fees apart; a payment is negative.
        bought_lots, sold_lots: turnover.
        fees: one sum per currency, in the order of the currency codes; a fee is positive.
    """

    key: PositionKey
    net_lots: int = 0
    cost_tick_lots: int = 0
    cash_tick_lots: int = 0
    bought_lots: int = 0
    sold_lots: int = 0
    fees: tuple[Money, ...] = ()

    def __attrs_post_init__(self) -> None:
        if self.net_lots != self.bought_lots - self.sold_lots:
            raise ValueError(
                f"net_lots must be bought less sold, found {self.net_lots} of "
                f"{self.bought_lots} and {self.sold_lots}"
            )
        if self.net_lots == 0 and self.cost_tick_lots != 0:
            raise ValueError(f"a flat position has no cost, found {self.cost_tick_lots}")

    @property
    def is_flat(self) -> bool:
        """Whether nothing is held."""
        return self.net_lots == 0

    @property
    def realised_tick_lots(self) -> int:
        """Profit of the closed lots, fees apart."""
        return int(realised(self.cash_tick_lots, self.cost_tick_lots))

    @property
    def average_ticks(self) -> Fraction | None:
        """Exact average cost of the open lots; `None` when flat."""
        return None if self.is_flat else Fraction(self.cost_tick_lots, self.net_lots)

    def can_book(self, fill: Fill) -> bool:
        """Whether the position stays within the bounds that its arithmetic needs."""
        return abs(self.net_lots + fill.signed_lots) <= NET_LOTS_ABS_MAX

    def after(self, fill: Fill) -> Position:
        """Return the position with one more fill.

        Raises:
            ValueError: when the fill belongs to another position, or exceeds the bounds.
        """
        if PositionKey.of(fill) != self.key:
            raise ValueError(f"{fill.execution_id} belongs to {PositionKey.of(fill)}")
        if not self.can_book(fill):
            raise ValueError(
                f"net lots must stay within {NET_LOTS_ABS_MAX}, found "
                f"{self.net_lots + fill.signed_lots}; split the position over ledgers"
            )
        traded = fill.signed_lots
        return attrs.evolve(
            self,
            net_lots=int(net_after(self.net_lots, traded)),
            cost_tick_lots=int(cost_after(self.cost_tick_lots, self.net_lots, traded, fill.ticks)),
            cash_tick_lots=int(cash_after(self.cash_tick_lots, traded, fill.ticks)),
            bought_lots=self.bought_lots + max(traded, 0),
            sold_lots=self.sold_lots + max(-traded, 0),
            fees=_with_fee(self.fees, fill.fee),
        )


def fold(key: PositionKey, fills: Iterable[Fill]) -> Position:
    """Return the position that a sequence of fills makes."""
    position = Position(key=key)
    for fill in fills:
        position = position.after(fill)
    return position


def _with_fee(fees: tuple[Money, ...], fee: Money) -> tuple[Money, ...]:
    if fee.is_zero:
        return fees
    sums = {one.currency: one for one in fees}
    held = sums.get(fee.currency)
    sums[fee.currency] = fee if held is None else held + fee
    return tuple(sums[currency] for currency in sorted(sums) if not sums[currency].is_zero)
