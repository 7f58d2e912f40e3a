"""How many orders a second the gate judges: one by one, as columns, compiled.

Run with `python -m pytest benchmarks/bench_gate.py`. Every answer is checked before the clock
starts; what is inside the clock is said in `benchmarks/README.md`. Nothing here asserts a time.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
from tests.domain.risk.desk import Gatehouse, order
from tests.equivalence.stream import PASSING_CAPS, PASSING_FACTS

from wattbook_adapters.kernels.columns import ColumnGate
from wattbook_domain.foundation.rows import Rows, from_rows, to_rows
from wattbook_domain.foundation.verdict import Approved
from wattbook_domain.risk.facts import LimitCaps, OrderFacts
from wattbook_domain.risk.gate import check_new_order
from wattbook_domain.risk.gather import gather_new_order
from wattbook_domain.risk.limits import reject_mask

ROWS = 100_000
SEED = 20170124


@cache
def workload() -> tuple[Rows, Rows]:
    """100,000 orders of one desk: about four in ten breach something, as a busy day would not.

    Prices around the reference, positions around the limit, a few markets closed or halted.
    """
    rng = np.random.default_rng(SEED)
    facts = np.repeat(to_rows(OrderFacts, [PASSING_FACTS]), ROWS)
    facts["side"] = rng.integers(0, 2, ROWS)
    facts["limit_ticks"] = rng.integers(1_800, 7_200, ROWS)
    facts["reference_ticks"] = rng.integers(3_000, 6_000, ROWS)
    facts["quantity_lots"] = rng.integers(1, 55, ROWS)
    facts["open_lots"] = facts["quantity_lots"]
    facts["net_high_kw"] = rng.integers(-5_000, 8_000, ROWS)
    facts["net_low_kw"] = -facts["net_high_kw"]
    facts["is_halted"] = rng.random(ROWS) < 0.01
    facts["has_opposite"] = rng.random(ROWS) < 0.05
    return facts, to_rows(LimitCaps, [PASSING_CAPS])


@cache
def expected() -> Any:
    """The answers of the rules in the interpreter."""
    facts, _ = workload()
    return np.array([reject_mask(each, PASSING_CAPS) for each in from_rows(OrderFacts, facts)])


def report_rate(benchmark: Any, orders: int) -> None:
    benchmark.extra_info["orders_per_second"] = round(orders / benchmark.stats.stats.median)


def test_scalar_rules(benchmark: Any) -> None:
    facts, _ = workload()
    judged = from_rows(OrderFacts, facts[:1_000])
    assert [reject_mask(each, PASSING_CAPS) for each in judged] == expected()[:1_000].tolist()

    benchmark(lambda: [reject_mask(each, PASSING_CAPS) for each in judged])

    report_rate(benchmark, len(judged))


def test_scalar_gate(benchmark: Any) -> None:
    """Facts gathered from a live exposure book, rules judged, `Approved` built."""
    house = Gatehouse()
    commands = [order(f"O{n}", quantity_lots=1 + n % 50) for n in range(200)]
    assert all(isinstance(house.check(command), Approved) for command in commands)
    limits = house.resolved(commands[0])

    def judge() -> None:
        for command in commands:
            facts = gather_new_order(command, terms=house.terms, limits=limits, view=house.view)
            check_new_order(command, facts=facts, limits=limits)

    benchmark(judge)

    report_rate(benchmark, len(commands))


def test_column_gate(benchmark: Any) -> None:
    gate = ColumnGate()
    assert (gate.reject_masks(*workload()) == expected()).all()

    benchmark(gate.reject_masks, *workload())

    report_rate(benchmark, ROWS)


def test_numba_gate(benchmark: Any) -> None:
    pytest.importorskip("numba", reason="needs the extra kernels")
    from wattbook_adapters.kernels.gate import NumbaGate

    gate = NumbaGate()
    assert (gate.reject_masks(*workload()) == expected()).all()

    benchmark(gate.reject_masks, *workload())

    report_rate(benchmark, ROWS)
