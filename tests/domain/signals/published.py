"""The published forecasts of the five-market benchmark, where they lie beside the checkout."""

from __future__ import annotations

import csv
import gzip
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from wattbook_domain.signals.series import Floats
from wattbook_domain.signals.wall_clock import WALL_CLOCK_ROWS

FORECASTS = Path(__file__).parents[4] / "shared" / "data" / "forecasts"
FIRST_DAY = {"DE": date(2016, 1, 4), "FR": date(2015, 1, 4), "BE": date(2015, 1, 4)}


@cache
def _columns(path: Path) -> dict[str, Floats]:
    with gzip.open(path, "rt", newline="") as stream:
        header, *rows = csv.reader(stream)
    values = np.array([row[1:] for row in rows], dtype=np.float64)
    return {name: values[:, i].reshape(-1, WALL_CLOCK_ROWS) for i, name in enumerate(header[1:])}


def published(market: str) -> dict[str, Floats]:
    """Return the published columns of one market as tables of days; skip where they are absent."""
    path = FORECASTS / f"Forecasts_{market}_DNN_LEAR_ensembles.csv.gz"
    if not path.is_file():
        pytest.skip(f"the published forecasts are not beside the checkout ({path.name})")
    return _columns(path)
