"""The engine's entrance as gateways see it: they drop what they hear, the engine sequences it.

A venue may repeat itself after a reconnect or a rebuild. What the state knows already is not
posted again, so a resumed run writes the journal an uninterrupted one would have written.
"""

from __future__ import annotations

from wattbook_application.engine import Engine
from wattbook_application.facts import DepthReceived, ReportReceived
from wattbook_application.state import DayState
from wattbook_domain.marketdata.depth import MarketDepth
from wattbook_domain.orders.reports import ExecutionReport


class EngineSink:
    """An `EventSink` over one engine, which is attached when both exist."""

    def __init__(self) -> None:
        self._engine: Engine[DayState] | None = None

    def attach(self, engine: Engine[DayState]) -> None:
        """Give the sink its engine; before that nothing may be dropped in."""
        self._engine = engine

    def report_received(self, report: ExecutionReport) -> None:
        """Post a report the state does not know yet."""
        engine = self._attached()
        if not engine.state.has_report(report):
            engine.post(ReportReceived(report))

    def depth_received(self, depth: MarketDepth) -> None:
        """Post a picture that is newer than the one the state has."""
        engine = self._attached()
        known = engine.state.depths.get((depth.venue_id, depth.instrument_id))
        if known is None or depth.at > known.at:
            engine.post(DepthReceived(depth))

    def _attached(self) -> Engine[DayState]:
        if self._engine is None:
            raise RuntimeError("a gateway spoke before the engine was attached; attach it first")
        return self._engine
