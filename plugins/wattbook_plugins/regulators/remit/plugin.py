"""Offers REMIT as a regulator; hook implementations only."""

from __future__ import annotations

from typing import Final

from wattbook_contracts.descriptors import RegulatorDescriptor
from wattbook_contracts.hookspecs import hookimpl
from wattbook_contracts.manifest import PluginManifest
from wattbook_contracts.version import API_VERSION
from wattbook_plugins.regulators.remit.reporter import REGIME, RemitReporter
from wattbook_plugins.regulators.remit.schema import SCHEMA_ID

MANIFEST: Final = PluginManifest(
    name="remit",
    summary="REMIT Table 1 (version 3) reports of orders and trades, with three layers of verdict.",
    api_version=API_VERSION,
    licence="Apache-2.0",
)


@hookimpl
def wattbook_register_regulators() -> tuple[RegulatorDescriptor, ...]:
    """Offer the Table 1 reporter."""
    return (
        RegulatorDescriptor(
            name=MANIFEST.name, regime=REGIME, schema_ids=(SCHEMA_ID,), build=RemitReporter
        ),
    )
