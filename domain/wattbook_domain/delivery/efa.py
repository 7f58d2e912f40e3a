"""Decides the British power clock: settlement periods, and the days and blocks of the EFA calendar.

The Electricity Forward Agreement day begins at 23:00 on the evening before its date and has six
blocks of four hours, block 3 to 5 (07:00 to 19:00) on weekdays being peak.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from wattbook_domain.delivery.granularity import Granularity
from wattbook_domain.delivery.period import DeliveryPeriod
from wattbook_domain.delivery.zones import day_start
from wattbook_domain.foundation.bounds import require_within

GB_ZONE: Final = "Europe/London"
_EVENING_MINUTE: Final = 23 * 60
_BLOCK_HOURS: Final = 4
BLOCKS_PER_DAY: Final = 6


def efa_day(day: date) -> DeliveryPeriod:
    """Return the EFA day of a date: 23:00 on the evening before to 23:00."""
    return DeliveryPeriod(
        day_start(day - timedelta(days=1), GB_ZONE, _EVENING_MINUTE),
        day_start(day, GB_ZONE, _EVENING_MINUTE),
        GB_ZONE,
    )


def efa_block(day: date, block: int) -> DeliveryPeriod:
    """Return block 1 (23:00 to 03:00) to 6 (19:00 to 23:00) of an EFA day.

    Clocks change in block 1, which then lasts three or five hours.
    """
    require_within("EFA block", block, 1, BLOCKS_PER_DAY)
    whole = efa_day(day)
    ends = block * _BLOCK_HOURS - 1
    begins = ends - _BLOCK_HOURS
    start = whole.start if block == 1 else day_start(day, GB_ZONE, begins * 60)
    return DeliveryPeriod(start, day_start(day, GB_ZONE, ends * 60), GB_ZONE)


def settlement_period(day: date, number: int) -> DeliveryPeriod:
    """Return half hour 1 to 46, 48 or 50 of a settlement day (Balancing and Settlement Code)."""
    return DeliveryPeriod.interval(day, number - 1, Granularity.MINUTES_30, GB_ZONE)
