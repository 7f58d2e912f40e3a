"""Decides how HiGHS is asked, and reads its answer without trusting it.

HiGHS runs on one thread, from a fixed seed, to a gap of zero, so the same model gives the same
answer on the same version. Its limits are a wall-clock time, which may cut two runs at different
places, and a node count, which may not.
"""

from __future__ import annotations

import math
import warnings
from enum import Enum
from typing import Any, Final

import attrs
import cvxpy as cp

from wattbook_contracts.errors import SolverFault

TOLERANCE: Final = 1e-9
"""Feasibility tolerance asked of HiGHS: a thousandth of what the tie-break weighs."""


@attrs.frozen(kw_only=True)
class SolverLimits:
    """When a search ends without proof.

    Attributes:
        time_s: seconds of wall clock; the same problem may then get different answers.
        nodes: branch-and-bound nodes; deterministic. `None` for no limit.
    """

    time_s: float = 30.0
    nodes: int | None = None

    def __attrs_post_init__(self) -> None:
        if not self.time_s > 0:
            raise ValueError(f"time_s must be positive, found {self.time_s}")
        if self.nodes is not None and self.nodes < 0:
            raise ValueError(f"nodes must not be negative, found {self.nodes}")


_FEASIBLE: Final = 2
"""`kSolutionStatusFeasible` in HiGHS."""


class Outcome(Enum):
    """How a search ended."""

    OPTIMAL = "optimal"
    BEST_FOUND = "best found within the limits"
    INFEASIBLE = "infeasible"
    UNBOUNDED = "unbounded, or infeasible"


@attrs.frozen(kw_only=True)
class Answer:
    """How a search ended, and the proven bound of a maximisation that was cut short."""

    outcome: Outcome
    bound: float | None = None


def run(problem: cp.Problem, limits: SolverLimits) -> Answer:
    """Solve a filled model in place.

    Raises:
        SolverFault: if HiGHS failed, or found nothing within its limits.
    """
    try:
        with warnings.catch_warnings():
            # cvxpy warns whenever a limit is met; the outcome says so instead.
            warnings.filterwarnings("ignore", message="Solution may be inaccurate")
            # Never from an earlier answer: which of two equal optima is found would depend on it.
            problem.solve(solver=cp.HIGHS, warm_start=False, **_options(limits))
    except cp.error.SolverError as cause:
        raise SolverFault(f"HiGHS gave no answer: {cause}") from cause
    return _answer(problem, limits)


def _options(limits: SolverLimits) -> dict[str, Any]:
    options: dict[str, Any] = {
        "parallel": "off",
        "random_seed": 0,
        "mip_rel_gap": 0.0,
        "mip_abs_gap": TOLERANCE,
        "primal_feasibility_tolerance": TOLERANCE,
        "dual_feasibility_tolerance": TOLERANCE,
        "mip_feasibility_tolerance": TOLERANCE,
        "time_limit": limits.time_s,
    }
    if limits.nodes is not None:
        options["mip_max_nodes"] = limits.nodes
    return options


def _answer(problem: cp.Problem, limits: SolverLimits) -> Answer:
    match problem.status:
        case cp.OPTIMAL:
            return Answer(outcome=Outcome.OPTIMAL)
        case cp.INFEASIBLE:
            return Answer(outcome=Outcome.INFEASIBLE)
        case cp.UNBOUNDED | cp.settings.INFEASIBLE_OR_UNBOUNDED:
            return Answer(outcome=Outcome.UNBOUNDED)
        case cp.USER_LIMIT if (bound := _bound_of_best_found(problem)) is not None:
            return Answer(outcome=Outcome.BEST_FOUND, bound=bound)
        case status:
            raise SolverFault(
                f"HiGHS found no schedule within {limits.time_s:g} s and {limits.nodes} nodes "
                f"(status {status}); allow more, or shorten the horizon"
            )


def _bound_of_best_found(problem: cp.Problem) -> float | None:
    """Return the bound beside a feasible point; `None` without either.

    HiGHS fills the solution with zeros when it has none, so its own word is asked for. cvxpy hands
    it the negative of a maximisation.
    """
    info = problem.solver_stats.extra_stats
    if info.primal_solution_status != _FEASIBLE or not math.isfinite(info.mip_dual_bound):
        return None
    return -float(info.mip_dual_bound)
