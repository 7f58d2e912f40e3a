"""The parts that stand for the world: event sink, simulated venues, simulated wind."""

from __future__ import annotations

from typing import Any

from dependency_injector import containers, providers

from wattbook_adapters.generation.simulated_wind import SimulatedWind
from wattbook_adapters.simulation.market import SimulatedMarket
from wattbook_application.event_sink import EngineSink


class MarketContainer(containers.DeclarativeContainer):
    """Everything the engine hears from and speaks to."""

    simulated_day: providers.Dependency[Any] = providers.Dependency()
    farm: providers.Dependency[Any] = providers.Dependency()
    area: providers.Dependency[Any] = providers.Dependency()
    seed = providers.Dependency(instance_of=int)

    sink = providers.Singleton(EngineSink)
    session = providers.Singleton(SimulatedMarket, simulated_day, sink=sink)
    generation = providers.Singleton(SimulatedWind, farm, area=area, seed=seed)
