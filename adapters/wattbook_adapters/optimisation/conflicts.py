"""Decides which requirements to name when no schedule exists, and by how much each is missed.

A deletion filter (Chinneck and Dravnieks, 1991) drops one requirement after the other and keeps
dropped whatever is not needed for the clash; what remains clashes, and no part of it does. Rules
that cannot be missed by a little are tried first, so that the clash names numbers if it can. Then
each of the remaining ones alone is allowed to give way, at least cost, with all others in force.
"""

from __future__ import annotations

from collections.abc import Sequence

from wattbook_adapters.optimisation.programme import compile_feasible, compile_giving
from wattbook_adapters.optimisation.solver import Outcome, SolverLimits, run
from wattbook_domain.portfolio.problem import Problem
from wattbook_domain.portfolio.solution import Conflict, Infeasible


def find_conflicts(problem: Problem, limits: SolverLimits) -> Infeasible | None:
    """Return a smallest clash, or `None` when the requirements can hold together after all.

    Raises:
        SolverFault: if the limits are too tight to tell.
    """
    places = list(range(len(problem.constraints)))
    if _can_hold(problem, places, limits):
        return None
    for place in sorted(places, key=lambda p: problem.constraints[p].unit is not None):
        others = [p for p in places if p != place]
        if not _can_hold(problem, others, limits):
            places = others
    return Infeasible(tuple(_conflict(problem, place, limits) for place in places))


def _can_hold(problem: Problem, places: Sequence[int], limits: SolverLimits) -> bool:
    programme = compile_feasible(problem, places)
    programme.fill(problem)
    return run(programme.program, limits).outcome is not Outcome.INFEASIBLE


def _conflict(problem: Problem, place: int, limits: SolverLimits) -> Conflict:
    term = problem.constraints[place]
    if term.unit is None:
        return Conflict(term=term, missed_by=None)
    programme = compile_giving(problem, place)
    programme.fill(problem)
    if run(programme.program, limits).outcome is Outcome.INFEASIBLE:
        return Conflict(term=term, missed_by=None)
    return Conflict(term=term, missed_by=float(programme.objective.value))
