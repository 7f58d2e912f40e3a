"""Decides on which day cash is due and what is paid after netting, venue by venue.

Which days count as business days is an input; so is the lag, which each clearing house states in
its own rules.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import Enum
from itertools import chain

import attrs

from wattbook_domain.foundation.bounds import require_within
from wattbook_domain.foundation.identifiers import VenueId
from wattbook_domain.quantities.money import Currency, Money
from wattbook_domain.reference.trading_calendar import TradingCalendar
from wattbook_domain.settlement.obligations import FeeDue, Obligation

_LAG_MAX = 30


class DueBasis(Enum):
    """The day from which the payment lag is counted."""

    TRADE = "trade date"
    DELIVERY = "local date on which the interval starts"


@attrs.frozen(kw_only=True)
class DueRule:
    """Cash is due `business_days` after the basis: T+1 is 1, T+2 is 2.

    A basis on a closed day counts from it: one business day after a Saturday is the Monday.
    """

    basis: DueBasis
    business_days: int

    def __attrs_post_init__(self) -> None:
        require_within("business_days", self.business_days, 1, _LAG_MAX)

    def due_on(self, day: date, calendar: TradingCalendar) -> date:
        """Return the payment date for a basis on `day`."""
        for _ in range(self.business_days):
            day = calendar.next_trading_day(day)
        return day


@attrs.frozen(kw_only=True)
class CashFlow:
    """One net payment: positive is received on `due_on`, negative is paid."""

    venue_id: VenueId
    due_on: date
    amount: Money


def cash_flows(
    owed: Iterable[Obligation],
    charges: Iterable[FeeDue] = (),
    *,
    rule: DueRule,
    calendar: TradingCalendar,
) -> tuple[CashFlow, ...]:
    """Net everything due with one venue on one day in one currency into one payment.

    Fees are due by the trade date whatever the basis of the rule. A payment that nets to nothing is
    left out: nothing is transferred.
    """
    by_delivery = rule.basis is DueBasis.DELIVERY
    energy = (
        (o.venue_id, o.interval.local_start.date() if by_delivery else o.traded_on, o.cash)
        for o in owed
    )
    fees = ((fee.venue_id, fee.traded_on, fee.cash) for fee in charges)
    totals: dict[tuple[VenueId, date, Currency], Money] = {}
    for venue_id, basis, cash in chain(energy, fees):
        key = venue_id, rule.due_on(basis, calendar), cash.currency
        totals[key] = totals.get(key, Money.zero(cash.currency)) + cash
    return tuple(
        CashFlow(venue_id=venue_id, due_on=due_on, amount=amount)
        for (venue_id, due_on, _), amount in sorted(totals.items())
        if not amount.is_zero
    )
