"""Decides how a traded thing is described, before anything is looked up or computed.

A spec is what a venue publishes: kind, place, delivery, tick, lot. It answers no question about
value; `resolve` binds it to a calendar once, and pricers work on what comes of that.
"""

from __future__ import annotations

from decimal import Decimal
from enum import IntEnum
from fractions import Fraction

import attrs

from wattbook_domain.delivery.granularity import Granularity
from wattbook_domain.delivery.period import DeliveryPeriod
from wattbook_domain.delivery.profile import DeliveryProfile
from wattbook_domain.foundation.identifiers import InstrumentId, require_identifier
from wattbook_domain.foundation.instants import UtcNs
from wattbook_domain.quantities.money import Currency
from wattbook_domain.reference.points import require_eic_form


class InstrumentKind(IntEnum):
    """What is promised, and how its price comes about."""

    AUCTION = 0
    """Delivery of one interval or block, sold in an auction at one price for all."""
    SPOT = 1
    """Delivery of an interval or block, traded continuously until gate closure."""
    FUTURE = 2
    """A listed strip of delivery, margined daily, settled in cash or by delivery."""
    FORWARD = 3
    """A strip of delivery agreed between two parties, paid at delivery."""
    OPTION = 4
    """The right to a future or forward at a strike."""
    SPREAD = 5
    """Two or more instruments traded as one at the difference of their prices."""


class Commodity(IntEnum):
    """What flows. Both are sold by the megawatt over a delivery period."""

    POWER = 0
    GAS = 1


class Settlement(IntEnum):
    """How an instrument ends."""

    PHYSICAL = 0
    CASH = 1


class OptionRight(IntEnum):
    """What the holder may do."""

    CALL = 0
    PUT = 1


class ExerciseStyle(IntEnum):
    """When the holder may do it."""

    EUROPEAN = 0
    AMERICAN = 1


@attrs.frozen(kw_only=True)
class OptionTerms:
    """What makes an option of an instrument.

    Attributes:
        underlying_id: the instrument one exercises into.
        strike: in currency per MWh, of any sign.
        expires_at: the last instant of exercise.
    """

    underlying_id: InstrumentId
    right: OptionRight
    style: ExerciseStyle
    strike: Decimal
    expires_at: UtcNs


@attrs.frozen
class SpreadLeg:
    """One leg: buying the spread trades `ratio` lots of the instrument, sold when negative."""

    instrument_id: InstrumentId
    ratio: int


@attrs.frozen(kw_only=True)
class InstrumentSpec:
    """A traded thing as its venue describes it.

    Attributes:
        tick_size: least price step in currency per MWh; exact, positive.
        lot_mw: power of one lot in MW, a whole number of kilowatts.
        delivery: from first to last, half-open.
        profile: which hours of it deliver.
        granularity: the market time unit: positions and exposure are counted per such interval.
        delivery_point_eic: where; a bidding zone's Y-code or a virtual trading point.
        option: the terms of an option, absent from every other kind.
        legs: the legs of a spread, absent from every other kind.

    Raises:
        ValueError: when a step is not positive, a lot is no whole kilowatt, or terms and kind
            disagree.
    """

    instrument_id: InstrumentId
    kind: InstrumentKind
    commodity: Commodity
    currency: Currency
    tick_size: Decimal
    lot_mw: Decimal
    delivery: DeliveryPeriod
    profile: DeliveryProfile
    granularity: Granularity
    delivery_point_eic: str = attrs.field(converter=require_eic_form)
    settlement: Settlement = Settlement.PHYSICAL
    option: OptionTerms | None = None
    legs: tuple[SpreadLeg, ...] = ()

    def __attrs_post_init__(self) -> None:
        require_identifier("instrument id", self.instrument_id)
        _require_step("tick_size", self.tick_size)
        _require_step("lot_mw", self.lot_mw)
        if (Fraction(self.lot_mw) * 1000).denominator != 1:
            raise ValueError(f"a lot must be whole kilowatts, found {self.lot_mw} MW")
        if (self.option is not None) != (self.kind is InstrumentKind.OPTION):
            raise ValueError(
                f"option terms belong to options, and every option has them; "
                f"{self.instrument_id} is of kind {self.kind.name}"
            )
        if bool(self.legs) != (self.kind is InstrumentKind.SPREAD):
            raise ValueError(
                f"legs belong to spreads, and every spread has them; "
                f"{self.instrument_id} is of kind {self.kind.name}"
            )
        self._require_sound_legs()

    def _require_sound_legs(self) -> None:
        names = [leg.instrument_id for leg in self.legs]
        if self.legs and (len(names) < 2 or len(set(names)) != len(names)):
            raise ValueError(f"a spread has two or more different legs, found {names}")
        if any(leg.ratio == 0 for leg in self.legs):
            raise ValueError(f"a leg trades at least one lot, found ratio 0 in {names}")

    @property
    def lot_kw(self) -> int:
        """Power of one lot in kilowatts."""
        return int(Fraction(self.lot_mw) * 1000)


def _require_step(name: str, step: Decimal) -> None:
    if not isinstance(step, Decimal):
        raise TypeError(f"{name} must be a Decimal, found {type(step).__name__} {step!r}")
    if not step.is_finite() or step <= 0:
        raise ValueError(f"{name} must be positive, found {step}")
