"""Decides what liquidity an invented intraday market shows; the venue posts it, matching trades it.

For each instrument a reference price walks in integer thousandths of a tick: it starts at the
day-ahead price, is drawn to a target and is pushed by seeded shocks, all as *differences*, never
percentages, so it passes zero like any other price. Around it each venue shows layers of its own.

Every number is a function of (seed, venue, instrument, beat) through SHA-256 and integer
arithmetic alone: no generator has a state that another instrument could disturb, and every
machine gives the same digits.
"""

from __future__ import annotations

import hashlib
from typing import Final

import attrs

from wattbook_adapters.simulation.matching import Quote
from wattbook_contracts.descriptors import SimulatedBook
from wattbook_domain.foundation.bounds import PRICE_TICKS_ABS_MAX, require_within
from wattbook_domain.foundation.identifiers import InstrumentId, VenueId
from wattbook_domain.orders.vocabulary import Side

MILLITICKS_PER_TICK: Final = 1000
LEVELS_MAX: Final = 16
"""Each side draws one byte per level from its half of a 32-byte digest."""

_UNIFORMS: Final = 12
_UNIFORM_TOP: Final = 2**16
_UNIFORM_SUM_MEAN: Final = _UNIFORMS * (_UNIFORM_TOP - 1) // 2


@attrs.frozen(kw_only=True)
class PathTerms:
    """How an instrument's reference price walks from beat to beat.

    Attributes:
        start_ticks: where it starts: the day-ahead price.
        target_ticks: where it is drawn to; `None` is where it started.
        reversion_permille: share of the distance to the target closed each beat, 0 to 1000.
        volatility_milliticks: standard deviation of one beat's shock, in thousandths of a tick.
    """

    start_ticks: int
    target_ticks: int | None = None
    reversion_permille: int = 50
    volatility_milliticks: int = 40_000

    def __attrs_post_init__(self) -> None:
        for name in ("start_ticks", "target_ticks"):
            if (value := getattr(self, name)) is not None:
                require_within(name, value, -PRICE_TICKS_ABS_MAX, PRICE_TICKS_ABS_MAX)
        require_within("reversion_permille", self.reversion_permille, 0, 1000)
        require_within("volatility_milliticks", self.volatility_milliticks, 0, 10**9)


def child_digest(seed: int, *names: str | int) -> bytes:
    """Derive 32 bytes from a seed and the names of what they are for, by SHA-256.

    The order in which children are asked for does not matter, and neither does who else asks.
    """
    text = "\x1f".join(("wattbook.simulation.1", str(seed), *map(str, names)))
    return hashlib.sha256(text.encode()).digest()


def standard_shock_x65536(digest: bytes) -> int:
    """Make a nearly normal integer, mean 0 and standard deviation 65536, from 24 bytes.

    The sum of twelve uniforms on 0..65535 has a variance of 12 (65536^2 - 1) / 12 (Irwin-Hall).
    """
    total = sum(int.from_bytes(digest[i : i + 2], "big") for i in range(0, 2 * _UNIFORMS, 2))
    return total - _UNIFORM_SUM_MEAN


class ReferencePath:
    """One instrument's reference price, the same on every venue."""

    def __init__(self, instrument_id: InstrumentId, terms: PathTerms, *, seed: int) -> None:
        self._instrument_id = instrument_id
        self._terms = terms
        self._seed = seed
        self._milliticks = [terms.start_ticks * MILLITICKS_PER_TICK]

    def ticks(self, beat: int) -> int:
        """Return the price at a beat, to the nearest tick below."""
        while len(self._milliticks) <= beat:
            self._milliticks.append(self._next(len(self._milliticks)))
        return self._milliticks[beat] // MILLITICKS_PER_TICK

    def _next(self, beat: int) -> int:
        terms, here = self._terms, self._milliticks[-1]
        target = terms.start_ticks if terms.target_ticks is None else terms.target_ticks
        pull = (target * MILLITICKS_PER_TICK - here) * terms.reversion_permille // 1000
        digest = child_digest(self._seed, "path", self._instrument_id, beat)
        shock = terms.volatility_milliticks * standard_shock_x65536(digest) // _UNIFORM_TOP
        bound = PRICE_TICKS_ABS_MAX * MILLITICKS_PER_TICK
        return max(-bound, min(bound, here + pull + shock))


@attrs.frozen(kw_only=True)
class QuoteMaker:
    """One venue's layers around a reference price.

    Attributes:
        price_step_ticks, quantity_step_lots: the venue's own steps in instrument ticks and lots.
    """

    venue_id: VenueId
    book: SimulatedBook
    seed: int
    price_step_ticks: int = 1
    quantity_step_lots: int = 1

    def __attrs_post_init__(self) -> None:
        require_within("levels", self.book.levels, 1, LEVELS_MAX)
        require_within("half_spread_ticks", self.book.half_spread_ticks, 1, PRICE_TICKS_ABS_MAX)
        require_within("level_gap_ticks", self.book.level_gap_ticks, 1, PRICE_TICKS_ABS_MAX)
        require_within("level_lots", self.book.level_lots, 1, 2**16)

    def quotes(
        self, instrument_id: InstrumentId, *, beat: int, reference_ticks: int
    ) -> tuple[Quote, ...]:
        """Return the layers of both sides at a beat, the best first, bids before asks.

        Bids round down and asks up to the venue's step, so the spread never closes; a level
        beyond the bounds of a price is left out. Lots vary between a half and one and a half.
        """
        digest = child_digest(self.seed, "depth", self.venue_id, instrument_id, beat)
        halves = {Side.BUY: digest[:LEVELS_MAX], Side.SELL: digest[LEVELS_MAX:]}
        return tuple(
            quote
            for side in Side
            for quote in self._side(side, reference_ticks, halves[side])
            if abs(quote.price_ticks) <= PRICE_TICKS_ABS_MAX
        )

    def _side(self, side: Side, reference_ticks: int, draws: bytes) -> tuple[Quote, ...]:
        distances = (
            self.book.half_spread_ticks + level * self.book.level_gap_ticks
            for level in range(self.book.levels)
        )
        prices = [self._on_step(side, reference_ticks - side.sign * far) for far in distances]
        lots = [self._lots(draw) for draw in draws[: self.book.levels]]
        merged = dict.fromkeys(prices, 0)
        for price, quantity in zip(prices, lots, strict=True):
            merged[price] += quantity
        return tuple(Quote(side, price, quantity) for price, quantity in merged.items())

    def _on_step(self, side: Side, ticks: int) -> int:
        step = self.price_step_ticks
        return ticks // step * step if side is Side.BUY else -(-ticks // step) * step

    def _lots(self, draw: int) -> int:
        step = self.quantity_step_lots
        return max(step, self.book.level_lots * (128 + draw) // 256 // step * step)
