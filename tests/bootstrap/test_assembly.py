"""From settings to the day's terms: nothing that does not fit passes, and a run has one name."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import attrs
import pytest
from tests.bootstrap.doubles import FeedFacts, settings, with_venue

from wattbook.assembly import offered, settings_that_fit, setup_of, venues_of
from wattbook.plugin_manager import Catalogue, discover_plugins
from wattbook.settings import Settings
from wattbook_application.setup import DaySetup
from wattbook_contracts.errors import ConfigurationFault

DAY = date(2017, 1, 24)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return discover_plugins()


def setup(
    catalogue: Catalogue,
    of: Settings | None = None,
    *,
    profile: str = "paper",
    day: date = DAY,
    feed: FeedFacts | None = None,
) -> DaySetup:
    return setup_of(
        of or settings(),
        catalogue,
        profile=profile,
        day=day,
        feed=feed or FeedFacts(),  # type: ignore[arg-type]
    )


def test_the_terms_are_the_settings_digit_by_digit(catalogue: Catalogue) -> None:
    """A float's shortest text is what was written; its binary value is never seen."""
    terms = setup(catalogue, settings(battery__charge_efficiency=0.1, limits__loss_max="0.3"))
    assert terms.battery.charge_efficiency == Decimal("0.1")
    assert terms.limits.loss_max == Decimal("0.3")
    assert (terms.delivery_date, terms.profile, terms.seed) == (DAY, "paper", 20170124)
    assert terms.market.auction.venue_id == "DAYAHEAD"
    assert [venue.venue_id for venue in terms.market.continuous] == ["POWERX", "ENERGEX"]


def test_the_order_of_the_venues_is_the_desk_s_preference(catalogue: Catalogue) -> None:
    terms = setup(catalogue, settings(venues__continuous="ENERGEX,POWERX"))
    assert [venue.venue_id for venue in terms.market.continuous] == ["ENERGEX", "POWERX"]


def test_a_run_is_named_after_its_profile_its_day_and_its_terms(catalogue: Catalogue) -> None:
    run_id = setup(catalogue).run_id
    assert run_id.startswith("paper-20170124-")
    assert run_id == setup(catalogue).run_id


@pytest.mark.parametrize(
    "changes",
    [
        {"battery__power_mw": 9},
        {"run__seed": 1},
        {"limits__order_mw_max": 61},
        {"forecast__model": "naive"},
        {"venues__continuous": "ENERGEX,POWERX"},
        {"wind__floor_price": -1},
        {"risk__level": 0.99},
        {"desk__trader_id": "T2"},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_other_terms_are_another_run(catalogue: Catalogue, changes: dict[str, object]) -> None:
    assert setup(catalogue, settings(**changes)).run_id != setup(catalogue).run_id


def test_other_data_another_day_and_another_profile_are_another_run(catalogue: Catalogue) -> None:
    runs = {
        setup(catalogue).run_id,
        setup(catalogue, feed=FeedFacts(content_sha256="cd" * 32)).run_id,
        setup(catalogue, day=date(2017, 1, 25)).run_id,
        setup(catalogue, profile="backtest").run_id,
    }
    assert len(runs) == 4


@pytest.mark.parametrize(
    "changes",
    [
        {"run__out": "elsewhere"},
        {"run__last_date": "2017-01-30"},
        {"storage__url": "sqlite:///elsewhere.sqlite"},
        {"market__file": "copy.csv"},
        {"plugins__allow": "simulated,epex_de,lear,naive,battery,wind,remit"},
        {"battery__power_mw": "10.0"},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_where_a_run_is_kept_does_not_make_it_another_one(
    catalogue: Catalogue, changes: dict[str, object]
) -> None:
    assert setup(catalogue, settings(**changes)).run_id == setup(catalogue).run_id


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"venues__auction": "EPEX"}, "venue 'EPEX'; offered are DAYAHEAD, ENERGEX, POWERX"),
        ({"venues__continuous": "POWERX,M7"}, "venue 'M7'; offered are DAYAHEAD, ENERGEX, POWERX"),
        ({"market__feed": "entsoe"}, "feed 'entsoe'; offered are epex_de"),
        ({"venues__auction": "POWERX"}, "venues.auction takes venues .* found POWERX of"),
        ({"venues__continuous": "DAYAHEAD"}, "venues.continuous takes venues .* found DAYAHEAD of"),
        ({"desk__wind_ledger": "BATTERY"}, "must differ, .* found 'BATTERY' for both"),
        ({"market__calendar": "MARS"}, "market.calendar must be one of .*DE.*, found 'MARS'"),
        ({"market__currency": "GBP"}, "market.currency is GBP, the feed epex_de counts in EUR"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_what_does_not_fit_is_one_line(
    catalogue: Catalogue, changes: dict[str, object], words: str
) -> None:
    with pytest.raises(ConfigurationFault, match=words) as caught:
        setup(catalogue, settings(**changes))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("kind", ["forecaster", "strategy", "regulator"])
def test_a_name_that_nobody_offers_is_told_the_names_that_are(kind: str) -> None:
    with pytest.raises(ConfigurationFault, match=f"no .* {kind} 'c'; offered are a, b"):
        offered(kind, {"a": 1, "b": 2}, "c")
    with pytest.raises(ConfigurationFault, match="offered are none"):
        offered(kind, {}, "c")


def test_production_refuses_simulated_venues_and_takes_real_ones(catalogue: Catalogue) -> None:
    with pytest.raises(ConfigurationFault, match="real venues only, DAYAHEAD is simulated"):
        venues_of(settings("production"), catalogue)
    real = catalogue
    for venue_id in catalogue.venues:
        real = with_venue(real, venue_id, is_simulated=False)
    auction, continuous = venues_of(settings("production"), real)
    assert (auction.venue_id, len(continuous)) == ("DAYAHEAD", 2)


def test_one_simulated_venue_among_real_ones_is_refused_in_production(catalogue: Catalogue) -> None:
    mixed = with_venue(with_venue(catalogue, "DAYAHEAD", is_simulated=False), "POWERX")
    with pytest.raises(ConfigurationFault, match="POWERX is simulated"):
        venues_of(settings("production"), mixed)


@pytest.mark.parametrize("venue_id", ["DAYAHEAD", "ENERGEX"])
def test_a_venue_that_charges_in_another_currency_is_refused(
    catalogue: Catalogue, venue_id: str
) -> None:
    fees = attrs.evolve(catalogue.venues[venue_id].fees, currency="GBP")
    with pytest.raises(ConfigurationFault, match=f"venue {venue_id} charges in GBP"):
        setup(with_venue(catalogue, venue_id, fees=fees))


def test_what_the_domain_refuses_is_blamed_on_the_settings() -> None:
    with (
        pytest.raises(ConfigurationFault, match="a battery is none; `wattbook config show`"),
        settings_that_fit(),
    ):
        raise ValueError("a battery is none")
    with pytest.raises(ZeroDivisionError), settings_that_fit():
        raise ZeroDivisionError
