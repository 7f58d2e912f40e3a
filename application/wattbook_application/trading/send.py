"""Performs effects: hands approved commands to the gateway of their venue, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from wattbook_application.effects import OrderEffect, SendCancel, SendOrder, SendReplace
from wattbook_application.program import Effect
from wattbook_contracts.ports.venue import VenueGateway
from wattbook_domain.foundation.identifiers import VenueId


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
