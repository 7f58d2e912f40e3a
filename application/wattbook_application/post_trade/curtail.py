"""Decides what the farm really runs at, once delivery is known: spilling pays, or it curtails."""

from __future__ import annotations

from collections.abc import Sequence

from wattbook_domain.quantities.price import Price


def run_or_curtail(
    available_kw: Sequence[int],
    sold_kw: Sequence[int],
    spill_prices: Sequence[Price],
    floor: Price,
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return (produced, curtailed) kilowatts for each interval.

    What is sold is always produced as far as the wind allows. What is not sold would be spilled
    into the balancing market; below the farm's floor price it is not produced at all.
    """
    produced, curtailed = [], []
    for available, sold, price in zip(available_kw, sold_kw, spill_prices, strict=True):
        running = available if price >= floor else min(available, max(sold, 0))
        produced.append(running)
        curtailed.append(available - running)
    return tuple(produced), tuple(curtailed)
