"""Explains the day: from the result planned at forecast prices to the realised one, to the cent.

    planned    what plan and expected wind would have earned at forecast prices
    price      the same volumes at the prices that came
    volume     what was delivered differently from plan, at the day-ahead price
    execution  what intraday trades gained or lost against the day-ahead price
    imbalance  what it cost that some of it was neither sold nor bought in time
    fees       what venues charged
    wear       what the battery's ageing cost
    fx         zero here: one currency

The parts are computed from volumes and prices, the realised result from the ledgers' own cash, so
that nothing left over is a check and not a definition.
"""

from __future__ import annotations

from fractions import Fraction

import attrs

from wattbook_application.portfolio.dispatch import battery_of
from wattbook_application.post_trade.settle import (
    day_ahead_price,
    run_battery,
    settle_battery,
    settle_wind,
    sold_kw,
)
from wattbook_application.state import DayState
from wattbook_domain.delivery.period import DeliveryPeriod
from wattbook_domain.foundation.identifiers import InstrumentId, LedgerId
from wattbook_domain.portfolio.horizon import FORECAST_DECIMALS
from wattbook_domain.positions.position import Position
from wattbook_domain.quantities.energy import Energy
from wattbook_domain.quantities.money import Money
from wattbook_domain.quantities.power import Power
from wattbook_domain.quantities.price import Price
from wattbook_domain.settlement.imbalance import ImbalanceStatement


@attrs.frozen(kw_only=True)
class DayResult:
    """The result of the day by ledger, its explanation, and what is left unexplained."""

    battery: Money
    wind: Money
    parts: tuple[tuple[str, Money], ...]

    @property
    def total(self) -> Money:
        """What was earned."""
        return self.battery + self.wind

    @property
    def unexplained(self) -> Money:
        """Earned less explained: zero."""
        zero = Money.zero(self.battery.currency)
        return self.total - sum((amount for _, amount in self.parts), zero)


def explain_day(state: DayState) -> DayResult:
    """Explain a finished day.

    Raises:
        ValueError: if forecast, plan, auction or metering is missing.
    """
    setup = state.opened.setup
    wear = _wear(state)
    imbalance = settle_wind(state)
    if imbalance.open_periods:
        raise ValueError(
            f"a day is explained after delivery, {len(imbalance.open_periods)} intervals from "
            f"{imbalance.open_periods[0].period.label} on are not metered yet"
        )
    missed = settle_battery(state)
    currency = setup.market.currency
    battery = _cash(state, setup.battery.owner.ledger_id) + missed.cash(currency) - wear
    wind = _cash(state, setup.wind.owner.ledger_id) + imbalance.cash(currency)
    return DayResult(
        battery=battery,
        wind=wind,
        parts=(
            *_plan_parts(state, (imbalance, missed)),
            ("execution", _execution(state)),
            ("imbalance", _imbalance_cost(state, imbalance) + _imbalance_cost(state, missed)),
            ("fees", -_fees(state)),
            ("wear", -wear),
            ("fx", Money.zero(currency)),
        ),
    )


def planned_kw(state: DayState) -> tuple[int, ...]:
    """Return what plan and first wind forecast meant to sell in each interval, in kilowatts.

    Wind is planned to be sold where the forecast price reaches the farm's floor.
    """
    if state.plan is None or state.forecast is None or not state.generation_kw:
        raise ValueError("the day is explained from forecast, plan and expected wind")
    lot_kw = state.opened.day_ahead[0].lot_kw
    floor = float(state.opened.setup.wind.floor_price)
    return tuple(
        lots * lot_kw + (_whole(wind_kw, lot_kw) if point >= floor else 0)
        for lots, wind_kw, point in zip(
            state.plan.net_lots, state.generation_kw[0], state.forecast.point, strict=True
        )
    )


def _plan_parts(
    state: DayState, statements: tuple[ImbalanceStatement, ...]
) -> tuple[tuple[str, Money], ...]:
    market = state.opened
    zero = Money.zero(market.setup.market.currency)
    planned = price = volume = zero
    traded = _traded_kw(state)
    untraded: dict[DeliveryPeriod, Energy] = {}
    for line in (line for statement in statements for line in statement.lines):
        untraded[line.period] = untraded.get(line.period, Energy.zero()) + line.volume
    for index, (interval, plan_kw) in enumerate(
        zip(market.intervals, planned_kw(state), strict=True)
    ):
        expected, came = _forecast_price(state, index), day_ahead_price(state, index)
        plan_energy = Power.of_kw(plan_kw).over(interval)
        planned += expected * plan_energy
        price += (came - expected) * plan_energy
        more = Power.of_kw(traded[index] - plan_kw).over(interval)
        volume += came * (more + untraded.get(interval, Energy.zero()))
    return ("planned", planned), ("price", price), ("volume", volume)


def _imbalance_cost(state: DayState, imbalance: ImbalanceStatement) -> Money:
    """Return the imbalance cash less what the energy was worth at the day-ahead price."""
    total = imbalance.cash(state.opened.setup.market.currency)
    places = {interval: index for index, interval in enumerate(state.opened.intervals)}
    for line in imbalance.lines:
        total -= day_ahead_price(state, places[line.period]) * line.volume
    return total


def _traded_kw(state: DayState) -> tuple[int, ...]:
    setup = state.opened.setup
    ledgers = {setup.battery.owner.ledger_id, setup.wind.owner.ledger_id}
    columns = [sold_kw(state, ledger_id) for ledger_id in sorted(ledgers)]
    return tuple(sum(column) for column in zip(*columns, strict=True))


def _execution(state: DayState) -> Money:
    """Sum, over all fills, of how much better than the day-ahead price each one was."""
    market = state.opened
    total = Money.zero(market.setup.market.currency)
    came = _prices_by_instrument(state)
    for position in state.positions.snapshot():
        instrument = market.instruments[position.key.instrument_id]
        mark = came[position.key.instrument_id]
        tick_lots = position.cash_tick_lots + position.net_lots * mark
        total += instrument.value(tick_lots * instrument.delivery_slots)
    return total


def _prices_by_instrument(state: DayState) -> dict[InstrumentId, int]:
    market, auction = state.opened, state.auction
    if auction is None:
        raise ValueError("the day-ahead price is known after the auction; it has not cleared yet")
    return {
        instrument.instrument_id: ticks
        for row in (market.day_ahead, market.intraday)
        for instrument, ticks in zip(row, auction.price_ticks, strict=True)
    }


def _cash(state: DayState, ledger_id: LedgerId) -> Money:
    """Return what a ledger's trades brought, fees taken off."""
    market = state.opened
    total = Money.zero(market.setup.market.currency)
    for position in _of_ledger(state, ledger_id):
        instrument = market.instruments[position.key.instrument_id]
        total += instrument.value(position.cash_tick_lots * instrument.delivery_slots)
        for fee in position.fees:
            total -= fee
    return total


def _of_ledger(state: DayState, ledger_id: LedgerId) -> tuple[Position, ...]:
    return tuple(p for p in state.positions.snapshot() if p.key.ledger_id == ledger_id)


def _fees(state: DayState) -> Money:
    zero = Money.zero(state.opened.setup.market.currency)
    return sum((fee for p in state.positions.snapshot() for fee in p.fees), zero)


def _wear(state: DayState) -> Money:
    return battery_of(state.opened.setup).wear_cost * run_battery(state).discharged


def _forecast_price(state: DayState, index: int) -> Price:
    if state.forecast is None:
        raise ValueError("the day is explained from its forecast, there is none")
    point = Fraction(f"{state.forecast.point[index]:.{FORECAST_DECIMALS}f}")
    return Price(point, state.opened.setup.market.currency)


def _whole(power_kw: int, lot_kw: int) -> int:
    return power_kw // lot_kw * lot_kw
