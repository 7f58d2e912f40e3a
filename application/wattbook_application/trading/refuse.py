"""Refuses: keeps the verdict in the state, and tells blotter and audit."""

from __future__ import annotations

from wattbook_application.effects import TellRefusal
from wattbook_application.state import DayState, Refusal
from wattbook_domain.foundation.instants import UtcNs
from wattbook_domain.foundation.verdict import Refused
from wattbook_domain.orders.commands import NewOrder


def refuse(
    state: DayState, verdict: Refused, *, at: UtcNs, order: NewOrder | None = None
) -> tuple[TellRefusal]:
    """Keep a refusal with its code and facts, and return what is told of it."""
    state.refusals.append(Refusal(at=at, order=order, verdict=verdict))
    return (TellRefusal(at=at, verdict=verdict),)
