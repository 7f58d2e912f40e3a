"""Decides the bytes of a Table 1 document and reads them back; hostile XML is refused by rule.

Written: UTF-8, the schema's namespace as default, two spaces of indent, elements in schema order;
equal records give equal bytes. Read: no document type, no external entity, no network, a size cap.
Reading trusts nothing but does not judge; `schema` and `checks` do.
"""

from __future__ import annotations

from typing import Final

from lxml import etree

from wattbook_contracts.errors import DataFault
from wattbook_plugins.regulators.remit.elements import read_record, write_record
from wattbook_plugins.regulators.remit.records import Table1

NAMESPACE: Final = "http://www.acer.europa.eu/REMIT/REMITTable1_V3.xsd"
ROOT: Final = "REMITTable1"
DOCUMENT_BYTES_MAX: Final = 10_000_000
"""Ten megabytes, the limit of a reporting mechanism; also the most that is ever read."""


def write_document(table: Table1) -> bytes:
    """Return the bytes of one file."""
    root = etree.Element(f"{{{NAMESPACE}}}{ROOT}", nsmap={None: NAMESPACE})
    write_record(root, table, NAMESPACE)
    written = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return bytes(written)


def read_document(content: bytes) -> Table1:
    """Return the records of one file.

    Raises:
        DataFault: if the content is not a Table 1 document, or could hurt its reader.
    """
    return read_record(Table1, parse(content).getroot())


def parse(content: bytes) -> etree._ElementTree:
    """Return the tree of one file, parsed without trust.

    Raises:
        DataFault: if it is too large, not well formed, carries a document type, is not in UTF-8,
            or is not a Table 1 document of this version.
    """
    if len(content) > DOCUMENT_BYTES_MAX:
        raise DataFault(
            f"a document may have {DOCUMENT_BYTES_MAX} bytes, found {len(content)}; split it"
        )
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        tree = etree.ElementTree(etree.fromstring(content, parser))
    except etree.XMLSyntaxError as cause:
        raise DataFault(f"a document must be well-formed XML: {cause.msg}") from cause
    if tree.docinfo.internalDTD is not None or tree.docinfo.doctype:
        raise DataFault("a document must carry no document type; remove it")
    if (encoding := tree.docinfo.encoding) is not None and encoding.upper() != "UTF-8":
        raise DataFault(f"a document must be encoded in UTF-8, found {encoding}")
    name = etree.QName(tree.getroot())
    if (name.namespace, name.localname) != (NAMESPACE, ROOT):
        raise DataFault(
            f"a document must start with {ROOT} of {NAMESPACE}, found {name.localname} of "
            f"{name.namespace or 'no namespace'}"
        )
    return tree
