"""Offers the similar-day forecaster to the platform."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from wattbook_contracts.descriptors import ForecasterDescriptor
from wattbook_contracts.hookspecs import hookimpl
from wattbook_contracts.manifest import PluginManifest
from wattbook_contracts.version import API_VERSION
from wattbook_domain.signals.similar_day import MINIMUM_HISTORY_DAYS
from wattbook_plugins.models.naive.forecaster import SimilarDayForecaster

MANIFEST: Final = PluginManifest(
    name="naive",
    summary="The similar-day rule, the yardstick for every other model.",
    api_version=API_VERSION,
    licence="Apache-2.0",
)


@hookimpl
def wattbook_register_forecasters() -> Sequence[ForecasterDescriptor]:
    """Offer the similar-day forecaster."""
    return (
        ForecasterDescriptor(
            name=MANIFEST.name,
            minimum_history_days=MINIMUM_HISTORY_DAYS,
            build=SimilarDayForecaster,
        ),
    )
