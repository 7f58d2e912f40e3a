"""Decides what a card is and how a deck is run: each card alone, on a fresh harness.

A card is skipped when the adapter does not declare what the card needs, and for no other reason.
What a harness is depends on the deck; the decks live in `journal`, `records` and `venue`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from enum import Enum
from typing import Generic, TypeVar

import attrs

from wattbook_contracts.capabilities import Capability

H = TypeVar("H")


class CardFailure(AssertionError):
    """An adapter did not do what a card requires; the text says what was expected and found."""


class Outcome(Enum):
    """What became of a card."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped by capability"


@attrs.frozen
class Card(Generic[H]):
    """One requirement with the scenario that shows it.

    Attributes:
        number: stable for ever, for example `EXEC-07`; a number is never reused.
        requirement: the first line of the scenario's docstring.
        needs: capabilities without which the scenario makes no sense.
    """

    number: str
    requirement: str
    needs: frozenset[Capability]
    scenario: Callable[[H], None]

    def __call__(self, harness: H) -> None:
        """Play the scenario; returns when the requirement is met, raises when it is not."""
        self.scenario(harness)


@attrs.frozen(kw_only=True)
class CardResult:
    """What became of one card on one adapter.

    `detail` is the failure, or the capabilities whose absence explains a skip; empty for a pass.
    """

    number: str
    requirement: str
    outcome: Outcome
    detail: str = ""


def card(number: str, *needs: Capability) -> Callable[[Callable[[H], None]], Card[H]]:
    """Turn a documented scenario into a card.

    Raises:
        ValueError: if the scenario has no docstring; its first line is the requirement.
    """

    def make(scenario: Callable[[H], None]) -> Card[H]:
        words = (scenario.__doc__ or "").strip().splitlines()
        if not words:
            raise ValueError(f"card {number} must state its requirement in a docstring")
        return Card(number, words[0], frozenset(needs), scenario)

    return make


def deck(*cards: Card[H]) -> tuple[Card[H], ...]:
    """Put cards into one deck, in the order of their numbers.

    Raises:
        ValueError: if two cards share a number.
    """
    numbers = [one.number for one in cards]
    if numbers != sorted(set(numbers)):
        raise ValueError(f"cards of a deck must be in order, each number once, found {numbers}")
    return cards


def run_cards(
    cards: Iterable[Card[H]],
    make_harness: Callable[[], AbstractContextManager[H]],
    capabilities: frozenset[Capability],
) -> tuple[CardResult, ...]:
    """Run every card on a harness of its own.

    Args:
        cards: the deck.
        make_harness: opens a fresh adapter, and closes it after the card.
        capabilities: what the adapter declares, word for word as in its descriptor.
    """
    return tuple(_run(one, make_harness, capabilities) for one in cards)


def failures(results: Sequence[CardResult]) -> str:
    """Return one line for each failed card, empty when none failed."""
    return "\n".join(
        f"{r.number} {r.requirement} -> {r.detail}" for r in results if r.outcome is Outcome.FAILED
    )


def require(is_met: bool, message: str) -> None:
    """Fail the card unless the condition holds; the message says what was expected and found.

    Raises:
        CardFailure: if it does not.
    """
    if not is_met:
        raise CardFailure(message)


def require_equal(what: str, found: object, expected: object) -> None:
    """Fail the card unless two values are equal.

    Raises:
        CardFailure: naming both values.
    """
    require(found == expected, f"{what}: expected {expected!r}, found {found!r}")


def _run(
    one: Card[H],
    make_harness: Callable[[], AbstractContextManager[H]],
    capabilities: frozenset[Capability],
) -> CardResult:
    if missing := one.needs - capabilities:
        names = ", ".join(sorted(capability.name for capability in missing))
        return _result(one, Outcome.SKIPPED, f"not declared: {names}")
    try:
        with make_harness() as harness:
            one(harness)
    except Exception as error:  # noqa: BLE001  an adapter may raise anything; it is the finding
        return _result(one, Outcome.FAILED, f"{type(error).__name__}: {error}")
    return _result(one, Outcome.PASSED)


def _result(one: Card[H], outcome: Outcome, detail: str = "") -> CardResult:
    return CardResult(
        number=one.number, requirement=one.requirement, outcome=outcome, detail=detail
    )
