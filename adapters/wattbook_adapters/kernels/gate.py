"""Decides how the limits run as machine code: one pass, every rule, no temporaries."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np

from wattbook_adapters.kernels.compiled import compile_kernel, require_stamp
from wattbook_adapters.kernels.rows import checked
from wattbook_contracts.ports.kernels import Masks, Rows
from wattbook_domain.risk.limits import reject_mask


class NumbaGate:
    """A batch gate compiled from the rules of the domain. Needs the extra `kernels`."""

    name: Final = "numba"

    def __init__(self) -> None:
        """Prepare the kernel; machine code is made, or read from the cache, on the first call.

        Raises:
            MissingExtraFault: if Numba is not installed.
        """
        self._kernel = compile_kernel(_build)

    def reject_masks(self, facts: Rows, caps: Rows) -> Masks:
        """See `BatchGate.reject_masks`."""
        orders, limits = checked(facts, caps)
        masks = np.empty(len(orders), dtype=np.int64)
        require_stamp(self._kernel(orders, limits, masks))
        return masks


def _build(stamp: int) -> Callable[[Any, Any, Any], int]:
    def judge_all(orders: Any, limits: Any, masks: Any) -> int:
        stride = 0 if len(limits) == 1 else 1
        for row in range(len(orders)):
            masks[row] = reject_mask(orders[row], limits[row * stride])
        return stamp

    return judge_all
