"""How a problem that is a value gets an answer."""

from __future__ import annotations

from typing import Protocol

from wattbook_domain.portfolio.problem import Problem
from wattbook_domain.portfolio.solution import Infeasible, Solution


class Optimiser(Protocol):
    """Solves problems; the same problem gets the same answer.

    The caller checks what is made of an answer (`portfolio.dispatch.violations`); an optimiser is
    asked for good schedules, not trusted with safe ones.
    """

    def solve(self, problem: Problem) -> Solution | Infeasible:
        """Return the best schedule found with a proven bound, or which requirements clash.

        Raises:
            ValueError: if the problem states no horizon, or uses a term this optimiser has no form
                for.
            SolverFault: if the search gave no usable answer: nothing found within its limits, or
                an objective without bound.
        """
        ...
