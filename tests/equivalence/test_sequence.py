"""The gate as a whole, order after order: the reference and the compiled run end in one state."""

from __future__ import annotations

from functools import cache

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.domain.risk.desk import (
    ALGORITHM,
    ALGORITHM_LIMITS,
    DESK,
    DESK_LIMITS,
    HORIZON,
    Gatehouse,
    eur,
    fill,
    limit_set,
    order,
    report,
    terms,
)

from wattbook_adapters.kernels.sequence import SequenceEvent, SequenceKernel, SequenceRow
from wattbook_domain.foundation.rows import to_rows
from wattbook_domain.foundation.verdict import Approved, Refused
from wattbook_domain.orders.commands import NewOrder
from wattbook_domain.orders.reports import ExecutionEvent
from wattbook_domain.orders.vocabulary import Side
from wattbook_domain.risk.exposure import ExposureBook
from wattbook_domain.risk.facts import LimitCaps, OrderFacts
from wattbook_domain.risk.terms import InstrumentTerms

pytestmark = pytest.mark.extra

HOURS = tuple(terms(f"H{n}", start=12 * n, slots=12) for n in range(1, 5))
BLOCK = terms("BLOCK", start=12, slots=48)
LIMITS = limit_set(
    desk=attrs.evolve(DESK_LIMITS, gross_notional_max=eur(1_500)),
    algorithm=attrs.evolve(ALGORITHM_LIMITS, messages_max=10**6, duplicate_window_ns=0),
)


@attrs.frozen
class Wish:
    """An order somebody would like to send; buys stay below sells, so none meets its own."""

    terms: InstrumentTerms
    side: Side
    lots: int
    away: int

    def command(self, number: int) -> NewOrder:
        return order(
            f"O{number}",
            instrument_id=self.terms.instrument_id,
            side=self.side,
            quantity_lots=self.lots,
            limit_ticks=5_000 - self.away * self.side.sign,
        )


WISHES = st.builds(
    Wish,
    terms=st.sampled_from((*HOURS, BLOCK)),
    side=st.sampled_from(Side),
    lots=st.integers(1, 60),
    away=st.integers(1, 2_600),
)
MOVES = st.lists(
    st.tuples(st.sampled_from(SequenceEvent), st.integers(0, 30), st.integers(1, 60), WISHES),
    max_size=30,
)


@cache
def kernel() -> SequenceKernel:
    pytest.importorskip("numba", reason="needs the extra kernels")
    return SequenceKernel(HORIZON)


@attrs.define
class Run:
    """The reference run, which writes down the same events as rows while it goes."""

    house: Gatehouse = attrs.field(factory=lambda: Gatehouse(limits=LIMITS))
    sent: list[tuple[Wish, NewOrder]] = attrs.field(factory=list)
    facts: list[OrderFacts] = attrs.field(factory=list)
    caps: list[LimitCaps] = attrs.field(factory=list)
    masks: list[int] = attrs.field(factory=list)
    rows: list[SequenceRow] = attrs.field(factory=list)
    reports: int = 0

    def new(self, wish: Wish) -> None:
        self.house.terms = wish.terms
        command = wish.command(len(self.sent))
        empty = attrs.evolve(
            self.house, view=attrs.evolve(self.house.view, exposure=ExposureBook(HORIZON))
        )
        self.facts.append(empty.facts(command))
        self.caps.append(self.house.resolved(command).caps)
        verdict = self.house.send(command)
        self.masks.append(verdict.facts["reject_mask"] if isinstance(verdict, Refused) else 0)
        self.sent.append((wish, command))
        self.note(SequenceEvent.NEW, len(self.sent) - 1)

    def fill(self, which: int, lots: int) -> None:
        _, command = self.sent[which % len(self.sent)]
        held = self.house.view.exposure.held(command.client_order_id)
        if held is None or not held.is_open:
            return
        traded = min(lots, held.held_lots)
        self.reports += 1
        self.house.view.exposure.apply(
            fill(command, traded, cumulative=held.filled_lots + traded, number=self.reports)
        )
        self.note(SequenceEvent.FILL, which % len(self.sent), traded, command.limit_ticks or 0)

    def end(self, which: int) -> None:
        _, command = self.sent[which % len(self.sent)]
        held = self.house.view.exposure.held(command.client_order_id)
        if held is None:
            return
        self.reports += 1
        self.house.view.exposure.apply(
            report(
                ExecutionEvent.CANCELED,
                command,
                number=self.reports,
                cumulative_lots=held.filled_lots,
                leaves_lots=0,
            )
        )
        self.note(SequenceEvent.END, which % len(self.sent))

    def note(self, event: SequenceEvent, which: int, lots: int = 0, ticks: int = 0) -> None:
        span = self.sent[which][0].terms.spans[0]
        self.rows.append(
            SequenceRow(
                event=event,
                order=which,
                first=span.first - HORIZON.first,
                end=span.end - HORIZON.first,
                lots=lots,
                ticks=ticks,
            )
        )


@given(st.lists(WISHES, min_size=1, max_size=6), MOVES)
@settings(max_examples=80)
def test_reference_and_kernel_end_in_the_same_state(
    first: list[Wish], moves: list[tuple[SequenceEvent, int, int, Wish]]
) -> None:
    run = Run()
    for wish in first:
        run.new(wish)
    for event, which, lots, wish in moves:
        if event is SequenceEvent.NEW:
            run.new(wish)
        elif event is SequenceEvent.FILL:
            run.fill(which, lots)
        else:
            run.end(which)

    outcome = kernel().run(
        to_rows(SequenceRow, run.rows),
        facts=to_rows(OrderFacts, run.facts),
        caps=to_rows(LimitCaps, run.caps),
    )

    assert outcome.masks.tolist() == run.masks
    if any(mask == 0 for mask in run.masks):
        grains = HOURS[0].grains_per_unit
        found = outcome.state_hash(desk_id=DESK, algorithm_id=ALGORITHM, grains_per_unit=grains)
        assert found == run.house.view.exposure.state_hash()
    else:
        assert not outcome.net_kw.any()
        assert outcome.open_orders == 0


def test_a_sequence_meets_the_limits_it_fills_up() -> None:
    run = Run()
    for _ in range(6):
        run.new(Wish(HOURS[0], Side.BUY, 40, 100))
    outcome = kernel().run(
        to_rows(SequenceRow, run.rows),
        facts=to_rows(OrderFacts, run.facts),
        caps=to_rows(LimitCaps, run.caps),
    )
    assert isinstance(run.house.check(order("X", instrument_id="H1", quantity_lots=20)), Approved)
    assert (outcome.masks == 0).tolist() == [True, True, False, False, False, False]
    assert outcome.masks.tolist() == run.masks


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"order": 1}, "does not exist"),
        ({"first": -1}, "does not exist"),
        ({"end": 10_000}, "does not exist"),
        ({"first": 20, "end": 20}, "does not exist"),
    ],
)
def test_an_event_stays_within_its_arrays(changes: dict[str, int], complaint: str) -> None:
    run = Run()
    run.new(Wish(HOURS[0], Side.BUY, 40, 100))
    facts, caps = to_rows(OrderFacts, run.facts), to_rows(LimitCaps, run.caps)
    wrong = to_rows(SequenceRow, [attrs.evolve(run.rows[0], **changes)])

    with pytest.raises(ValueError, match=complaint):
        kernel().run(wrong, facts=facts, caps=caps)
    with pytest.raises(ValueError, match="sent once"):
        kernel().run(to_rows(SequenceRow, run.rows * 2), facts=facts, caps=caps)
    with pytest.raises(ValueError, match="vector of SequenceRow"):
        kernel().run(np.zeros(1), facts=facts, caps=caps)
