"""Decides how a verdict on a report is carried: findings with a stable id, never exceptions.

Three layers judge a document and each has a say of its own: the schema, the format of codes, and
the rules of the trade. A document may be valid in one layer and wrong in another.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum, StrEnum

import attrs


class Severity(IntEnum):
    """How much a finding weighs. An ERROR keeps a document from leaving."""

    NOTE = 0
    WARNING = 1
    ERROR = 2


class Layer(StrEnum):
    """Who made the finding."""

    SCHEMA = "schema"
    FORMAT = "format"
    RULE = "rule"


@attrs.frozen(kw_only=True)
class Finding:
    """One thing that is wrong, or worth a look, in one field of one record.

    Attributes:
        rule_id: stable name of the rule, for example `REMIT-EIC-CHECK`.
        where: the record concerned, in words a reader can search for.
        field: name of the field as the regulator's form names it.
        value: what was found, as text.
        remedy: what to do about it.
    """

    rule_id: str
    layer: Layer
    severity: Severity
    where: str
    field: str
    value: str
    remedy: str

    def explain(self) -> str:
        """Return one line for screens and logs."""
        return (
            f"{self.severity.name} {self.rule_id} in {self.where}, {self.field} = {self.value!r}: "
            f"{self.remedy}"
        )


def has_errors(findings: Iterable[Finding]) -> bool:
    """Return whether any finding keeps the document from leaving."""
    return any(finding.severity is Severity.ERROR for finding in findings)
