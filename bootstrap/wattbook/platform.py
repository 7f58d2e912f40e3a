"""The platform as people and programs use it: run, replay, verify, look.

import wattbook

platform = wattbook.open_platform()
summary = platform.run_day("paper", date="2017-01-24", out="runs/mine")
print(summary.profit.total, summary.audit.audit_head)

Each use case imports what it needs when it is asked for: settings and plugins can be looked at
without waiting for solvers, databases and plots to load.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from wattbook.plugin_manager import Catalogue, discover_plugins
from wattbook.settings import LoadedSettings, RunSettings, load_settings
from wattbook_adapters.entrypoints.cli.progress import Silence
from wattbook_adapters.entrypoints.platform import (
    CheckRow,
    DayPlan,
    PluginRow,
    ReplayOutcome,
    RunFollower,
    SettingRow,
    SettingsRequest,
)
from wattbook_contracts.errors import ConfigurationFault, PlatformFault

if TYPE_CHECKING:
    from wattbook.run_folder import RunFolder
    from wattbook_contracts.schemas.day_summary import DaySummary

Discover = Callable[[Sequence[str]], Catalogue]
"""Finds the allowed plugins and freezes what they offer."""


class Wattbook:
    """Every use case. Plugins are looked for when a use case needs them, as the settings allow."""

    def __init__(self, discover: Discover = discover_plugins) -> None:
        """Take the way plugins are found; tests give one of their own."""
        self._discover = discover

    def run_day(self, profile: str = "paper", **settings: object) -> DaySummary:
        """Run one day from Python. Settings are given as `date=...`, or dotted: `**{"a.b": 1}`.

        Raises:
            PlatformFault: one clear line.
        """
        named = _named(settings)
        if named.setdefault("run.last_date", None) is not None:
            raise ConfigurationFault(
                f"run_day runs one day, found last_date={named['run.last_date']}; call run_days"
            )
        return self._run_named(profile, named)[0]

    def run_days(self, profile: str = "backtest", **settings: object) -> Sequence[DaySummary]:
        """Run every day from `date` to `last_date`, each in a folder of its own within `out`.

        Raises:
            PlatformFault: one clear line; a note names the day, and the days before it are kept.
        """
        return self._run_named(profile, _named(settings))

    def run(self, request: SettingsRequest, follower: RunFollower) -> Sequence[DaySummary]:
        """Run every day of the settings, each in its folder, or go on with an interrupted run."""
        loaded = _load(request)
        plans = plan_days(loaded.settings.run)
        catalogue = self._discover(loaded.settings.plugins.allow)
        return [_run_planned(plan, loaded, catalogue, follower) for plan in plans]

    def replay(self, run: Path) -> ReplayOutcome:
        """Fold a run's journal again; compare state and regulatory files with the recorded ones."""
        from wattbook.parts import REGULATOR_PLUGIN, build_reporter
        from wattbook.proof import replay_run

        # No other plugin is asked again: what they answered is in the journal.
        reporter = build_reporter(self._discover((REGULATOR_PLUGIN,)))
        return replay_run(_kept_run(run), reporter)

    def verify_audit(self, run: Path) -> Sequence[CheckRow]:
        """Check journal, audit log and files; the first altered record is named."""
        from wattbook.proof import verify_run

        return verify_run(_kept_run(run))

    def settings(self, request: SettingsRequest) -> Sequence[SettingRow]:
        """Return every setting with its origin."""
        loaded = _load(request)
        return [SettingRow(key=k, value=v, origin=o) for k, v, o in loaded.rows()]

    def plugins(self) -> Sequence[PluginRow]:
        """Return the installed plugins and what they offer."""
        from wattbook.inspection import plugin_rows

        return plugin_rows(self._allowed())

    def check_plugin(self, name: str) -> Sequence[CheckRow]:
        """Check one plugin: found, of this interface, offering something, labelled honestly."""
        from wattbook.inspection import check_plugin

        return check_plugin(self._allowed(), name)

    def doctor(self) -> Sequence[CheckRow]:
        """Look at the installation. A missing extra is no failure: it is named with its remedy."""
        from wattbook.inspection import check_installation

        return check_installation(self._allowed)

    def _run_named(self, profile: str, overrides: dict[str, object]) -> Sequence[DaySummary]:
        return self.run(SettingsRequest(profile=profile, overrides=overrides), Silence())

    def _allowed(self) -> Catalogue:
        """Find the plugins that the environment allows; a run asks its own settings."""
        return self._discover(load_settings("paper").settings.plugins.allow)


def open_platform() -> Wattbook:
    """Return the platform over the plugins that are installed."""
    return Wattbook()


def plan_days(run: RunSettings) -> tuple[DayPlan, ...]:
    """Return the days of a run; a run of several days keeps each in a folder named by its date.

    Raises:
        ConfigurationFault: if the last day lies before the first.
    """
    if run.last_date is None:
        return (DayPlan(day=run.date, folder=run.out, number=1, count=1),)
    if run.last_date < run.date:
        raise ConfigurationFault(
            f"run.last_date must not lie before run.date, found {run.last_date} before "
            f"{run.date}; give both, as --date and --last-date"
        )
    count = (run.last_date - run.date).days + 1
    days = (run.date + timedelta(days=offset) for offset in range(count))
    return tuple(
        DayPlan(day=day, folder=run.out / day.isoformat(), number=number, count=count)
        for number, day in enumerate(days, start=1)
    )


def _run_planned(
    plan: DayPlan, loaded: LoadedSettings, catalogue: Catalogue, follower: RunFollower
) -> DaySummary:
    from wattbook.run_folder import RunFolder
    from wattbook.runtime import run_day

    folder = RunFolder(path=plan.folder, storage_url=loaded.settings.storage.url)
    progress = follower.began(plan)
    try:
        summary = run_day(loaded, catalogue, day=plan.day, folder=folder, progress=progress)
    except PlatformFault as fault:
        if plan.count > 1:
            fault.add_note(
                f"this was {plan.day}, day {plan.number} of {plan.count}; the days before it are "
                f"finished in {plan.folder.parent}, and the same command goes on with this one"
            )
        raise
    follower.ended(plan, summary)
    return summary


def _load(request: SettingsRequest) -> LoadedSettings:
    return load_settings(request.profile, file=request.file, overrides=request.overrides)


def _named(settings: dict[str, object]) -> dict[str, object]:
    return {key if "." in key else f"run.{key}": value for key, value in settings.items()}


def _kept_run(path: Path) -> RunFolder:
    from wattbook.run_folder import RunFolder

    # A run kept in a server is found by the address in the environment, which may hold a password
    # and therefore never stands in the folder.
    return RunFolder(path=path, storage_url=load_settings("paper").settings.storage.url)
