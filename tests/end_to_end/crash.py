"""`python -m tests.end_to_end.crash COMMAND...`: kills a command at one point after another.

Each line on standard input is a point. A child is forked that runs the command and kills itself
there; its exit code is the answer on standard output. Everything is imported once, before.

A point is a kind and a number or a name: `before-append:3` and `after-append:3` die around the
third group that the child makes durable, `after-send:5` once its fifth order is with its venue,
`in-rebuild:5` once the fifth of the journal's orders is with a venue that is brought back,
`after-step:8` once the line of step eight is printed, `open:NAME` when a file is about to be
written, `rename:NAME` when one is about to take the place of another.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import PurePath
from typing import Any

import wattbook.runtime  # noqa: F401 - all vendors, before the first fork
from wattbook.cli import main
from wattbook.platform import open_platform
from wattbook_adapters.entrypoints.cli.progress import StepProgress
from wattbook_adapters.simulation.auction import SimulatedAuction
from wattbook_adapters.simulation.market import SimulatedMarket
from wattbook_adapters.simulation.venue import SimulatedVenue
from wattbook_adapters.storage.journal import SqlJournal

WRITES = os.O_WRONLY | os.O_RDWR


def die() -> None:
    """End as kill -9 ends a process: no handler, no `finally`, no flush."""
    os.kill(os.getpid(), signal.SIGKILL)


def around(
    kind: type,
    method: str,
    *,
    number: int,
    is_before: bool = False,
    counts: Callable[[], bool] = lambda: True,
) -> None:
    """Die before or after the `number`-th call of a method that counts."""
    inner: Callable[..., Any] = getattr(kind, method)
    count = 0

    def counted(*arguments: Any, **named: Any) -> Any:
        nonlocal count
        if not counts():
            return inner(*arguments, **named)
        count += 1
        if is_before and count == number:
            die()
        result = inner(*arguments, **named)
        if count == number:
            die()
        return result

    setattr(kind, method, counted)


def while_rebuilding() -> Callable[[], bool]:
    """Return what says whether the venues are being brought back just now."""
    inner, is_rebuilding = SimulatedMarket.rebuild, False

    def rebuild(*arguments: Any, **named: Any) -> None:
        nonlocal is_rebuilding
        is_rebuilding = True
        inner(*arguments, **named)
        is_rebuilding = False

    SimulatedMarket.rebuild = rebuild  # type: ignore[method-assign]
    return lambda: is_rebuilding


def on_file(kind: str, name: str) -> None:
    """Die when a file of that name is about to be written, or put in place."""

    def hear(event: str, arguments: tuple[Any, ...]) -> None:
        if kind == "open" and event == "open":
            path, _, flags = arguments
            if flags & WRITES and PurePath(str(path)).name == name:
                die()
        if kind == "rename" and event == "os.rename" and PurePath(str(arguments[1])).name == name:
            die()

    sys.addaudithook(hear)


def arm(point: str) -> None:
    """Prepare the death."""
    kind, _, where = point.partition(":")
    if kind in ("open", "rename"):
        on_file(kind, where)
    elif kind.endswith("append"):
        around(SqlJournal, "append", number=int(where), is_before=kind == "before-append")
    elif kind in ("after-send", "in-rebuild"):
        is_rebuilding, wanted = while_rebuilding(), kind == "in-rebuild"
        for venue in (SimulatedAuction, SimulatedVenue):
            around(
                venue,
                "submit",
                number=int(where),
                counts=lambda: is_rebuilding() is wanted,
            )
    elif kind == "after-step":
        around(StepProgress, "finished", number=int(where))
    else:
        raise ValueError(f"a point is one of those above, found {point!r}")


def answer(point: str) -> int:
    """Run the command in a child that dies at the point, and return how it ended."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    arm(point)
    try:
        main()
    finally:
        os._exit(70)  # alive: the point was not met; never back into the parent's loop


if __name__ == "__main__":
    open_platform().plugins()  # and all plugins
    for line in sys.stdin:
        sys.stdout.write(f"{answer(line.strip())}\n")
        sys.stdout.flush()
