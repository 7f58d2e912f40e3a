"""Judging many orders at once, with the very rules that judge one."""

from __future__ import annotations

from typing import Protocol

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.void]
Masks = npt.NDArray[np.int64]


class BatchGate(Protocol):
    """Evaluates every limit for rows of order facts.

    A batch gate approves nothing: it says what each order breaches. Only the domain's gate makes
    `Approved`, one order at a time, for orders that are to be sent.
    """

    @property
    def name(self) -> str:
        """How this form is called in settings, reports and benchmarks."""
        ...

    def reject_masks(self, facts: Rows, caps: Rows) -> Masks:
        """Return one mask a row; bit `1 << code` is set for every breach, 0 means none.

        Args:
            facts: one-dimensional, of the dtype `FACTS_DTYPE`.
            caps: of the dtype `CAPS_DTYPE`; one row for all orders, or one for each.

        Raises:
            ValueError: if a dtype or a length is not as stated.
        """
        ...
