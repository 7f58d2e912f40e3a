"""Offers the packaged German market to the platform."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from wattbook_contracts.descriptors import FeedDescriptor
from wattbook_contracts.hookspecs import hookimpl
from wattbook_contracts.manifest import PluginManifest
from wattbook_contracts.version import API_VERSION
from wattbook_plugins.feeds.epex_de.feed import CITATION, LICENCE, ZONE, open_feed

MANIFEST: Final = PluginManifest(
    name="epex_de",
    summary="German day-ahead prices 2012-2017 with load, wind and solar forecasts.",
    api_version=API_VERSION,
    licence="Apache-2.0 AND CC-BY-4.0",
)


@hookimpl
def wattbook_register_feeds() -> Sequence[FeedDescriptor]:
    """Offer the German day-ahead market."""
    return (
        FeedDescriptor(
            name=MANIFEST.name, zone=ZONE, licence=LICENCE, citation=CITATION, open=open_feed
        ),
    )
