"""Names everything the engine may ask the world to do. Each is approved, or reduces risk."""

from __future__ import annotations

import attrs

from wattbook_domain.foundation.identifiers import VenueId
from wattbook_domain.foundation.instants import UtcNs
from wattbook_domain.foundation.verdict import Approved, Refused
from wattbook_domain.orders.commands import CancelOrder, NewOrder, ReplaceOrder


@attrs.frozen
class SendOrder:
    """Send a new order to the venue it names."""

    approved: Approved[NewOrder]


@attrs.frozen(kw_only=True)
class SendReplace:
    """Ask a venue to change an order."""

    venue_id: VenueId
    approved: Approved[ReplaceOrder]


@attrs.frozen(kw_only=True)
class SendCancel:
    """Ask a venue to end an order."""

    venue_id: VenueId
    command: CancelOrder


@attrs.frozen(kw_only=True)
class TellRefusal:
    """Tell that something was not let through. Nothing leaves; blotter and audit hear of it."""

    at: UtcNs
    verdict: Refused


OrderEffect = SendOrder | SendReplace | SendCancel | TellRefusal
"""What may come of a decision."""
