"""Delivery periods and what is done to them: split, merge, cascade, profile, schedule.

Nothing here knows a price or a product. Periods are half-open, on five-minute UTC slots, and carry
the zone whose clocks and dates name them.
"""

from wattbook_domain.delivery.calendars import (
    EVERY_DAY,
    MONDAY_TO_FRIDAY,
    MONDAY_TO_SATURDAY,
    HolidayPolicy,
    HourWindow,
    MarketCalendar,
)
from wattbook_domain.delivery.cascade import NEXT_RUNG, cascade, cascade_at_expiry
from wattbook_domain.delivery.efa import efa_block, efa_day, settlement_period
from wattbook_domain.delivery.gas import GAS_MARKETS, GasMarket
from wattbook_domain.delivery.granularity import Granularity, Season
from wattbook_domain.delivery.holidays import Weekday
from wattbook_domain.delivery.markets import (
    GB_POWER,
    GERMAN_POWER,
    MARKET_CALENDARS,
    NEM_QUEENSLAND,
    PJM,
    WECC,
    market_calendar,
)
from wattbook_domain.delivery.period import DeliveryPeriod, merge
from wattbook_domain.delivery.profile import DeliveryProfile, ProfileKind, ShapeBand
from wattbook_domain.delivery.schedule import SCHEDULE_DTYPE, DeliverySchedule
from wattbook_domain.delivery.zones import (
    SLOT_NS,
    AmbiguousLocalTime,
    NonExistentLocalTime,
    UnknownZone,
)

__all__ = [
    "EVERY_DAY",
    "GAS_MARKETS",
    "GB_POWER",
    "GERMAN_POWER",
    "MARKET_CALENDARS",
    "MONDAY_TO_FRIDAY",
    "MONDAY_TO_SATURDAY",
    "NEM_QUEENSLAND",
    "NEXT_RUNG",
    "PJM",
    "SCHEDULE_DTYPE",
    "SLOT_NS",
    "WECC",
    "AmbiguousLocalTime",
    "DeliveryPeriod",
    "DeliveryProfile",
    "DeliverySchedule",
    "GasMarket",
    "Granularity",
    "HolidayPolicy",
    "HourWindow",
    "MarketCalendar",
    "NonExistentLocalTime",
    "ProfileKind",
    "Season",
    "ShapeBand",
    "UnknownZone",
    "Weekday",
    "cascade",
    "cascade_at_expiry",
    "efa_block",
    "efa_day",
    "market_calendar",
    "merge",
    "settlement_period",
]
