"""Decides what may be said of a document that left: its status moves by evidence, never by hope.

Written to an outbox is not submitted, submitted is not accepted; only a receipt makes a document
accepted, rejected or partly accepted.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from types import MappingProxyType
from typing import Final

import attrs

from wattbook_domain.foundation.canonical import sha256_hex
from wattbook_domain.foundation.verdict import Refused


@attrs.frozen(kw_only=True)
class ReportDocument:
    """One file ready to leave, as bytes, with what it holds."""

    name: str
    content: bytes = attrs.field(repr=False)
    contract_count: int
    order_count: int
    trade_count: int

    @property
    def sha256(self) -> str:
        """The hash that manifest, journal and receipt agree on."""
        return sha256_hex(self.content)


class SubmissionStatus(IntEnum):
    """How far a document has come."""

    WRITTEN = 0
    SUBMITTED = 1
    ACKNOWLEDGED = 2
    ACCEPTED = 3
    PARTLY_ACCEPTED = 4
    REJECTED = 5


class SubmissionEvent(IntEnum):
    """What moves a document on. The last three are receipts, kept byte for byte elsewhere."""

    HANDED_OVER = 0
    MECHANISM_ACKNOWLEDGED = 1
    RECEIPT_ACCEPTED = 2
    RECEIPT_PARTLY_ACCEPTED = 3
    RECEIPT_REJECTED = 4


class SubmissionRefusal(IntEnum):
    """Why an event does not fit a document's status."""

    NOT_HANDED_OVER = 1
    ALREADY_HANDED_OVER = 2
    ALREADY_FINAL = 3


_FINAL_OUTCOMES: Final = {
    SubmissionEvent.RECEIPT_ACCEPTED: SubmissionStatus.ACCEPTED,
    SubmissionEvent.RECEIPT_PARTLY_ACCEPTED: SubmissionStatus.PARTLY_ACCEPTED,
    SubmissionEvent.RECEIPT_REJECTED: SubmissionStatus.REJECTED,
}

SUBMISSION_TRANSITIONS: Final[
    Mapping[tuple[SubmissionStatus, SubmissionEvent], SubmissionStatus]
] = MappingProxyType(
    {
        (SubmissionStatus.WRITTEN, SubmissionEvent.HANDED_OVER): SubmissionStatus.SUBMITTED,
        (
            SubmissionStatus.SUBMITTED,
            SubmissionEvent.MECHANISM_ACKNOWLEDGED,
        ): SubmissionStatus.ACKNOWLEDGED,
        # A mechanism may pass the regulator's receipt on without an acknowledgement of its own.
        **{(SubmissionStatus.SUBMITTED, event): to for event, to in _FINAL_OUTCOMES.items()},
        **{(SubmissionStatus.ACKNOWLEDGED, event): to for event, to in _FINAL_OUTCOMES.items()},
    }
)
"""Every allowed move; what is not here is refused."""


@attrs.frozen(kw_only=True)
class Submission:
    """A document on its way: its name, its hash, and how far it has come."""

    name: str
    sha256: str
    status: SubmissionStatus = SubmissionStatus.WRITTEN

    def apply(self, event: SubmissionEvent) -> Submission | Refused:
        """Move on by evidence. A repeated receipt of the same outcome changes nothing."""
        if _FINAL_OUTCOMES.get(event) is self.status:
            return self
        status = SUBMISSION_TRANSITIONS.get((self.status, event))
        if status is not None:
            return attrs.evolve(self, status=status)
        return Refused(
            code=self._refusal(),
            subject=f"document {self.name}",
            facts={"status": int(self.status), "event": int(event)},
        )

    def _refusal(self) -> SubmissionRefusal:
        if self.status is SubmissionStatus.WRITTEN:
            return SubmissionRefusal.NOT_HANDED_OVER
        if self.status in (SubmissionStatus.SUBMITTED, SubmissionStatus.ACKNOWLEDGED):
            return SubmissionRefusal.ALREADY_HANDED_OVER
        return SubmissionRefusal.ALREADY_FINAL
