"""Decides how the limits run on NumPy columns: the rules are called with arrays, nothing else."""

from __future__ import annotations

from typing import Final

import numpy as np

from wattbook_adapters.kernels.rows import checked
from wattbook_contracts.ports.kernels import Masks, Rows
from wattbook_domain.risk.limits import reject_mask

CHUNK_ROWS: Final = 4_096
"""Rows judged at a time: the temporaries of one chunk stay in a core's own cache."""


class ColumnGate:
    """A batch gate that needs nothing but NumPy."""

    name: Final = "columns"

    def reject_masks(self, facts: Rows, caps: Rows) -> Masks:
        """See `BatchGate.reject_masks`."""
        orders, limits = checked(facts, caps)
        masks = np.empty(len(orders), dtype=np.int64)
        for start in range(0, len(orders), CHUNK_ROWS):
            chunk = slice(start, start + CHUNK_ROWS)
            masks[chunk] = reject_mask(orders[chunk], limits if len(limits) == 1 else limits[chunk])
        return masks
