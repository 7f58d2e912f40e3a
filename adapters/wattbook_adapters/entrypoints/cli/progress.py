"""Shows the eight steps of the trading flow as a run goes through them."""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType
from typing import Final, Self

from rich.console import Console
from rich.live import Live
from rich.table import Table

_MARKS: Final = {
    "waiting": "[dim]·[/dim]",
    "working": "[yellow]…[/yellow]",
    "done": "[green]✓[/green]",
}


class StepProgress:
    """A table of steps that fills as the day goes on; plain lines where there is no terminal."""

    def __init__(self, console: Console, names: Sequence[str]) -> None:
        self._console = console
        self._names = names
        self._texts = [""] * len(names)
        self._states = ["waiting"] * len(names)
        self._live: Live | None = None

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            self._live = Live(self._table(), console=self._console, refresh_per_second=8)
            self._live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._live is not None:
            self._live.stop()

    def advanced(self, step: int, text: str) -> None:
        """Show how far a step has come."""
        self._show(step, "working", text)

    def finished(self, step: int, text: str) -> None:
        """Show a step's result."""
        self._show(step, "done", text)
        if self._live is None:
            name = self._names[step - 1]
            self._console.print(f"[{step}/{len(self._names)}] {name}: {text}", markup=False)

    def _show(self, step: int, state: str, text: str) -> None:
        self._states[step - 1], self._texts[step - 1] = state, text
        if self._live is not None:
            self._live.update(self._table())

    def _table(self) -> Table:
        table = Table.grid(padding=(0, 1))
        rows = zip(self._names, self._states, self._texts, strict=True)
        for number, (name, state, text) in enumerate(rows, start=1):
            table.add_row(_MARKS[state], f"{number} {name}", f"[dim]{text}[/dim]")
        return table


class SilentProgress:
    """Hears everything and says nothing; for `--json`, where standard output is data."""

    def advanced(self, step: int, text: str) -> None:
        """Say nothing."""

    def finished(self, step: int, text: str) -> None:
        """Say nothing."""
