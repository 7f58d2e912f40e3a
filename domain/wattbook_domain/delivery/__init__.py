"""Delivery periods and what is done to them: split, merge, cascade, profile, schedule.

Nothing here knows a price or a product. Periods are half-open, on five-minute UTC slots, and carry
the zone whose clocks and dates name them.
"""

from wattbook_domain.delivery.granularity import Granularity, Season
from wattbook_domain.delivery.period import DeliveryPeriod, merge
from wattbook_domain.delivery.zones import (
    AmbiguousLocalTime,
    NonExistentLocalTime,
    UnknownZone,
)

__all__ = [
    "AmbiguousLocalTime",
    "DeliveryPeriod",
    "Granularity",
    "NonExistentLocalTime",
    "Season",
    "UnknownZone",
    "merge",
]
