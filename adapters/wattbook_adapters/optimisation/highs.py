"""Decides how a dispatch problem is answered: compiled once a shape, ties broken, clashes named.

Ties: among equal optima the schedule with the least energy through the batteries wins, then the
earlier one, by a weight far below a tick (`programme.TIE_WEIGHT`) that is not in the value.

Whole lots: proving the best of 200 lots an hour takes minutes and gains cents, so a problem with
`WholeLots` is first solved without (its value bounds every answer), then in the neighbourhood of
that schedule (Danna, Rothberg and Le Pape, 2005): `lot_reach` lots around each power in use. The
gap between the two is reported, never hidden. `lot_reach=None` searches all lots to proof.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from typing import Final

import attrs
import numpy as np

from wattbook_adapters.optimisation.conflicts import find_conflicts
from wattbook_adapters.optimisation.model import Floats, Model
from wattbook_adapters.optimisation.programme import Programme, compile_best, shape_of
from wattbook_adapters.optimisation.solver import Answer, Outcome, SolverLimits, run
from wattbook_contracts.errors import SolverFault
from wattbook_domain.portfolio.assets import Battery
from wattbook_domain.portfolio.problem import Problem
from wattbook_domain.portfolio.solution import (
    BatterySchedule,
    Infeasible,
    Solution,
    WindSchedule,
)
from wattbook_domain.portfolio.terms import WholeLots

OPTIMAL_TOLERANCE: Final = 1e-6
"""How far below its bound, relatively, a value may lie and still be called optimal."""


class HighsOptimiser:
    """Solves dispatch problems with HiGHS through cvxpy, as an `Optimiser`.

    One instance per thread: a compiled programme holds the numbers of the problem being solved.
    """

    def __init__(
        self,
        *,
        limits: SolverLimits | None = None,
        lot_reach: int | None = 1,
        shapes_kept: int = 8,
    ) -> None:
        """Keep at most `shapes_kept` compiled programmes, dropping the one unused for longest.

        Args:
            limits: when a search ends without proof.
            lot_reach: how many lots around the continuous schedule are searched; `None` for all.
            shapes_kept: compiled programmes to hold, at least one.
        """
        if lot_reach is not None and lot_reach < 0:
            raise ValueError(f"lot_reach must not be negative, found {lot_reach}")
        if shapes_kept < 1:
            raise ValueError(f"shapes_kept must be at least 1, found {shapes_kept}")
        self._limits = limits or SolverLimits()
        self._lot_reach = lot_reach
        self._shapes_kept = shapes_kept
        self._programmes: OrderedDict[Hashable, Programme] = OrderedDict()

    def solve(self, problem: Problem) -> Solution | Infeasible:
        """Return the best schedule found with a proven bound, or which requirements clash.

        Raises:
            ValueError: if the problem states no horizon, or a term has no form.
            SolverFault: if nothing was found within the limits, or the objective has no bound.
        """
        has_lots = any(isinstance(term, WholeLots) for term in problem.constraints)
        if has_lots and self._lot_reach is not None:
            return self._solve_near_relaxation(problem, self._lot_reach)
        programme = self._programme(problem)
        return self._answer(problem, programme, run(programme.program, self._limits))

    def _solve_near_relaxation(self, problem: Problem, reach: int) -> Solution | Infeasible:
        continuous = tuple(t for t in problem.constraints if not isinstance(t, WholeLots))
        relaxed = self.solve(attrs.evolve(problem, constraints=continuous))
        if isinstance(relaxed, Infeasible):
            return relaxed
        programme = self._programme(problem)
        programme.narrow(problem, _powers(problem, relaxed), reach)
        answer = run(programme.program, self._limits)
        if answer.outcome is Outcome.INFEASIBLE:
            programme.fill(problem)
            answer = run(programme.program, self._limits)
        found = self._answer(problem, programme, answer)
        return found if isinstance(found, Infeasible) else _bounded_by(found, relaxed.bound)

    def _programme(self, problem: Problem) -> Programme:
        shape = shape_of(problem)
        programme = self._programmes.pop(shape, None) or compile_best(problem)
        self._programmes[shape] = programme
        if len(self._programmes) > self._shapes_kept:
            self._programmes.popitem(last=False)
        programme.fill(problem)
        return programme

    def _answer(
        self, problem: Problem, programme: Programme, answer: Answer
    ) -> Solution | Infeasible:
        if answer.outcome in (Outcome.OPTIMAL, Outcome.BEST_FOUND):
            return _solution(problem, programme, answer)
        clash = find_conflicts(problem, self._limits)
        if clash is None:
            raise SolverFault(
                "the objective has no bound, although the requirements can hold; limit every "
                "asset, for example with PowerLimits"
            )
        return clash


def _solution(problem: Problem, programme: Programme, answer: Answer) -> Solution:
    sign = problem.sense.value
    best = float(programme.objective.value)
    # The bound is of a value less the tie-break, so it may lie below by that much.
    bound = best if answer.bound is None else max(answer.bound, best)
    return Solution(
        value=sign * best,
        bound=sign * bound,
        is_optimal=answer.outcome is Outcome.OPTIMAL,
        batteries=_battery_schedules(problem, programme.model),
        wind=_wind_schedules(problem, programme.model),
    )


def _bounded_by(found: Solution, bound: float) -> Solution:
    is_proven = abs(bound - found.value) <= OPTIMAL_TOLERANCE * max(1.0, abs(bound))
    return attrs.evolve(found, bound=bound, is_optimal=is_proven)


def _battery_schedules(problem: Problem, model: Model) -> tuple[BatterySchedule, ...]:
    return tuple(
        BatterySchedule(
            battery=asset,
            charge_mw=_powers_of(model.of_battery(asset).charge.value),
            discharge_mw=_powers_of(model.of_battery(asset).discharge.value),
        )
        for asset in problem.assets
        if isinstance(asset, Battery)
    )


def _wind_schedules(problem: Problem, model: Model) -> tuple[WindSchedule, ...]:
    return tuple(
        WindSchedule(farm=asset, output_mw=_powers_of(model.of_farm(asset).value))
        for asset in problem.assets
        if not isinstance(asset, Battery)
    )


def _powers_of(values: Floats | None) -> tuple[float, ...]:
    """Read a solver's vector; noise below zero is zero, and zero has no sign."""
    if values is None:
        raise SolverFault("HiGHS returned no values for a schedule it called found")
    return tuple(float(value) for value in np.maximum(values, 0.0) + 0.0)


def _powers(problem: Problem, relaxed: Solution) -> list[Floats]:
    """Return the relaxed charge and discharge of every battery that trades in lots."""
    lots = [term for term in problem.constraints if isinstance(term, WholeLots)]
    schedules = [relaxed.of_battery(term.battery) for term in lots]
    return [np.array(mw) for s in schedules for mw in (s.charge_mw, s.discharge_mw)]
