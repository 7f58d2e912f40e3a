"""A desk to test with: its instruments, limits, orders and reports, each overridable."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import attrs

from wattbook_domain.foundation.identifiers import (
    AlgorithmId,
    ClientOrderId,
    DeskId,
    ExecutionId,
    InstrumentId,
    LedgerId,
    TraderId,
    VenueId,
    VenueOrderId,
)
from wattbook_domain.foundation.instants import NS_PER_HOUR, NS_PER_SECOND, UtcNs
from wattbook_domain.foundation.verdict import Approved, Refused
from wattbook_domain.orders.commands import NewOrder, OrderOwner, ReplaceOrder
from wattbook_domain.orders.reports import ExecutionEvent, ExecutionReport
from wattbook_domain.orders.vocabulary import OrderType, Side, TimeInForce
from wattbook_domain.quantities.money import Currency, Money
from wattbook_domain.quantities.power import Power
from wattbook_domain.quantities.price import Price
from wattbook_domain.risk.exposure import ExposureBook, OrderSent, ReplaceSent
from wattbook_domain.risk.facts import OrderFacts
from wattbook_domain.risk.gate import check_new_order, check_replace, reserve_ticks_of
from wattbook_domain.risk.gather import (
    GateView,
    ReferencePrice,
    gather_new_order,
    gather_replace,
)
from wattbook_domain.risk.kill import RELEASED_LATCH
from wattbook_domain.risk.limit_set import (
    AlgorithmLimits,
    DeskLimits,
    LimitSet,
    ResolvedLimits,
    VenueLimits,
)
from wattbook_domain.risk.terms import InstrumentTerms, SlotSpan
from wattbook_domain.risk.traffic import Traffic

NOON = UtcNs(1_485_255_600 * NS_PER_SECOND)
"""2017-01-24 11:00 UTC, noon in Berlin; on the five-minute raster."""

FIRST_SLOT = NOON // (300 * NS_PER_SECOND)
HORIZON = SlotSpan(FIRST_SLOT, FIRST_SLOT + 288)
VENUE = VenueId("EPEX")
DESK = DeskId("INTRADAY")
ALGORITHM = AlgorithmId("WIND")
OWNER = OrderOwner(
    desk_id=DESK,
    ledger_id=LedgerId("L1"),
    trader_id=TraderId("ANNA"),
    algorithm_id=ALGORITHM,
)


def eur(amount: int | str) -> Money:
    return Money.of(amount, Currency.EUR)


def price(amount: int | str) -> Price:
    return Price.of(amount, Currency.EUR)


def terms(
    name: str = "DE-H13", *, start: int = 12, slots: int = 12, **changes: Any
) -> InstrumentTerms:
    """An instrument of 0.01 EUR and 0.1 MW delivering `slots` slots, `start` slots after noon."""
    standard: dict[str, Any] = {
        "instrument_id": InstrumentId(name),
        "currency": Currency.EUR,
        "tick_size": Fraction(1, 100),
        "lot_kw": 100,
        "spans": (SlotSpan(FIRST_SLOT + start, FIRST_SLOT + start + slots),),
        "gate_closes_at": UtcNs(NOON + NS_PER_HOUR),
    }
    return InstrumentTerms(**(standard | changes))


DESK_LIMITS = DeskLimits(
    desk_id=DESK,
    net_long_max=Power.of_mw(10),
    net_short_max=Power.of_mw(8),
    gross_notional_max=eur(5_000),
    day_loss_max=eur(1_000),
    permitted_venues=(VENUE,),
)
VENUE_LIMITS = VenueLimits(
    venue_id=VENUE,
    price_min=price(-9_999),
    price_max=price(9_999),
    collar_bps=5_000,
    collar_floor=price(20),
    reference_age_max_ns=60 * NS_PER_SECOND,
    quantity_max=Power.of_mw(6),
    order_value_max=eur(600),
)
ALGORITHM_LIMITS = AlgorithmLimits(
    algorithm_id=ALGORITHM,
    quantity_max=Power.of_mw(5),
    order_value_max=eur(1_000),
    open_orders_max=4,
    messages_max=50,
    message_window_ns=NS_PER_SECOND,
    duplicate_window_ns=100_000_000,
)


def limit_set(
    *,
    desk: DeskLimits = DESK_LIMITS,
    venue: VenueLimits = VENUE_LIMITS,
    algorithm: AlgorithmLimits = ALGORITHM_LIMITS,
) -> LimitSet:
    return LimitSet(name="test", desks=(desk,), venues=(venue,), algorithms=(algorithm,))


def order(client_order_id: str = "O1", **changes: Any) -> NewOrder:
    """A buy of 1 MW at 50 EUR/MWh in `DE-H13`, a day order."""
    limit_ticks = changes.get("limit_ticks", 5_000)
    standard: dict[str, Any] = {
        "client_order_id": ClientOrderId(client_order_id),
        "instrument_id": InstrumentId("DE-H13"),
        "venue_id": VENUE,
        "owner": OWNER,
        "side": Side.BUY,
        "order_type": OrderType.MARKET if limit_ticks is None else OrderType.LIMIT,
        "time_in_force": TimeInForce.DAY,
        "quantity_lots": 10,
        "limit_ticks": limit_ticks,
        "decided_at": NOON,
    }
    return NewOrder(**(standard | changes))


def replace(original: str = "O1", client_order_id: str = "O1-R", **changes: Any) -> ReplaceOrder:
    standard: dict[str, Any] = {
        "client_order_id": ClientOrderId(client_order_id),
        "original_client_order_id": ClientOrderId(original),
        "quantity_lots": 10,
        "limit_ticks": 5_000,
        "decided_at": NOON,
    }
    return ReplaceOrder(**(standard | changes))


def report(
    event: ExecutionEvent, about: NewOrder, *, number: int = 1, **changes: Any
) -> ExecutionReport:
    standard: dict[str, Any] = {
        "execution_id": ExecutionId(f"E{number}"),
        "venue_id": about.venue_id,
        "venue_order_id": VenueOrderId("V1"),
        "client_order_id": about.client_order_id,
        "instrument_id": about.instrument_id,
        "side": about.side,
        "event": event,
        "leaves_lots": about.quantity_lots,
        "cumulative_lots": 0,
        "quantity_lots": about.quantity_lots,
        "limit_ticks": about.limit_ticks,
        "occurred_at": about.decided_at,
    }
    return ExecutionReport(**(standard | changes))


def fill(
    about: NewOrder, lots: int, *, cumulative: int, number: int, ticks: int | None = None
) -> ExecutionReport:
    is_last = cumulative == about.quantity_lots
    return report(
        ExecutionEvent.FILL if is_last else ExecutionEvent.PARTIAL_FILL,
        about,
        number=number,
        last_lots=lots,
        last_ticks=about.limit_ticks if ticks is None else ticks,
        cumulative_lots=cumulative,
        leaves_lots=max(about.quantity_lots - cumulative, 0),
    )


@attrs.define
class Gatehouse:
    """The gate with everything it reads, wired as an engine would wire it."""

    limits: LimitSet = attrs.field(factory=limit_set)
    view: GateView = attrs.field(
        factory=lambda: GateView(
            exposure=ExposureBook(HORIZON),
            traffic=Traffic(horizon_ns=NS_PER_HOUR),
            latch=RELEASED_LATCH,
            reference=ReferencePrice(ticks=5_000, at=NOON),
            is_halted=False,
            day_pnl_grains=0,
        )
    )
    terms: InstrumentTerms = attrs.field(factory=terms)

    def resolved(self, about: NewOrder) -> ResolvedLimits:
        return self.limits.resolve(about.owner, venue_id=about.venue_id, terms=self.terms)

    def facts(self, about: NewOrder) -> OrderFacts:
        return gather_new_order(
            about, terms=self.terms, limits=self.resolved(about), view=self.view
        )

    def check(self, about: NewOrder) -> Approved[NewOrder] | Refused:
        return check_new_order(about, facts=self.facts(about), limits=self.resolved(about))

    def check_replace(
        self, command: ReplaceOrder, original: NewOrder
    ) -> Approved[ReplaceOrder] | Refused:
        limits = self.resolved(original)
        facts = gather_replace(
            command, original=original, terms=self.terms, limits=limits, view=self.view
        )
        return check_replace(command, facts=facts, limits=limits)

    def send(self, about: NewOrder) -> Approved[NewOrder] | Refused:
        """Check an order and, if approved, count it."""
        limits, facts = self.resolved(about), self.facts(about)
        verdict = check_new_order(about, facts=facts, limits=limits)
        if isinstance(verdict, Approved):
            ticks = reserve_ticks_of(facts, limits)
            self.view.exposure.apply(
                OrderSent(approved=verdict, terms=self.terms, reserve_ticks=ticks)
            )
            self.view.traffic.apply(about, owner=about.owner)
        return verdict

    def send_replace(
        self, command: ReplaceOrder, original: NewOrder
    ) -> Approved[ReplaceOrder] | Refused:
        limits = self.resolved(original)
        facts = gather_replace(
            command, original=original, terms=self.terms, limits=limits, view=self.view
        )
        verdict = check_replace(command, facts=facts, limits=limits)
        if isinstance(verdict, Approved):
            ticks = reserve_ticks_of(facts, limits)
            self.view.exposure.apply(ReplaceSent(approved=verdict, reserve_ticks=ticks))
            self.view.traffic.apply(command, owner=original.owner)
        return verdict
