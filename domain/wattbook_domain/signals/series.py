"""Decides the two views of market history: the normalised day table and the delivery day.

Models are defined on the table, one row for every wall-clock hour name; trading is done on real
delivery hours. The way from one to the other is `wall_clock`, and nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

import attrs
import numpy as np
from numpy.typing import ArrayLike, NDArray

from wattbook_domain.delivery.period import DeliveryPeriod
from wattbook_domain.signals.quality import QualityNote
from wattbook_domain.signals.wall_clock import WALL_CLOCK_ROWS, map_wall_clock

Floats = NDArray[np.float64]


def _frozen_floats(values: ArrayLike) -> Floats:
    array = np.array(values, dtype=np.float64)
    if not np.isfinite(array).all():
        raise ValueError("a series must be finite; absent data must be refused before it gets here")
    array.setflags(write=False)
    return array


_BY_VALUE = attrs.cmp_using(eq=np.array_equal)


def _shape_of(array: Floats) -> str:
    return f"array{array.shape}"


@attrs.frozen(kw_only=True)
class DayOutlook:
    """Published forecasts of what drives the price of one day, by wall-clock hour name.

    Attributes:
        driver_names: what is forecast, unit last, for example `load_forecast_mw`.
        drivers: one row per wall-clock hour name, one column per driver.
    """

    day: date
    zone: str
    driver_names: tuple[str, ...]
    drivers: Floats = attrs.field(converter=_frozen_floats, eq=_BY_VALUE, repr=_shape_of)

    def __attrs_post_init__(self) -> None:
        _require_shape("drivers", self.drivers, (WALL_CLOCK_ROWS, len(self.driver_names)))

    def on_delivery(self, driver: str) -> tuple[float, ...]:
        """Return one driver over the real delivery hours of the day, by the wall-clock rule."""
        column = self.drivers[:, _position(self.driver_names, driver)]
        return map_wall_clock(self.day, self.zone).spread([float(value) for value in column])


@attrs.frozen(kw_only=True)
class DayTable:
    """Consecutive settled days by wall-clock hour name: prices and the drivers published before.

    Attributes:
        first_day: the local day of the first row; every later row is the next day.
        prices: currency per MWh, one row per day, one column per wall-clock hour name.
        drivers: days x wall-clock hour names x drivers.
    """

    first_day: date
    zone: str
    driver_names: tuple[str, ...]
    prices: Floats = attrs.field(converter=_frozen_floats, eq=_BY_VALUE, repr=_shape_of)
    drivers: Floats = attrs.field(converter=_frozen_floats, eq=_BY_VALUE, repr=_shape_of)

    def __attrs_post_init__(self) -> None:
        days = len(self.prices)
        _require_shape("prices", self.prices, (days, WALL_CLOCK_ROWS))
        _require_shape("drivers", self.drivers, (days, WALL_CLOCK_ROWS, len(self.driver_names)))

    def __len__(self) -> int:
        return len(self.prices)

    @property
    def end_day(self) -> date:
        """The day after the last one: days are the half-open range from `first_day` to here."""
        return self.first_day + timedelta(days=len(self))

    def before(self, day: date) -> DayTable:
        """Return the days before `day` only.

        Raises:
            ValueError: if `day` is not between the first day and the end day.
        """
        if not self.first_day <= day <= self.end_day:
            raise ValueError(
                f"the table can be cut between {self.first_day} and {self.end_day}, found {day}"
            )
        rows = (day - self.first_day).days
        return attrs.evolve(self, prices=self.prices[:rows], drivers=self.drivers[:rows])


@attrs.frozen(kw_only=True)
class Driver:
    """One published driver over the real delivery hours of a day; the unit is in its name."""

    name: str
    values: tuple[float, ...]


@attrs.frozen(kw_only=True)
class DeliveryDay:
    """One settled day over its real delivery hours, at the precision at which it was published.

    Attributes:
        prices: exact, currency per MWh; negative and zero are ordinary.
        notes: the named repairs between the source's rows and these hours.
    """

    day: date
    zone: str
    currency: str
    intervals: tuple[DeliveryPeriod, ...]
    prices: tuple[Decimal, ...]
    drivers: tuple[Driver, ...]
    notes: tuple[QualityNote, ...] = ()

    def __attrs_post_init__(self) -> None:
        for name, values in (
            ("prices", self.prices),
            *((d.name, d.values) for d in self.drivers),
        ):
            if len(values) != len(self.intervals):
                raise ValueError(
                    f"{name} must have one value for each of the {len(self.intervals)} hours of "
                    f"{self.day}, found {len(values)}"
                )

    def driver(self, name: str) -> tuple[float, ...]:
        """Return the values of one driver.

        Raises:
            ValueError: if there is none of that name.
        """
        return self.drivers[_position([d.name for d in self.drivers], name)].values


def _require_shape(name: str, array: Floats, shape: tuple[int, ...]) -> None:
    if array.shape != shape:
        raise ValueError(f"{name} must have the shape {shape}, found {array.shape}")


def _position(names: Sequence[str], wanted: str) -> int:
    if wanted not in names:
        raise ValueError(f"a driver is one of {', '.join(names)}, found {wanted!r}")
    return names.index(wanted)
