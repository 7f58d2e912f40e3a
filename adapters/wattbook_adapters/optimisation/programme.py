"""Decides what of a problem goes into one cvxpy programme, and which problems may share it.

Three programmes are made of a problem: its own, its own without whole lots (a relaxation, for the
bound), and one that asks how far a single requirement must give way.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import Final, cast

import attrs
import cvxpy as cp
import numpy as np

from wattbook_adapters.optimisation.forms import constraint_form, objective_form
from wattbook_adapters.optimisation.model import Floats, Model, Sheet
from wattbook_domain.portfolio.assets import Battery
from wattbook_domain.portfolio.problem import ConstraintTerm, ObjectiveTerm, Problem, Term
from wattbook_domain.portfolio.terms import AvailableWind, Committed, PowerLimits

TIE_WEIGHT: Final = 1e-6
"""Money per MWh through a battery that breaks ties: a ten-thousandth of the usual tick of 0.01."""

TIE_RAMP: Final = 0.1
"""By how much more, relatively, the last interval weighs than the first: earlier wins a tie."""


@attrs.frozen(eq=False)
class Programme:
    """A compiled programme, the model its numbers are poured into, and its true objective.

    Attributes:
        objective: what is reported: the problem's own objective, without the tie-break.
    """

    model: Model
    objective: cp.Expression
    program: cp.Problem

    def fill(self, problem: Problem) -> None:
        """Pour in the numbers of a problem of the same shape; lots may be any that fit."""
        self.model.fill(problem)
        for box in self.model.boxes:
            box.low.value = np.zeros(box.low.shape)
            box.high.value = np.full(box.high.shape, _WIDE_LOTS)

    def narrow(self, problem: Problem, powers: Iterable[Floats], reach: int) -> None:
        """Let each power move at most `reach` lots from a given one, and stay idle where idle."""
        for box, power in zip(self.model.boxes, powers, strict=True):
            lots = power / box.read_lot_mw(problem)
            is_used = lots > _IDLE_LOTS
            low = np.maximum(np.floor(lots + _IDLE_LOTS) - reach, 0.0)
            box.low.value = np.where(is_used, low, 0.0)
            box.high.value = np.where(is_used, np.ceil(lots - _IDLE_LOTS) + reach, 0.0)


_WIDE_LOTS: Final = float(2**20)
_IDLE_LOTS: Final = 1e-6


def shape_of(problem: Problem) -> Hashable:
    """Return what two problems must have in common to share a compiled programme."""
    horizon = problem.horizon
    return (
        horizon.hours,
        tuple(len(positions) for positions in horizon.local_days.values()),
        tuple(_structure(term) for term in problem.terms),
    )


def _structure(term: Term) -> Hashable:
    names = tuple((type(asset), asset.asset_id) for asset in term.assets)
    if isinstance(term, AvailableWind):
        return type(term), names, term.farm.is_curtailable
    if isinstance(term, Committed):
        return type(term), names, tuple(net is not None for net in term.net)
    return type(term), names


def compile_best(problem: Problem) -> Programme:
    """Compile the problem itself; a minimisation is a maximisation of the negative."""
    model = Model.of(problem, are_powers_limited=_are_powers_limited(problem))
    objective: cp.Expression = cp.Constant(0.0)
    for place, part in enumerate(problem.objective.parts):
        sheet: Sheet[ObjectiveTerm] = Sheet(
            model, _objective_at(place), weight=_signed_weight_at(place)
        )
        objective += objective_form(part.term, sheet)
    places = range(len(problem.constraints))
    constraints = _constraints(problem, model, places, giving=None, give=0.0)
    return Programme(
        model, objective, cp.Problem(cp.Maximize(objective - _tie(model)), constraints)
    )


def compile_feasible(problem: Problem, places: Iterable[int]) -> Programme:
    """Compile the question whether the constraints at these places can hold together."""
    model = Model.of(problem, are_powers_limited=False)
    constraints = _constraints(problem, model, places, giving=None, give=0.0)
    nothing = cp.Constant(0.0)
    return Programme(model, nothing, cp.Problem(cp.Minimize(nothing), constraints))


def compile_giving(problem: Problem, giving: int) -> Programme:
    """Compile the question by how much the constraint at one place must be missed."""
    model = Model.of(problem, are_powers_limited=False)
    give = cp.Variable(nonneg=True)
    places = range(len(problem.constraints))
    constraints = _constraints(problem, model, places, giving=giving, give=give)
    return Programme(model, give, cp.Problem(cp.Minimize(give), constraints))


def _constraints(
    problem: Problem,
    model: Model,
    places: Iterable[int],
    *,
    giving: int | None,
    give: cp.Variable | float,
) -> list[cp.Constraint]:
    found: list[cp.Constraint] = []
    for place in places:
        term = problem.constraints[place]
        sheet: Sheet[ConstraintTerm] = Sheet(
            model, _constraint_at(place), give=give if place == giving else 0.0
        )
        found.extend(constraint_form(term, sheet))
    return found


def _are_powers_limited(problem: Problem) -> bool:
    limited = {t.battery for t in problem.constraints if isinstance(t, PowerLimits)}
    return all(asset in limited for asset in problem.assets if isinstance(asset, Battery))


def _objective_at(place: int) -> Callable[[Problem], ObjectiveTerm]:
    return lambda problem: problem.objective.parts[place].term


def _signed_weight_at(place: int) -> Callable[[Problem], float]:
    return lambda problem: float(problem.sense.value * problem.objective.parts[place].weight)


def _constraint_at(place: int) -> Callable[[Problem], ConstraintTerm]:
    return lambda problem: problem.constraints[place]


def _tie(model: Model) -> cp.Expression:
    ramp = 1.0 + TIE_RAMP * np.arange(len(model.hours)) / len(model.hours)
    weights = TIE_WEIGHT * ramp * model.hours
    through = [b.charge + b.discharge for b in model.batteries.values()]
    return cast("cp.Expression", sum((weights @ t for t in through), cp.Constant(0.0)))
