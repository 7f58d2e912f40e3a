"""The one stream of order facts and caps that every target of the rules must agree on.

Drawn up to the bounds of `FACT_SPANS` and `CAP_SPANS`. Half the rows are an order that passes, with
a few fields moved to an edge or anywhere, so that single rules decide; the other half are drawn
field by field, so that all rules speak at once.
"""

from __future__ import annotations

from collections.abc import Mapping

import attrs
import numpy as np
from hypothesis import strategies as st

from wattbook_domain.foundation.rows import Rows, to_rows
from wattbook_domain.risk.facts import CAP_SPANS, FACT_SPANS, LimitCaps, OrderFacts

PASSING_FACTS = OrderFacts(
    is_new=1,
    side=0,
    has_limit=1,
    limit_ticks=4_500,
    quantity_lots=20,
    open_lots=20,
    held_lots=0,
    held_ticks=0,
    lot_kw=100,
    delivery_slots=12,
    lot_step_lots=1,
    tick_step_ticks=1,
    kill_state=0,
    is_halted=0,
    is_identity_used=0,
    is_target_open=1,
    is_replace_pending=0,
    is_within_horizon=1,
    now_ns=1_485_255_600_000_000_000,
    has_gate_closure=1,
    gate_closes_ns=1_485_259_200_000_000_000,
    has_reference=1,
    reference_ticks=4_400,
    reference_age_ns=1_000_000,
    net_high_kw=3_000,
    net_low_kw=-3_000,
    gross_units=10_000_000,
    has_pnl=1,
    day_pnl_grains=-1_000_000_000,
    open_orders=3,
    has_opposite=1,
    opposite_ticks=4_600,
    has_twin=1,
    twin_age_ns=5_000_000_000,
    messages_in_window=4,
)

PASSING_CAPS = LimitCaps(
    is_limited=1,
    is_permitted=1,
    requires_reference=1,
    reference_age_max_ns=60_000_000_000,
    price_min_ticks=-999_900,
    price_max_ticks=999_900,
    collar_bps=2_000,
    collar_floor_ticks=2_000,
    quantity_max_lots=50,
    order_value_max_units=50_000_000,
    net_long_max_kw=10_000,
    net_short_max_kw=10_000,
    gross_max_units=500_000_000,
    loss_max_grains=60_000_000_000,
    open_orders_max=10,
    duplicate_window_ns=1_000_000_000,
    messages_max=20,
)

Pair = tuple[OrderFacts, LimitCaps]


def _anywhere(span: tuple[int, int]) -> st.SearchStrategy[int]:
    low, high = span
    edges = [low, high, *(value for value in (low + 1, -1, 0, 1, high - 1) if low <= value <= high)]
    near = st.integers(max(low, -20_000), min(high, 20_000))
    return st.one_of(st.sampled_from(edges), near, st.integers(low, high))


def _fields(spans: Mapping[str, tuple[int, int]]) -> st.SearchStrategy[dict[str, int]]:
    drawn = {name: _anywhere(span) for name, span in spans.items()}
    few = st.lists(st.sampled_from(sorted(drawn)), max_size=4, unique=True).flatmap(
        lambda names: st.fixed_dictionaries({name: drawn[name] for name in names})
    )
    return st.one_of(few, st.fixed_dictionaries(drawn))


def _ordered(caps: LimitCaps | dict[str, int]) -> LimitCaps:
    values = attrs.asdict(PASSING_CAPS) | dict(caps)  # type: ignore[arg-type]
    low, high = values["price_min_ticks"], values["price_max_ticks"]
    values["price_min_ticks"], values["price_max_ticks"] = min(low, high), max(low, high)
    return LimitCaps(**values)


FACTS = _fields(FACT_SPANS).map(lambda changes: attrs.evolve(PASSING_FACTS, **changes))
CAPS = _fields(CAP_SPANS).map(_ordered)
PAIRS: st.SearchStrategy[list[Pair]] = st.lists(st.tuples(FACTS, CAPS), min_size=1, max_size=12)


def rows_of(pairs: list[Pair]) -> tuple[Rows, Rows]:
    facts, caps = zip(*pairs, strict=True)
    return to_rows(OrderFacts, facts), to_rows(LimitCaps, caps)


def random_rows(count: int, *, seed: int) -> tuple[Rows, Rows]:
    """Uniform rows in bulk: far more of them than Hypothesis can draw, far less cunning."""
    rng = np.random.default_rng(seed)
    facts = np.zeros(count, dtype=to_rows(OrderFacts, []).dtype)
    caps = np.zeros(count, dtype=to_rows(LimitCaps, []).dtype)
    for rows, spans in ((facts, FACT_SPANS), (caps, CAP_SPANS)):
        for name, (low, high) in spans.items():
            rows[name] = rng.integers(low, high, size=count, endpoint=True)
    return facts, caps
