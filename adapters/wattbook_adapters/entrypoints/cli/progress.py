"""Shows a run as it goes on: which day, which of the eight steps, then the day's result.

On a terminal the steps of the day at work are a table that fills; elsewhere each finished step is
one line, for a log.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from wattbook_adapters.entrypoints.cli.render import print_day, print_summary

if TYPE_CHECKING:
    from wattbook_adapters.entrypoints.platform import DayPlan
    from wattbook_contracts.schemas.day_summary import DaySummary

WAITING: Final = ("·", "dim")
WORKING: Final = ("…", "yellow")
DONE: Final = ("✓", "green")


class TerminalFollower:
    """Shows every day of a run: its steps while it is at work, its result when it ended."""

    def __init__(self, console: Console, names: Sequence[str]) -> None:
        self._console = console
        self._names = names
        self._steps: StepProgress | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop()

    def began(self, plan: DayPlan) -> StepProgress:
        """Show the steps of a day, which is named where there are several."""
        self._stop()
        title = f"{plan.day} ({plan.number} of {plan.count})" if plan.count > 1 else ""
        self._steps = StepProgress(self._console, self._names, title=title)
        return self._steps

    def ended(self, plan: DayPlan, summary: DaySummary) -> None:
        """Show a day's result: a table for a single day, a line for one of several."""
        self._stop()
        if plan.count == 1:
            print_summary(self._console, summary, str(plan.folder))
        else:
            print_day(self._console, summary)

    def _stop(self) -> None:
        if self._steps is not None:
            self._steps.stop()
            self._steps = None


class StepProgress:
    """The steps of one day; shown from the first thing heard until stopped."""

    def __init__(self, console: Console, names: Sequence[str], *, title: str = "") -> None:
        self._console = console
        self._names = names
        self._title = title
        self._texts = [""] * len(names)
        self._marks = [WAITING] * len(names)
        # A table of one of several days makes room for the day's line.
        self._live = (
            Live(self._table(), console=console, refresh_per_second=8, transient=bool(title))
            if console.is_terminal
            else None
        )

    def advanced(self, step: int, text: str) -> None:
        """Show how far a step has come."""
        self._show(step, WORKING, text)

    def finished(self, step: int, text: str) -> None:
        """Show a step's result."""
        self._show(step, DONE, text)
        if self._live is None:
            title = f"{self._title} " if self._title else ""
            line = f"{title}[{step}/{len(self._names)}] {self._names[step - 1]}: {text}"
            self._console.print(Text(line), soft_wrap=True)

    def stop(self) -> None:
        """Leave the terminal as it is."""
        if self._live is not None:
            self._live.stop()

    def _show(self, step: int, mark: tuple[str, str], text: str) -> None:
        self._marks[step - 1], self._texts[step - 1] = mark, text
        if self._live is not None:
            self._live.start()
            self._live.update(self._table())

    def _table(self) -> Table:
        table = Table.grid(padding=(0, 1))
        if self._title:
            table.add_row("", Text(self._title, style="bold"), "")
        rows = zip(self._names, self._marks, self._texts, strict=True)
        for number, (name, (mark, style), text) in enumerate(rows, start=1):
            table.add_row(Text(mark, style), Text(f"{number} {name}"), Text(text, "dim"))
        return table


class Silence:
    """Hears everything and says nothing; for `--json`, where standard output is data."""

    def began(self, plan: DayPlan) -> Silence:  # noqa: ARG002
        """Say nothing."""
        return self

    def ended(self, plan: DayPlan, summary: DaySummary) -> None:
        """Say nothing."""

    def advanced(self, step: int, text: str) -> None:
        """Say nothing."""

    def finished(self, step: int, text: str) -> None:
        """Say nothing."""
