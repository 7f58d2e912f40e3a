"""Decides how net power is kept per delivery slot, and how its worst case is read.

Three int64 columns in kilowatts: net filled, resting buys, resting sells. The functions touch
nothing but their arguments and slice arrays only, so the kernels compile these same objects. All
are O(range). `exposure` decides what is added when.
"""

from __future__ import annotations

from typing import Any, TypeAlias

Column: TypeAlias = Any
"""An int64 array, in the interpreter or inside a compiled kernel."""


def highest_kw(net_kw: Column, buys_kw: Column, first: int, end: int) -> Any:
    """Return the highest net power any slot reaches if every resting buy fills and no sell does."""
    return (net_kw[first:end] + buys_kw[first:end]).max()


def lowest_kw(net_kw: Column, sells_kw: Column, first: int, end: int) -> Any:
    """Return the lowest net power any slot reaches if every resting sell fills and no buy does."""
    return (net_kw[first:end] - sells_kw[first:end]).min()


def add_kw(column_kw: Column, first: int, end: int, kw: int) -> None:
    """Add power to every slot of a range, in place."""
    column_kw[first:end] += kw
