"""The rules as gates: signals as wide as the spans need, one combinational expression, a simulator.

Nothing of a rule is written here: `reject_mask` is called with signals and returns a circuit.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from amaranth.hdl import Module, Signal, signed, unsigned
from amaranth.sim import Simulator
from tests.equivalence.stream import Pair

from wattbook_domain.risk.facts import CAP_SPANS, FACT_SPANS
from wattbook_domain.risk.limits import first_code, reject_mask

MASK_BITS = 32


def _signals(spans: Mapping[str, tuple[int, int]]) -> dict[str, Any]:
    return {
        name: Signal(
            signed(max(high, -low).bit_length() + 1) if low < 0 else unsigned(high.bit_length()),
            name=name,
        )
        for name, (low, high) in spans.items()
    }


def simulate(pairs: list[Pair]) -> tuple[list[int], list[int]]:
    """Return the mask and the first code of each pair as the circuit computes them."""
    facts, caps = _signals(FACT_SPANS), _signals(CAP_SPANS)
    mask, code = Signal(MASK_BITS), Signal(5)
    circuit = Module()
    circuit.d.comb += mask.eq(reject_mask(SimpleNamespace(**facts), SimpleNamespace(**caps)))
    circuit.d.comb += code.eq(first_code(mask))
    masks: list[int] = []
    codes: list[int] = []

    async def drive(context: Any) -> None:
        for row in pairs:
            for signals, values in zip((facts, caps), row, strict=True):
                for name, signal in signals.items():
                    context.set(signal, getattr(values, name))
            masks.append(context.get(mask))
            codes.append(context.get(code))

    simulator = Simulator(circuit)
    simulator.add_testbench(drive)
    simulator.run()
    return masks, codes
