"""Lists of parts, one container a context. Containers decide nothing."""

from __future__ import annotations

from wattbook.containers.analytics import AnalyticsContainer
from wattbook.containers.market import MarketContainer
from wattbook.containers.records import RecordsContainer

__all__ = ["AnalyticsContainer", "MarketContainer", "RecordsContainer"]
