"""Starts, resumes and ends one day's run: the order in which parts come up and go down.

Crash recovery is the start path. Every run first replays its journal, empty or not; then the
simulated venues are brought back by the commands in it, the audit log is compared with it, and the
day goes on from the first thing that is not there.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Final, Protocol, TypeVar

import attrs

from wattbook.assembly import offered, require_price_limits, settings_that_fit, setup_of, venues_of
from wattbook.containers import AnalyticsContainer, MarketContainer, RecordsContainer
from wattbook.documents import REMIT_FOLDER, Witness, summary_of, write_documents
from wattbook.foreign import blamed, guarded
from wattbook.plugin_manager import Catalogue
from wattbook.settings import LoadedSettings, Settings
from wattbook_adapters.generation.simulated_wind import PublishedArea
from wattbook_adapters.simulation.clearing import PriceLimits
from wattbook_adapters.simulation.market import SimulatedDay, VenueCommand
from wattbook_adapters.storage.audit_file import AuditFile
from wattbook_application.closing import ClosingPorts, close, journal_documents
from wattbook_application.effects import SendCancel, SendOrder, SendReplace
from wattbook_application.engine import Engine
from wattbook_application.handlers import TRADING_DAY
from wattbook_application.operations.append_audit import AppendAudit, Checkpoints
from wattbook_application.operations.subjects import subject_of
from wattbook_application.portfolio.dispatch import battery_of, wind_farm_of
from wattbook_application.replay import Replayed, replay
from wattbook_application.setup import DaySetup
from wattbook_application.state import DayState, Market, fingerprint
from wattbook_application.trading.open_day import build_market
from wattbook_application.trading.send import sender
from wattbook_application.trading_day import DayPorts, TradingDay
from wattbook_contracts.errors import ConfigurationFault, StorageFault
from wattbook_contracts.ports.market_feed import MarketFeed
from wattbook_contracts.ports.progress import Progress
from wattbook_contracts.schemas.day_summary import DaySummary
from wattbook_domain.foundation.instants import UtcNs

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

JOURNAL_FILE: Final = "journal.sqlite"
AUDIT_FILE: Final = "audit.jsonl"
ANCHOR_FILE: Final = "audit.anchor.json"
RUN_FILE: Final = "run.json"
CHECKPOINT_ENTRIES: Final = 100
WIND_DRIVER: Final = "wind_solar_forecast_mw"
REGULATOR: Final = "remit"
REGIME_ID: Final = "REMIT-1"


@attrs.frozen(kw_only=True)
class RunFolder:
    """Where one day's run is kept."""

    path: Path
    storage_url: str = ""

    @property
    def url(self) -> str:
        """The store's address: the settings' own, or a file in the folder."""
        return self.storage_url or f"sqlite:///{self.path / JOURNAL_FILE}"

    def records(self, run_id: str) -> RecordsContainer:
        """Return the parts that keep the run."""
        return RecordsContainer(
            url=self.url,
            run_id=run_id,
            audit_path=self.path / AUDIT_FILE,
            anchor_path=self.path / ANCHOR_FILE,
            outbox_path=self.path / REMIT_FOLDER,
        )


def open_feed(settings: Settings, catalogue: Catalogue) -> MarketFeed:
    """Open the feed of the settings.

    Raises:
        ConfigurationFault: if no plugin offers it. DataFault: if its file is not sound.
    """
    name = settings.market.feed
    descriptor = offered("feed", catalogue.feeds, name)
    plugin = catalogue.owner_of("feed", name)
    with blamed(plugin, "open"):
        return guarded(plugin, descriptor.open(settings.market.file))


def run_day(
    loaded: LoadedSettings,
    catalogue: Catalogue,
    *,
    day: date,
    folder: RunFolder,
    progress: Progress,
) -> DaySummary:
    """Run one day, or go on with one that was interrupted, and write its files.

    Raises:
        PlatformFault: one clear line; what was journalled stays, and the run can go on.
    """
    settings = loaded.settings
    feed = open_feed(settings, catalogue)
    published = feed.publication.prices_published_at(day)
    prices = feed.delivery_day(day, as_of=published)
    with settings_that_fit():
        setup = setup_of(settings, catalogue, profile=loaded.profile, day=day, feed=feed)
        world = _world(setup, feed, settings, catalogue)
        world.session()  # refuses here what it would refuse when the day has begun
    analytics = _analytics(settings, catalogue)
    reporter = _built(catalogue, "regulator", catalogue.regulators, REGULATOR)
    _prepare(folder, setup)
    records = folder.records(setup.run_id)
    with _opened(records) as audit_log:
        running = _engine(setup, records, world, audit_log)
        engine, follower = running.engine, running.witness.follower
        ports = DayPorts(
            feed=feed,
            models=(analytics.model(), analytics.fallback()),
            optimiser=analytics.optimiser(),
            generation=world.generation(),
            strategies=analytics.strategies(),
            session=world.session(),
            progress=progress,
        )
        TradingDay(setup, engine=engine, ports=ports).run()
        closed = close(
            engine,
            feed.history(day, as_of=published),
            ClosingPorts(
                optimiser=analytics.optimiser(),
                reporter=reporter,
                regime_id=REGIME_ID,
                transport=records.outbox(),
                folder=REMIT_FOLDER,
                unit_of_work=records.unit_of_work,
                progress=progress,
            ),
        )
        follower.flush()
        notes = tuple(note.explain() for note in prices.notes)
        summary = summary_of(
            engine.state, closed, witness=running.witness, audit_log=audit_log, notes=notes
        )
        journal_documents(engine, write_documents(folder.path, summary))
        follower.flush()
    return summary


@attrs.frozen
class _Running:
    """An engine with the witness that audits it."""

    engine: Engine[DayState]
    witness: Witness


def _prepare(folder: RunFolder, setup: DaySetup) -> None:
    """Make the folder and name its run; a folder belongs to one run."""
    try:
        folder.path.mkdir(parents=True, exist_ok=True)
        name = folder.path / RUN_FILE
        known = json.loads(name.read_text("utf-8")) if name.exists() else None
        if known is not None and known.get("run_id") != setup.run_id:
            raise ConfigurationFault(
                f"the folder {folder.path} holds the run {known.get('run_id')}, not "
                f"{setup.run_id}: day, settings or data differ; choose another folder with --out, "
                "or remove this one"
            )
        if known is None:
            document = {"run_id": setup.run_id, "profile": setup.profile, "store": "journal"}
            name.write_text(json.dumps(document, indent=2) + "\n", "utf-8")
    except OSError as cause:
        raise StorageFault(
            f"the run's folder {folder.path} cannot be written: {cause.strerror or cause}; "
            "choose another one with --out"
        ) from cause
    except json.JSONDecodeError as cause:
        raise StorageFault(
            f"{folder.path / RUN_FILE} is not JSON: {cause}; remove the folder"
        ) from cause


@contextmanager
def _opened(records: RecordsContainer) -> Iterator[AuditFile]:
    """Hold the journal and the audit log open, and close them whatever happens."""
    journal = records.journal()
    try:
        with records.audit_log() as audit_log:
            yield audit_log
    finally:
        journal.close()
        records.store().close()


def _analytics(settings: Settings, catalogue: Catalogue) -> AnalyticsContainer:
    forecasters, strategies = catalogue.forecasters, catalogue.strategies
    names = settings.forecast
    return AnalyticsContainer(
        build_model=_built(catalogue, "forecaster", forecasters, names.model),
        model_days=forecasters[names.model].minimum_history_days,
        build_fallback=_built(catalogue, "forecaster", forecasters, names.fallback),
        fallback_days=forecasters[names.fallback].minimum_history_days,
        battery_day_ahead=_built(catalogue, "strategy", strategies, "battery-day-ahead"),
        wind_day_ahead=_built(catalogue, "strategy", strategies, "wind-day-ahead"),
        wind_intraday=_built(catalogue, "strategy", strategies, "wind-rebalancing"),
    )


class _Buildable(Protocol[T_co]):
    """A descriptor with a factory."""

    @property
    def build(self) -> Callable[[], T_co]: ...


def _built(catalogue: Catalogue, kind: str, offers: Mapping[str, _Buildable[T]], name: str) -> T:
    """Build what a plugin offers, and guard it: whatever it raises names its plugin."""
    descriptor = offered(kind, offers, name)
    plugin = catalogue.owner_of(kind, name)
    with blamed(plugin, "build"):
        return guarded(plugin, descriptor.build())


def _world(
    setup: DaySetup, feed: MarketFeed, settings: Settings, catalogue: Catalogue
) -> MarketContainer:
    auction, continuous = venues_of(settings, catalogue)
    market = build_market(setup)
    battery_of(setup)  # for the same reason as the session
    day = setup.delivery_date
    published = feed.publication.prices_published_at(day)
    prices = feed.delivery_day(day, as_of=published)
    require_price_limits(settings, prices)
    instrument = market.day_ahead[0]
    simulated = SimulatedDay(
        auction=auction,
        continuous=continuous,
        day_ahead=market.day_ahead,
        intraday=market.intraday,
        published_ticks=tuple(instrument.ticks(price) for price in prices.prices),
        limits=PriceLimits(
            floor_ticks=instrument.ticks(setup.market.price_min),
            cap_ticks=instrument.ticks(setup.market.price_max),
        ),
        intraday_opens_at=published,
        seed=setup.seed,
    )
    return MarketContainer(
        simulated_day=simulated,
        farm=wind_farm_of(setup),
        area=_area(feed, market, as_of=published),
        seed=setup.seed,
    )


def _area(feed: MarketFeed, market: Market, *, as_of: UtcNs) -> PublishedArea:
    """Return the public wind and solar forecast of the day, scaled by the largest one ever seen."""
    day = market.setup.delivery_date
    history = feed.history(day, as_of=as_of)
    column = history.driver_names.index(WIND_DRIVER)
    outlook = feed.outlook(day, as_of=as_of)
    values = outlook.on_delivery(WIND_DRIVER)
    return PublishedArea(
        forecast_mw=dict(zip(market.intervals, values, strict=True)),
        installed_mw=max(float(history.drivers[:, :, column].max()), *values),
    )


def _engine(
    setup: DaySetup, records: RecordsContainer, world: MarketContainer, audit_log: AuditFile
) -> _Running:
    follower = AppendAudit(
        audit_log,
        describe=subject_of,
        config_version=setup.run_id,
        checkpoints=Checkpoints(CHECKPOINT_ENTRIES, fingerprint),
    )
    witness = Witness(follower)
    journal = records.journal()
    replayed = replay(TRADING_DAY, journal, observe=witness.follow)
    engine = Engine(
        TRADING_DAY,
        journal=journal,
        clock=records.clock(),
        perform=sender(world.session().gateways),
        observe=witness.follow,
        replayed=replayed,
    )
    world.sink().attach(engine)
    _bring_back(world, replayed)
    engine.drain()
    return _Running(engine, witness)


def _bring_back(world: MarketContainer, replayed: Replayed[DayState]) -> None:
    """Bring the simulated venues to where the journal left them; lost reports come again."""
    if replayed.state.market is None or replayed.state.closed_at_hash is not None:
        return
    auction = replayed.state.auction
    world.session().rebuild(_commands(replayed), cleared_at=None if auction is None else auction.at)


def _commands(replayed: Replayed[DayState]) -> Iterator[VenueCommand]:
    for sequenced in replayed.effects:
        match sequenced.effect:
            case SendOrder(approved):
                yield approved.value.venue_id, approved
            case SendReplace() as change:
                yield change.venue_id, change.approved
            case SendCancel() as cancel:
                yield cancel.venue_id, cancel.command
