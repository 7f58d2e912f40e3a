"""How facts become documents for a regulator, and how documents leave."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import attrs

from wattbook_domain.foundation.instants import UtcNs
from wattbook_domain.regulation.facts import RegulatoryFiling
from wattbook_domain.regulation.findings import Finding, has_errors
from wattbook_domain.regulation.submission import ReportDocument, Submission


@attrs.frozen
class ReportBatch:
    """Documents of one filing, with everything that was found in them."""

    documents: tuple[ReportDocument, ...]
    findings: tuple[Finding, ...]

    @property
    def is_submittable(self) -> bool:
        """Whether nothing was found that keeps the documents from leaving."""
        return not has_errors(self.findings)


class Reporter(Protocol):
    """Turns facts into one regime's documents, and judges documents. Pure: no input or output."""

    @property
    def regime(self) -> str:
        """The regime and table, for example `REMIT Table 1`."""
        ...

    def prepare(self, filing: RegulatoryFiling) -> ReportBatch:
        """Write a filing as documents and judge them in every layer.

        Equal filings give equal bytes. A filing with errors still gives its documents, so that
        a person can look; `is_submittable` says that they must not leave.

        Raises:
            ValueError: if the regime has no form for a fact; the text says which and why.
        """
        ...

    def verify(self, content: bytes) -> tuple[Finding, ...]:
        """Judge a document somebody else wrote, in every layer."""
        ...


class ReportTransport(Protocol):
    """Carries documents towards a regulator, and says no more than it knows."""

    def send(
        self, documents: Sequence[ReportDocument], *, sent_at: UtcNs
    ) -> tuple[Submission, ...]:
        """Carry documents, in order; the same documents again change nothing.

        Raises:
            StorageFault: if a document could not be kept, or another of the same name exists.
        """
        ...
