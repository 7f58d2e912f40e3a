"""Questions to models about real days of the packaged market."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

from wattbook_domain.signals.forecast import ForecastQuestion
from wattbook_domain.signals.series import DayTable, DeliveryDay
from wattbook_plugins.feeds.epex_de.feed import EpexDeFeed, open_feed


@cache
def market() -> EpexDeFeed:
    """Open the packaged market once."""
    return open_feed()


def ask(day: date, *, days: int | None = None) -> ForecastQuestion:
    """Ask for a day before its auction, with all of its history or the last `days` days of it."""
    at = market().publication.outlook_published_at(day)
    history = market().history(day, as_of=at)
    if days is not None:
        history = DayTable(
            first_day=day - timedelta(days=days),
            zone=history.zone,
            driver_names=history.driver_names,
            prices=history.prices[len(history) - days :],
            drivers=history.drivers[len(history) - days :],
        )
    return ForecastQuestion(history=history, outlook=market().outlook(day, as_of=at), issued_at=at)


def settled(day: date) -> DeliveryDay:
    """Return what the day really cost."""
    return market().delivery_day(day, as_of=market().publication.prices_published_at(day))
