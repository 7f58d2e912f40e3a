"""Decides how rules of the domain become machine code without being written again.

Numba is told to compile the domain's own function objects; nothing is wrapped, copied or changed.
With `NUMBA_DISABLE_JIT=1` the same kernels run in the interpreter and can be stepped through.

Compiled code is cached on disk. Numba renews a cache entry when the file of the *outer* function
changes, not when a rule it calls does, and a stale limit would be worse than a slow one. So every
kernel closes over a stamp of the rules' source text: the stamp is part of the cache key, and each
call returns it, which proves that the code that ran was made of the rules that are installed.
"""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Callable
from functools import cache
from types import FunctionType, ModuleType
from typing import Any, Final

from wattbook_contracts.errors import CorruptionFault, MissingExtraFault
from wattbook_domain.foundation import bounds
from wattbook_domain.orders import arithmetic as order_arithmetic
from wattbook_domain.positions import arithmetic as position_arithmetic
from wattbook_domain.risk import denial, grid, limits

RULE_MODULES: Final = (limits, grid, order_arithmetic, position_arithmetic)
"""Modules of which every public function is a rule that kernels may call."""

STAMPED_MODULES: Final = (*RULE_MODULES, denial, bounds)
"""Modules whose text decides what a kernel does."""

Kernel = Callable[..., int]
"""Compiled, or interpreted under NUMBA_DISABLE_JIT; returns the stamp it was made with."""


def compile_kernel(build: Callable[[int], Callable[..., int]]) -> Kernel:
    """Return the kernel that `build(stamp)` makes, compiled on its first call.

    Raises:
        MissingExtraFault: if Numba is not installed.
    """
    numba = _numba()
    register_rules()
    plain = build(rules_stamp())
    try:
        kernel: Kernel = numba.njit(cache=True, nogil=True)(plain)
    except RuntimeError:
        # Neither the package nor the user's cache folder can be written: compile in every process.
        kernel = numba.njit(nogil=True)(plain)
    return kernel


def require_stamp(found: int) -> None:
    """Stop unless the kernel that ran was made of the rules that are installed.

    Raises:
        CorruptionFault: if it was not.
    """
    if found != rules_stamp():
        raise CorruptionFault(
            f"a compiled kernel must be made of the installed rules, stamp {rules_stamp()}, "
            f"found {found}; delete Numba's cache folder"
        )


@cache
def rules_stamp() -> int:
    """Return 62 bits of the hash of every rule's source text."""
    text = "\0".join(inspect.getsource(module) for module in STAMPED_MODULES)
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") >> 2


def rules_of(module: ModuleType) -> tuple[FunctionType, ...]:
    """Return the functions a module defines itself, in its own order."""
    return tuple(
        value
        for value in vars(module).values()
        if isinstance(value, FunctionType) and value.__module__ == module.__name__
    )


@cache
def register_rules() -> None:
    """Tell Numba, once a process, that kernels may call the rules of the domain as they stand."""
    from numba.extending import register_jitable

    for module in RULE_MODULES:
        for rule in rules_of(module):
            register_jitable(rule)


def _numba() -> Any:
    try:
        import numba
    except ImportError as cause:
        raise MissingExtraFault(
            extra="kernels", package="numba", purpose="the compiled gate"
        ) from cause
    return numba
