"""Decides which objective and constraint terms a dispatch problem may be made of.

With charge `c`, discharge `d` and wind output `g` in MW, interval length `h` in hours, store `s` in
MWh, each term below states its formula. A term means the same in every problem it appears in.
"""

from __future__ import annotations

from fractions import Fraction
from typing import cast

import attrs

from wattbook_domain.portfolio.assets import Asset, Battery, WindFarm
from wattbook_domain.portfolio.horizon import Horizon, PriceStrip
from wattbook_domain.portfolio.problem import ConstraintTerm, ObjectiveTerm
from wattbook_domain.quantities.energy import Energy
from wattbook_domain.quantities.money import Currency
from wattbook_domain.quantities.power import Power


@attrs.frozen
class SaleRevenue(ObjectiveTerm):
    """Money earned at given prices: `sum h p (d - c)` for a battery, `sum h p g` for wind."""

    asset: Asset
    prices: PriceStrip

    @property
    def assets(self) -> tuple[Asset, ...]:
        """The asset that sells."""
        return (self.asset,)

    @property
    def horizon(self) -> Horizon:
        """The horizon of the prices."""
        return self.prices.horizon

    @property
    def currency(self) -> Currency:
        """The currency of the prices."""
        return self.prices.currency


@attrs.frozen
class WearCost(ObjectiveTerm):
    """What ageing costs: `sum h w d`, with the battery's own `w` per MWh discharged."""

    battery: Battery

    @property
    def assets(self) -> tuple[Asset, ...]:
        """The battery that ages."""
        return (self.battery,)

    @property
    def currency(self) -> Currency:
        """The currency of the wear cost."""
        return self.battery.wear_cost.currency


@attrs.frozen
class RunningCost(ObjectiveTerm):
    """What a wind farm wants for running: `sum h f g`, with its floor price `f`."""

    farm: WindFarm

    @property
    def assets(self) -> tuple[Asset, ...]:
        """The farm that runs."""
        return (self.farm,)

    @property
    def currency(self) -> Currency:
        """The currency of the floor price."""
        return self.farm.floor_price.currency


@attrs.frozen
class PowerLimits(ConstraintTerm):
    """`0 <= c <= charge_power` and `0 <= d <= discharge_power`."""

    battery: Battery

    @property
    def assets(self) -> tuple[Asset, ...]:
        """The limited battery."""
        return (self.battery,)

    @property
    def unit(self) -> str:
        """Megawatts beyond the limit."""
        return "MW"

    def describe(self) -> str:
        """Name the two limits."""
        return (
            f"battery {self.battery.asset_id} charges at most {_mw(self.battery.charge_power)} "
            f"and discharges at most {_mw(self.battery.discharge_power)}"
        )


@attrs.frozen
class StateOfCharge(ConstraintTerm):
    """`s' = s + h (eta_c c - d / eta_d)` from the initial energy on, and `0 <= s <= capacity`."""

    battery: Battery

    @property
    def assets(self) -> tuple[Asset, ...]:
        """The battery whose store it is."""
        return (self.battery,)

    @property
    def unit(self) -> str:
        """Megawatt-hours below empty or above full."""
        return "MWh"

    def describe(self) -> str:
        """Name the store and its start."""
        return (
            f"battery {self.battery.asset_id} holds between 0 and {_mwh(self.battery.capacity)}, "
            f"starting from {_mwh(self.battery.initial_energy)}"
        )


@attrs.frozen
class FinalStateOfCharge(ConstraintTerm):
    """The store ends at the battery's final energy, give or take a tolerance."""

    battery: Battery
    tolerance: Energy = attrs.field(factory=Energy.zero)

    def __attrs_post_init__(self) -> None:
        if self.battery.final_energy is None:
            raise ValueError(
                f"battery {self.battery.asset_id} states no final energy; leave the term out"
            )
        if self.tolerance.is_negative:
            raise ValueError(f"tolerance must not be negative, found {self.tolerance}")

    @property
    def assets(self) -> tuple[Asset, ...]:
        """The battery whose end is fixed."""
        return (self.battery,)

    @property
    def unit(self) -> str:
        """Megawatt-hours away from the band."""
        return "MWh"

    @property
    def target(self) -> Energy:
        """The energy to be held at the end."""
        return cast("Energy", self.battery.final_energy)  # Checked when the term was built.

    def describe(self) -> str:
        """Name the target."""
        return f"battery {self.battery.asset_id} ends the horizon with {_mwh(self.target)}"


@attrs.frozen
class ChargeOrDischarge(ConstraintTerm):
    """`c d = 0` in every interval.

    Without it a linear programme burns energy through both losses at once when prices are negative
    and reports money that no battery earns.
    """

    battery: Battery

    @property
    def assets(self) -> tuple[Asset, ...]:
        """The battery that does one thing at a time."""
        return (self.battery,)

    def describe(self) -> str:
        """Say the rule."""
        return f"battery {self.battery.asset_id} never charges and discharges at once"


@attrs.frozen
class DailyDischarge(ConstraintTerm):
    """`sum h d <= cap` over the intervals that start on each local day."""

    battery: Battery

    def __attrs_post_init__(self) -> None:
        if self.battery.discharge_cap_per_day is None:
            raise ValueError(
                f"battery {self.battery.asset_id} states no daily cap; leave the term out"
            )

    @property
    def assets(self) -> tuple[Asset, ...]:
        """The capped battery."""
        return (self.battery,)

    @property
    def unit(self) -> str:
        """Megawatt-hours above the cap of the worst day."""
        return "MWh"

    @property
    def cap(self) -> Energy:
        """The most energy one local day may deliver."""
        return cast("Energy", self.battery.discharge_cap_per_day)  # Checked when it was built.

    def describe(self) -> str:
        """Name the cap."""
        return f"battery {self.battery.asset_id} delivers at most {_mwh(self.cap)} a day"


@attrs.frozen
class AvailableWind(ConstraintTerm):
    """`0 <= g <= available` for a farm that may curtail, `g = available` for one that may not."""

    farm: WindFarm
    over: Horizon
    available: tuple[Power, ...]

    def __attrs_post_init__(self) -> None:
        if len(self.available) != len(self.over):
            raise ValueError(
                f"wind needs one power for each of {len(self.over)} intervals, "
                f"found {len(self.available)}"
            )
        for power in self.available:
            if power.is_negative or power > self.farm.capacity:
                raise ValueError(
                    f"available wind lies between 0 and {self.farm.capacity}, found {power}"
                )

    @property
    def assets(self) -> tuple[Asset, ...]:
        """The farm the wind blows at."""
        return (self.farm,)

    @property
    def horizon(self) -> Horizon:
        """The horizon of the wind forecast."""
        return self.over

    @property
    def unit(self) -> str:
        """Megawatts away from what the wind gives."""
        return "MW"

    def describe(self) -> str:
        """Say whether curtailment is allowed."""
        verb = "runs at most at" if self.farm.is_curtailable else "runs exactly at"
        return f"wind farm {self.farm.asset_id} {verb} what the wind gives"


@attrs.frozen
class GridConnection(ConstraintTerm):
    """The net of all assets stays between `-import_limit` and `export_limit` in every interval."""

    shared_by: tuple[Asset, ...]
    export_limit: Power
    import_limit: Power

    def __attrs_post_init__(self) -> None:
        if not self.shared_by:
            raise ValueError("a grid connection is shared by at least one asset, found none")
        if self.export_limit.is_negative or self.import_limit.is_negative:
            raise ValueError(
                f"grid limits must not be negative, found export {self.export_limit} and import "
                f"{self.import_limit}"
            )

    @property
    def assets(self) -> tuple[Asset, ...]:
        """The assets behind the connection."""
        return self.shared_by

    @property
    def unit(self) -> str:
        """Megawatts beyond the connection."""
        return "MW"

    def describe(self) -> str:
        """Name the assets and the limits."""
        names = ", ".join(asset.asset_id for asset in self.shared_by)
        return (
            f"the grid connection of {names} exports at most {_mw(self.export_limit)} and imports "
            f"at most {_mw(self.import_limit)}"
        )


@attrs.frozen
class Committed(ConstraintTerm):
    """The asset delivers what was sold: its net equals `net` wherever that is stated.

    `net` has one entry for each interval of `over`, `None` where nothing is committed yet.
    """

    asset: Asset
    over: Horizon
    net: tuple[Power | None, ...]

    def __attrs_post_init__(self) -> None:
        if len(self.net) != len(self.over):
            raise ValueError(
                f"a commitment needs one entry for each of {len(self.over)} intervals, "
                f"found {len(self.net)}"
            )

    @property
    def assets(self) -> tuple[Asset, ...]:
        """The committed asset."""
        return (self.asset,)

    @property
    def horizon(self) -> Horizon:
        """The horizon of the commitment."""
        return self.over

    @property
    def unit(self) -> str:
        """Megawatts away from the commitment."""
        return "MW"

    def describe(self) -> str:
        """Count the committed intervals."""
        count = sum(net is not None for net in self.net)
        return f"{self.asset.asset_id} delivers what it sold in {count} intervals"


@attrs.frozen
class WholeLots(ConstraintTerm):
    """`c` and `d` are whole multiples of the lot that the market trades."""

    battery: Battery
    lot: Power

    def __attrs_post_init__(self) -> None:
        if self.lot <= Power.zero():
            raise ValueError(f"lot must be positive, found {self.lot}")

    @property
    def assets(self) -> tuple[Asset, ...]:
        """The battery that trades in lots."""
        return (self.battery,)

    def describe(self) -> str:
        """Name the lot."""
        return f"battery {self.battery.asset_id} is scheduled in whole lots of {_mw(self.lot)}"


def _mw(power: Power) -> str:
    return f"{_plain(power.mw)} MW"


def _mwh(energy: Energy) -> str:
    return f"{_plain(energy.mwh)} MWh"


def _plain(number: Fraction) -> str:
    return f"{float(number):.6g}"
