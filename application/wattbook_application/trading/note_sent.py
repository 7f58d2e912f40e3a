"""Notes every message that leaves, for the limits that count messages and remember identities.

Messages count in the order in which they were sent. Their own instants may go back, for a person's
clock need not agree with a strategy's; then a message counts at the instant of the one before it,
and neither a kill nor a late decision can stop the engine.
"""

from __future__ import annotations

import attrs

from wattbook_application.state import DayState
from wattbook_domain.orders.commands import Command, OrderOwner


def note_sent(state: DayState, command: Command, owner: OrderOwner) -> None:
    """Count a message that is about to leave."""
    state.sent_at = max(state.sent_at, command.decided_at)
    state.traffic.apply(attrs.evolve(command, decided_at=state.sent_at), owner=owner)
