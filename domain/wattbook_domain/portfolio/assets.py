"""Decides what a battery and a wind farm are able to do; when they should, a problem says.

Assets are values without behaviour. Losses follow the two-sided convention of Sioshansi et al.
(2009): charging stores `charge_efficiency` of what is bought, and selling one MWh takes
`1 / discharge_efficiency` MWh out of store.
"""

from __future__ import annotations

from fractions import Fraction

import attrs

from wattbook_domain.foundation.identifiers import require_identifier
from wattbook_domain.quantities.energy import Energy
from wattbook_domain.quantities.exact import Exact, as_exact
from wattbook_domain.quantities.power import Power
from wattbook_domain.quantities.price import Price


@attrs.frozen(kw_only=True)
class Battery:
    """A grid battery, described at its grid connection.

    Attributes:
        asset_id: its name in problems, plans and reports.
        charge_power: most power it can draw. discharge_power: most power it can deliver.
        capacity: energy it can hold.
        charge_efficiency, discharge_efficiency: above 0, at most 1.
        initial_energy: held at the start of the horizon.
        final_energy: to be held at the end; `None` leaves the end free.
        wear_cost: money per MWh discharged that ageing costs, not negative.
        discharge_cap_per_day: most energy it may deliver in one local day; `None` for no cap.
    """

    asset_id: str
    charge_power: Power
    discharge_power: Power
    capacity: Energy
    charge_efficiency: Fraction = attrs.field(converter=as_exact)
    discharge_efficiency: Fraction = attrs.field(converter=as_exact)
    initial_energy: Energy
    final_energy: Energy | None
    wear_cost: Price
    discharge_cap_per_day: Energy | None = None

    def __attrs_post_init__(self) -> None:
        require_identifier("asset id", self.asset_id)
        for name in ("charge_power", "discharge_power", "capacity", "wear_cost"):
            if getattr(self, name).is_negative:
                raise ValueError(f"{name} must not be negative, found {getattr(self, name)}")
        for name in ("charge_efficiency", "discharge_efficiency"):
            if not 0 < getattr(self, name) <= 1:
                raise ValueError(f"{name} must lie in (0, 1], found {getattr(self, name)}")
        for name in ("initial_energy", "final_energy"):
            held: Energy | None = getattr(self, name)
            if held is not None and (held.is_negative or held > self.capacity):
                raise ValueError(f"{name} must lie between 0 and {self.capacity}, found {held}")
        if self.discharge_cap_per_day is not None and self.discharge_cap_per_day.is_negative:
            raise ValueError(
                f"discharge_cap_per_day must not be negative, found {self.discharge_cap_per_day}"
            )

    @property
    def round_trip_efficiency(self) -> Fraction:
        """The share of bought energy that can be sold again."""
        return self.charge_efficiency * self.discharge_efficiency

    def with_daily_cycles(self, cycles: Exact) -> Battery:
        """Return the same battery, limited to `cycles` full capacities delivered a local day."""
        return attrs.evolve(self, discharge_cap_per_day=self.capacity * as_exact(cycles))


@attrs.frozen(kw_only=True)
class WindFarm:
    """A wind farm at its grid connection.

    Attributes:
        capacity: most power it can deliver.
        is_curtailable: whether it may be run below what the wind allows.
        floor_price: the least price at which it is worth running; negative where a MWh earns a
            premium beside the market (a premium of 30 gives a floor of -30).
    """

    asset_id: str
    capacity: Power
    is_curtailable: bool
    floor_price: Price

    def __attrs_post_init__(self) -> None:
        require_identifier("asset id", self.asset_id)
        if self.capacity.is_negative:
            raise ValueError(f"capacity must not be negative, found {self.capacity}")


Asset = Battery | WindFarm
"""Everything a dispatch problem may decide about."""
