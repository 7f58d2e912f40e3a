"""Step 1 of 6, collection: the settled past and the published outlook, nothing later."""

from __future__ import annotations

from datetime import date

import attrs

from wattbook_application.facts import MarketDataReceived
from wattbook_contracts.ports.market_feed import MarketFeed
from wattbook_domain.foundation.instants import UtcNs
from wattbook_domain.signals.series import DayOutlook, DayTable


@attrs.frozen(kw_only=True)
class Collected:
    """What was known at one instant about the day ahead."""

    history: DayTable
    outlook: DayOutlook


def collect(feed: MarketFeed, day: date, *, as_of: UtcNs) -> Collected:
    """Read what was public at `as_of`.

    Raises:
        QualityFault: if the feed does not know the day, or something was not yet public.
    """
    return Collected(history=feed.history(day, as_of=as_of), outlook=feed.outlook(day, as_of=as_of))


def received(collected: Collected, feed: MarketFeed, *, at: UtcNs) -> MarketDataReceived:
    """Return the fact that names what was collected."""
    return MarketDataReceived(
        at=at,
        history_days=len(collected.history),
        outlook_day=collected.outlook.day,
        sha256=feed.content_sha256,
        notes=(),
    )
