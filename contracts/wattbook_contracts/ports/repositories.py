"""Where the present state of things is kept, one collection a kind, each under its natural key.

Repositories are followers' stores: the journal is the truth, and they can be filled from it again.
So `save` is idempotent: the same value twice is one value, a new value under a known key replaces
the old one and keeps its place in the order.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol, TypeVar

import attrs

from wattbook_domain.foundation.identifiers import ClientOrderId, InstrumentId, require_identifier
from wattbook_domain.foundation.instants import UtcNs
from wattbook_domain.instruments.spec import InstrumentSpec
from wattbook_domain.orders.order import Order
from wattbook_domain.positions.fills import ExecutionKey, Fill
from wattbook_domain.positions.position import Position, PositionKey
from wattbook_domain.reference.parties import Party
from wattbook_domain.regulation.submission import ReportDocument

K_contra = TypeVar("K_contra", contravariant=True)
V = TypeVar("V")


class Repository(Protocol[K_contra, V]):
    """Values under natural keys, in the order in which their keys were first saved."""

    def save(self, values: Sequence[V]) -> None:
        """Keep the values, all or none, replacing those whose key is known.

        Raises:
            StorageFault: if the store refused; nothing of this unit of work is then kept.
        """
        ...

    def get(self, key: K_contra) -> V | None:
        """Return the value under a key, `None` when there is none."""
        ...

    def all(self) -> Iterator[V]:
        """Yield every value, in the order in which their keys were first saved."""
        ...


class OrderRepository(Repository[ClientOrderId, Order], Protocol):
    """Orders under the id they were submitted with, which a replacement does not change."""


class FillRepository(Repository[ExecutionKey, Fill], Protocol):
    """Trades of ours under venue and execution id: the key that makes booking idempotent."""

    def of_order(self, client_order_id: ClientOrderId) -> Iterator[Fill]:
        """Yield the fills booked under one client order id, in the order of booking."""
        ...


class PositionRepository(Repository[PositionKey, Position], Protocol):
    """Holdings under desk, ledger and instrument."""


class InstrumentRepository(Repository[InstrumentId, InstrumentSpec], Protocol):
    """Reference data: what is traded."""


class PartyRepository(Repository[str, Party], Protocol):
    """Reference data: with whom, under their party id."""


@attrs.frozen(kw_only=True)
class FiledReport:
    """A document for a regulator as it was written, byte for byte.

    Attributes:
        regime: whose rules it follows, for example `REMIT-1`.
        document: name, bytes and counts; the name is the natural key.
        written_at: the instant of the decision that wrote it.
    """

    regime: str
    document: ReportDocument
    written_at: UtcNs

    def __attrs_post_init__(self) -> None:
        require_identifier("regime", self.regime)


class ReportRepository(Repository[str, FiledReport], Protocol):
    """Regulatory documents under their file names.

    What was filed is evidence: `save` raises `StorageFault` for a known name with other content.
    """
