"""The one table from a fact to the use case that handles it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from wattbook_application import facts
from wattbook_application.marketdata.receive import (
    receive_auction,
    receive_depth,
    receive_generation,
    receive_market_data,
    receive_metering,
)
from wattbook_application.operations.close_day import close_day, finish_step, record_document
from wattbook_application.program import Handler, Program
from wattbook_application.state import DayState, fingerprint
from wattbook_application.trading.generate_orders import generate_orders
from wattbook_application.trading.handle_signal import receive_forecast, receive_plan
from wattbook_application.trading.kill import engage_kill, release_kill
from wattbook_application.trading.monitor_execution import monitor_execution
from wattbook_application.trading.open_day import open_day
from wattbook_application.trading.probe_controls import probe_controls

HANDLERS: Final[Mapping[Any, Handler[DayState]]] = MappingProxyType(
    {
        facts.DayOpened: open_day,
        facts.MarketDataReceived: receive_market_data,
        facts.ForecastIssued: receive_forecast,
        facts.DispatchPlanned: receive_plan,
        facts.GenerationExpected: receive_generation,
        facts.OrdersDecided: generate_orders,
        facts.ControlsProbed: probe_controls,
        facts.DepthReceived: receive_depth,
        facts.ReportReceived: monitor_execution,
        facts.AuctionCleared: receive_auction,
        facts.GenerationMetered: receive_metering,
        facts.KillEngaged: engage_kill,
        facts.KillReleased: release_kill,
        facts.StepFinished: finish_step,
        facts.DocumentWritten: record_document,
        facts.DayClosed: close_day,
    }
)
"""Each fact has one handler, and each handler one fact."""

TRADING_DAY: Final = Program(
    registry=facts.FACTS, handlers=HANDLERS, initial=DayState, hash_state=fingerprint
)
"""The deterministic part of a trading day."""
