"""When a market's facts become public, through both clock changes."""

from __future__ import annotations

from datetime import date, time

import pytest

from wattbook_domain.foundation.instants import format_instant
from wattbook_domain.signals.publication import PublicationRule

RULE = PublicationRule(zone="Europe/Berlin", outlook_by=time(10, 0), prices_by=time(12, 42))


@pytest.mark.parametrize(
    ("day", "outlook", "prices"),
    [
        (date(2017, 1, 24), "2017-01-23T09:00:00Z", "2017-01-23T11:42:00Z"),
        (date(2017, 3, 26), "2017-03-25T09:00:00Z", "2017-03-25T11:42:00Z"),
        (date(2017, 3, 27), "2017-03-26T08:00:00Z", "2017-03-26T10:42:00Z"),
        (date(2017, 10, 30), "2017-10-29T09:00:00Z", "2017-10-29T11:42:00Z"),
    ],
)
def test_facts_are_public_at_local_times_of_the_eve(day, outlook, prices):
    assert format_instant(RULE.outlook_published_at(day)) == outlook
    assert format_instant(RULE.prices_published_at(day)) == prices


def test_an_auction_cannot_be_published_before_its_outlook():
    with pytest.raises(ValueError, match="before the auction it informs"):
        PublicationRule(zone="Europe/Berlin", outlook_by=time(13), prices_by=time(12))
