"""Where market history comes from, and what was known when."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from wattbook_contracts.errors import DataFault
from wattbook_domain.foundation.instants import UtcNs
from wattbook_domain.signals.publication import PublicationRule
from wattbook_domain.signals.quality import QualityCode
from wattbook_domain.signals.series import DayOutlook, DayTable, DeliveryDay


class QualityFault(DataFault):
    """Market data broke a named rule. The text is one line: code, place, rule, value, what to do.

    Attributes:
        code: the rule's name, stable across releases.
    """

    def __init__(self, code: QualityCode, detail: str) -> None:
        self.code = code
        super().__init__(f"{code}: {detail}")


class MarketFeed(Protocol):
    """Gives the settled past and the published outlook of one market, never anything later.

    Every question names the instant from which it is asked. What was not public then is refused,
    so a backtest cannot look ahead by accident.
    """

    @property
    def name(self) -> str:
        """The feed's name in settings and reports."""
        ...

    @property
    def licence(self) -> str:
        """Under which licence the data may be used, with its attribution."""
        ...

    @property
    def bidding_zone(self) -> str:
        """The area whose price this is."""
        ...

    @property
    def currency(self) -> str:
        """The currency of the price per MWh, as its ISO 4217 code."""
        ...

    @property
    def zone(self) -> str:
        """IANA key of the market's clock."""
        ...

    @property
    def first_day(self) -> date:
        """The first local delivery day."""
        ...

    @property
    def last_day(self) -> date:
        """The last local delivery day."""
        ...

    @property
    def publication(self) -> PublicationRule:
        """When this market's facts become public."""
        ...

    @property
    def content_sha256(self) -> str:
        """SHA-256 of the source as read, so that a run can name the data it saw."""
        ...

    def history(self, until: date, *, as_of: UtcNs) -> DayTable:
        """Return every day before `until` as the normalised table.

        Raises:
            QualityFault: if the feed does not reach that far, or the last price was not yet public.
        """
        ...

    def outlook(self, day: date, *, as_of: UtcNs) -> DayOutlook:
        """Return the published drivers of one day, whose price may still be unknown.

        Raises:
            QualityFault: if the day is unknown or its outlook was not yet public.
        """
        ...

    def delivery_day(self, day: date, *, as_of: UtcNs) -> DeliveryDay:
        """Return one settled day over its real delivery hours.

        Raises:
            QualityFault: if the day is unknown or its prices were not yet public.
        """
        ...
