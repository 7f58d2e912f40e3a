"""Decides the first verdict on a document: whether the bundled schema allows it.

The schema's bytes are pinned by hash. The schema knows nothing of check digits or of arithmetic;
`checks` does.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Final

from lxml import etree

from wattbook_contracts.errors import CorruptionFault, DataFault
from wattbook_domain.foundation.canonical import sha256_hex
from wattbook_domain.regulation.findings import Finding, Layer, Severity
from wattbook_plugins.regulators.remit.documents import parse

SCHEMA_ID: Final = "REMITTable1_V3"
SCHEMA_SHA256: Final = "68315256f29bccdc916377d0213a40fdaa743595819f9e942ceec9cf716d8a4c"
FINDINGS_MAX: Final = 1_000
_RECORDS: Final = frozenset({"OrderReport", "TradeReport", "contract"})
_VALUE_CHARACTERS_MAX: Final = 60


def schema_bytes() -> bytes:
    """Return the bundled schema.

    Raises:
        CorruptionFault: if its hash is not the pinned one.
    """
    content = files(__package__).joinpath("schemas", f"{SCHEMA_ID}.xsd").read_bytes()
    if (found := sha256_hex(content)) != SCHEMA_SHA256:
        raise CorruptionFault(
            f"schema {SCHEMA_ID} must have sha256 {SCHEMA_SHA256}, found {found}; reinstall"
        )
    return content


def schema_findings(content: bytes) -> tuple[Finding, ...]:
    """Return what the schema, or the parser before it, has against a document."""
    try:
        tree = parse(content)
    except DataFault as fault:
        return (_finding("REMIT-XML", where="document", field="XML", value="", remedy=str(fault)),)
    schema = _schema()
    if schema.validate(tree):
        return ()
    return tuple(
        _of_error(tree, error.path, error.message)
        for error in list(schema.error_log)[:FINDINGS_MAX]
    )


@cache
def _schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.fromstring(schema_bytes()))


def _of_error(tree: etree._ElementTree, path: str | None, message: str) -> Finding:
    found = tree.xpath(path) if path else []
    element = found[0] if isinstance(found, list) and found else None
    if not isinstance(element, etree._Element):
        return _finding("REMIT-XSD", where="document", field="?", value="", remedy=message)
    value = (element.text or "").strip()[:_VALUE_CHARACTERS_MAX]
    return _finding(
        "REMIT-XSD",
        where=_record_of(element),
        field=etree.QName(element).localname,
        value=value,
        remedy=message.replace(f"{{{etree.QName(element).namespace}}}", ""),
    )


def _record_of(element: etree._Element) -> str:
    for candidate in (element, *element.iterancestors()):
        name = etree.QName(candidate).localname
        if name in _RECORDS:
            first = next(iter(candidate), None)
            label = first.text if first is not None and first.text else "?"
            return f"{name} {label.strip()}"
    return "document"


def _finding(rule_id: str, *, where: str, field: str, value: str, remedy: str) -> Finding:
    return Finding(
        rule_id=rule_id,
        layer=Layer.SCHEMA,
        severity=Severity.ERROR,
        where=where,
        field=field,
        value=value,
        remedy=remedy,
    )
