"""Finished runs that many tests look at; nobody may change them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.end_to_end.runs import Outcome, Run, wattbook

NAIVE = ("--set", "forecast.model=naive")
"""The rule of the similar day: a second instead of six, where the model does not matter."""

Finished = Callable[..., tuple[Run, Outcome]]


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    """Return a finished demo of one date and some options, run once a session."""
    kept: dict[tuple[str, ...], tuple[Run, Outcome]] = {}

    def run(date: str, *options: str) -> tuple[Run, Outcome]:
        key = (date, *options)
        if key not in kept:
            path: Path = tmp_path_factory.mktemp("run") / date
            outcome = wattbook("demo", "--date", date, "--out", path, *options)
            kept[key] = Run(path), outcome
        return kept[key]

    return run
