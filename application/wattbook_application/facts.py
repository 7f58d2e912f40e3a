"""Names every fact that may enter the engine: what models, venues and we ourselves said.

What is computed outside the deterministic core (a forecast, a plan, a simulated output) enters as
a fact, so a replay repeats the day without the model, the solver or the venue. A kind, once given,
is never given to another class.
"""

from __future__ import annotations

from datetime import date
from enum import IntEnum
from typing import Final

import attrs

from wattbook_application.program import FactRegistry
from wattbook_application.setup import DaySetup
from wattbook_application.steps import TradingStep
from wattbook_domain.execution.splitting import ParentOrder
from wattbook_domain.foundation.identifiers import VenueId
from wattbook_domain.foundation.instants import UtcNs, format_instant
from wattbook_domain.marketdata.depth import MarketDepth
from wattbook_domain.orders.commands import CancelOrder, Command, NewOrder, ReplaceOrder
from wattbook_domain.orders.reports import ExecutionReport
from wattbook_domain.portfolio.dispatch import DispatchPlan
from wattbook_domain.risk.kill import KillScope
from wattbook_domain.signals.forecast import Forecast


class Stage(IntEnum):
    """The market stage a decision is for."""

    DAY_AHEAD = 0
    INTRADAY = 1


@attrs.frozen(kw_only=True)
class DayOpened:
    """A run begins. Everything it is set up with."""

    at: UtcNs
    setup: DaySetup


@attrs.frozen(kw_only=True)
class MarketDataReceived:
    """Market history was read: which days, and the hash of what was read."""

    at: UtcNs
    history_days: int
    outlook_day: date
    sha256: str
    notes: tuple[str, ...]


@attrs.frozen(kw_only=True)
class ForecastIssued:
    """The price forecast the desk trades on, after aggregation."""

    at: UtcNs
    forecast: Forecast
    confidence: float


@attrs.frozen(kw_only=True)
class DispatchPlanned:
    """The battery's plan, already checked against the battery."""

    at: UtcNs
    plan: DispatchPlan


@attrs.frozen(kw_only=True)
class GenerationExpected:
    """What the wind farm is expected to produce, in kilowatts for each interval of the day."""

    at: UtcNs
    power_kw: tuple[int, ...]


@attrs.frozen(kw_only=True)
class OrdersDecided:
    """A strategy's decision. Orders go as they are, parents are first routed over venues.

    Attributes:
        decision_id: names the decision; the same one is never taken twice.

    Raises:
        ValueError: if a command claims another instant than the decision's. The gate judges gate
            closure and the age of prices by a command's own instant, so none may choose it.
    """

    at: UtcNs
    decision_id: str
    strategy: str
    stage: Stage
    orders: tuple[NewOrder, ...] = ()
    parents: tuple[ParentOrder, ...] = ()
    replaces: tuple[ReplaceOrder, ...] = ()
    cancels: tuple[CancelOrder, ...] = ()

    def __attrs_post_init__(self) -> None:
        commands: tuple[Command | ParentOrder, ...] = (
            *self.orders,
            *self.parents,
            *self.replaces,
            *self.cancels,
        )
        for command in commands:
            if command.decided_at != self.at:
                raise ValueError(
                    f"what is decided in {self.decision_id} is decided at "
                    f"{format_instant(self.at)}, found {command.client_order_id} at "
                    f"{format_instant(command.decided_at)}"
                )


@attrs.frozen(kw_only=True)
class ControlsProbed:
    """Orders that must be refused were put to the gate; they are judged and never sent."""

    at: UtcNs
    orders: tuple[NewOrder, ...]


@attrs.frozen
class DepthReceived:
    """One picture of a venue's book."""

    depth: MarketDepth

    @property
    def at(self) -> UtcNs:
        """The venue's clock."""
        return self.depth.at


@attrs.frozen
class ReportReceived:
    """One execution report."""

    report: ExecutionReport

    @property
    def at(self) -> UtcNs:
        """The venue's clock."""
        return self.report.occurred_at


@attrs.frozen(kw_only=True)
class AuctionCleared:
    """The auction published its prices, in ticks for each interval of the day."""

    at: UtcNs
    venue_id: VenueId
    price_ticks: tuple[int, ...]


@attrs.frozen(kw_only=True)
class GenerationMetered:
    """What the wind farm produced after curtailment, in kilowatts for each interval."""

    at: UtcNs
    power_kw: tuple[int, ...]
    curtailed_kw: tuple[int, ...]


@attrs.frozen(kw_only=True)
class KillEngaged:
    """Somebody, or an alarm, stopped something."""

    at: UtcNs
    scope: KillScope
    by: str
    reason: str


@attrs.frozen(kw_only=True)
class KillReleased:
    """Somebody asks to let it trade again; the rule of two persons decides."""

    at: UtcNs
    scope: KillScope
    by: str
    reason: str


@attrs.frozen(kw_only=True)
class StepFinished:
    """One of the eight steps is done, with its result in a sentence."""

    at: UtcNs
    step: TradingStep
    result: str


@attrs.frozen(kw_only=True)
class DocumentWritten:
    """A file of the run was written: its name within the run's folder and its hash."""

    at: UtcNs
    name: str
    sha256: str


@attrs.frozen(kw_only=True)
class DayClosed:
    """The run ended; the hash of the state before this fact."""

    at: UtcNs
    state_hash: str


FACTS: Final = FactRegistry(
    {
        "day-opened": DayOpened,
        "market-data-received": MarketDataReceived,
        "forecast-issued": ForecastIssued,
        "dispatch-planned": DispatchPlanned,
        "generation-expected": GenerationExpected,
        "orders-decided": OrdersDecided,
        "controls-probed": ControlsProbed,
        "depth-received": DepthReceived,
        "report-received": ReportReceived,
        "auction-cleared": AuctionCleared,
        "generation-metered": GenerationMetered,
        "kill-engaged": KillEngaged,
        "kill-released": KillReleased,
        "step-finished": StepFinished,
        "document-written": DocumentWritten,
        "day-closed": DayClosed,
    }
)
"""The stable names under which facts stand in the journal."""
