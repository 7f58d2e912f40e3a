"""Names everything the engine may ask the world to do. Each is approved, or reduces risk."""

from __future__ import annotations

import attrs

from wattbook_domain.foundation.identifiers import VenueId
from wattbook_domain.foundation.verdict import Approved
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


OrderEffect = SendOrder | SendReplace | SendCancel
"""What the gateways are asked to do."""
