"""What an entry point needs of the platform; bootstrap provides it, ready wired."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import attrs

if TYPE_CHECKING:
    from wattbook_contracts.manifest import PluginManifest
    from wattbook_contracts.ports.progress import Progress
    from wattbook_contracts.schemas.day_summary import DaySummary


@attrs.frozen(kw_only=True)
class SettingRow:
    """One setting: dotted key, value as text with secrets masked, and where it came from."""

    key: str
    value: str
    origin: str


@attrs.frozen(kw_only=True)
class CheckRow:
    """One finding of `doctor`, `plugins check` or an audit: what, whether it holds, and why."""

    name: str
    is_ok: bool
    text: str


@attrs.frozen(kw_only=True)
class ReplayOutcome:
    """What a replay gave beside what the run had recorded.

    Attributes:
        documents: regulatory files written anew from the replayed state, in memory.
        differing: those among them whose bytes are not the ones the run journalled.
    """

    entries: int
    state_hash: str
    recorded_state_hash: str | None
    documents: int = 0
    differing: tuple[str, ...] = ()

    @property
    def is_same(self) -> bool:
        """Whether state and files are the recorded ones; a run without an end has none."""
        return self.state_hash == self.recorded_state_hash and not self.differing


@attrs.frozen(kw_only=True)
class SettingsRequest:
    """Which settings to load: a profile, a file, and single values by dotted key."""

    profile: str
    file: Path | None = None
    overrides: Mapping[str, object] = attrs.field(factory=dict)


@attrs.frozen(kw_only=True)
class PluginRow:
    """One loaded plugin and what it offers."""

    manifest: PluginManifest
    offers: tuple[str, ...]


@attrs.frozen(kw_only=True)
class DayPlan:
    """One day of a run: where it is kept, and which of how many days it is, counted from 1."""

    day: date
    folder: Path
    number: int
    count: int


class RunFollower(Protocol):
    """Hears of each day of a run. It decides nothing and must not raise."""

    def began(self, plan: DayPlan) -> Progress:
        """Hear that a day begins; return who hears of its steps."""
        ...

    def ended(self, plan: DayPlan, summary: DaySummary) -> None:
        """Hear that a day ended, with its result; it is on disk by now."""
        ...


class Platform(Protocol):
    """The use cases, as a person at a terminal names them. All raise `PlatformFault` only."""

    def run(self, request: SettingsRequest, follower: RunFollower) -> Sequence[DaySummary]:
        """Run every day of the settings in order, or go on where an interrupted run stopped.

        A fault on one day ends the run; it carries a note that names the day. The days before it
        are on disk, and `follower` has heard of them.
        """
        ...

    def replay(self, run: Path) -> ReplayOutcome:
        """Fold the run's journal again and compare the state."""
        ...

    def verify_audit(self, run: Path) -> Sequence[CheckRow]:
        """Check journal, audit log, anchor and written files of a run."""
        ...

    def settings(self, request: SettingsRequest) -> Sequence[SettingRow]:
        """Return every setting with its origin."""
        ...

    def plugins(self) -> Sequence[PluginRow]:
        """Return the installed plugins."""
        ...

    def check_plugin(self, name: str) -> Sequence[CheckRow]:
        """Check one plugin's manifest, hooks and descriptors."""
        ...

    def doctor(self) -> Sequence[CheckRow]:
        """Look at the installation: Python, extras, plugins, zones, a writable folder."""
        ...
