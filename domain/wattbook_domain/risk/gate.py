"""Decides whether an order may be sent. The only place in the platform that builds `Approved`.

Facts and limits come in as values, one verdict goes out. Every rule is evaluated; the refusal
carries the code that ranks first, the numbers the rule read, all other breaches as a mask, and the
version of the limits. A cancel reduces risk and needs no verdict.
"""

from __future__ import annotations

from typing import TypeVar

from wattbook_domain.foundation.verdict import Approved, Refused
from wattbook_domain.orders.commands import NewOrder, ReplaceOrder
from wattbook_domain.risk.denial import MEANING, DenialCode
from wattbook_domain.risk.facts import LimitCaps, OrderFacts
from wattbook_domain.risk.limit_set import ResolvedLimits
from wattbook_domain.risk.limits import first_code, reject_mask, reserve_ticks

Checked = TypeVar("Checked", NewOrder, ReplaceOrder)


def check_new_order(
    order: NewOrder, *, facts: OrderFacts, limits: ResolvedLimits
) -> Approved[NewOrder] | Refused:
    """Judge a new order.

    Raises:
        ValueError: if the facts are another order's.
    """
    _require_facts_of(order, facts, is_new=1)
    if facts.side != order.side or facts.open_lots != order.quantity_lots:
        raise ValueError(f"the facts are not those of {order.client_order_id}: side or open lots")
    return _verdict(order, facts, limits)


def check_replace(
    command: ReplaceOrder, *, facts: OrderFacts, limits: ResolvedLimits
) -> Approved[ReplaceOrder] | Refused:
    """Judge a replace: while it is in flight the worse of old and new order counts.

    Raises:
        ValueError: if the facts are another command's.
    """
    _require_facts_of(command, facts, is_new=0)
    return _verdict(command, facts, limits)


def reserve_ticks_of(facts: OrderFacts, limits: ResolvedLimits) -> int:
    """Return the price magnitude at which the exposure book is to hold the order."""
    return int(reserve_ticks(facts, limits.caps))


def _require_facts_of(message: NewOrder | ReplaceOrder, facts: OrderFacts, *, is_new: int) -> None:
    asked = (
        is_new,
        message.quantity_lots,
        int(message.limit_ticks is not None),
        message.limit_ticks or 0,
        message.decided_at,
    )
    told = (
        facts.is_new,
        facts.quantity_lots,
        facts.has_limit,
        facts.limit_ticks,
        facts.now_ns,
    )
    if asked != told:
        raise ValueError(
            f"the facts are not those of {message.client_order_id}: "
            f"(is_new, lots, has_limit, ticks, now_ns) must be {asked}, found {told}"
        )


def _verdict(
    message: Checked, facts: OrderFacts, limits: ResolvedLimits
) -> Approved[Checked] | Refused:
    mask = int(reject_mask(facts, limits.caps))
    if mask:
        return _refusal(message, mask, facts, limits)
    return Approved(message, limits.version)


def _refusal(message: Checked, mask: int, facts: OrderFacts, limits: ResolvedLimits) -> Refused:
    code = DenialCode(first_code(mask))
    evidence = {name: _number(name, facts, limits.caps) for name in MEANING[code].facts}
    return Refused(
        code,
        f"{message.client_order_id} under {limits.version}",
        {**evidence, "reject_mask": mask},
        is_transient=MEANING[code].is_transient,
    )


def _number(name: str, facts: OrderFacts, caps: LimitCaps) -> int:
    found: int = getattr(facts if hasattr(facts, name) else caps, name)
    return found
