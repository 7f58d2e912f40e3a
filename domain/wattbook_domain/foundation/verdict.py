"""Decides how a decision is carried: `Approved` or `Refused`, both values, never exceptions.

`Approved` is built in one place, `wattbook_domain.risk.gate`; an architecture test forbids any
other. A gateway accepts `Approved[NewOrder]` only, so an unchecked order cannot be sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from types import MappingProxyType
from typing import Generic, TypeVar

import attrs

T_co = TypeVar("T_co", covariant=True)


@attrs.frozen
class Approved(Generic[T_co]):
    """Something that passed every check, with the version of the limits that let it pass."""

    value: T_co
    limits_version: str


def _freeze(facts: Mapping[str, int]) -> Mapping[str, int]:
    return MappingProxyType(dict(facts))


@attrs.frozen
class Refused:
    """A business refusal: a ranked code, the numbers that led to it, and whether to retry later.

    `facts` are the integers of the breached rule under their own names (units last), so that the
    screen, the log and the report can all say *which* bound met *which* value.
    """

    code: IntEnum
    subject: str
    facts: Mapping[str, int] = attrs.field(factory=dict, converter=_freeze)
    is_transient: bool = False

    def explain(self) -> str:
        """Return one line: the code, whom it concerns, and the facts in a stable order."""
        facts = ", ".join(f"{name}={value}" for name, value in sorted(self.facts.items()))
        return f"{self.code.name} refused {self.subject}" + (f" ({facts})" if facts else "")
