"""Decides how a filing becomes files: their names, and where one that is too large is cut.

Name: date, schema, reporting entity's ACER code and a sequence number. A cut keeps reports in
order, repeats the contracts each part uses, and numbers its records from 1 again.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import attrs

from wattbook_domain.regulation.codes import AcerCode
from wattbook_domain.regulation.facts import RegulatoryFiling
from wattbook_domain.regulation.submission import ReportDocument
from wattbook_plugins.regulators.remit.describe import describe
from wattbook_plugins.regulators.remit.documents import DOCUMENT_BYTES_MAX, write_document
from wattbook_plugins.regulators.remit.records import Table1
from wattbook_plugins.regulators.remit.schema import SCHEMA_ID


def file_name(filed_on: date, entity: AcerCode, sequence: int) -> str:
    """Name a file.

    >>> file_name(date(2017, 1, 25), AcerCode("A0000DEMO.DE"), 1)
    '20170125_REMITTable1_V3_A0000DEMO.DE_1.xml'
    """
    return f"{filed_on:%Y%m%d}_{SCHEMA_ID}_{entity}_{sequence}.xml"


def documents_of(
    filing: RegulatoryFiling, *, bytes_max: int = DOCUMENT_BYTES_MAX
) -> tuple[tuple[ReportDocument, Table1], ...]:
    """Return a filing as files, each within `bytes_max`, with the records it holds.

    Raises:
        ValueError: if the reporting entity has no ACER code, which the names need, if a delivery
            has no unambiguous form, or if a single report exceeds `bytes_max`.
    """
    entity = filing.reporting_entity
    if not isinstance(entity, AcerCode):
        raise ValueError(
            f"a REMIT file is named by the reporting entity's ACER code, found {entity}; "
            f"state the code of the European register"
        )
    return tuple(
        (
            ReportDocument(
                name=file_name(filing.filed_on, entity, filing.first_sequence + index),
                content=content,
                contract_count=len(table.contracts),
                order_count=len(table.orders),
                trade_count=len(table.trades),
            ),
            table,
        )
        for index, (table, content) in enumerate(_cut(filing, bytes_max))
    )


def _cut(filing: RegulatoryFiling, bytes_max: int) -> Iterator[tuple[Table1, bytes]]:
    table = describe(filing)
    content = write_document(table)
    if len(content) <= bytes_max:
        yield table, content
        return
    reports = len(filing.orders) + len(filing.trades)
    if reports <= 1:
        raise ValueError(
            f"a file may have {bytes_max} bytes, found {len(content)} in a single report"
        )
    first, second = _halves(filing, reports // 2)
    yield from _cut(first, bytes_max)
    yield from _cut(second, bytes_max)


def _halves(filing: RegulatoryFiling, count: int) -> tuple[RegulatoryFiling, RegulatoryFiling]:
    order_count = min(count, len(filing.orders))
    trade_count = count - order_count
    return (
        _part(filing, slice(None, order_count), slice(None, trade_count)),
        _part(filing, slice(order_count, None), slice(trade_count, None)),
    )


def _part(filing: RegulatoryFiling, orders: slice, trades: slice) -> RegulatoryFiling:
    part = attrs.evolve(filing, orders=filing.orders[orders], trades=filing.trades[trades])
    used = part.used_contract_ids
    return attrs.evolve(part, contracts=tuple(c for c in filing.contracts if c.contract_id in used))
