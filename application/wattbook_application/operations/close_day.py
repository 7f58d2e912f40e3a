"""Closes steps and days: what was done, what was written, and the hash of where it ended."""

from __future__ import annotations

from wattbook_application.facts import DayClosed, DocumentWritten, StepFinished
from wattbook_application.state import DayState


def finish_step(state: DayState, fact: StepFinished) -> tuple[()]:
    """Handle `StepFinished`."""
    state.finished[fact.step] = fact.result
    return ()


def record_document(state: DayState, fact: DocumentWritten) -> tuple[()]:
    """Handle `DocumentWritten`."""
    state.documents[fact.name] = fact.sha256
    return ()


def close_day(state: DayState, fact: DayClosed) -> tuple[()]:
    """Handle `DayClosed`."""
    state.closed_at_hash = fact.state_hash
    return ()
