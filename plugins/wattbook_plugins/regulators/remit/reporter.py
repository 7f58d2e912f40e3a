"""Decides how a filing is prepared and a document judged: writer, schema, codes, rules, in turn."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import attrs

from wattbook_contracts.ports.regulator import ReportBatch
from wattbook_domain.regulation.facts import RegulatoryFiling
from wattbook_domain.regulation.findings import Finding
from wattbook_domain.regulation.submission import ReportDocument
from wattbook_plugins.regulators.remit.checks import code_findings, rule_findings
from wattbook_plugins.regulators.remit.documents import DOCUMENT_BYTES_MAX, read_document
from wattbook_plugins.regulators.remit.files import documents_of
from wattbook_plugins.regulators.remit.records import Table1
from wattbook_plugins.regulators.remit.schema import schema_findings

REGIME: Final = "REMIT Table 1"

AREA_ZONES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "10Y1001A1001A63L": "Europe/Berlin",
        "10Y1001A1001A82H": "Europe/Berlin",
        "10YAT-APG------L": "Europe/Vienna",
        "10YBE----------2": "Europe/Brussels",
        "10YCH-SWISSGRIDZ": "Europe/Zurich",
        "10YCZ-CEPS-----N": "Europe/Prague",
        "10YES-REE------0": "Europe/Madrid",
        "10YFR-RTE------C": "Europe/Paris",
        "10YGB----------A": "Europe/London",
        "10YNL----------L": "Europe/Amsterdam",
        "10YPL-AREA-----S": "Europe/Warsaw",
        "10YPT-REN------W": "Europe/Lisbon",
    }
)
"""Zones of the delivery areas known without being told; a filing's own contracts add theirs."""


@attrs.frozen(kw_only=True)
class RemitReporter:
    """Writes and judges Table 1 files (schema version 3). Holds nothing between calls."""

    zones: Mapping[str, str] = AREA_ZONES
    bytes_max: int = DOCUMENT_BYTES_MAX

    @property
    def regime(self) -> str:
        """The regime and table."""
        return REGIME

    def prepare(self, filing: RegulatoryFiling) -> ReportBatch:
        """Write a filing as files and judge them; see `Reporter.prepare`."""
        zones = dict(self.zones)
        for contract in filing.contracts:
            zones.update({point.text: contract.zone for point in contract.delivery_points})
        documents: list[ReportDocument] = []
        findings: list[Finding] = []
        for document, table in documents_of(filing, bytes_max=self.bytes_max):
            documents.append(document)
            findings.extend(schema_findings(document.content))
            findings.extend(_beyond_schema(table, zones))
        return ReportBatch(tuple(documents), tuple(findings))

    def verify(self, content: bytes) -> tuple[Finding, ...]:
        """Judge a document; where the schema refuses it, the other layers are not asked."""
        against_schema = schema_findings(content)
        if against_schema:
            return against_schema
        return _beyond_schema(read_document(content), self.zones)


def _beyond_schema(table: Table1, zones: Mapping[str, str]) -> tuple[Finding, ...]:
    return (*code_findings(table), *rule_findings(table, zones=zones))
