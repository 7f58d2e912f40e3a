"""How a person follows a run: which step works, what it has done so far, when it ends."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Hears about steps. It decides nothing and must not raise."""

    def advanced(self, step: int, text: str) -> None:
        """Tell that `step` (1 to the number of steps) has come as far as `text` says."""
        ...

    def finished(self, step: int, text: str) -> None:
        """Tell that `step` is done, with its result in one line."""
        ...
