"""Settings, a catalogue and a feed's facts for tests that open no file."""

from __future__ import annotations

from datetime import date

import attrs

from wattbook.plugin_manager import Catalogue
from wattbook.settings import LoadedSettings, Settings, load_settings


@attrs.frozen(kw_only=True)
class FeedFacts:
    """What the day's terms take from a feed; its data are asked for elsewhere."""

    name: str = "epex_de"
    currency: str = "EUR"
    zone: str = "Europe/Berlin"
    bidding_zone: str = "DE-AT-LU"
    first_day: date = date(2012, 1, 9)
    last_day: date = date(2017, 12, 31)
    content_sha256: str = "ab" * 32


def loaded(profile: str = "paper", **overrides: object) -> LoadedSettings:
    """Load a profile; `battery__power_mw=5` stands for the dotted key."""
    dotted = {key.replace("__", "."): value for key, value in overrides.items()}
    return load_settings(profile, environ={}, overrides=dotted)


def settings(profile: str = "paper", **overrides: object) -> Settings:
    return loaded(profile, **overrides).settings


def with_venue(catalogue: Catalogue, venue_id: str, **changes: object) -> Catalogue:
    """Return the catalogue with one venue changed."""
    venue = attrs.evolve(catalogue.venues[venue_id], **changes)  # type: ignore[misc]
    return attrs.evolve(catalogue, venues={**catalogue.venues, venue_id: venue})
