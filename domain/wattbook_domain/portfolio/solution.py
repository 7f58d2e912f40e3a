"""Decides how an answer to a problem is said: schedules with a proven bound, or why there is none.

Schedules are what a solver claims; `dispatch.violations` checks what is made of them.
"""

from __future__ import annotations

import attrs

from wattbook_domain.portfolio.assets import Battery, WindFarm
from wattbook_domain.portfolio.problem import ConstraintTerm


@attrs.frozen(kw_only=True)
class BatterySchedule:
    """Average power of one battery in each interval of the horizon, in MW, neither negative."""

    battery: Battery
    charge_mw: tuple[float, ...]
    discharge_mw: tuple[float, ...]


@attrs.frozen(kw_only=True)
class WindSchedule:
    """Average output of one wind farm in each interval of the horizon, in MW."""

    farm: WindFarm
    output_mw: tuple[float, ...]


@attrs.frozen(kw_only=True)
class Solution:
    """A schedule for every asset, what it is worth, and how much better any other could be.

    Attributes:
        value: the objective at the schedules, in the problem's currency.
        bound: a proven limit that no solution passes; equal to `value` when optimal.
        is_optimal: whether the search ended with proof, to the solver's tolerance.
    """

    value: float
    bound: float
    is_optimal: bool
    batteries: tuple[BatterySchedule, ...] = ()
    wind: tuple[WindSchedule, ...] = ()

    @property
    def gap(self) -> float:
        """How much money a better solution could still bring, at most; never negative."""
        return abs(self.bound - self.value)

    def of_battery(self, battery: Battery) -> BatterySchedule:
        """Return the schedule of one battery.

        Raises:
            ValueError: if the problem did not decide about it.
        """
        for schedule in self.batteries:
            if schedule.battery == battery:
                return schedule
        raise ValueError(f"the solution has no schedule for battery {battery.asset_id}")

    def of_farm(self, farm: WindFarm) -> WindSchedule:
        """Return the schedule of one wind farm.

        Raises:
            ValueError: if the problem did not decide about it.
        """
        for schedule in self.wind:
            if schedule.farm == farm:
                return schedule
        raise ValueError(f"the solution has no schedule for wind farm {farm.asset_id}")


@attrs.frozen(kw_only=True)
class Conflict:
    """One requirement of a set that cannot hold together.

    Attributes:
        missed_by: the least amount, in `term.unit`, by which this requirement alone must give way
            for all others to hold; `None` when giving way in it alone does not help.
    """

    term: ConstraintTerm
    missed_by: float | None

    def explain(self) -> str:
        """Return one line for the trader."""
        words = self.term.describe()
        if self.missed_by is None:
            return words
        return f"{words}: misses by {self.missed_by:.6g} {self.term.unit}"


@attrs.frozen
class Infeasible:
    """No schedule meets every requirement; the conflicts are a smallest set that clashes.

    Leave out any one of them and the remaining ones can hold together.
    """

    conflicts: tuple[Conflict, ...]

    def explain(self) -> str:
        """Return the clash, one requirement a line."""
        lines = "\n".join(f"- {conflict.explain()}" for conflict in self.conflicts)
        return f"these requirements cannot all hold:\n{lines}"
