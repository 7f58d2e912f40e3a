"""Decides what a simulated wind farm is forecast to deliver and what it delivers.

The expectation is public: the area's published wind and solar forecast over the capacity it comes
from gives a capacity factor, scaled to the farm. The deviation from it is invented (`noise`), and
both forecast and outcome are cut to what the farm can do, in whole kilowatts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import attrs
import numpy as np

from wattbook_adapters.generation.noise import ErrorModel, Floats, error_parts
from wattbook_contracts.errors import DataFault
from wattbook_domain.delivery.period import DeliveryPeriod
from wattbook_domain.delivery.schedule import DeliverySchedule
from wattbook_domain.foundation.instants import NS_PER_HOUR, UtcNs
from wattbook_domain.portfolio.assets import WindFarm
from wattbook_domain.quantities.power import Power
from wattbook_domain.quantities.rounding import Rounding, round_whole


@attrs.frozen(kw_only=True)
class PublishedArea:
    """What an area's operators published about its wind and solar.

    Attributes:
        forecast_mw: mean power by delivery interval; intervals of a local day must be complete.
        installed_mw: the capacity that forecast comes from, positive; a lower bound such as the
            largest value ever published makes capacity factors a little too high.
    """

    forecast_mw: Mapping[DeliveryPeriod, float]
    installed_mw: float

    def __attrs_post_init__(self) -> None:
        if not self.installed_mw > 0:
            raise ValueError(f"installed_mw must be positive, found {self.installed_mw}")


class SimulatedWind:
    """A `GenerationFeed` of one farm, invented around a public forecast."""

    def __init__(
        self, farm: WindFarm, *, area: PublishedArea, seed: int, model: ErrorModel | None = None
    ) -> None:
        """Keep the public forecast by local day; a day's errors are drawn when first asked for."""
        self._farm = farm
        self._area = area
        self._seed = seed
        self._model = model or ErrorModel()
        self._days: dict[date, list[DeliveryPeriod]] = {}
        for interval in sorted(area.forecast_mw):
            self._days.setdefault(_local_day(interval), []).append(interval)
        self._errors: dict[date, dict[DeliveryPeriod, Floats]] = {}

    @property
    def is_simulated(self) -> bool:
        """True: the deviations from the public forecast are invented."""
        return True

    def expected(
        self, intervals: Sequence[DeliveryPeriod], *, issued_at: UtcNs
    ) -> DeliverySchedule:
        """Return what is known at an instant: the public forecast and the revealed deviations.

        Raises:
            DataFault: for an interval outside the public forecast.
        """
        return DeliverySchedule.of(
            (interval, self._power(interval, self._known_error(interval, issued_at)))
            for interval in intervals
        )

    def metered(self, intervals: Sequence[DeliveryPeriod], *, as_of: UtcNs) -> DeliverySchedule:
        """Return the output of the intervals that have ended.

        Raises:
            DataFault: for an interval outside the public forecast.
        """
        return DeliverySchedule.of(
            (interval, self._power(interval, float(self._error_parts(interval).sum())))
            for interval in intervals
            if interval.end <= as_of
        )

    def _power(self, interval: DeliveryPeriod, error: float) -> Power:
        factor = self._area.forecast_mw[interval] / self._area.installed_mw
        share = min(max(factor + error, 0.0), 1.0)
        capacity_kw = round_whole(self._farm.capacity.kw, Rounding.FLOOR)
        return Power.of_kw(round(capacity_kw * share))

    def _known_error(self, interval: DeliveryPeriod, at: UtcNs) -> float:
        lead_hours = (interval.start - at) / NS_PER_HOUR
        is_known = np.array(self._model.lead_hours) >= lead_hours
        return float(self._error_parts(interval)[is_known].sum())

    def _error_parts(self, interval: DeliveryPeriod) -> Floats:
        if interval not in self._area.forecast_mw:
            raise DataFault(
                f"wind of {self._farm.asset_id} is simulated around a published forecast, which "
                f"lacks {interval.label}; choose a day and intervals that it has"
            )
        day = _local_day(interval)
        if day not in self._errors:
            self._errors[day] = self._draw(day)
        return self._errors[day][interval]

    def _draw(self, day: date) -> dict[DeliveryPeriod, Floats]:
        intervals = self._days[day]
        hours = [float(interval.hours) for interval in intervals]
        parts = error_parts(
            self._model, hours, seed=self._seed, asset_id=self._farm.asset_id, day=day
        )
        return dict(zip(intervals, parts.T, strict=True))


def _local_day(interval: DeliveryPeriod) -> date:
    return interval.local_start.date()
