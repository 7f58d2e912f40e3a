"""Decides why profit changed: price, volume, time, fees and exchange rates, with nothing left over.

The value of the portfolio is one function. We walk it from the opening to the closing state and
change one argument a step; each effect is the difference a step makes, so the effects add up to
the change by construction::

    opening   -> price   closing marks on the opening positions
              -> volume  closing positions: new trades against the closing marks
              -> time    what was delivered meanwhile, at settlement instead of mark
              -> fees    what the trades cost
              -> fx      closing exchange rates on everything, cash included

Effects before the last are in the opening rates. Where the closing state no longer has a mark,
because delivery is over, the walk uses the average settlement price; where it needs none, because
the position was closed, it uses the opening mark. The choice moves profit between price, volume
and time, and never the sum.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

import attrs

from wattbook_domain.foundation.identifiers import InstrumentId
from wattbook_domain.instruments.resolve import Instrument
from wattbook_domain.positions.position import Position, PositionKey
from wattbook_domain.quantities.money import Currency, Money
from wattbook_domain.valuation.mark_to_market import Unmarked, fees_in, resolved
from wattbook_domain.valuation.marks import Marks


@attrs.frozen
class PortfolioState:
    """Positions and the world at one instant."""

    positions: tuple[Position, ...]
    marks: Marks


@attrs.frozen(kw_only=True)
class Effects:
    """Why profit changed, in the reporting currency; a cost is negative."""

    price: Money
    volume: Money
    time: Money
    fees: Money
    fx: Money

    @property
    def total(self) -> Money:
        """The sum of the effects."""
        return self.price + self.volume + self.time + self.fees + self.fx

    def __add__(self, other: Effects) -> Effects:
        return Effects(
            price=self.price + other.price,
            volume=self.volume + other.volume,
            time=self.time + other.time,
            fees=self.fees + other.fees,
            fx=self.fx + other.fx,
        )

    @classmethod
    def none(cls, reporting: Currency) -> Effects:
        """No effect: a start for sums."""
        zero = Money.zero(reporting)
        return cls(price=zero, volume=zero, time=zero, fees=zero, fx=zero)


@attrs.frozen
class Explanation:
    """The change of profit between two states and its causes.

    Attributes:
        change: closing value less opening value, valued by themselves.
        by_position: the effects on each position, in the order of the keys.
    """

    change: Money
    by_position: Mapping[PositionKey, Effects]

    @property
    def effects(self) -> Effects:
        """The effects on all positions together."""
        return sum(self.by_position.values(), start=Effects.none(self.change.currency))

    @property
    def unexplained(self) -> Money:
        """The change less its causes: zero."""
        return self.change - self.effects.total


def explain(
    opening: PortfolioState,
    closing: PortfolioState,
    instruments: Mapping[InstrumentId, Instrument],
    *,
    reporting: Currency,
) -> Explanation | Unmarked:
    """Attribute the change of profit between two states, or name what has no mark.

    Raises:
        ValueError: when an instrument or an exchange rate is missing.
    """
    before = {position.key: position for position in opening.positions}
    after = {position.key: position for position in closing.positions}
    pairs = [
        (before.get(key, Position(key=key)), after.get(key, Position(key=key)))
        for key in sorted(before.keys() | after.keys())
    ]
    unmarked: set[InstrumentId] = set()
    by_position: dict[PositionKey, Effects] = {}
    change = Money.zero(reporting)
    for held, holding in pairs:
        instrument = resolved(instruments, holding)
        walk = _Walk(held, holding, instrument, opening.marks, closing.marks, reporting)
        values = walk.values()
        if values is None:
            unmarked.add(instrument.instrument_id)
            continue
        by_position[held.key] = walk.effects(values)
        change += walk.change(values[0], values[-1])
    if unmarked:
        return Unmarked(tuple(sorted(unmarked)))
    return Explanation(change, by_position)


@attrs.frozen
class _Walk:
    """One position on its way from the opening to the closing state."""

    held: Position
    holding: Position
    instrument: Instrument
    opening: Marks
    closing: Marks
    reporting: Currency

    def values(self) -> tuple[Money, Money, Money, Money] | None:
        """Return the value in its own currency after each step; `None` where a mark is missing."""
        first, last = self._mark(self.opening), self._closing_mark()
        start = self._value(self.held, first, self.opening)
        repriced = self._value(self.held, last, self.opening)
        traded = self._value(self.holding, last, self.opening)
        delivered = self._value(self.holding, last, self.closing)
        if start is None or repriced is None or traded is None or delivered is None:
            return None
        return start, repriced, traded, delivered

    def effects(self, values: tuple[Money, Money, Money, Money]) -> Effects:
        """Return what each step made, at the opening rates until the last."""
        start, repriced, traded, delivered = (
            self.opening.convert(step, self.reporting) for step in values
        )
        paid_before = self._paid(self.held, self.opening)
        paid_after = self._paid(self.holding, self.opening)
        rerated = self.closing.convert(values[-1], self.reporting) - delivered
        return Effects(
            price=repriced - start,
            volume=traded - repriced,
            time=delivered - traded,
            fees=paid_before - paid_after,
            fx=rerated - (self._paid(self.holding, self.closing) - paid_after),
        )

    def change(self, start: Money, finish: Money) -> Money:
        """Return closing less opening value after fees, each at its own rates, without a walk."""
        closing = self.closing.convert(finish, self.reporting)
        opening = self.opening.convert(start, self.reporting)
        paid = self._paid(self.holding, self.closing) - self._paid(self.held, self.opening)
        return closing - opening - paid

    def _paid(self, position: Position, marks: Marks) -> Money:
        return fees_in(position, marks, self.reporting)

    def _mark(self, marks: Marks) -> Fraction | None:
        ticks = marks.ticks.get(self.instrument.instrument_id)
        return None if ticks is None else Fraction(ticks)

    def _closing_mark(self) -> Fraction | None:
        mark = self._mark(self.closing)
        if mark is not None:
            return mark
        delivered = self.closing.delivered(self.instrument)
        if delivered.slots == self.instrument.delivery_slots:
            return Fraction(delivered.tick_slots, delivered.slots)
        return self._mark(self.opening) if self.holding.is_flat else None

    def _value(self, position: Position, mark: Fraction | None, marks: Marks) -> Money | None:
        """Return cash, settled deliveries and open lots at a mark, in the instrument's currency."""
        delivered = marks.delivered(self.instrument)
        slots = self.instrument.delivery_slots
        known = position.cash_tick_lots * slots + position.net_lots * delivered.tick_slots
        open_lot_slots = position.net_lots * (slots - delivered.slots)
        if open_lot_slots == 0:
            return self.instrument.value_unit * known
        if mark is None:
            return None
        return self.instrument.value_unit * (known + open_lot_slots * mark)


def value(
    positions: Iterable[Position],
    instruments: Mapping[InstrumentId, Instrument],
    marks: Marks,
    *,
    reporting: Currency,
) -> Money | Unmarked:
    """Return the net profit of positions at one instant: what `explain` explains the change of."""
    state = PortfolioState(tuple(positions), marks)
    nothing = PortfolioState((), marks)
    outcome = explain(nothing, state, instruments, reporting=reporting)
    return outcome if isinstance(outcome, Unmarked) else outcome.change
