"""The parts that think: optimiser, forecasters and strategies."""

from __future__ import annotations

from typing import Any, Final

from dependency_injector import containers, providers

from wattbook_adapters.optimisation.highs import HighsOptimiser
from wattbook_adapters.optimisation.solver import SolverLimits
from wattbook_application.analytics.infer import Model
from wattbook_application.trading_day import DayStrategies

SEARCH: Final = SolverLimits(nodes=5_000, time_s=600.0)
"""A plan's search ends by nodes, which are the same on every machine and under every load. A clock
would let the same day end in two different plans; it only stops a search that hangs."""


class AnalyticsContainer(containers.DeclarativeContainer):
    """Everything that computes an answer outside the deterministic core."""

    main_forecaster: providers.Dependency[Any] = providers.Dependency()
    main_days = providers.Dependency(instance_of=int)
    fallback_forecaster: providers.Dependency[Any] = providers.Dependency()
    fallback_days = providers.Dependency(instance_of=int)
    battery_day_ahead: providers.Dependency[Any] = providers.Dependency()
    wind_day_ahead: providers.Dependency[Any] = providers.Dependency()
    wind_intraday: providers.Dependency[Any] = providers.Dependency()

    optimiser = providers.Singleton(HighsOptimiser, limits=SEARCH)
    model = providers.Singleton(
        Model, forecaster=main_forecaster, minimum_history_days=main_days, weight=1.0
    )
    fallback = providers.Singleton(
        Model, forecaster=fallback_forecaster, minimum_history_days=fallback_days, weight=1.0
    )
    strategies = providers.Singleton(
        DayStrategies,
        battery_day_ahead=battery_day_ahead,
        wind_day_ahead=wind_day_ahead,
        wind_intraday=wind_intraday,
    )
