"""Invented liquidity: the same for the same names, orderly, and indifferent to zero."""

from __future__ import annotations

import hashlib
from statistics import fmean, pstdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wattbook_adapters.simulation.liquidity import (
    PathTerms,
    QuoteMaker,
    ReferencePath,
    child_digest,
    standard_shock_x65536,
)
from wattbook_contracts.descriptors import SimulatedBook
from wattbook_domain.foundation.bounds import PRICE_TICKS_ABS_MAX
from wattbook_domain.foundation.identifiers import InstrumentId, VenueId
from wattbook_domain.orders.vocabulary import Side

HOUR = InstrumentId("DE-H09")
LOOK = SimulatedBook(half_spread_ticks=20, level_gap_ticks=7, levels=6, level_lots=40, latency_ns=0)


def maker(look: SimulatedBook = LOOK, *, venue: str = "POWERX", step: int = 1, lots: int = 1):
    return QuoteMaker(
        venue_id=VenueId(venue),
        book=look,
        seed=7,
        price_step_ticks=step,
        quantity_step_lots=lots,
    )


def test_a_child_seed_is_the_hash_of_its_names_and_of_nothing_else():
    text = "\x1f".join(["wattbook.simulation.1", "7", "depth", "POWERX", "DE-H09", "3"])
    expected = hashlib.sha256(text.encode()).digest()
    assert child_digest(7, "depth", "POWERX", "DE-H09", 3) == expected


def test_names_do_not_run_into_each_other():
    assert child_digest(1, "a", "bc") != child_digest(1, "ab", "c")


def test_shocks_have_mean_zero_and_unit_deviation():
    draws = [standard_shock_x65536(child_digest(1, "x", n)) / 65536 for n in range(4000)]
    # Standard errors: 1/sqrt(4000) = 0.016 of the mean, 0.011 of the deviation.
    assert abs(fmean(draws)) < 4 * 0.016
    assert abs(pstdev(draws) - 1) < 4 * 0.011


@given(start=st.integers(-9000, 9000), beats=st.lists(st.integers(0, 60), min_size=1, max_size=8))
def test_a_path_is_the_same_in_whatever_order_it_is_asked_for(start, beats):
    terms = PathTerms(start_ticks=start)
    one, other = (ReferencePath(HOUR, terms, seed=3) for _ in range(2))
    asked = {beat: one.ticks(beat) for beat in beats}
    assert asked == {beat: other.ticks(beat) for beat in sorted(beats, reverse=True)}
    assert one.ticks(0) == start


def test_a_path_depends_on_seed_and_instrument():
    def walk(name: str, seed: int) -> list[int]:
        path = ReferencePath(InstrumentId(name), PathTerms(start_ticks=3000), seed=seed)
        return [path.ticks(beat) for beat in range(10)]

    assert walk("DE-H09", 1) == walk("DE-H09", 1)
    assert walk("DE-H09", 1) != walk("DE-H09", 2)
    assert walk("DE-H09", 1) != walk("DE-H10", 1)


def test_without_shocks_the_path_closes_the_same_share_of_the_distance_each_beat():
    terms = PathTerms(
        start_ticks=-1000, target_ticks=1000, reversion_permille=500, volatility_milliticks=0
    )
    path = ReferencePath(HOUR, terms, seed=1)
    assert [path.ticks(beat) for beat in range(5)] == [-1000, 0, 500, 750, 875]


def test_shocks_are_differences_so_the_level_does_not_scale_them():
    low, high = (
        ReferencePath(HOUR, PathTerms(start_ticks=start), seed=5) for start in (0, 100_000)
    )
    assert {high.ticks(b) - low.ticks(b) for b in range(50)} == {100_000}


def test_a_path_never_leaves_the_bounds_of_a_price():
    terms = PathTerms(
        start_ticks=PRICE_TICKS_ABS_MAX, reversion_permille=0, volatility_milliticks=10**9
    )
    path = ReferencePath(HOUR, terms, seed=2)
    assert all(abs(path.ticks(beat)) <= PRICE_TICKS_ABS_MAX for beat in range(200))


@given(
    reference=st.integers(-PRICE_TICKS_ABS_MAX, PRICE_TICKS_ABS_MAX),
    beat=st.integers(0, 10_000),
    look=st.builds(
        SimulatedBook,
        half_spread_ticks=st.integers(1, 50),
        level_gap_ticks=st.integers(1, 20),
        levels=st.integers(1, 16),
        level_lots=st.integers(1, 500),
        latency_ns=st.just(0),
    ),
    step=st.sampled_from([1, 5, 100]),
    lots=st.sampled_from([1, 10]),
)
def test_quotes_are_layered_apart_and_on_the_venue_s_steps(reference, beat, look, step, lots):
    quotes = maker(look, step=step, lots=lots).quotes(HOUR, beat=beat, reference_ticks=reference)
    bids = [q.price_ticks for q in quotes if q.side is Side.BUY]
    asks = [q.price_ticks for q in quotes if q.side is Side.SELL]
    assert bids == sorted(set(bids), reverse=True)
    assert asks == sorted(set(asks))
    if bids and asks:
        assert bids[0] <= reference - look.half_spread_ticks
        assert asks[0] >= reference + look.half_spread_ticks
    for quote in quotes:
        assert quote.price_ticks % step == 0
        assert abs(quote.price_ticks) <= PRICE_TICKS_ABS_MAX
        assert quote.quantity_lots % lots == 0
        assert quote.quantity_lots > 0


def test_depth_varies_between_a_half_and_one_and_a_half_and_between_venues():
    def shown(venue: str) -> list[int]:
        return [
            quote.quantity_lots
            for beat in range(50)
            for quote in maker(venue=venue).quotes(HOUR, beat=beat, reference_ticks=0)
        ]

    assert min(shown("POWERX")) >= 20
    assert max(shown("POWERX")) < 60
    assert shown("POWERX") != shown("ENERGEX")


@pytest.mark.parametrize("levels", [0, 17])
def test_more_levels_than_a_digest_has_bytes_are_misuse(levels):
    with pytest.raises(ValueError, match="levels must lie between 1 and 16"):
        maker(
            SimulatedBook(
                half_spread_ticks=1, level_gap_ticks=1, levels=levels, level_lots=1, latency_ns=0
            )
        )
