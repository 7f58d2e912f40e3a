"""Decides what rows a batch gate accepts, so that every form refuses the same misuse."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
import numpy.typing as npt

from wattbook_contracts.ports.kernels import Rows
from wattbook_domain.risk.facts import CAPS_DTYPE, FACTS_DTYPE

Records = npt.NDArray[Any]
"""Rows whose fields read as attributes, which is how the rules ask for them."""


def checked(facts: Rows, caps: Rows) -> tuple[Records, Records]:
    """Return both as records, or refuse them.

    Raises:
        ValueError: if a dtype or a length is not what the port states.
    """
    for name, rows, dtype in (("facts", facts, FACTS_DTYPE), ("caps", caps, CAPS_DTYPE)):
        if rows.dtype != dtype or rows.ndim != 1:
            raise ValueError(
                f"{name} must be a vector of the dtype derived from its attrs class, "
                f"found {rows.ndim} dimensions of {rows.dtype}"
            )
    if len(caps) not in (1, len(facts)):
        raise ValueError(
            f"caps must have one row, or one for each of {len(facts)} orders, found {len(caps)}"
        )
    return as_records(facts), as_records(caps)


def as_records(rows: Rows) -> Records:
    """Return a view of the same memory whose fields read as attributes."""
    return cast(Records, rows.view(np.recarray))
