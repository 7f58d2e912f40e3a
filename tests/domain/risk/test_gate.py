"""The gate, one scenario a rule: at the limit an order passes, one step beyond it is refused."""

from __future__ import annotations

import re
from typing import Any

import attrs
import pytest
from tests.domain.risk.desk import (
    ALGORITHM,
    ALGORITHM_LIMITS,
    DESK,
    DESK_LIMITS,
    HORIZON,
    NOON,
    OWNER,
    VENUE,
    VENUE_LIMITS,
    Gatehouse,
    eur,
    fill,
    limit_set,
    order,
    price,
    replace,
    report,
    terms,
)

from wattbook_domain.foundation.identifiers import InstrumentId, VenueId
from wattbook_domain.foundation.instants import NS_PER_HOUR, NS_PER_SECOND, UtcNs
from wattbook_domain.foundation.verdict import Approved, Refused
from wattbook_domain.orders.commands import NewOrder
from wattbook_domain.orders.reports import ExecutionEvent
from wattbook_domain.orders.vocabulary import Side
from wattbook_domain.quantities.money import Currency, Money
from wattbook_domain.quantities.power import Power
from wattbook_domain.risk.denial import MEANING, DenialCode, codes_in
from wattbook_domain.risk.exposure import PositionCarried
from wattbook_domain.risk.facts import (
    CAP_SPANS,
    FACT_SPANS,
    LimitCaps,
    OrderFacts,
    closed_caps,
)
from wattbook_domain.risk.gate import check_new_order
from wattbook_domain.risk.gather import ReferencePrice, gather_new_order, gather_replace
from wattbook_domain.risk.kill import UNKNOWN_LATCH, KillScope, KillScopeKind
from wattbook_domain.risk.terms import SlotSpan


def code_of(verdict: Approved[Any] | Refused) -> str:
    return verdict.code.name if isinstance(verdict, Refused) else "APPROVED"


def with_view(gate: Gatehouse, **changes: Any) -> Gatehouse:
    return attrs.evolve(gate, view=attrs.evolve(gate.view, **changes))


def test_an_ordinary_order_is_approved_with_the_version_of_its_limits() -> None:
    gate = Gatehouse()

    verdict = gate.check(order())

    assert isinstance(verdict, Approved)
    assert verdict.value == order()
    assert verdict.limits_version == gate.limits.version
    assert re.fullmatch(r"test-[0-9a-f]{12}", verdict.limits_version)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({"quantity_lots": 50}, "APPROVED", id="5 MW, the algorithm's largest order"),
        pytest.param({"quantity_lots": 51}, "ORDER_QUANTITY", id="one lot more"),
        # The collar reaches max(20 EUR, 50 % of 50 EUR) = 25 EUR from the reference.
        pytest.param({"limit_ticks": 7_500}, "APPROVED", id="upper edge of the collar"),
        pytest.param({"limit_ticks": 7_501}, "PRICE_COLLAR", id="one tick above the collar"),
        pytest.param({"limit_ticks": 2_500}, "APPROVED", id="lower edge of the collar"),
        pytest.param({"limit_ticks": 2_499}, "PRICE_COLLAR", id="one tick below the collar"),
        pytest.param({"limit_ticks": 1_000_000}, "PRICE_BOUNDS", id="beyond the venue's bounds"),
        # A market order of 5 MW is valued at 75 EUR: 375 EUR.
        pytest.param({"limit_ticks": None, "quantity_lots": 50}, "APPROVED", id="market order"),
        pytest.param({"decided_at": UtcNs(NOON + NS_PER_HOUR - 1)}, "REFERENCE_STALE", id="old"),
        pytest.param({"decided_at": UtcNs(NOON + NS_PER_HOUR)}, "GATE_CLOSED", id="at the gate"),
        pytest.param({"decided_at": UtcNs(NOON + 60 * NS_PER_SECOND)}, "APPROVED", id="age limit"),
        pytest.param(
            {"decided_at": UtcNs(NOON + 60 * NS_PER_SECOND + 1)}, "REFERENCE_STALE", id="too old"
        ),
    ],
)
def test_one_order_against_an_empty_book(changes: dict[str, Any], expected: str) -> None:
    assert code_of(Gatehouse().check(order(**changes))) == expected


@pytest.mark.parametrize(
    ("reference", "limit", "expected"),
    [
        # Near zero the absolute floor of 20 EUR rules; far from it 50 % of the magnitude.
        (0, 2_000, "APPROVED"),
        (0, -2_000, "APPROVED"),
        (0, 2_001, "PRICE_COLLAR"),
        (0, -2_001, "PRICE_COLLAR"),
        (-8_000, -12_000, "APPROVED"),
        (-8_000, -12_001, "PRICE_COLLAR"),
        (-8_000, -4_000, "APPROVED"),
        (-8_000, -3_999, "PRICE_COLLAR"),
        (-100, 1_900, "APPROVED"),
        (-100, 1_901, "PRICE_COLLAR"),
    ],
)
def test_the_collar_holds_at_zero_and_negative_references(
    reference: int, limit: int, expected: str
) -> None:
    gate = with_view(Gatehouse(), reference=ReferencePrice(ticks=reference, at=NOON))

    assert code_of(gate.check(order(limit_ticks=limit))) == expected


def test_order_value_counts_the_magnitude_of_a_negative_price() -> None:
    # 5 MW over one hour at -120 EUR/MWh is 600 EUR, the limit; 1 MW more is over the lot limit
    # first, so the price moves instead.
    gate = with_view(Gatehouse(), reference=ReferencePrice(ticks=-12_000, at=NOON))

    at_limit = gate.check(order(quantity_lots=50, limit_ticks=-12_000))
    beyond = gate.check(order(quantity_lots=50, limit_ticks=-12_001))

    assert code_of(at_limit) == "APPROVED"
    assert code_of(beyond) == "ORDER_VALUE"


@pytest.mark.parametrize(
    ("steps", "changes", "expected"),
    [
        ({"tick_step_ticks": 5}, {"limit_ticks": 5_005}, "APPROVED"),
        ({"tick_step_ticks": 5}, {"limit_ticks": 5_004}, "PRICE_OFF_TICK"),
        ({"tick_step_ticks": 5}, {"limit_ticks": None}, "APPROVED"),
        ({"lot_step_lots": 10}, {"quantity_lots": 20}, "APPROVED"),
        ({"lot_step_lots": 10}, {"quantity_lots": 15}, "QUANTITY_OFF_LOT"),
    ],
)
def test_venue_steps(steps: dict[str, int], changes: dict[str, Any], expected: str) -> None:
    assert code_of(Gatehouse(terms=terms(**steps)).check(order(**changes))) == expected


def test_an_order_off_tick_at_a_negative_price_is_refused() -> None:
    gate = attrs.evolve(
        with_view(Gatehouse(), reference=ReferencePrice(ticks=-10, at=NOON)),
        terms=terms(tick_step_ticks=5),
    )

    assert code_of(gate.check(order(limit_ticks=-10))) == "APPROVED"
    assert code_of(gate.check(order(limit_ticks=-12))) == "PRICE_OFF_TICK"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"reference": None}, "REFERENCE_MISSING"),
        ({"is_halted": True}, "INSTRUMENT_HALTED"),
        ({"day_pnl_grains": None}, "PNL_UNKNOWN"),
        ({"day_pnl_grains": -1_000 * 12_000_000 + 1}, "APPROVED"),
        ({"day_pnl_grains": -1_000 * 12_000_000}, "LOSS_LIMIT"),
        ({"day_pnl_grains": 1_000 * 12_000_000}, "APPROVED"),
        ({"latch": UNKNOWN_LATCH}, "KILL_STATE_UNKNOWN"),
    ],
)
def test_what_is_absent_is_a_refusal_of_its_own(changes: dict[str, Any], expected: str) -> None:
    assert code_of(with_view(Gatehouse(), **changes).check(order())) == expected


def test_an_auction_pairs_nobody_so_own_bids_may_cross_own_offers() -> None:
    for pairs_orders, expected in ((True, "SELF_TRADE"), (False, "APPROVED")):
        venue = attrs.evolve(VENUE_LIMITS, pairs_orders=pairs_orders)
        gate = Gatehouse(limits=limit_set(venue=venue))
        gate.send(order("R1", side=Side.SELL, limit_ticks=5_500))

        assert code_of(gate.check(order("I1", limit_ticks=5_500))) == expected


def test_an_auction_may_trade_without_a_reference() -> None:
    limits = limit_set(venue=attrs.evolve(VENUE_LIMITS, requires_reference=False))
    gate = with_view(Gatehouse(limits=limits), reference=None)

    assert code_of(gate.check(order(limit_ticks=1, quantity_lots=1))) == "APPROVED"
    # Without a collar the venue's bounds are the range of fills: 9,999 EUR x 0.6 MWh > 5,000 EUR.
    assert code_of(gate.check(order(limit_ticks=1, quantity_lots=6))) == "GROSS_NOTIONAL"


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        (limit_set(desk=attrs.evolve(DESK_LIMITS, desk_id="OTHER")), "LIMITS_MISSING"),
        (limit_set(venue=attrs.evolve(VENUE_LIMITS, venue_id="OTHER")), "LIMITS_MISSING"),
        (limit_set(algorithm=attrs.evolve(ALGORITHM_LIMITS, algorithm_id="X")), "LIMITS_MISSING"),
        (
            limit_set(
                desk=attrs.evolve(
                    DESK_LIMITS,
                    gross_notional_max=Money.of(5_000, Currency.GBP),
                    day_loss_max=Money.of(5_000, Currency.GBP),
                )
            ),
            "LIMITS_MISSING",
        ),
        (
            limit_set(desk=attrs.evolve(DESK_LIMITS, permitted_venues=())),
            "INSTRUMENT_NOT_PERMITTED",
        ),
        (
            limit_set(desk=attrs.evolve(DESK_LIMITS, restricted=(InstrumentId("DE-H13"),))),
            "INSTRUMENT_NOT_PERMITTED",
        ),
        (
            limit_set(
                algorithm=attrs.evolve(ALGORITHM_LIMITS, permitted=(InstrumentId("DE-H14"),))
            ),
            "INSTRUMENT_NOT_PERMITTED",
        ),
        (
            limit_set(
                algorithm=attrs.evolve(ALGORITHM_LIMITS, permitted=(InstrumentId("DE-H13"),))
            ),
            "APPROVED",
        ),
    ],
)
def test_what_has_no_limits_or_no_permission_does_not_trade(limits: Any, expected: str) -> None:
    assert code_of(Gatehouse(limits=limits).check(order())) == expected


def test_net_power_counts_resting_orders_of_one_side_as_filled() -> None:
    gate = Gatehouse()
    assert code_of(gate.send(order("B1", quantity_lots=50))) == "APPROVED"
    assert code_of(gate.send(order("B2", quantity_lots=49, limit_ticks=4_999))) == "APPROVED"
    # Resting sells must not make room: they may never trade.
    assert (
        code_of(gate.send(order("S1", side=Side.SELL, quantity_lots=40, limit_ticks=6_000)))
        == "APPROVED"
    )

    assert code_of(gate.check(order("B3", quantity_lots=1, limit_ticks=4_998))) == "APPROVED"
    refused = gate.check(order("B3", quantity_lots=2, limit_ticks=4_998))
    assert isinstance(refused, Refused)
    assert refused.code is DenialCode.POSITION_LIMIT
    assert refused.facts["net_high_kw"] == 9_900
    assert refused.facts["net_long_max_kw"] == 10_000


def test_an_order_that_reduces_a_position_beyond_its_limit_is_let_through() -> None:
    gate = Gatehouse()
    gate.view.exposure.apply(PositionCarried(desk_id=DESK, span=HORIZON, net_kw=30_000))

    assert code_of(gate.check(order(quantity_lots=1))) == "POSITION_LIMIT"
    assert code_of(gate.check(order(side=Side.SELL, quantity_lots=50))) == "APPROVED"


def test_only_the_slots_of_the_instrument_are_judged() -> None:
    gate = Gatehouse()
    elsewhere = SlotSpan(HORIZON.first, HORIZON.first + 12)
    gate.view.exposure.apply(PositionCarried(desk_id=DESK, span=elsewhere, net_kw=30_000))
    assert code_of(gate.check(order())) == "APPROVED"

    one_slot = SlotSpan(HORIZON.first + 20, HORIZON.first + 21)
    gate.view.exposure.apply(PositionCarried(desk_id=DESK, span=one_slot, net_kw=9_500))
    assert code_of(gate.check(order())) == "POSITION_LIMIT"


def test_a_buy_is_reserved_at_the_worst_price_of_its_band() -> None:
    # A buy at 10 EUR with the reference at 0 may fill anywhere in [-20, 10]: 20 EUR is reserved.
    gate = with_view(Gatehouse(), reference=ReferencePrice(ticks=0, at=NOON))
    assert code_of(gate.send(order(limit_ticks=1_000))) == "APPROVED"

    held = gate.view.exposure.held(order().client_order_id)
    assert held is not None
    assert held.reserve_ticks == 2_000
    # 1 MW x 1 h x 20 EUR, in grains.
    assert gate.view.exposure.gross_grains(DESK) == 20 * 12_000_000


def test_gross_notional_rounds_what_is_used_up_and_what_is_allowed_down() -> None:
    # Orders of 5 MW reserve 75 EUR a sell (the top of the collar): 375 EUR each.
    limits = limit_set(
        desk=attrs.evolve(DESK_LIMITS, gross_notional_max=eur("750.0001")),
        algorithm=attrs.evolve(ALGORITHM_LIMITS, open_orders_max=10),
    )
    gate = Gatehouse(limits=limits)
    sells = [
        order(f"S{n}", side=Side.SELL, quantity_lots=40, limit_ticks=6_000 + n) for n in (1, 2)
    ]
    # 4 MW x 75 EUR = 300 EUR each.
    assert [code_of(gate.send(sell)) for sell in sells] == ["APPROVED", "APPROVED"]
    buy = order("B1", quantity_lots=30, limit_ticks=5_000)  # 3 MW x 50 EUR = 150 EUR: exactly full
    assert code_of(gate.check(buy)) == "APPROVED"
    assert code_of(gate.check(order("B1", quantity_lots=30, limit_ticks=5_001))) == "GROSS_NOTIONAL"


def test_open_orders_are_counted_until_the_venue_ends_them() -> None:
    gate = Gatehouse()
    orders = [order(f"O{n}", quantity_lots=1, limit_ticks=4_000 + n) for n in range(5)]
    assert [code_of(gate.send(each)) for each in orders] == ["APPROVED"] * 4 + ["OPEN_ORDERS"]

    gate.view.exposure.apply(report(ExecutionEvent.CANCELED, orders[0], leaves_lots=0))

    assert code_of(gate.send(orders[4])) == "APPROVED"


@pytest.mark.parametrize(
    ("resting", "incoming", "expected"),
    [
        ((Side.SELL, 5_500), (Side.BUY, 5_499), "APPROVED"),
        ((Side.SELL, 5_500), (Side.BUY, 5_500), "SELF_TRADE"),
        ((Side.SELL, 5_500), (Side.BUY, None), "SELF_TRADE"),
        ((Side.BUY, 4_500), (Side.SELL, 4_501), "APPROVED"),
        ((Side.BUY, 4_500), (Side.SELL, 4_500), "SELF_TRADE"),
        ((Side.BUY, None), (Side.SELL, 7_500), "SELF_TRADE"),
        ((Side.SELL, None), (Side.BUY, 2_500), "SELF_TRADE"),
        ((Side.BUY, 5_500), (Side.BUY, 5_600), "APPROVED"),
    ],
)
def test_an_order_must_not_meet_an_own_order(
    resting: tuple[Side, int | None], incoming: tuple[Side, int | None], expected: str
) -> None:
    gate = Gatehouse()
    gate.send(order("R1", side=resting[0], limit_ticks=resting[1]))

    verdict = gate.check(order("I1", side=incoming[0], limit_ticks=incoming[1]))

    assert code_of(verdict) == expected


def test_the_nearest_of_several_own_orders_is_met() -> None:
    gate = Gatehouse()
    for number, ticks in enumerate((6_000, 5_800, 5_900)):
        gate.send(order(f"S{number}", side=Side.SELL, limit_ticks=ticks))

    refused = gate.check(order("B1", limit_ticks=5_850))

    assert isinstance(refused, Refused)
    assert refused.facts["opposite_ticks"] == 5_800


def test_a_duplicate_is_refused_within_its_window_only() -> None:
    gate = Gatehouse()
    gate.send(order("O1"))
    soon = UtcNs(NOON + ALGORITHM_LIMITS.duplicate_window_ns - 1)
    later = UtcNs(NOON + ALGORITHM_LIMITS.duplicate_window_ns)

    assert code_of(gate.check(order("O2", decided_at=soon))) == "DUPLICATE_ORDER"
    assert code_of(gate.check(order("O2", decided_at=later))) == "APPROVED"
    assert code_of(gate.check(order("O2", decided_at=soon, quantity_lots=11))) == "APPROVED"


def test_messages_are_counted_in_a_sliding_window() -> None:
    limits = limit_set(algorithm=attrs.evolve(ALGORITHM_LIMITS, messages_max=2))
    gate = Gatehouse(limits=limits)
    for number in range(2):
        gate.send(order(f"O{number}", quantity_lots=number + 1))

    assert code_of(gate.check(order("O2", quantity_lots=3))) == "MESSAGE_RATE"
    at = UtcNs(NOON + ALGORITHM_LIMITS.message_window_ns)
    assert code_of(gate.check(order("O2", quantity_lots=3, decided_at=at))) == "APPROVED"


def test_a_client_order_id_is_used_once() -> None:
    gate = Gatehouse()
    gate.send(order("O1"))

    assert code_of(gate.check(order("O1", quantity_lots=3))) == "IDENTITY_REUSED"


def test_delivery_outside_the_grid_cannot_be_measured_and_is_refused() -> None:
    gate = Gatehouse(terms=terms(start=280, slots=12))

    assert code_of(gate.check(order())) == "OUTSIDE_HORIZON"


@pytest.mark.parametrize(
    "scope",
    [
        KillScope(KillScopeKind.ALL),
        KillScope(KillScopeKind.VENUE, VENUE),
        KillScope(KillScopeKind.DESK, DESK),
        KillScope(KillScopeKind.TRADER, OWNER.trader_id),
        KillScope(KillScopeKind.ALGORITHM, ALGORITHM),
        KillScope(KillScopeKind.INSTRUMENT, "DE-H13"),
    ],
)
def test_the_kill_switch_outranks_every_other_reason(scope: KillScope) -> None:
    gate = Gatehouse()
    latch = gate.view.latch.engage(scope, by="anna", at=NOON, reason="drill")
    gate = with_view(gate, latch=latch, reference=None, day_pnl_grains=None)

    refused = gate.check(order(quantity_lots=1_000, limit_ticks=900_000))

    assert isinstance(refused, Refused)
    assert refused.code is DenialCode.KILL_SWITCH
    assert not refused.is_transient
    named = {code.name for code in codes_in(refused.facts["reject_mask"])}
    assert {"KILL_SWITCH", "REFERENCE_MISSING", "ORDER_QUANTITY", "PNL_UNKNOWN"} <= named


class TestReplace:
    def test_growing_an_order_counts_only_what_it_adds(self) -> None:
        gate = Gatehouse()
        first = order(quantity_lots=50)
        gate.send(first)
        gate.view.exposure.apply(PositionCarried(desk_id=DESK, span=HORIZON, net_kw=4_000))

        # 4 MW carried + 5 MW held: 1 MW of room, but one order may have 5 MW only.
        assert code_of(gate.check_replace(replace(quantity_lots=50), first)) == "APPROVED"
        assert code_of(gate.check_replace(replace(quantity_lots=51), first)) == "ORDER_QUANTITY"

    def test_growing_beyond_the_position_limit_is_refused(self) -> None:
        gate = Gatehouse()
        first = order(quantity_lots=30)
        gate.send(first)
        gate.view.exposure.apply(PositionCarried(desk_id=DESK, span=HORIZON, net_kw=6_000))

        assert code_of(gate.check_replace(replace(quantity_lots=40), first)) == "APPROVED"
        assert code_of(gate.check_replace(replace(quantity_lots=41), first)) == "POSITION_LIMIT"

    def test_shrinking_is_let_through_when_the_position_is_over_its_limit(self) -> None:
        gate = Gatehouse()
        first = order(quantity_lots=30)
        gate.send(first)
        gate.view.exposure.apply(PositionCarried(desk_id=DESK, span=HORIZON, net_kw=50_000))

        assert code_of(gate.check_replace(replace(quantity_lots=29), first)) == "APPROVED"

    def test_a_dearer_replace_must_find_room_in_the_notional(self) -> None:
        limits = limit_set(desk=attrs.evolve(DESK_LIMITS, gross_notional_max=eur(60)))
        gate = Gatehouse(limits=limits)
        first = order(quantity_lots=10, limit_ticks=5_000)  # 50 EUR
        gate.send(first)

        assert code_of(gate.check_replace(replace(limit_ticks=6_000), first)) == "APPROVED"
        assert code_of(gate.check_replace(replace(limit_ticks=6_001), first)) == "GROSS_NOTIONAL"

    def test_one_replace_at_a_time(self) -> None:
        gate = Gatehouse()
        first = order()
        gate.send(first)
        gate.send_replace(replace(quantity_lots=11), first)

        refused = gate.check_replace(replace(client_order_id="O1-R2"), first)

        assert isinstance(refused, Refused)
        assert refused.code is DenialCode.REPLACE_PENDING
        assert refused.is_transient

    def test_what_is_not_open_cannot_be_replaced(self) -> None:
        gate = Gatehouse()
        first = order()
        assert code_of(gate.check_replace(replace(), first)) == "ORDER_NOT_OPEN"
        gate.send(first)
        gate.view.exposure.apply(fill(first, 10, cumulative=10, number=1))
        assert code_of(gate.check_replace(replace(), first)) == "ORDER_NOT_OPEN"

    def test_an_order_does_not_meet_itself(self) -> None:
        gate = Gatehouse()
        first = order()
        gate.send(first)

        assert code_of(gate.check_replace(replace(limit_ticks=6_000), first)) == "APPROVED"

    def test_facts_of_a_foreign_order_are_misuse(self) -> None:
        gate = Gatehouse()
        gate.send(order("O1"))
        gate.send(order("O2", quantity_lots=9))
        limits = gate.resolved(order())

        with pytest.raises(ValueError, match="O1 is O1, not O2"):
            gather_replace(
                replace(), original=order("O2"), terms=gate.terms, limits=limits, view=gate.view
            )
        with pytest.raises(ValueError, match="cannot judge"):
            gather_replace(
                replace(), original=order(), terms=terms("X"), limits=limits, view=gate.view
            )


class TestMisuse:
    def test_facts_must_be_those_of_the_order(self) -> None:
        gate = Gatehouse()
        facts, limits = gate.facts(order()), gate.resolved(order())

        for other in (order(quantity_lots=11), order(limit_ticks=1), order(limit_ticks=None)):
            with pytest.raises(ValueError, match="the facts are not those of O1"):
                check_new_order(other, facts=facts, limits=limits)
        with pytest.raises(ValueError, match="side or open lots"):
            check_new_order(order(side=Side.SELL), facts=facts, limits=limits)

    def test_terms_must_be_those_of_the_instrument(self) -> None:
        gate = Gatehouse()
        with pytest.raises(ValueError, match="terms of X cannot judge DE-H13"):
            gather_new_order(
                order(), terms=terms("X"), limits=gate.resolved(order()), view=gate.view
            )


class TestMeanings:
    def test_every_code_has_a_sentence_that_says_the_rule_and_what_to_do(self) -> None:
        assert set(MEANING) == set(DenialCode)
        for meaning in MEANING.values():
            assert re.search(r"[;,] .+\.$", meaning.sentence), meaning.sentence

    def test_every_fact_named_as_evidence_exists(self) -> None:
        known = {f.name for cls in (OrderFacts, LimitCaps) for f in attrs.fields(cls)}
        named = {name for meaning in MEANING.values() for name in meaning.facts}
        assert named <= known

    def test_ranks_are_dense_and_fit_the_mask(self) -> None:
        assert [code.value for code in DenialCode] == list(range(1, len(DenialCode) + 1))
        assert len(DenialCode) < 32

    def test_a_refusal_shows_its_numbers(self) -> None:
        refused = Gatehouse().check(order(limit_ticks=7_501))

        assert isinstance(refused, Refused)
        assert refused.explain() == (
            f"PRICE_COLLAR refused O1 under {limit_set().version} (collar_bps=5000, "
            "collar_floor_ticks=2000, limit_ticks=7501, reference_ticks=5000, "
            f"reject_mask={1 << DenialCode.PRICE_COLLAR})"
        )


class TestBounds:
    def test_every_field_of_a_bundle_has_a_span(self) -> None:
        assert [f.name for f in attrs.fields(OrderFacts)] == list(FACT_SPANS)
        assert [f.name for f in attrs.fields(LimitCaps)] == list(CAP_SPANS)

    def test_a_fact_beyond_its_span_is_misuse(self) -> None:
        facts = Gatehouse().facts(order())
        for name, (low, high) in FACT_SPANS.items():
            for beyond in (low - 1, high + 1):
                with pytest.raises(ValueError, match=f"{name} must lie between"):
                    attrs.evolve(facts, **{name: beyond})
            with pytest.raises(TypeError, match=f"{name} must be an integer"):
                attrs.evolve(facts, **{name: True})

    def test_price_bounds_must_not_cross(self) -> None:
        with pytest.raises(ValueError, match="must not exceed"):
            attrs.evolve(closed_caps(), price_min_ticks=1)

    def test_closed_caps_let_nothing_pass(self) -> None:
        gate = Gatehouse()
        limits = attrs.evolve(gate.resolved(order()), caps=closed_caps())
        verdict = check_new_order(order(), facts=gate.facts(order()), limits=limits)
        assert code_of(verdict) == "LIMITS_MISSING"


class TestLimitSet:
    def test_the_version_is_the_content(self) -> None:
        tighter = attrs.evolve(DESK_LIMITS, net_long_max=Power.of_mw(9))
        assert limit_set().version == limit_set().version
        assert limit_set(desk=tighter).version != limit_set().version

    def test_conversion_rounds_to_the_safe_side(self) -> None:
        venue = attrs.evolve(
            VENUE_LIMITS,
            price_min=price("-10.005"),
            price_max=price("10.009"),
            collar_floor=price("1.999"),
            quantity_max=Power.of_mw("4.99"),
            order_value_max=eur("100.00009"),
        )
        caps = Gatehouse(limits=limit_set(venue=venue)).resolved(order()).caps

        assert (caps.price_min_ticks, caps.price_max_ticks) == (-1_000, 1_000)
        assert caps.collar_floor_ticks == 199
        assert caps.quantity_max_lots == 49
        # One unit is 0.01 EUR/MWh x 0.1 MW x 1/12 h = 1/12000 EUR; 100.00009 EUR is 1200001.08.
        assert caps.order_value_max_units == 1_200_001

    def test_each_entry_is_given_once(self) -> None:
        with pytest.raises(ValueError, match="each desk has one entry"):
            attrs.evolve(limit_set(), desks=(DESK_LIMITS, DESK_LIMITS))

    def test_magnitudes_are_not_negative(self) -> None:
        with pytest.raises(ValueError, match="net_long_max is a magnitude"):
            attrs.evolve(DESK_LIMITS, net_long_max=Power.of_mw(-1))
        with pytest.raises(ValueError, match="collar_floor is a magnitude"):
            attrs.evolve(VENUE_LIMITS, collar_floor=price(-1))

    def test_a_desk_is_limited_in_one_currency(self) -> None:
        with pytest.raises(ValueError, match="limited in one currency"):
            attrs.evolve(DESK_LIMITS, day_loss_max=Money.of(1, Currency.GBP))

    def test_price_bounds_of_a_venue_must_not_cross(self) -> None:
        with pytest.raises(ValueError, match="price_min must not exceed"):
            attrs.evolve(VENUE_LIMITS, price_min=price(1), price_max=price(0))

    def test_an_unknown_venue_has_closed_caps(self) -> None:
        resolved = limit_set().resolve(OWNER, venue_id=VenueId("NOWHERE"), terms=terms())
        assert resolved.caps == closed_caps()


def test_the_gate_is_deterministic() -> None:
    orders: list[NewOrder] = [order(f"O{n}", quantity_lots=n + 1) for n in range(8)]

    def run() -> tuple[list[str], str]:
        gate = Gatehouse()
        return [code_of(gate.send(each)) for each in orders], gate.view.exposure.state_hash()

    assert run() == run()
