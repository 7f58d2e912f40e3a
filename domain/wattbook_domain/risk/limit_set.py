"""Decides which limits apply to an order: those of its desk, its venue and its algorithm.

Limits are written in the units people think in and resolved into an instrument's own integers,
always to the safe side. Where a quantity is limited twice, the tighter limit counts. Whatever has
no limits may not trade: a missing entry resolves to caps that let nothing pass. The version names
the content, so two sets of one version are the same set.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import cached_property
from typing import Any, Final, TypeVar

import attrs

from wattbook_domain.foundation.bounds import (
    INSTANT_NS_MAX,
    POWER_KW_ABS_MAX,
    PRICE_TICKS_ABS_MAX,
    QUANTITY_LOTS_MAX,
    VALUE_UNITS_ABS_MAX,
    require_within,
)
from wattbook_domain.foundation.canonical import state_hash
from wattbook_domain.foundation.identifiers import (
    AlgorithmId,
    DeskId,
    InstrumentId,
    VenueId,
    require_identifier,
)
from wattbook_domain.orders.commands import OrderOwner
from wattbook_domain.quantities.money import Money
from wattbook_domain.quantities.power import Power
from wattbook_domain.quantities.price import Price
from wattbook_domain.risk.facts import COLLAR_BPS_MAX, COUNT_MAX, LimitCaps, closed_caps
from wattbook_domain.risk.terms import InstrumentTerms, grains_of

_KW_PER_MW: Final = 1_000
_VERSION_DIGITS: Final = 12


def _sorted(names: Iterable[Any]) -> tuple[Any, ...]:
    """Give a set of names one order, so that equal limits have one version."""
    return tuple(sorted(set(names)))


@attrs.frozen(kw_only=True)
class DeskLimits:
    """What one desk may hold and lose.

    Attributes:
        net_long_max, net_short_max: magnitudes of net power in any delivery slot, open orders
            counted as if filled.
        gross_notional_max: filled and open notional together.
        day_loss_max: the day's loss at which trading stops.
        restricted: instruments the desk may not trade, for instance while it holds inside
            information about them.
    """

    desk_id: DeskId
    net_long_max: Power
    net_short_max: Power
    gross_notional_max: Money
    day_loss_max: Money
    permitted_venues: tuple[VenueId, ...] = attrs.field(converter=_sorted)
    restricted: tuple[InstrumentId, ...] = attrs.field(converter=_sorted, default=())

    def __attrs_post_init__(self) -> None:
        if self.gross_notional_max.currency is not self.day_loss_max.currency:
            raise ValueError(
                f"a desk is limited in one currency, found {self.gross_notional_max.currency} "
                f"and {self.day_loss_max.currency}"
            )
        _require_not_negative(
            net_long_max=self.net_long_max.mw,
            net_short_max=self.net_short_max.mw,
            gross_notional_max=self.gross_notional_max.amount,
            day_loss_max=self.day_loss_max.amount,
        )


@attrs.frozen(kw_only=True)
class VenueLimits:
    """What one venue admits, and how far from the market a price may lie there.

    Attributes:
        price_min, price_max: the venue's technical (harmonised) price bounds.
        collar_bps, collar_floor: half width of the collar, the wider of the two; the floor rules
            near a reference of zero.
        reference_age_max_ns: how old a reference price may be.
        requires_reference: `False` for a venue that forms its own first price, such as an auction.
        pairs_orders: `False` for a uniform-price auction, which sets one price for all and pairs
            nobody with anybody: there own bids may cross own offers without a self-trade.
    """

    venue_id: VenueId
    price_min: Price
    price_max: Price
    collar_bps: int
    collar_floor: Price
    reference_age_max_ns: int
    quantity_max: Power
    order_value_max: Money
    requires_reference: bool = True
    pairs_orders: bool = True

    def __attrs_post_init__(self) -> None:
        require_within("collar_bps", self.collar_bps, 0, COLLAR_BPS_MAX)
        require_within("reference_age_max_ns", self.reference_age_max_ns, 0, INSTANT_NS_MAX)
        if self.price_min.amount > self.price_max.amount:
            raise ValueError(f"price_min must not exceed price_max at {self.venue_id}")
        _require_not_negative(
            collar_floor=self.collar_floor.amount,
            quantity_max=self.quantity_max.mw,
            order_value_max=self.order_value_max.amount,
        )


@attrs.frozen(kw_only=True)
class AlgorithmLimits:
    """How hard one algorithm may push (RTS 6 Art 15).

    Attributes:
        messages_max: new orders, replaces and cancels within `message_window_ns`.
        duplicate_window_ns: how soon the same order may be sent again.
        permitted: the instruments of a controlled deployment; `None` permits every instrument.
    """

    algorithm_id: AlgorithmId
    quantity_max: Power
    order_value_max: Money
    open_orders_max: int
    messages_max: int
    message_window_ns: int
    duplicate_window_ns: int
    permitted: tuple[InstrumentId, ...] | None = attrs.field(
        converter=attrs.converters.optional(_sorted), default=None
    )

    def __attrs_post_init__(self) -> None:
        require_within("open_orders_max", self.open_orders_max, 0, COUNT_MAX)
        require_within("messages_max", self.messages_max, 0, COUNT_MAX)
        require_within("message_window_ns", self.message_window_ns, 1, INSTANT_NS_MAX)
        require_within("duplicate_window_ns", self.duplicate_window_ns, 0, INSTANT_NS_MAX)
        _require_not_negative(
            quantity_max=self.quantity_max.mw, order_value_max=self.order_value_max.amount
        )


@attrs.frozen(kw_only=True)
class ResolvedLimits:
    """The caps for one owner, venue and instrument, and the version they came from."""

    version: str
    caps: LimitCaps
    message_window_ns: int
    pairs_orders: bool = True


@attrs.frozen(kw_only=True)
class LimitSet:
    """Every limit in force at one moment. A change is a new set with a new version."""

    name: str
    desks: tuple[DeskLimits, ...]
    venues: tuple[VenueLimits, ...]
    algorithms: tuple[AlgorithmLimits, ...]

    def __attrs_post_init__(self) -> None:
        require_identifier("limit set name", self.name)
        _require_distinct("desk", [entry.desk_id for entry in self.desks])
        _require_distinct("venue", [entry.venue_id for entry in self.venues])
        _require_distinct("algorithm", [entry.algorithm_id for entry in self.algorithms])

    @cached_property
    def version(self) -> str:
        """Return the set's name and the beginning of the hash of its content."""
        content = state_hash((self.desks, self.venues, self.algorithms))
        return f"{self.name}-{content[:_VERSION_DIGITS]}"

    def resolve(
        self, owner: OrderOwner, *, venue_id: VenueId, terms: InstrumentTerms
    ) -> ResolvedLimits:
        """Return the caps for orders of this owner, at this venue, in this instrument.

        An owner or venue without limits, or limits in another currency than the instrument's,
        resolve to closed caps: nothing passes and the gate says `LIMITS_MISSING`.
        """
        desk = _entry(self.desks, "desk_id", owner.desk_id)
        venue = _entry(self.venues, "venue_id", venue_id)
        algorithm = _entry(self.algorithms, "algorithm_id", owner.algorithm_id)
        closed = ResolvedLimits(version=self.version, caps=closed_caps(), message_window_ns=1)
        if desk is None or venue is None or algorithm is None:
            return closed
        if not _speak_currency_of(terms, desk, venue, algorithm):
            return closed
        return ResolvedLimits(
            version=self.version,
            caps=_caps(desk, venue, algorithm, terms),
            message_window_ns=algorithm.message_window_ns,
            pairs_orders=venue.pairs_orders,
        )


_Entry = TypeVar("_Entry", DeskLimits, VenueLimits, AlgorithmLimits)


def _entry(entries: Sequence[_Entry], field: str, wanted: str) -> _Entry | None:
    return next((entry for entry in entries if getattr(entry, field) == wanted), None)


def _require_not_negative(**magnitudes: Fraction) -> None:
    for name, found in magnitudes.items():
        if found < 0:
            raise ValueError(f"{name} is a magnitude and must not be negative, found {found}")


def _require_distinct(what: str, names: Sequence[str]) -> None:
    if doubled := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"each {what} has one entry of limits, found two for {doubled[0]}")


def _speak_currency_of(
    terms: InstrumentTerms, desk: DeskLimits, venue: VenueLimits, algorithm: AlgorithmLimits
) -> bool:
    currencies = {
        desk.gross_notional_max.currency,
        venue.order_value_max.currency,
        venue.price_min.currency,
        venue.price_max.currency,
        venue.collar_floor.currency,
        algorithm.order_value_max.currency,
    }
    return currencies == {terms.currency}


def _caps(
    desk: DeskLimits, venue: VenueLimits, algorithm: AlgorithmLimits, terms: InstrumentTerms
) -> LimitCaps:
    is_permitted = (
        venue.venue_id in desk.permitted_venues
        and terms.instrument_id not in desk.restricted
        and (algorithm.permitted is None or terms.instrument_id in algorithm.permitted)
    )
    return LimitCaps(
        is_limited=1,
        is_permitted=int(is_permitted),
        requires_reference=int(venue.requires_reference),
        reference_age_max_ns=venue.reference_age_max_ns,
        price_min_ticks=_clip(math.ceil(venue.price_min.amount / terms.tick_size)),
        price_max_ticks=_clip(math.floor(venue.price_max.amount / terms.tick_size)),
        collar_bps=venue.collar_bps,
        collar_floor_ticks=min(
            math.floor(venue.collar_floor.amount / terms.tick_size), 2 * PRICE_TICKS_ABS_MAX
        ),
        quantity_max_lots=min(
            _lots(venue.quantity_max, terms), _lots(algorithm.quantity_max, terms)
        ),
        order_value_max_units=min(
            _units(venue.order_value_max, terms), _units(algorithm.order_value_max, terms)
        ),
        net_long_max_kw=_kw(desk.net_long_max),
        net_short_max_kw=_kw(desk.net_short_max),
        gross_max_units=_units(desk.gross_notional_max, terms),
        loss_max_grains=min(math.floor(grains_of(desk.day_loss_max)), VALUE_UNITS_ABS_MAX),
        open_orders_max=algorithm.open_orders_max,
        duplicate_window_ns=algorithm.duplicate_window_ns,
        messages_max=algorithm.messages_max,
    )


def _clip(ticks: int) -> int:
    return max(-PRICE_TICKS_ABS_MAX, min(ticks, PRICE_TICKS_ABS_MAX))


def _kw(power: Power) -> int:
    return min(math.floor(power.mw * _KW_PER_MW), POWER_KW_ABS_MAX)


def _lots(power: Power, terms: InstrumentTerms) -> int:
    lots = math.floor(power.mw * _KW_PER_MW / Fraction(terms.lot_kw))
    return min(lots, QUANTITY_LOTS_MAX)


def _units(money: Money, terms: InstrumentTerms) -> int:
    return min(math.floor(grains_of(money) / terms.grains_per_unit), VALUE_UNITS_ABS_MAX)
