"""One stream through int, columns, Numba, tensors and gates: masks and codes agree exactly."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import cache
from types import SimpleNamespace
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from tests.equivalence.stream import (
    PAIRS,
    PASSING_CAPS,
    PASSING_FACTS,
    Pair,
    random_rows,
    rows_of,
)

from wattbook_adapters.kernels.columns import ColumnGate
from wattbook_contracts.ports.kernels import BatchGate
from wattbook_domain.foundation.rows import Rows, from_rows
from wattbook_domain.risk.denial import DenialCode, codes_in
from wattbook_domain.risk.facts import CAP_SPANS, FACT_SPANS, LimitCaps, OrderFacts
from wattbook_domain.risk.limits import first_code, reject_mask

Masks = npt.NDArray[np.int64]


def reference(pairs: list[Pair]) -> Masks:
    """The rules in the interpreter, on Python's own unbounded integers."""
    masks = [reject_mask(facts, caps) for facts, caps in pairs]
    assert all(0 <= mask < 2**32 for mask in masks)
    return np.array(masks, dtype=np.int64)


def reference_rows(facts: Rows, caps: Rows) -> Masks:
    return reference(
        list(zip(from_rows(OrderFacts, facts), from_rows(LimitCaps, caps), strict=True))
    )


@cache
def numba_gate() -> BatchGate:
    pytest.importorskip("numba", reason="needs the extra kernels")
    from wattbook_adapters.kernels.gate import NumbaGate

    return NumbaGate()


def crossed_bounds_removed(facts: Rows, caps: Rows) -> tuple[Rows, Rows]:
    kept = caps["price_min_ticks"] <= caps["price_max_ticks"]
    return facts[kept], caps[kept]


def test_the_passing_order_passes() -> None:
    assert reject_mask(PASSING_FACTS, PASSING_CAPS) == 0


@given(PAIRS)
@settings(max_examples=150)
def test_columns(pairs: list[Pair]) -> None:
    assert (ColumnGate().reject_masks(*rows_of(pairs)) == reference(pairs)).all()


@given(PAIRS)
def test_the_first_code_is_the_lowest_of_the_mask(pairs: list[Pair]) -> None:
    masks = reference(pairs)
    expected = [min(codes_in(int(mask)), default=0) for mask in masks]

    assert [int(first_code(int(mask))) for mask in masks] == expected
    assert first_code(masks).tolist() == expected


def test_every_single_bit_has_its_code() -> None:
    for code in DenialCode:
        assert first_code(1 << code) == code
        assert first_code((1 << code) | (1 << 27)) == code


@pytest.mark.extra
@given(PAIRS)
@settings(max_examples=150)
def test_numba(pairs: list[Pair]) -> None:
    assert (numba_gate().reject_masks(*rows_of(pairs)) == reference(pairs)).all()


@pytest.mark.extra
def test_twenty_thousand_uniform_rows_reach_every_rule_in_every_form() -> None:
    facts, caps = crossed_bounds_removed(*random_rows(20_000, seed=1))
    columns = ColumnGate().reject_masks(facts, caps)

    assert (numba_gate().reject_masks(facts, caps) == columns).all()
    assert (reference_rows(facts[:2_000], caps[:2_000]) == columns[:2_000]).all()
    seen = {code for mask in np.unique(columns).tolist() for code in codes_in(mask)}
    assert seen == set(DenialCode)


@pytest.mark.extra
@given(PAIRS)
@settings(max_examples=50)
def test_tensors(pairs: list[Pair]) -> None:
    torch = pytest.importorskip("torch", reason="needs the extra ml")
    facts, caps = rows_of(pairs)

    def tensors(rows: Rows, names: Any) -> SimpleNamespace:
        return SimpleNamespace(**{n: torch.from_numpy(rows[n].copy()) for n in names})

    masks = reject_mask(tensors(facts, FACT_SPANS), tensors(caps, CAP_SPANS))

    assert masks.tolist() == reference(pairs).tolist()
    assert first_code(masks).tolist() == first_code(reference(pairs)).tolist()


@pytest.mark.extra
@pytest.mark.slow
@given(PAIRS)
@settings(max_examples=4)
def test_gates(pairs: list[Pair]) -> None:
    """The rules elaborate to a combinational circuit, which a simulator then drives row by row."""
    pytest.importorskip("amaranth", reason="needs the extra fpga")
    from tests.equivalence.circuit import simulate

    facts, caps = crossed_bounds_removed(*random_rows(40, seed=len(pairs)))
    drawn = pairs + list(zip(from_rows(OrderFacts, facts), from_rows(LimitCaps, caps), strict=True))

    masks, codes = simulate(drawn)

    expected = reference(drawn)
    assert masks == expected.tolist()
    assert codes == first_code(expected).tolist()


@pytest.mark.extra
@pytest.mark.slow
def test_the_kernel_runs_uncompiled_for_the_debugger() -> None:
    pytest.importorskip("numba", reason="needs the extra kernels")
    script = (
        "import numba\n"
        "from tests.equivalence.stream import random_rows\n"
        "from wattbook_adapters.kernels.columns import ColumnGate\n"
        "from wattbook_adapters.kernels.gate import NumbaGate\n"
        "assert numba.config.DISABLE_JIT\n"
        "rows = random_rows(200, seed=3)\n"
        "found = NumbaGate().reject_masks(*rows) == ColumnGate().reject_masks(*rows)\n"
        "raise SystemExit(0 if found.all() else 1)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=os.environ | {"NUMBA_DISABLE_JIT": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
