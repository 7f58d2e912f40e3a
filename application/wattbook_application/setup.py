"""Decides what a trading day is set up with: who, what, where, and within which limits.

Bootstrap translates settings and plugins into this value; the run's first fact carries it. So the
journal alone says under which terms every later decision was taken, and a replay needs no file
beside it. Decimals here; the domain turns them into its own integers once.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import attrs

from wattbook_domain.execution.fees import FeeSchedule
from wattbook_domain.foundation.identifiers import RunId, VenueId
from wattbook_domain.orders.commands import OrderOwner
from wattbook_domain.quantities.money import Currency, Money
from wattbook_domain.quantities.price import Price


@attrs.frozen(kw_only=True)
class VenueSetup:
    """One venue as the desk sees it: its code in reports, its steps and its fees per MWh."""

    venue_id: VenueId
    market_code: str
    maker_fee_per_mwh: Decimal
    taker_fee_per_mwh: Decimal
    fee_per_order: Decimal
    is_simulated: bool

    def fees(self, currency: Currency) -> FeeSchedule:
        """Return the fees as a schedule in the market's currency."""
        return FeeSchedule(
            maker=Price.of(self.maker_fee_per_mwh, currency),
            taker=Price.of(self.taker_fee_per_mwh, currency),
            per_order=Money.of(self.fee_per_order, currency),
        )


@attrs.frozen(kw_only=True)
class MarketSetup:
    """The market of the day.

    Attributes:
        calendar: a name of `wattbook_domain.delivery.markets`: peak hours and holidays.
        auction: the day-ahead auction. continuous: the intraday venues, in order of preference.
        tick_size, lot_mw: steps of every instrument of the day.
        price_min, price_max: technical price limits of the venues.
        gate_closure_minutes: intraday trading ends this long before delivery.
    """

    calendar: str
    zone: str
    bidding_zone: str
    delivery_point_eic: str
    currency: Currency
    tick_size: Decimal
    lot_mw: Decimal
    price_min: Decimal
    price_max: Decimal
    gate_closure_minutes: int
    auction: VenueSetup
    continuous: tuple[VenueSetup, ...]

    @property
    def venues(self) -> tuple[VenueSetup, ...]:
        """Every venue, the auction first."""
        return (self.auction, *self.continuous)


@attrs.frozen(kw_only=True)
class BatterySetup:
    """The battery: powers in MW, energies in MWh, wear in currency per MWh discharged."""

    owner: OrderOwner
    power_mw: Decimal
    energy_mwh: Decimal
    charge_efficiency: Decimal
    discharge_efficiency: Decimal
    initial_mwh: Decimal
    final_mwh: Decimal
    wear_per_mwh: Decimal


@attrs.frozen(kw_only=True)
class WindSetup:
    """The wind farm: prices in currency per MWh, powers in MW."""

    owner: OrderOwner
    capacity_mw: Decimal
    floor_price: Decimal
    imbalance_penalty: Decimal


@attrs.frozen(kw_only=True)
class LimitSetup:
    """The desk's limits as a risk manager writes them."""

    name: str
    order_mw_max: Decimal
    order_value_max: Decimal
    collar_percent: Decimal
    collar_absolute: Decimal
    net_mw_max: Decimal
    gross_notional_max: Decimal
    messages_per_second_max: int
    duplicate_window_ms: int
    open_orders_max: int
    loss_max: Decimal


@attrs.frozen(kw_only=True)
class DataSetup:
    """Which market data the run reads, by content."""

    feed: str
    licence: str
    citation: str
    sha256: str
    first_day: date
    last_day: date


@attrs.frozen(kw_only=True)
class DaySetup:
    """Everything that is decided before the day begins.

    Attributes:
        participant_code: the ACER code under which the desk reports.
        seed: the one number from which every simulated thing of the day is derived.
        interval_level: the coverage that the price interval promises.
        risk_level, lookback_days: of value at risk and expected shortfall.
    """

    run_id: RunId
    participant_code: str
    profile: str
    version: str
    delivery_date: date
    seed: int
    market: MarketSetup
    battery: BatterySetup
    wind: WindSetup
    limits: LimitSetup
    data: DataSetup
    interval_level: float
    risk_level: float
    lookback_days: int
