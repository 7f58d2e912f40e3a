"""Decides what the German day-ahead market says to whom, and from when it may be said.

Whether the file is sound was decided in `day_file`; how rows become real delivery hours is the
domain's wall-clock rule.
"""

from __future__ import annotations

from datetime import date, time, timedelta
from decimal import Decimal
from importlib import resources
from pathlib import Path
from typing import ClassVar, Final

import attrs

from wattbook_contracts.ports.market_feed import QualityFault
from wattbook_domain.foundation.instants import UtcNs, format_instant
from wattbook_domain.signals.publication import PublicationRule
from wattbook_domain.signals.quality import QualityCode
from wattbook_domain.signals.series import DayOutlook, DayTable, DeliveryDay, Driver
from wattbook_domain.signals.wall_clock import map_wall_clock
from wattbook_plugins.feeds.epex_de.day_file import DRIVER_NAMES, DayFile, read_day_file

PACKAGED_FILE: Final = "epf_DE.csv.gz"
PACKAGED_SHA256: Final = "4f38386d6a2a264cbba8ecb8b3e83823cfc868a0b6a62b7e096b6cd642e416fe"
LICENCE: Final = "CC-BY-4.0"
CITATION: Final = (
    "J. Lago, G. Marcjasz, B. De Schutter, R. Weron: Forecasting day-ahead electricity prices: "
    "a review of state-of-the-art algorithms, best practices and an open-access benchmark. "
    "Applied Energy 293 (2021) 116983; data set Zenodo 4624805"
)
ZONE: Final = "Europe/Berlin"

_CENTS: Final = Decimal("0.01")


@attrs.frozen
class EpexDeFeed:
    """Day-ahead prices of the German zone, with the outlook published before each auction.

    The zone was Germany, Austria and Luxembourg throughout; it was split on 1 October 2018.
    """

    name: ClassVar[str] = "epex_de"
    licence: ClassVar[str] = f"{LICENCE}. {CITATION}"
    bidding_zone: ClassVar[str] = "DE-AT-LU"
    currency: ClassVar[str] = "EUR"
    zone: ClassVar[str] = ZONE
    publication: ClassVar[PublicationRule] = PublicationRule(
        zone=ZONE, outlook_by=time(10, 0), prices_by=time(12, 42)
    )

    file: DayFile
    _table: DayTable = attrs.field(init=False, repr=False)

    @_table.default
    def _normalised(self) -> DayTable:
        return DayTable(
            first_day=self.file.first_day,
            zone=ZONE,
            driver_names=DRIVER_NAMES,
            prices=self.file.price_cents / 100,
            drivers=self.file.drivers,
        )

    @property
    def content_sha256(self) -> str:
        """SHA-256 of the file as it lies on disk."""
        return self.file.content_sha256

    @property
    def first_day(self) -> date:
        """The first local delivery day."""
        return self._table.first_day

    @property
    def last_day(self) -> date:
        """The last local delivery day."""
        return self._table.end_day - timedelta(days=1)

    def history(self, until: date, *, as_of: UtcNs) -> DayTable:
        """Return every day before `until` as the normalised table. See `MarketFeed`."""
        eve = until - timedelta(days=1)
        self._require_known(eve)
        self._require_public(f"prices of {eve}", self.publication.prices_published_at(eve), as_of)
        return self._table.before(until)

    def outlook(self, day: date, *, as_of: UtcNs) -> DayOutlook:
        """Return the drivers published for one day. See `MarketFeed`."""
        row = self._require_known(day)
        published = self.publication.outlook_published_at(day)
        self._require_public(f"outlook for {day}", published, as_of)
        return DayOutlook(
            day=day, zone=ZONE, driver_names=DRIVER_NAMES, drivers=self._table.drivers[row]
        )

    def delivery_day(self, day: date, *, as_of: UtcNs) -> DeliveryDay:
        """Return one settled day over its real delivery hours. See `MarketFeed`."""
        row = self._require_known(day)
        published = self.publication.prices_published_at(day)
        self._require_public(f"prices of {day}", published, as_of)
        hours = map_wall_clock(day, ZONE)
        outlook = self.outlook(day, as_of=as_of)
        return DeliveryDay(
            day=day,
            zone=ZONE,
            currency=self.currency,
            intervals=hours.intervals,
            prices=hours.spread([int(c) * _CENTS for c in self.file.price_cents[row]]),
            drivers=tuple(
                Driver(name=name, values=outlook.on_delivery(name)) for name in DRIVER_NAMES
            ),
            notes=hours.notes,
        )

    def _require_known(self, day: date) -> int:
        if not self.first_day <= day <= self.last_day:
            raise QualityFault(
                QualityCode.UNKNOWN_DATE,
                f"{self.file.source} holds {self.first_day} to {self.last_day}, found {day}; "
                "choose a date in that range",
            )
        return (day - self.first_day).days

    def _require_public(self, what: str, published: UtcNs, as_of: UtcNs) -> None:
        if as_of < published:
            raise QualityFault(
                QualityCode.NOT_YET_PUBLISHED,
                f"the {what} were published at {format_instant(published)}, asked for as of "
                f"{format_instant(as_of)}; ask from a later instant",
            )


def open_feed(path: Path | None = None) -> EpexDeFeed:
    """Read the packaged market, or another file of the same layout.

    Raises:
        QualityFault: if the file cannot be read, is not sound, or the packaged one was altered.
    """
    if path is None:
        packaged = resources.files(__package__) / "data" / PACKAGED_FILE
        return EpexDeFeed(
            read_day_file(
                packaged.read_bytes(), source=PACKAGED_FILE, expected_sha256=PACKAGED_SHA256
            )
        )
    try:
        content = path.read_bytes()
    except OSError as cause:
        raise QualityFault(
            QualityCode.UNREADABLE_FILE,
            f"{path} must be a readable file, found {cause.strerror}; check the path",
        ) from cause
    return EpexDeFeed(read_day_file(content, source=path.name))
