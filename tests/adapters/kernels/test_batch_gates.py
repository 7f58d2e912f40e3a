"""What every batch gate promises: the port's words, its misuse, and a clear line without Numba."""

from __future__ import annotations

import builtins
import inspect
from typing import Any

import numpy as np
import pytest

from wattbook_adapters.kernels import compiled
from wattbook_adapters.kernels.columns import CHUNK_ROWS, ColumnGate
from wattbook_adapters.kernels.gate import NumbaGate
from wattbook_contracts.errors import CorruptionFault, MissingExtraFault
from wattbook_contracts.ports.kernels import BatchGate
from wattbook_domain.risk import limits
from wattbook_domain.risk.facts import CAPS_DTYPE, FACTS_DTYPE, LimitCaps, OrderFacts


def rows(count: int) -> tuple[Any, Any]:
    return np.ones(count, FACTS_DTYPE), np.ones(count, CAPS_DTYPE)


@pytest.fixture(params=["columns", pytest.param("numba", marks=pytest.mark.extra)])
def gate(request: pytest.FixtureRequest) -> BatchGate:
    if request.param == "columns":
        return ColumnGate()
    pytest.importorskip("numba", reason="needs the extra kernels")
    return NumbaGate()


def test_no_rows_have_no_masks(gate: BatchGate) -> None:
    assert gate.reject_masks(*rows(0)).tolist() == []


def test_one_row_of_caps_serves_all_orders(gate: BatchGate) -> None:
    facts, caps = rows(CHUNK_ROWS + 3)
    facts["side"][::7] = 0
    facts["kill_state"] = np.arange(len(facts)) % 3

    every = gate.reject_masks(facts, caps)

    assert (gate.reject_masks(facts, caps[:1]) == every).all()
    assert len(np.unique(every)) >= 3


def test_the_rows_are_left_as_they_were(gate: BatchGate) -> None:
    facts, caps = rows(3)
    before = facts.tobytes(), caps.tobytes()
    gate.reject_masks(facts, caps)
    assert (facts.tobytes(), caps.tobytes()) == before


@pytest.mark.parametrize(
    ("facts", "caps", "complaint"),
    [
        (rows(2)[1], rows(2)[1], "facts must be a vector"),
        (rows(2)[0], rows(2)[0], "caps must be a vector"),
        (rows(4)[0].reshape(2, 2), rows(4)[1], "facts must be a vector"),
        (rows(3)[0], rows(2)[1], "one row, or one for each of 3"),
        (rows(3)[0], rows(0)[1], "one row, or one for each of 3"),
    ],
)
def test_other_rows_are_misuse(gate: BatchGate, facts: Any, caps: Any, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        gate.reject_masks(facts, caps)


def test_the_layout_is_the_attrs_class_and_nothing_else() -> None:
    assert FACTS_DTYPE.itemsize == 8 * len(FACTS_DTYPE.names or ())
    assert CAPS_DTYPE.itemsize == 8 * len(CAPS_DTYPE.names or ())
    for cls, dtype in ((OrderFacts, FACTS_DTYPE), (LimitCaps, CAPS_DTYPE)):
        assert list(dtype.names or ()) == list(inspect.signature(cls).parameters)


def test_without_numba_one_line_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    plain_import = builtins.__import__

    def without_numba(name: str, *rest: Any, **more: Any) -> Any:
        if name.partition(".")[0] == "numba":
            raise ImportError(name)
        return plain_import(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without_numba)
    with pytest.raises(MissingExtraFault, match=r"pip install 'wattbook\[kernels\]'") as caught:
        NumbaGate()
    assert isinstance(caught.value.__cause__, ImportError)


@pytest.mark.extra
class TestStamp:
    def test_a_kernel_proves_of_which_rules_it_was_made(self) -> None:
        pytest.importorskip("numba", reason="needs the extra kernels")
        kernel = compiled.compile_kernel(lambda stamp: lambda: stamp)
        compiled.require_stamp(kernel())
        with pytest.raises(CorruptionFault, match="made of the installed rules"):
            compiled.require_stamp(kernel() ^ 1)

    def test_the_stamp_is_part_of_the_cache_key(self) -> None:
        numba = pytest.importorskip("numba", reason="needs the extra kernels")

        def key(stamp: int) -> Any:
            def kernel() -> int:
                return stamp

            made = numba.njit(cache=True)(kernel)
            cache = made._cache
            codegen = numba.core.registry.cpu_target.target_context.codegen()
            return cache._index_key((), codegen)

        assert key(1) == key(1)
        assert key(1) != key(2)

    def test_a_read_only_installation_compiles_without_a_cache(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        numba = pytest.importorskip("numba", reason="needs the extra kernels")
        plain = numba.njit

        def no_locator(**options: Any) -> Any:
            if options.get("cache"):
                raise RuntimeError("cannot cache function: no locator available")
            return plain(**options)

        monkeypatch.setattr(numba, "njit", no_locator)
        kernel = compiled.compile_kernel(lambda stamp: lambda: stamp)
        assert kernel() == compiled.rules_stamp()


def test_rules_are_the_functions_of_their_module() -> None:
    names = [rule.__name__ for rule in compiled.rules_of(limits)]
    assert {"reject_mask", "first_code", "outside_collar"} <= set(names)
    assert len(names) == len(set(names))
