"""Decides which cvxpy variables and parameters stand for a problem's assets and numbers.

A model is compiled once for a *shape* (which terms, which assets, which interval lengths) and
solved for any problem of that shape: every number that differs between two such problems is a
`cp.Parameter`, in the disciplined form (DPP, Agrawal et al. 2019) that cvxpy fills without
compiling again. What each term looks like is written in `forms`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

import attrs
import cvxpy as cp
import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from wattbook_domain.portfolio.assets import Asset, Battery, WindFarm
from wattbook_domain.portfolio.horizon import Horizon
from wattbook_domain.portfolio.problem import Problem, Term

T = TypeVar("T", bound=Term)
Floats = NDArray[np.float64]


@attrs.frozen
class BatteryVariables:
    """Charge and discharge in MW, and the energy held at the end of each interval in MWh."""

    charge: cp.Variable
    discharge: cp.Variable
    energy: cp.Variable


@attrs.frozen
class LotBox:
    """One power as whole lots, and the range of lots that a search may look at.

    `read_lot_mw` finds the size of a lot in a problem of the model's shape.
    """

    power: cp.Variable
    low: cp.Parameter
    high: cp.Parameter
    read_lot_mw: Callable[[Problem], float]


@attrs.define(eq=False)
class Model:
    """Variables of every asset, and the parameters to fill from a problem of the same shape.

    Attributes:
        hours: the length of each interval.
        days: the matrix that adds intervals up to local days.
        are_powers_limited: whether every battery's power limits are in force beside its other
            requirements; forms may then be tighter, and never speak for a limit that is not there.
    """

    hours: Floats
    days: sp.csr_array
    are_powers_limited: bool
    batteries: dict[str, BatteryVariables] = attrs.field(factory=dict)
    farms: dict[str, cp.Variable] = attrs.field(factory=dict)
    boxes: list[LotBox] = attrs.field(factory=list)
    fillers: list[tuple[cp.Parameter, Callable[[Problem], Any]]] = attrs.field(factory=list)

    @classmethod
    def of(cls, problem: Problem, *, are_powers_limited: bool) -> Model:
        """Create the variables of a problem's assets; the numbers are filled in later."""
        horizon = problem.horizon
        size = len(horizon)
        hours = np.array([float(length) for length in horizon.hours])
        model = cls(hours, _day_matrix(horizon), are_powers_limited)
        for asset in problem.assets:
            if isinstance(asset, Battery):
                model.batteries[asset.asset_id] = BatteryVariables(
                    charge=cp.Variable(size, nonneg=True),
                    discharge=cp.Variable(size, nonneg=True),
                    energy=cp.Variable(size),
                )
            else:
                model.farms[asset.asset_id] = cp.Variable(size, nonneg=True)
        return model

    def of_battery(self, battery: Battery) -> BatteryVariables:
        """Return the variables of a battery."""
        return self.batteries[battery.asset_id]

    def of_farm(self, farm: WindFarm) -> cp.Variable:
        """Return the output of a wind farm in MW."""
        return self.farms[farm.asset_id]

    def net(self, asset: Asset) -> cp.Expression:
        """Return what an asset delivers to the grid in MW."""
        if isinstance(asset, Battery):
            variables = self.of_battery(asset)
            return variables.discharge - variables.charge
        return self.of_farm(asset)

    def energy(self, power: cp.Expression) -> cp.Expression:
        """Return the energy of a power in MWh an interval."""
        return cp.multiply(self.hours, power)

    def fill(self, problem: Problem) -> None:
        """Pour the numbers of a problem of this shape into the parameters."""
        for parameter, read in self.fillers:
            parameter.value = read(problem)


@attrs.frozen
class Sheet(Generic[T]):
    """A model seen from one term: its parameters follow the term at the same place of a problem.

    Attributes:
        find: finds that term in a problem of the same shape.
        weight: finds the number in front of it; every parameter is multiplied by it.
        give: by how much the requirement may be missed: the number 0, or a variable to minimise.
    """

    model: Model
    find: Callable[[Problem], T]
    weight: Callable[[Problem], float] = lambda _: 1.0
    give: cp.Variable | float = 0.0

    def number(self, read: Callable[[T], float]) -> cp.Parameter:
        """Return a scalar parameter that follows the term."""
        return self._follow(cp.Parameter(), read)

    def column(self, read: Callable[[T], Floats]) -> cp.Parameter:
        """Return a parameter of one number an interval that follows the term."""
        return self._follow(cp.Parameter(len(self.model.hours)), read)

    def _follow(self, parameter: cp.Parameter, read: Callable[[T], Any]) -> cp.Parameter:
        find, weight = self.find, self.weight
        self.model.fillers.append((parameter, lambda p: weight(p) * read(find(p))))
        return parameter


def _day_matrix(horizon: Horizon) -> sp.csr_array:
    days = list(horizon.local_days.values())
    rows = [row for row, positions in enumerate(days) for _ in positions]
    columns = [position for positions in days for position in positions]
    return sp.csr_array((np.ones(len(rows)), (rows, columns)), shape=(len(days), len(horizon)))
