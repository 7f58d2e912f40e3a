"""Decides how an optimisation problem is said: terms that add and scale, under constraints.

A problem is a value that reads like the paper and can be compared, hashed and kept:

    maximise(SaleRevenue(battery, prices) - WearCost(battery)).subject_to(
        PowerLimits(battery), StateOfCharge(battery), ChargeOrDischarge(battery)
    )

How it is solved is an adapter's business; which terms exist, `terms` says.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import TypeVar

import attrs

from wattbook_domain.portfolio.assets import Asset
from wattbook_domain.portfolio.horizon import Horizon
from wattbook_domain.quantities.money import Currency

Weight = int | float | Decimal | Fraction
"""A pure number that scales a term; a float is taken as the exact binary number it is."""


@attrs.frozen
class Term(ABC):
    """Something a problem says about its assets."""

    @property
    @abstractmethod
    def assets(self) -> tuple[Asset, ...]:
        """The assets whose dispatch the term speaks of."""

    @property
    def horizon(self) -> Horizon | None:
        """The horizon the term fixes; `None` when it holds over any."""
        return None

    @property
    def currency(self) -> Currency | None:
        """The currency the term counts in; `None` when it counts no money."""
        return None


@attrs.frozen
class ConstraintTerm(Term):
    """What every solution must satisfy."""

    @abstractmethod
    def describe(self) -> str:
        """Say the requirement in a trader's words, for the day it cannot be met."""

    @property
    def unit(self) -> str | None:
        """The unit in which the requirement can be missed by a little; `None` if it cannot."""
        return None


@attrs.frozen
class Summand(ABC):
    """The algebra that objective terms and their sums share."""

    @abstractmethod
    def _as_objective(self) -> Objective:
        """Return the same thing as a weighted sum."""

    def __add__(self, other: Summand) -> Objective:
        if not isinstance(other, Summand):
            return NotImplemented
        return _collect((*self._as_objective().parts, *other._as_objective().parts))

    def __mul__(self, weight: Weight) -> Objective:
        if isinstance(weight, bool) or not isinstance(weight, int | float | Decimal | Fraction):
            return NotImplemented
        factor = Fraction(weight)
        parts = self._as_objective().parts
        return _collect(WeightedTerm(factor * part.weight, part.term) for part in parts)

    def __rmul__(self, weight: Weight) -> Objective:
        return self.__mul__(weight)

    def __neg__(self) -> Objective:
        return self * -1

    def __sub__(self, other: Summand) -> Objective:
        if not isinstance(other, Summand):
            return NotImplemented
        return self + (-other)


@attrs.frozen
class ObjectiveTerm(Summand, Term):
    """A quantity of money that a dispatch brings or costs."""

    def _as_objective(self) -> Objective:
        return Objective((WeightedTerm(Fraction(1), self),))


@attrs.frozen
class WeightedTerm:
    """One term with the number in front of it."""

    weight: Fraction
    term: ObjectiveTerm


@attrs.frozen
class Objective(Summand):
    """A weighted sum of distinct terms; the order in which they were added says nothing."""

    parts: tuple[WeightedTerm, ...] = attrs.field(eq=frozenset)

    def _as_objective(self) -> Objective:
        return self


class Sense(Enum):
    """Whether more of the objective is better."""

    MINIMISE = -1
    MAXIMISE = 1


V = TypeVar("V", Horizon, Currency)


@attrs.frozen
class Problem:
    """An objective and everything a solution must satisfy, over one horizon in one currency.

    Constraints are a set in meaning, kept in the order in which they were said.
    """

    sense: Sense
    objective: Objective
    constraints: tuple[ConstraintTerm, ...] = ()

    def __attrs_post_init__(self) -> None:
        known: dict[str, Asset] = {}
        for asset in (a for term in self.terms for a in term.assets):
            if known.setdefault(asset.asset_id, asset) != asset:
                raise ValueError(
                    f"asset {asset.asset_id} is described in two ways in one problem; "
                    "give every term the same value"
                )
        _one_or_none("currency", (term.currency for term in self.terms))
        _one_or_none("horizon", (term.horizon for term in self.terms))

    def subject_to(self, *constraints: ConstraintTerm) -> Problem:
        """Return the problem with further requirements; saying one twice changes nothing."""
        fresh = dict.fromkeys((*self.constraints, *constraints))
        return attrs.evolve(self, constraints=tuple(fresh))

    @property
    def terms(self) -> tuple[Term, ...]:
        """Every term, objective first."""
        return (*(part.term for part in self.objective.parts), *self.constraints)

    @property
    def assets(self) -> tuple[Asset, ...]:
        """Every asset once, in the order of first mention."""
        return tuple(dict.fromkeys(asset for term in self.terms for asset in term.assets))

    @property
    def horizon(self) -> Horizon:
        """The horizon that the terms agree on.

        Raises:
            ValueError: if no term names one.
        """
        horizon = _one_or_none("horizon", (term.horizon for term in self.terms))
        if horizon is None:
            raise ValueError("a problem needs a horizon; include a term with prices or a schedule")
        return horizon


def maximise(objective: Summand) -> Problem:
    """State that more of the objective is better."""
    return Problem(Sense.MAXIMISE, objective._as_objective())


def minimise(objective: Summand) -> Problem:
    """State that less of the objective is better."""
    return Problem(Sense.MINIMISE, objective._as_objective())


def _collect(parts: Iterable[WeightedTerm]) -> Objective:
    weights: dict[ObjectiveTerm, Fraction] = {}
    for part in parts:
        weights[part.term] = weights.get(part.term, Fraction(0)) + part.weight
    return Objective(tuple(WeightedTerm(w, t) for t, w in weights.items() if w))


def _one_or_none(name: str, values: Iterable[V | None]) -> V | None:
    found = list(dict.fromkeys(value for value in values if value is not None))
    if len(found) > 1:
        raise ValueError(f"a problem has one {name}, found {len(found)}: {found[0]}, {found[1]}")
    return found[0] if found else None
