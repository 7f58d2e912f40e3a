"""Decides which action may be reported next for one record; the table is data, refusals are values.

A record is one identifier of one participant on one side. Its state moves when the receipt comes,
not when the report leaves, and while a report waits for its receipt nothing else may follow it.
Source: TRUM Annex VII as summarised in the design notes, and ACER FAQ 2.4.5 for orders.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from types import MappingProxyType
from typing import Final

import attrs

from wattbook_domain.foundation.verdict import Refused
from wattbook_domain.orders.vocabulary import Side
from wattbook_domain.regulation.words import SIDE_CODE, ActionType


class RecordState(IntEnum):
    """What the regulator holds about a record."""

    UNREPORTED = 0
    LIVE = 1
    ENDED = 2
    VOID = 3


class LifecycleRefusal(IntEnum):
    """Why an action may not be reported now. Lower codes are reported first."""

    AWAITING_RECEIPT = 1
    NEVER_REPORTED = 2
    ALREADY_LIVE = 3
    ALREADY_ENDED = 4
    ALREADY_VOID = 5
    IDENTIFIER_SPENT = 6


Outcome = RecordState | LifecycleRefusal

TRANSITIONS: Final[Mapping[tuple[RecordState, ActionType], Outcome]] = MappingProxyType(
    {
        (RecordState.UNREPORTED, ActionType.NEW): RecordState.LIVE,
        (RecordState.UNREPORTED, ActionType.MODIFY): LifecycleRefusal.NEVER_REPORTED,
        (RecordState.UNREPORTED, ActionType.CANCEL): LifecycleRefusal.NEVER_REPORTED,
        (RecordState.UNREPORTED, ActionType.ERROR): LifecycleRefusal.NEVER_REPORTED,
        (RecordState.LIVE, ActionType.NEW): LifecycleRefusal.ALREADY_LIVE,
        (RecordState.LIVE, ActionType.MODIFY): RecordState.LIVE,
        (RecordState.LIVE, ActionType.CANCEL): RecordState.ENDED,
        (RecordState.LIVE, ActionType.ERROR): RecordState.VOID,
        (RecordState.ENDED, ActionType.NEW): LifecycleRefusal.ALREADY_ENDED,
        (RecordState.ENDED, ActionType.MODIFY): LifecycleRefusal.ALREADY_ENDED,
        (RecordState.ENDED, ActionType.CANCEL): LifecycleRefusal.ALREADY_ENDED,
        (RecordState.ENDED, ActionType.ERROR): RecordState.VOID,
        (RecordState.VOID, ActionType.NEW): RecordState.LIVE,
        (RecordState.VOID, ActionType.MODIFY): LifecycleRefusal.ALREADY_VOID,
        (RecordState.VOID, ActionType.CANCEL): LifecycleRefusal.ALREADY_VOID,
        (RecordState.VOID, ActionType.ERROR): LifecycleRefusal.ALREADY_VOID,
    }
)
"""Every pair of state and action, with the state after acceptance or the reason for refusal."""


@attrs.frozen(kw_only=True)
class LifecyclePack:
    """The one choice on which editions of the guidance differ.

    Attributes:
        version: name of the pack, stored with every decision made under it.
        reuses_void_identifier: whether a voided identifier may be reported anew. The 2024 guidance
            allows it once the voiding is accepted; a 2016 edition asked for a new identifier.
    """

    version: str
    reuses_void_identifier: bool

    def outcome(self, state: RecordState, action: ActionType) -> Outcome:
        """Return the state after acceptance, or why the action is refused."""
        if not self.reuses_void_identifier and (state, action) == (
            RecordState.VOID,
            ActionType.NEW,
        ):
            return LifecycleRefusal.IDENTIFIER_SPENT
        return TRANSITIONS[state, action]


GUIDANCE_2024: Final = LifecyclePack(version="TRUM-2024", reuses_void_identifier=True)
GUIDANCE_2016: Final = LifecyclePack(version="TRUM-2016", reuses_void_identifier=False)


@attrs.frozen(kw_only=True)
class RecordKey:
    """Whose record, under which identifier, on which side."""

    participant: str
    identifier: str
    side: Side

    def __str__(self) -> str:
        return f"{self.participant}/{self.identifier}/{SIDE_CODE[self.side]}"


@attrs.frozen(kw_only=True)
class RecordLifecycle:
    """One record: what the regulator holds, and the report that still waits for its receipt."""

    key: RecordKey
    state: RecordState = RecordState.UNREPORTED
    awaiting: ActionType | None = None

    def submit(
        self, action: ActionType, *, pack: LifecyclePack = GUIDANCE_2024
    ) -> RecordLifecycle | Refused:
        """Send a report, or learn why it may not be sent; the state moves with the receipt."""
        if self.awaiting is not None:
            return self._refused(LifecycleRefusal.AWAITING_RECEIPT, is_transient=True)
        outcome = pack.outcome(self.state, action)
        if isinstance(outcome, LifecycleRefusal):
            return self._refused(outcome, is_transient=False)
        return attrs.evolve(self, awaiting=action)

    def receive(self, *, is_accepted: bool) -> RecordLifecycle:
        """Take the receipt of the report that waits. A rejected report has changed nothing.

        Raises:
            ValueError: if no report waits for a receipt, or one that could never have been sent.
        """
        if self.awaiting is None:
            raise ValueError(f"record {self.key} has no report that waits for a receipt")
        if not is_accepted:
            return attrs.evolve(self, awaiting=None)
        outcome = TRANSITIONS[self.state, self.awaiting]
        if isinstance(outcome, LifecycleRefusal):
            raise ValueError(
                f"record {self.key} is {self.state.name} and cannot have sent {self.awaiting.name}"
            )
        return attrs.evolve(self, state=outcome, awaiting=None)

    def _refused(self, code: LifecycleRefusal, *, is_transient: bool) -> Refused:
        return Refused(
            code=code,
            subject=f"record {self.key}",
            facts={"state": int(self.state)},
            is_transient=is_transient,
        )
