"""Performs effects: hands approved commands to the gateway of their venue, and nothing else.

Which effects are such commands, and where each goes, is told here for recovery, too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from wattbook_application.effects import OrderEffect, SendCancel, SendOrder, SendReplace
from wattbook_application.program import Effect, SequencedEffect
from wattbook_contracts.ports.venue import VenueGateway
from wattbook_domain.foundation.identifiers import VenueId
from wattbook_domain.foundation.verdict import Approved
from wattbook_domain.orders.commands import CancelOrder, NewOrder, ReplaceOrder

VenueCommand = tuple[VenueId, Approved[NewOrder] | Approved[ReplaceOrder] | CancelOrder]
"""A command with the venue it went to."""


def sender(gateways: Mapping[VenueId, VenueGateway]) -> Callable[[Effect], None]:
    """Return the engine's `perform` over the gateways of the day."""

    def perform(effect: Effect) -> None:
        match effect:
            case SendOrder(approved):
                gateways[approved.value.venue_id].submit(approved)
            case SendReplace():
                gateways[effect.venue_id].replace(effect.approved)
            case SendCancel():
                gateways[effect.venue_id].cancel(effect.command)

    return perform


def venue_of(effect: OrderEffect) -> VenueId | None:
    """Return the venue an effect goes to; `None` for one that stays inside."""
    match effect:
        case SendOrder(approved):
            return approved.value.venue_id
        case SendReplace() | SendCancel():
            return effect.venue_id
        case _:
            return None


def commands_of(effects: Iterable[SequencedEffect]) -> Iterator[VenueCommand]:
    """Yield every command that was handed to a gateway, in the order it was sent."""
    for sequenced in effects:
        match sequenced.effect:
            case SendOrder(approved):
                yield approved.value.venue_id, approved
            case SendReplace() as change:
                yield change.venue_id, change.approved
            case SendCancel() as cancel:
                yield cancel.venue_id, cancel.command
