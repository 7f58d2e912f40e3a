"""Decides what a delivery schedule is: power by interval, with an algebra that loses nothing.

Time that no interval covers has no delivery, which is not the same as a delivery of zero. What the
energy is worth follows from prices given by the caller.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice, pairwise
from typing import Final, Self

import attrs
import numpy as np
from numpy.typing import NDArray

from wattbook_domain.delivery.calendars import MarketCalendar
from wattbook_domain.delivery.granularity import Granularity
from wattbook_domain.delivery.period import DeliveryPeriod, merge
from wattbook_domain.delivery.profile import DeliveryProfile
from wattbook_domain.delivery.zones import SLOT_NS
from wattbook_domain.foundation.bounds import POWER_KW_ABS_MAX, require_within
from wattbook_domain.foundation.instants import UtcNs
from wattbook_domain.quantities import Energy, Money, Power, Price, Scalar

Entry = tuple[DeliveryPeriod, Power]

SCHEDULE_DTYPE: Final = np.dtype(
    [("start_slot", np.int64), ("delivery_slots", np.int64), ("power_kw", np.int64)]
)
"""One interval as integers: first slot since 1970 UTC, number of slots, power in kilowatts."""


@attrs.frozen(repr=False)
class DeliverySchedule:
    """An immutable map from disjoint intervals of one zone, in order, to power.

    `+` and `-` add power where both deliver and keep what only one delivers; energy is linear in
    all of it. Two schedules are equal when their entries are; `merge` brings both to the form with
    the fewest entries.
    """

    entries: tuple[Entry, ...] = ()

    def __attrs_post_init__(self) -> None:
        for (before, _), (after, _) in pairwise(self.entries):
            if before.zone != after.zone:
                raise ValueError(
                    f"a schedule keeps one zone, found {before.zone} and {after.zone}; "
                    "convert intervals with in_zone first"
                )
            if before.end > after.start:
                raise ValueError(
                    f"schedule intervals must be in order and disjoint, found {before.key} and "
                    f"then {after.key}"
                )

    @classmethod
    def of(cls, powers: Mapping[DeliveryPeriod, Power] | Iterable[Entry]) -> Self:
        """Build from intervals in any order.

        Raises:
            ValueError: when two overlap or their zones differ.
        """
        pairs = powers.items() if isinstance(powers, Mapping) else powers
        return cls(tuple(sorted(pairs, key=lambda entry: entry[0])))

    @classmethod
    def constant(cls, period: DeliveryPeriod, power: Power) -> Self:
        """Build the delivery of one power over one period."""
        return cls(((period, power),))

    @classmethod
    def of_profile(
        cls,
        profile: DeliveryProfile,
        period: DeliveryPeriod,
        calendar: MarketCalendar,
        power: Power,
    ) -> Self:
        """Build the delivery of a product: its profile's share of `power` in each stretch."""
        return cls(tuple((part, power * share) for part, share in profile.shares(period, calendar)))

    @property
    def intervals(self) -> tuple[DeliveryPeriod, ...]:
        """Return the intervals in order."""
        return tuple(period for period, _ in self.entries)

    @property
    def powers(self) -> tuple[Power, ...]:
        """Return the powers in the order of the intervals."""
        return tuple(power for _, power in self.entries)

    @property
    def span(self) -> DeliveryPeriod | None:
        """Return the period from first start to last end, None for an empty schedule."""
        if not self.entries:
            return None
        first, last = self.entries[0][0], self.entries[-1][0]
        return DeliveryPeriod(first.start, last.end, first.zone)

    @property
    def minutes(self) -> int:
        """Return the minutes covered."""
        return sum(period.minutes for period, _ in self.entries)

    def power_at(self, at: UtcNs) -> Power | None:
        """Return the power at an instant, None where nothing is scheduled."""
        index = bisect_right(self.entries, at, key=lambda entry: entry[0].start) - 1
        if index < 0 or not self.entries[index][0].contains(at):
            return None
        return self.entries[index][1]

    def energy(self) -> Energy:
        """Return the energy of the whole schedule, exactly."""
        return sum((power.over(period) for period, power in self.entries), start=Energy.zero())

    def value(self, prices: Price | Mapping[DeliveryPeriod, Price]) -> Money:
        """Return the money for the energy: at one price, or at the price of each period.

        Priced periods may be finer or coarser than the intervals.

        Raises:
            ValueError: when some scheduled time has no price (a missing price is not zero), when
                priced periods overlap, or when there is nothing to tell the currency by.
        """
        if isinstance(prices, Price):
            return prices * self.energy()
        if not prices:
            raise ValueError("a schedule cannot be valued without a price")
        priced = sorted(prices.items(), key=lambda item: item[0])
        _require_disjoint_prices(priced)
        total = Money.zero(priced[0][1].currency)
        for period, power in self.entries:
            total += _value_of(period, power, priced)
        return total

    def __add__(self, other: DeliverySchedule) -> DeliverySchedule:
        if not isinstance(other, DeliverySchedule):
            return NotImplemented
        return DeliverySchedule(tuple(_summed(self, other)))

    def __sub__(self, other: DeliverySchedule) -> DeliverySchedule:
        if not isinstance(other, DeliverySchedule):
            return NotImplemented
        return self + -other

    def __neg__(self) -> DeliverySchedule:
        return DeliverySchedule(tuple((period, -power) for period, power in self.entries))

    def __mul__(self, factor: Scalar) -> DeliverySchedule:
        return DeliverySchedule(tuple((period, power * factor) for period, power in self.entries))

    def __rmul__(self, factor: Scalar) -> DeliverySchedule:
        return self * factor

    def split(self, granularity: Granularity) -> DeliverySchedule:
        """Cut every interval into whole pieces of a granularity, at unchanged power."""
        return DeliverySchedule(
            tuple(
                (piece, power)
                for period, power in self.entries
                for piece in period.split(granularity)
            )
        )

    def merge(self) -> DeliverySchedule:
        """Join intervals that meet and have equal power: the form with the fewest entries."""
        runs: list[list[Entry]] = []
        for entry in self.entries:
            if runs and runs[-1][-1][0].end == entry[0].start and runs[-1][-1][1] == entry[1]:
                runs[-1].append(entry)
            else:
                runs.append([entry])
        return DeliverySchedule(
            tuple((merge(period for period, _ in run), run[0][1]) for run in runs)
        )

    def averaged(self, granularity: Granularity) -> DeliverySchedule:
        """Return the constant power in each coarser interval that delivers the same energy.

        The shape within an interval is lost, the energy is not.

        Raises:
            ValueError: when the schedule has gaps or does not fill whole coarser intervals.
        """
        whole = merge(self.intervals).split(granularity)
        return DeliverySchedule(
            tuple((part, Power.average(self.within(part).energy(), part)) for part in whole)
        )

    def within(self, period: DeliveryPeriod) -> DeliverySchedule:
        """Return the part that is delivered inside a period."""
        clipped = ((own.overlap(period), power) for own, power in self._near(period))
        return DeliverySchedule(tuple((part, power) for part, power in clipped if part is not None))

    def columns(self) -> NDArray[np.void]:
        """Return the schedule as integer columns of `SCHEDULE_DTYPE`.

        Raises:
            ValueError: when a power is not a whole number of kilowatts within bounds.
        """
        rows = np.empty(len(self.entries), dtype=SCHEDULE_DTYPE)
        for index, (period, power) in enumerate(self.entries):
            power_kw = require_within(
                "power_kw", power.whole_kw, -POWER_KW_ABS_MAX, POWER_KW_ABS_MAX
            )
            rows[index] = (period.start // SLOT_NS, period.slots, power_kw)
        return rows

    @classmethod
    def from_columns(cls, columns: NDArray[np.void], zone: str) -> Self:
        """Read what `columns` wrote; the zone travels beside it."""
        return cls.of(
            (
                DeliveryPeriod(
                    UtcNs(start_slot * SLOT_NS), UtcNs((start_slot + slots) * SLOT_NS), zone
                ),
                Power.of_kw(power_kw),
            )
            for start_slot, slots, power_kw in columns.tolist()
        )

    def _near(self, period: DeliveryPeriod) -> tuple[Entry, ...]:
        """Return the entries that may overlap a period, found by bisection."""
        first = bisect_right(self.entries, period.start, key=lambda entry: entry[0].end)
        last = bisect_right(self.entries, period.end, key=lambda entry: entry[0].start)
        return self.entries[first:last]

    def __repr__(self) -> str:
        span = self.span
        place = "empty" if span is None else span.label
        return f"DeliverySchedule({place}, {len(self.entries)} intervals, {self.energy()!r})"


def _summed(left: DeliverySchedule, right: DeliverySchedule) -> Iterator[Entry]:
    """Sweep the edges of both schedules and add what is delivered between them."""
    if not left.entries or not right.entries:
        yield from left.entries or right.entries
        return
    zone = left.entries[0][0].zone
    if zone != right.entries[0][0].zone:
        raise ValueError(
            f"schedules of one zone can be added, found {zone} and {right.entries[0][0].zone}"
        )
    edges = sorted(
        {
            edge
            for period in (*left.intervals, *right.intervals)
            for edge in (period.start, period.end)
        }
    )
    for start, end in pairwise(edges):
        both = [
            power for power in (left.power_at(start), right.power_at(start)) if power is not None
        ]
        if both:
            yield DeliveryPeriod(start, end, zone), sum(both, start=Power.zero())


def _require_disjoint_prices(priced: list[tuple[DeliveryPeriod, Price]]) -> None:
    for (before, _), (after, _) in pairwise(priced):
        if before.overlaps(after):
            raise ValueError(f"priced periods must not overlap, found {before.key}, {after.key}")


def _value_of(
    period: DeliveryPeriod, power: Power, priced: list[tuple[DeliveryPeriod, Price]]
) -> Money:
    first = bisect_right(priced, period.start, key=lambda item: item[0].end)
    total, minutes = Money.zero(priced[0][1].currency), 0
    for priced_period, price in islice(priced, first, None):
        part = period.overlap(priced_period)
        if part is None:
            break
        total += price * power.over(part)
        minutes += part.minutes
    if minutes != period.minutes:
        raise ValueError(f"no price covers all of {period.key}; absence of a price is not zero")
    return total
