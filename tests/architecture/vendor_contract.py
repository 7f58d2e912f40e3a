"""A contract type for the layering linter: every third-party package has homes, and stays there.

The table is exhaustive: a vendor that nobody gave a home breaks the contract, so a new dependency
is always a decision. Standard-library modules are the business of contract L4.
"""

from __future__ import annotations

import sys

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output

ROOTS = (
    "wattbook_domain",
    "wattbook_contracts",
    "wattbook_application",
    "wattbook_adapters",
    "wattbook_plugins",
    "wattbook",
)


class VendorContract(Contract):
    """`homes` is a list of `vendor: package package ...`."""

    type_name = "vendors"
    homes = fields.ListField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Find vendors without a home and vendors away from it."""
        strays = sorted(stray_imports(graph, _parse(self.homes)))
        return ContractCheck(kept=not strays, metadata={"strays": strays})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Name each stray import and where it may live."""
        for importer, vendor, allowed in check.metadata["strays"]:
            output.print_error(f"{importer} imports {vendor}, whose home is {allowed}", bold=False)


def _parse(lines: list[str]) -> dict[str, tuple[str, ...]]:
    pairs = (line.split(":", 1) for line in lines)
    return {vendor.strip(): tuple(homes.split()) for vendor, homes in pairs}


def stray_imports(
    graph: ImportGraph, homes: dict[str, tuple[str, ...]]
) -> list[tuple[str, str, str]]:
    """Return (importer, vendor, allowed homes) for every import that breaks the table."""
    strays = []
    for vendor in graph.modules:
        top = vendor.split(".")[0]
        if top in ROOTS or top in sys.stdlib_module_names or top == "__future__":
            continue
        allowed = homes.get(top, ())
        strays += [
            (importer, top, " or ".join(allowed) or "nowhere yet: give it one in pyproject.toml")
            for importer in graph.find_modules_that_directly_import(vendor)
            if not any(importer == home or importer.startswith(home + ".") for home in allowed)
        ]
    return strays
