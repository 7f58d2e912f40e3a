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


class Outcome(Enum):
    """How a search ended."""

    OPTIMAL = "optimal"
    BEST_FOUND = "best found within the limits"
    INFEASIBLE = "infeasible"
    UNBOUNDED = "unbounded, or infeasible"


@attrs.frozen(kw_only=True)
class Answer:
    """How a search ended and how far, relative to its value, it may be from the best."""

    outcome: Outcome
    relative_gap: float


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
    status = problem.status
    if status == cp.OPTIMAL:
        return Answer(outcome=Outcome.OPTIMAL, relative_gap=0.0)
    if status == cp.INFEASIBLE:
        return Answer(outcome=Outcome.INFEASIBLE, relative_gap=0.0)
    if status in (cp.UNBOUNDED, cp.settings.INFEASIBLE_OR_UNBOUNDED):
        return Answer(outcome=Outcome.UNBOUNDED, relative_gap=math.inf)
    if status == cp.USER_LIMIT and math.isfinite(problem.value):
        gap = float(problem.solver_stats.extra_stats.mip_gap)
        return Answer(outcome=Outcome.BEST_FOUND, relative_gap=gap)
    raise SolverFault(
        f"HiGHS found no schedule within {limits.time_s:g} s and {limits.nodes} nodes (status "
        f"{status}); allow more, or shorten the horizon"
    )
