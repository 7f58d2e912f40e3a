"""Decides when things happen at a simulated continuous venue, and tells the core what happened.

`SimulatedVenue` is a `VenueGateway`. It keeps one matching engine per instrument, posts seeded
liquidity on its own beats, delays every command by the venue's latency and reports to an
`EventSink`. What trades with what is `matching`'s; what is quoted is `liquidity`'s.

Time is an input. The venue has no clock: a command arrives at its decision instant plus latency,
and before it is handled everything that was due by then (openings, beats, expiries, gate closures)
happens first. So the venue's state is a function of its seed and of the commands it was sent, and
a venue that died is rebuilt by sending it the same commands again: it repeats the same reports,
execution ids included, and the core drops those it has booked already.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Final

import attrs

from wattbook_adapters.simulation.liquidity import (
    PathTerms,
    QuoteMaker,
    ReferencePath,
    child_digest,
)
from wattbook_adapters.simulation.matching import MatchingEngine
from wattbook_adapters.simulation.terms import (
    BookPhase,
    BookTerms,
    SelfMatchPolicy,
    VenueInput,
    VenueNumbering,
)
from wattbook_contracts.descriptors import SimulatedBook, VenueDescriptor
from wattbook_contracts.ports.venue import EventSink
from wattbook_domain.foundation.bounds import INSTANT_NS_MAX, require_within
from wattbook_domain.foundation.identifiers import (
    AccountId,
    ClientOrderId,
    InstrumentId,
    VenueId,
)
from wattbook_domain.foundation.instants import UtcNs
from wattbook_domain.foundation.verdict import Approved
from wattbook_domain.instruments.resolve import Instrument
from wattbook_domain.marketdata.depth import MarketDepth
from wattbook_domain.orders.commands import CancelOrder, NewOrder, ReplaceOrder
from wattbook_domain.orders.reports import ExecutionEvent, ExecutionReport

MEMBER: Final = AccountId("MEMBER")
"""Our account: all desks of the platform are one member, so they never trade with each other."""
LIQUIDITY: Final = AccountId("LIQUIDITY")
"""Who posts the invented quotes."""
OTHERS: Final = AccountId("OTHERS")
"""Other members, where a scenario needs them to send an order."""
DEPTH_LEVELS: Final = 10


@attrs.frozen(kw_only=True)
class SimulationPlan:
    """When a venue runs, and the seed of all that is invented.

    Attributes:
        opens_at: when every book opens and the first quotes are posted.
        beat_ns: from one posting of quotes to the next.
        day_ends_at: when DAY orders expire; `None` leaves them to each gate closure.
        jitter_ns_max: most that a command may be late beyond the venue's latency. Commands never
            overtake each other.
    """

    opens_at: UtcNs
    beat_ns: int
    seed: int
    day_ends_at: UtcNs | None = None
    jitter_ns_max: int = 0

    def __attrs_post_init__(self) -> None:
        require_within("beat_ns", self.beat_ns, 1, INSTANT_NS_MAX)
        require_within("jitter_ns_max", self.jitter_ns_max, 0, INSTANT_NS_MAX)


@attrs.frozen(kw_only=True)
class SimulatedInstrument:
    """An instrument to trade and the walk of its price; without a walk nobody quotes it."""

    instrument: Instrument
    path: PathTerms | None


@attrs.frozen
class _Market:
    """One instrument's book with those who quote it."""

    engine: MatchingEngine
    path: ReferencePath | None
    maker: QuoteMaker


class SimulatedVenue:
    """A continuous venue in memory. Everything it says is invented: `is_simulated` is `True`."""

    is_simulated: Final = True

    def __init__(
        self,
        descriptor: VenueDescriptor,
        instruments: Sequence[SimulatedInstrument],
        *,
        plan: SimulationPlan,
        sink: EventSink,
        self_match: SelfMatchPolicy = SelfMatchPolicy.CANCEL_RESTING,
    ) -> None:
        self._descriptor = descriptor
        self._look = _look_of(descriptor)
        self._plan = plan
        self._sink = sink
        self._self_match = self_match
        self._numbering = VenueNumbering(descriptor.venue_id)
        self._now = UtcNs(0)
        self._beat = 0
        self._markets: dict[InstrumentId, _Market] = {}
        self._routes: dict[ClientOrderId, MatchingEngine] = {}
        self._due: list[tuple[UtcNs, int, InstrumentId]] = []
        for listed in instruments:
            self._add(listed)
        self._expect(plan.opens_at, _BEAT)

    @property
    def venue_id(self) -> VenueId:
        """The venue."""
        return self._descriptor.venue_id

    @property
    def now(self) -> UtcNs:
        """The venue's instant: that of the last thing that happened."""
        return self._now

    def submit(self, order: Approved[NewOrder]) -> None:
        """Take a new order at its decision instant plus latency."""
        command = order.value
        if command.venue_id != self.venue_id:
            raise ValueError(
                f"an order for {command.venue_id} was given to {self.venue_id}; "
                "give it to the gateway of its own venue"
            )
        at = self._arrival(command.client_order_id, command.decided_at)
        market = self._markets.get(command.instrument_id)
        if market is None:
            self._reject_unlisted(command, at)
            return
        self._routes.setdefault(command.client_order_id, market.engine)
        if command.expires_at is not None:
            self._expect(command.expires_at, command.instrument_id)
        market.engine.submit(MEMBER, command, at)

    def replace(self, command: Approved[ReplaceOrder]) -> None:
        """Change a working order.

        Raises:
            ValueError: if no order of that name was ever sent to this venue.
        """
        request = command.value
        engine = self._route(request.original_client_order_id)
        self._routes.setdefault(request.client_order_id, engine)
        at = self._arrival(request.client_order_id, request.decided_at)
        engine.replace(MEMBER, request, at)

    def cancel(self, command: CancelOrder) -> None:
        """End a working order. Raises as `replace` does."""
        engine = self._route(command.original_client_order_id)
        engine.cancel(MEMBER, command, self._arrival(command.client_order_id, command.decided_at))

    def submit_as_other(self, order: NewOrder) -> None:
        """Take an order of another member at the venue's own instant, for staged scenarios.

        We hear of it only through our own fills. It is no part of a history: a venue that was
        staged is rebuilt by staging it again.
        """
        self._markets[order.instrument_id].engine.submit(OTHERS, order, self._now)

    def advance(self, at: UtcNs) -> None:
        """Let everything happen that is due by `at`; an instant already past changes nothing.

        Needed only to hear of passive fills and expiries, and to see fresh depth, while no command
        is sent.
        """
        while self._due and self._due[0][0] <= at:
            due, _, name = heapq.heappop(self._due)
            self._now = max(self._now, due)
            if name == _BEAT:
                self._post_quotes(due)
            else:
                self._markets[name].engine.advance(self._now)
        self._now = max(self._now, at)

    def depth(self, instrument_id: InstrumentId, *, levels_max: int = DEPTH_LEVELS) -> MarketDepth:
        """Return the visible book of a listed instrument as of the venue's instant."""
        engine = self._markets[instrument_id].engine
        engine.advance(self._now)
        return engine.depth(levels_max)

    def publish_depth(
        self,
        at: UtcNs,
        instruments: Iterable[InstrumentId],
        *,
        levels_max: int = DEPTH_LEVELS,
    ) -> None:
        """Advance to an instant and give the sink a picture of each book that takes orders.

        Instruments that are not listed here, or closed, are passed over.
        """
        self.advance(at)
        for name in instruments:
            market = self._markets.get(name)
            if market is not None and market.engine.phase is BookPhase.OPEN:
                self._sink.depth_received(self.depth(name, levels_max=levels_max))

    def rebuild(self, history: Iterable[VenueInput]) -> None:
        """Repeat a history on a venue that has none yet, reports included.

        The history is the journal's commands to this venue, in order. Clock beats may be left out,
        unless a command was decided before a beat that the venue had already seen.

        Raises:
            ValueError: if anything has happened here already.
        """
        if self._now:
            raise ValueError(f"only a fresh {self.venue_id} can be rebuilt, this one has lived")
        for entry in history:
            self._repeat(entry)

    def _repeat(self, entry: VenueInput) -> None:
        if isinstance(entry, int):
            self.advance(entry)
        elif isinstance(entry, CancelOrder):
            self.cancel(entry)
        elif isinstance(entry.value, NewOrder):
            self.submit(entry)
        else:
            self.replace(entry)

    def _add(self, listed: SimulatedInstrument) -> None:
        instrument, plan = listed.instrument, self._plan
        name = instrument.instrument_id
        if name in self._markets:
            raise ValueError(f"{self.venue_id} can list {name} once only")
        terms = BookTerms(
            instrument_id=name,
            opens_at=plan.opens_at,
            gate_closes_at=instrument.gate_closes_at,
            day_ends_at=plan.day_ends_at,
            price_step_ticks=_steps(
                "tick", self._descriptor.tick_size, instrument.spec.tick_size, name
            ),
            quantity_step_lots=_steps("lot", self._descriptor.lot_mw, instrument.spec.lot_mw, name),
        )
        self._markets[name] = _Market(
            MatchingEngine(
                terms, numbering=self._numbering, emit=self._tell, self_match=self._self_match
            ),
            None if listed.path is None else ReferencePath(name, listed.path, seed=plan.seed),
            QuoteMaker(
                venue_id=self.venue_id,
                book=self._look,
                seed=plan.seed,
                price_step_ticks=terms.price_step_ticks,
                quantity_step_lots=terms.quantity_step_lots,
            ),
        )
        for due in (terms.opens_at, terms.gate_closes_at, terms.day_ends_at):
            if due is not None:
                self._expect(due, name)

    def _expect(self, due: UtcNs, name: InstrumentId) -> None:
        """Note that something happens then; at one instant, books come before the beat."""
        heapq.heappush(self._due, (due, int(name == _BEAT), name))

    def _post_quotes(self, at: UtcNs) -> None:
        for name, market in self._markets.items():
            market.engine.advance(at)
            if market.path is not None and market.engine.phase is BookPhase.OPEN:
                reference = market.path.ticks(self._beat)
                quotes = market.maker.quotes(name, beat=self._beat, reference_ticks=reference)
                market.engine.quote(LIQUIDITY, quotes, at)
        self._beat += 1
        self._expect(UtcNs(at + self._plan.beat_ns), _BEAT)

    def _arrival(self, name: ClientOrderId, decided_at: UtcNs) -> UtcNs:
        late_ns = 0
        if self._plan.jitter_ns_max:
            digest = child_digest(self._plan.seed, "latency", self.venue_id, name)
            late_ns = int.from_bytes(digest[:8], "big") % (self._plan.jitter_ns_max + 1)
        at = UtcNs(max(self._now, decided_at + self._look.latency_ns + late_ns))
        self.advance(at)
        return at

    def _route(self, name: ClientOrderId) -> MatchingEngine:
        engine = self._routes.get(name)
        if engine is None:
            raise ValueError(
                f"a request must name an order sent to {self.venue_id} before, found {name}"
            )
        return engine

    def _tell(self, account: AccountId, report: ExecutionReport) -> None:
        if account == MEMBER:
            self._sink.report_received(report)

    def _reject_unlisted(self, command: NewOrder, at: UtcNs) -> None:
        report = ExecutionReport(
            execution_id=self._numbering.next_execution_id(),
            venue_id=self.venue_id,
            venue_order_id=self._numbering.next_order_id(),
            client_order_id=command.client_order_id,
            instrument_id=command.instrument_id,
            side=command.side,
            event=ExecutionEvent.REJECTED,
            leaves_lots=0,
            cumulative_lots=0,
            quantity_lots=command.quantity_lots,
            limit_ticks=command.limit_ticks,
            occurred_at=at,
            reason=f"{command.instrument_id} is not listed here",
        )
        self._sink.report_received(report)


_BEAT: Final = InstrumentId("")
"""Stands for the venue's own beat in its list of what is due; no instrument has an empty name."""


def _look_of(descriptor: VenueDescriptor) -> SimulatedBook:
    if descriptor.book is None:
        raise ValueError(
            f"a simulated venue needs a simulated book, {descriptor.venue_id} has none; "
            "add one to its descriptor or choose another engine"
        )
    return descriptor.book


def _steps(what: str, venue_step: Decimal, instrument_step: Decimal, name: InstrumentId) -> int:
    """Return the venue's step in steps of the instrument."""
    steps = Fraction(venue_step) / Fraction(instrument_step)
    if steps.denominator != 1 or steps < 1:
        raise ValueError(
            f"the venue's {what} must be a whole multiple of the instrument's, found {venue_step} "
            f"and {instrument_step} for {name}"
        )
    return int(steps)
