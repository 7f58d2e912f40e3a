"""Offers LEAR to the platform."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from wattbook_contracts.descriptors import ForecasterDescriptor
from wattbook_contracts.hookspecs import hookimpl
from wattbook_contracts.manifest import PluginManifest
from wattbook_contracts.ports.forecaster import Forecaster
from wattbook_contracts.version import API_VERSION
from wattbook_plugins.models.lear.design import MINIMUM_HISTORY_DAYS

MANIFEST: Final = PluginManifest(
    name="lear",
    summary="Lasso-estimated autoregression for the next day's hours, with a conformal interval.",
    api_version=API_VERSION,
    licence="Apache-2.0",
)


@hookimpl
def wattbook_register_forecasters() -> Sequence[ForecasterDescriptor]:
    """Offer LEAR."""
    return (
        ForecasterDescriptor(
            name=MANIFEST.name, minimum_history_days=MINIMUM_HISTORY_DAYS, build=_build
        ),
    )


def _build() -> Forecaster:
    # scikit-learn takes a second to load; start-up must not wait for a model nobody asked for.
    from wattbook_plugins.models.lear.forecaster import LearForecaster

    return LearForecaster()
