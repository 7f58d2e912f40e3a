"""Decides whom the kill switch stops, and who may let them trade again.

The latch is a value folded from the journal, so it survives a restart. It fails closed: a latch
whose record cannot be read is unknown, and an unknown latch stops everything. Engaging takes one
person or one alarm; releasing takes another person and a reason (RTS 6 Art 12). Cancelling what is
already at the venues is left to the engine, flattening to a separate human decision.
"""

from __future__ import annotations

from enum import IntEnum

import attrs

from wattbook_domain.foundation.identifiers import InstrumentId, VenueId, require_identifier
from wattbook_domain.foundation.instants import UtcNs
from wattbook_domain.foundation.verdict import Refused
from wattbook_domain.orders.commands import OrderOwner


class KillState(IntEnum):
    """What the gate reads as `kill_state`."""

    RELEASED = 0
    ENGAGED = 1
    UNKNOWN = 2


class KillScopeKind(IntEnum):
    """What a kill stops."""

    ALL = 0
    VENUE = 1
    DESK = 2
    TRADER = 3
    ALGORITHM = 4
    INSTRUMENT = 5


class KillDenial(IntEnum):
    """Why a release was refused, in rank order."""

    STATE_UNKNOWN = 1
    NOT_ENGAGED = 2
    SAME_PERSON = 3


@attrs.frozen
class KillScope:
    """One thing to stop. `target` names it; it is absent for `ALL` only."""

    kind: KillScopeKind
    target: str | None = None

    def __attrs_post_init__(self) -> None:
        if (self.target is None) != (self.kind is KillScopeKind.ALL):
            raise ValueError(
                f"a kill scope names its target unless it is ALL, found {self.kind.name} "
                f"with target {self.target!r}"
            )

    def __str__(self) -> str:
        return self.kind.name if self.target is None else f"{self.kind.name}:{self.target}"


@attrs.frozen(kw_only=True)
class KillRecord:
    """Who stopped what, when and why."""

    scope: KillScope
    engaged_by: str
    engaged_at: UtcNs
    reason: str


@attrs.frozen
class KillLatch:
    """Every kill in force. Start from `RELEASED_LATCH`, or from `UNKNOWN_LATCH` after a loss."""

    records: tuple[KillRecord, ...] = ()
    is_known: bool = True

    def engage(self, scope: KillScope, *, by: str, at: UtcNs, reason: str) -> KillLatch:
        """Return a latch that also stops `scope`. Stopping twice keeps both records.

        Raises:
            ValueError: if the person is no identifier or the reason is empty.
        """
        require_identifier("person who engages", by)
        record = KillRecord(
            scope=scope, engaged_by=by, engaged_at=at, reason=_require_reason(reason)
        )
        return KillLatch((*self.records, record), self.is_known)

    def release(self, scope: KillScope, *, by: str, reason: str) -> KillLatch | Refused:
        """Return a latch that no longer stops `scope`, unless the rule of two persons forbids it.

        Raises:
            ValueError: if the person is no identifier or the reason is empty.
        """
        require_identifier("person who releases", by)
        _require_reason(reason)
        if not self.is_known:
            return Refused(KillDenial.STATE_UNKNOWN, str(scope))
        ours = [record for record in self.records if record.scope == scope]
        if not ours:
            return Refused(KillDenial.NOT_ENGAGED, str(scope))
        if any(record.engaged_by == by for record in ours):
            return Refused(KillDenial.SAME_PERSON, str(scope), {"records": len(ours)})
        return KillLatch(tuple(r for r in self.records if r.scope != scope), is_known=True)

    def state_for(
        self, owner: OrderOwner, *, venue_id: VenueId, instrument_id: InstrumentId
    ) -> KillState:
        """Return whether an order of this owner, venue and instrument is stopped."""
        if any(
            record.scope in _scopes_of(owner, venue_id, instrument_id) for record in self.records
        ):
            return KillState.ENGAGED
        return KillState.RELEASED if self.is_known else KillState.UNKNOWN


RELEASED_LATCH = KillLatch()
"""Nothing is stopped, and we know it."""

UNKNOWN_LATCH = KillLatch(is_known=False)
"""The record is lost: everything is stopped until the latch is folded from the journal again."""


def _require_reason(reason: str) -> str:
    if not reason.strip():
        raise ValueError("the kill switch is moved with a reason only; write one")
    return reason


def _scopes_of(
    owner: OrderOwner, venue_id: VenueId, instrument_id: InstrumentId
) -> frozenset[KillScope]:
    return frozenset(
        {
            KillScope(KillScopeKind.ALL),
            KillScope(KillScopeKind.VENUE, venue_id),
            KillScope(KillScopeKind.DESK, owner.desk_id),
            KillScope(KillScopeKind.TRADER, owner.trader_id),
            KillScope(KillScopeKind.ALGORITHM, owner.algorithm_id),
            KillScope(KillScopeKind.INSTRUMENT, instrument_id),
        }
    )
