"""The simulated venues as the platform discovers them: honest, different, as their README says."""

from __future__ import annotations

import re
from pathlib import Path

import pluggy
import pytest

from wattbook_contracts import hookspecs
from wattbook_contracts.capabilities import VENUE_CAPABILITIES, Capability
from wattbook_contracts.version import API_VERSION
from wattbook_domain.execution.fees import FeeSchedule
from wattbook_plugins.venues.simulated import plugin

README = Path(plugin.__file__).with_name("README.md").read_text()


def discovered():
    manager = pluggy.PluginManager(hookspecs.PROJECT_NAME)
    manager.add_hookspecs(hookspecs)
    manager.register(plugin, "simulated")
    manager.check_pending()
    return {v.venue_id: v for offered in manager.hook.wattbook_register_venues() for v in offered}


def test_the_hook_offers_two_continuous_venues_and_an_auction():
    engines = {name: venue.engine for name, venue in discovered().items()}
    assert engines == {
        "POWERX": "simulation.continuous",
        "ENERGEX": "simulation.continuous",
        "DAYAHEAD": "simulation.auction",
    }
    assert API_VERSION.accepts(plugin.MANIFEST.api_version)


def test_everything_simulated_says_so():
    assert plugin.MANIFEST.is_simulated
    assert all(venue.is_simulated for venue in discovered().values())


def test_the_continuous_venues_differ_where_a_router_looks():
    powerx, energex = plugin.POWERX, plugin.ENERGEX
    assert powerx.fees != energex.fees
    assert powerx.tick_size != energex.tick_size
    assert powerx.book.latency_ns != energex.book.latency_ns
    assert powerx.book.level_lots * powerx.book.levels != energex.book.level_lots * 8


@pytest.mark.parametrize("venue", discovered().values(), ids=lambda venue: venue.venue_id)
def test_capabilities_are_those_of_a_venue_and_fees_can_be_charged(venue):
    assert venue.capabilities <= VENUE_CAPABILITIES
    fees = FeeSchedule.of(
        maker_per_mwh=venue.fees.maker_per_mwh,
        taker_per_mwh=venue.fees.taker_per_mwh,
        per_order=venue.fees.per_order,
        currency=venue.fees.currency,
    )
    assert fees.taker.amount == venue.fees.taker_per_mwh


@pytest.mark.parametrize("capability", sorted(VENUE_CAPABILITIES, key=lambda c: c.name))
def test_the_readme_table_tells_each_capability_as_declared(capability: Capability):
    row = next(
        line for line in README.splitlines() if re.match(rf"\|.*`{capability.name}`.*\|", line)
    )
    cells = [cell.strip() for cell in row.split("|")[2:5]]
    declared = [
        "yes" if capability in venue.capabilities else ""
        for venue in (plugin.POWERX, plugin.ENERGEX, plugin.DAYAHEAD)
    ]
    assert cells == declared
