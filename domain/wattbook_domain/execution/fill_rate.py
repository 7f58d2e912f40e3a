"""Decides what share of an order flow traded, and never without naming the flow.

A rate over orders that cross the spread and a rate over orders that wait are different things; the
second depends on how far from the touch and how long one waits. Each has its own population.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from fractions import Fraction

import attrs

from wattbook_domain.foundation.bounds import QUANTITY_LOTS_MAX, require_within


class Population(Enum):
    """Whose lots are counted."""

    MARKETABLE = "limit orders that reach the opposite touch on arrival, by depth then displayed"
    PASSIVE = "limit orders that wait behind the opposite touch, within a horizon"


@attrs.frozen(kw_only=True)
class OrderOutcome:
    """What became of one order.

    Attributes:
        distance_ticks: from the opposite touch on arrival to the limit; zero or negative reaches
            it, positive waits. submitted_lots: for MARKETABLE at most the lots then displayed.
        filled_lots: filled within the horizon that the caller applied.
    """

    distance_ticks: int
    submitted_lots: int
    filled_lots: int

    def __attrs_post_init__(self) -> None:
        require_within("submitted_lots", self.submitted_lots, 1, QUANTITY_LOTS_MAX)
        require_within("filled_lots", self.filled_lots, 0, self.submitted_lots)

    @property
    def population(self) -> Population:
        """The population the order belongs to."""
        return Population.PASSIVE if self.distance_ticks > 0 else Population.MARKETABLE


@attrs.frozen(kw_only=True)
class FillRate:
    """Volume filled of volume submitted, for one population."""

    population: Population
    orders: int
    submitted_lots: int
    filled_lots: int

    @property
    def rate(self) -> Fraction | None:
        """The share; `None` where nothing was submitted."""
        return Fraction(self.filled_lots, self.submitted_lots) if self.submitted_lots else None


def fill_rate(outcomes: Iterable[OrderOutcome], population: Population) -> FillRate:
    """Measure one population; outcomes of the other are left out."""
    counted = [outcome for outcome in outcomes if outcome.population is population]
    return FillRate(
        population=population,
        orders=len(counted),
        submitted_lots=sum(outcome.submitted_lots for outcome in counted),
        filled_lots=sum(outcome.filled_lots for outcome in counted),
    )


def fill_curve(outcomes: Iterable[OrderOutcome]) -> tuple[tuple[int, FillRate], ...]:
    """Return the passive fill rate by distance from the touch, the nearest first."""
    passive = [o for o in outcomes if o.population is Population.PASSIVE]
    distances = sorted({outcome.distance_ticks for outcome in passive})
    return tuple(
        (
            distance,
            fill_rate((o for o in passive if o.distance_ticks == distance), Population.PASSIVE),
        )
        for distance in distances
    )
