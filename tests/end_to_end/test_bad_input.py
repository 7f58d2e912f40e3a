"""Every bad input: one clear line, the documented exit code, no traceback, and nothing lost.

A command that raises anything but a fault fails these tests by itself; see `runs.wattbook`.
"""

from __future__ import annotations

import gzip
import json
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path

import pytest

from tests.end_to_end.conftest import NAIVE, Finished
from tests.end_to_end.runs import Outcome, Run, copy_of, files, process, tables, wattbook
from wattbook_adapters.storage import store

pytestmark = pytest.mark.xdist_group("end_to_end_bad_input")

DAY = "2012-01-20"
"""The twelfth day of the data: a short file holds it, and a run of it is quick."""


def demo(out: Path, *options: object) -> Outcome:
    return wattbook("demo", "--out", out, *NAIVE, *options)


def assert_refused(outcome: Outcome, code: int, *words: str) -> None:
    """One line on standard error that says the rule, and nothing on standard output."""
    assert outcome.code == code, outcome.err
    assert outcome.err.startswith("wattbook: ")
    assert outcome.err.count("\n") == 1
    assert "Traceback" not in outcome.err
    for word in words:
        assert word in outcome.err
    assert outcome.out == ""


def assert_fault(outcome: Outcome, code: int, *words: str) -> None:
    """As above, in the middle of a run: the steps that were done are still shown."""
    assert_refused(Outcome(outcome.code, "", outcome.err), code, *words)


# --- dates and data ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("date", "code", "words"),
    [
        ("2011-12-31", 65, "UNKNOWN_DATE"),
        ("2012-01-09", 65, "UNKNOWN_DATE"),  # the first day: nothing is known before it
        ("2012-01-10", 65, "needs at least 2 days of history, found 1"),
        ("2018-01-01", 65, "holds 2012-01-09 to 2017-12-31, found 2018-01-01"),
        ("2017-02-30", 78, "setting run.date"),
        ("24.01.2017", 78, "setting run.date"),
        ("", 78, "setting run.date"),
    ],
)
def test_a_date_that_is_unknown_or_no_date(
    date: str, code: int, words: str, tmp_path: Path
) -> None:
    outcome = demo(tmp_path / "run", "--date", date)
    assert_fault(outcome, code, words)
    assert not list(tmp_path.glob("run/*.html"))


@pytest.fixture(scope="module")
def packaged() -> list[str]:
    """The first thirty days of the packaged file, a line each hour, below the header."""
    file = resources.files("wattbook_plugins.feeds.epex_de") / "data" / "epf_DE.csv.gz"
    return gzip.decompress(file.read_bytes()).decode("ascii").splitlines()[: 1 + 30 * 24]


def market_file(folder: Path, lines: list[str]) -> Path:
    file = folder / "market.csv"
    file.write_text("\n".join(lines) + "\n", "ascii")
    return file


def edited(lines: list[str], number: int, old: str, new: str) -> list[str]:
    """Lines with one field of one line replaced; numbers count from one, the header is one."""
    fields = lines[number - 1].split(",")
    fields[{"price": 1, "load": 2, "wind": 3}[old]] = new
    return [*lines[: number - 1], ",".join(fields), *lines[number:]]


DEFECTS: dict[str, tuple[Callable[[list[str]], list[str]], str]] = {
    "missing hour": (lambda rows: [*rows[:99], *rows[100:]], "MISSING_HOUR: market.csv line 100"),
    "duplicate hour": (
        lambda rows: [*rows[:100], rows[99], *rows[100:]],
        "DUPLICATE_HOUR: market.csv line 101",
    ),
    "swapped hours": (
        lambda rows: [*rows[:99], rows[100], rows[99], *rows[101:]],
        "OUT_OF_ORDER: market.csv line 100",
    ),
    "cut last day": (lambda rows: rows[:-3], "MISSING_HOUR: market.csv line 719"),
    "NaN": (lambda rows: edited(rows, 100, "price", "NaN"), "MISSING_VALUE: market.csv line 100"),
    "empty price": (lambda rows: edited(rows, 100, "price", ""), "MISSING_VALUE"),
    "text": (lambda rows: edited(rows, 100, "price", "n.b."), "NOT_A_NUMBER: market.csv line 100"),
    "infinite": (lambda rows: edited(rows, 100, "load", "inf"), "NOT_A_NUMBER"),
    "beyond any price": (lambda rows: edited(rows, 100, "price", "99999999"), "OUT_OF_BOUNDS"),
    "a third decimal": (lambda rows: edited(rows, 100, "price", "1.234"), "OFF_TICK"),
    "another header": (lambda rows: ["time,price", *rows[1:]], "CHANGED_HEADER"),
    "a field too many": (lambda rows: [*rows[:99], rows[99] + ",1", *rows[100:]], "FIELD_COUNT"),
    "nothing": (lambda rows: rows[:1], "MISSING_HOUR"),
}


@pytest.mark.parametrize("name", DEFECTS)
def test_a_market_file_that_is_not_sound(name: str, packaged: list[str], tmp_path: Path) -> None:
    defect, words = DEFECTS[name]
    file = market_file(tmp_path, defect(packaged))
    outcome = demo(tmp_path / "run", "--date", DAY, "--data", file)
    assert_refused(outcome, 65, words, "restore the file")
    assert not (tmp_path / "run").exists()


def test_a_market_file_that_is_sound_is_taken_in_place_of_the_packaged_one(
    packaged: list[str], tmp_path: Path
) -> None:
    """So the refusals above are about the defects, and about nothing else."""
    outcome = demo(tmp_path / "run", "--date", DAY, "--data", market_file(tmp_path, packaged))
    assert (outcome.code, outcome.err) == (0, "")


def test_a_gzip_file_that_is_corrupt_cut_or_none(tmp_path: Path) -> None:
    content = (
        resources.files("wattbook_plugins.feeds.epex_de") / "data" / "epf_DE.csv.gz"
    ).read_bytes()
    middle = len(content) // 2
    flipped = content[:middle] + bytes([content[middle] ^ 0xFF]) + content[middle + 1 :]
    for name, broken in (("flipped", flipped), ("cut", content[:middle]), ("none", b"PK\3\4" * 9)):
        file = tmp_path / f"{name}.csv.gz"
        file.write_bytes(broken)
        outcome = demo(tmp_path / "run", "--date", DAY, "--data", file)
        assert_refused(outcome, 65, "CORRUPT_FILE", file.name)


def test_a_market_file_that_is_not_there_or_a_folder(tmp_path: Path) -> None:
    for path in (tmp_path / "gone.csv", tmp_path):
        outcome = demo(tmp_path / "run", "--date", DAY, "--data", path)
        assert_refused(outcome, 65, "UNREADABLE_FILE", str(path))


# --- settings ------------------------------------------------------------------------------------


def test_an_unknown_key_names_the_nearest_wherever_it_comes_from(tmp_path: Path) -> None:
    words = ("unknown setting 'batery.power_mw'", "did you mean 'battery.power_mw'?")
    by_option = demo(tmp_path / "run", "--set", "batery.power_mw=3")
    assert_refused(by_option, 78, *words, "command line")
    file = tmp_path / "desk.toml"
    file.write_text("[batery]\npower_mw = 3\n")
    by_file = wattbook("run", "paper", "--out", tmp_path / "run", "--config", file)
    assert_refused(by_file, 78, *words, str(file))
    by_environment = wattbook(
        "demo", "--out", tmp_path / "run", environ={"WATTBOOK__BATERY__POWER_MW": "3"}
    )
    assert_refused(by_environment, 78, *words, "environment")
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("battery.power_mw=ten", "battery.power_mw"),
        ("battery.power_mw=-1", "greater than 0"),
        ("battery.wear_per_mwh=inf", "finite"),
        ("battery.initial_mwh=50", "initial_energy"),
        ("battery.power_mw", "KEY=VALUE"),
        ("desk.desk_id=a desk", "letters, digits"),
        ("desk.battery_ledger=WIND", "must differ"),
        ("desk.participant_code=A1", "ACER code"),
        ("forecast.model=lier", "'lier'"),
        ("market.calendar=XX", "market.calendar"),
        ("market.calendar=GB", "Europe/London"),
        ("market.currency=GBP", "use the feed's currency"),
        ("market.price_max=20", "widen them"),
        ("market.price_min=4000", "price_min"),
        ("venues.auction=POWERX", "simulation.auction"),
        ("venues.continuous=DAYAHEAD", "simulation.continuous"),
        ("venues.continuous=NYMEX", "offered are"),
        ("venues.gate_closure_minutes=1440", "gate"),
        ("limits.version=two words", "limits.version"),
        ("plugins.allow=lear", "epex_de"),
        ("plugins.allow=*,eex", "'eex' is allowed in the settings but not installed"),
        ("run.last_date=2011-01-01", "must not lie before run.date"),
        ("storage.url=nonsense", "store URL"),
        ("storage.url=sqlite://", "must be a file"),
    ],
)
def test_a_setting_that_fits_no_day(setting: str, words: str, tmp_path: Path) -> None:
    outcome = demo(tmp_path / "run", "--date", "2017-01-24", "--set", setting)
    assert_refused(outcome, 71 if "eex" in setting else 78, words)
    assert not list(tmp_path.glob("run/*.sqlite"))


def test_a_settings_file_that_is_none(tmp_path: Path) -> None:
    file = tmp_path / "desk.toml"
    file.write_text("[battery\n")
    for path, words in ((file, "is not TOML"), (tmp_path / "gone.toml", "cannot be read")):
        assert_refused(wattbook("run", "paper", "--config", path), 78, words, str(path))
    assert_refused(wattbook("run", "paper", "--config", tmp_path), 78, "cannot be read")


def test_an_unknown_profile_names_the_nearest(tmp_path: Path) -> None:
    outcome = wattbook("run", "papr", "--out", tmp_path / "run")
    assert_refused(outcome, 78, "'papr'", "did you mean 'paper'?")


def test_production_refuses_simulated_venues(tmp_path: Path) -> None:
    outcome = wattbook("run", "production", "--out", tmp_path / "run")
    assert_refused(outcome, 78, "is simulated", "venues.auction")
    assert not (tmp_path / "run").exists()


def test_a_missing_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)  # as if it were not installed
    url = "postgresql+psycopg://desk:secret@localhost/energy"
    outcome = demo(tmp_path / "run", "--set", f"storage.url={url}")
    assert_refused(outcome, 69, "psycopg", "pip install 'wattbook[pg]'")
    assert "secret" not in outcome.err


# --- folders and databases -----------------------------------------------------------------------


@pytest.fixture(scope="module")
def whole(finished: Finished) -> Run:
    return finished(DAY, *NAIVE)[0]


@pytest.fixture
def copy(whole: Run, tmp_path: Path) -> Path:
    return copy_of(whole, tmp_path / "run")


@contextmanager
def held(database: Path) -> Iterator[None]:
    """Hold the write lock of a SQLite file, as another process would."""
    connection = sqlite3.connect(database, isolation_level=None)
    connection.execute("BEGIN EXCLUSIVE")
    try:
        yield
    finally:
        connection.close()


def test_a_run_that_another_process_writes_is_left_alone(whole: Run, copy: Path) -> None:
    with held(copy / "journal.sqlite.writer"):
        outcome = demo(copy, "--date", DAY)
        as_json = demo(copy, "--date", DAY, "--json")
    assert_refused(outcome, 75, "somebody else holds it", "try again")
    assert (as_json.code, as_json.json["is_retryable"]) == (75, True)
    assert files(copy) == files(whole.path)
    assert demo(copy, "--date", DAY).code == 0
    assert files(copy) == files(whole.path)


def test_a_database_that_another_connection_writes_is_locked(
    whole: Run, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "LOCK_WAIT_S", 0.01)
    with held(copy / "journal.sqlite"):
        assert_refused(demo(copy, "--date", DAY), 75, "somebody else holds it")
    assert tables(copy) == tables(whole.path)


def test_a_read_only_database_is_refused_and_stays_as_it_was(whole: Run, copy: Path) -> None:
    url = f"sqlite:///file:{copy / 'journal.sqlite'}?mode=ro&uri=true"
    outcome = demo(copy, "--date", DAY, "--set", f"storage.url={url}")
    assert_fault(outcome, 74, "read-only", "writable")
    assert files(copy) == files(whole.path)
    assert tables(copy) == tables(whole.path)


def test_a_database_that_is_none_is_kept_as_evidence(copy: Path) -> None:
    (copy / "journal.sqlite").write_bytes(b"not a database " * 100)
    for arguments in (("demo", "--date", DAY, "--out", copy, *NAIVE), ("replay", copy)):
        assert_refused(wattbook(*arguments), 66, "damaged or is no database")
    assert (copy / "journal.sqlite").read_bytes() == b"not a database " * 100


# Root may write anywhere, so what cannot be written is here something of the wrong kind.
@pytest.mark.parametrize("name", ["journal.sqlite", "audit.jsonl", "run.json", ""])
def test_a_place_that_cannot_be_written(name: str, tmp_path: Path) -> None:
    out = tmp_path / "run"
    if name:
        (out / name).mkdir(parents=True)
    else:
        out.write_text("a file where a folder should be")
    outcome = demo(out, "--date", DAY)
    assert_refused(outcome, 65 if name == "run.json" else 74, str(out))


@pytest.mark.parametrize("name", ["remit", "report.html"])
def test_a_file_that_cannot_be_written_at_the_end_is_written_by_the_next_start(
    name: str, whole: Run, tmp_path: Path
) -> None:
    out = tmp_path / "run"
    out.mkdir()
    if name == "remit":
        (out / name).write_text("in the way")
    else:
        (out / name).mkdir()
    outcome = demo(out, "--date", DAY)
    assert_fault(outcome, 74, str(out))
    if name == "remit":
        (out / name).unlink()
    else:
        (out / name).rmdir()
    assert demo(out, "--date", DAY).code == 0
    assert files(out) == files(whole.path)
    assert tables(out) == tables(whole.path)


def test_the_folder_of_another_run_is_left_alone(whole: Run, copy: Path) -> None:
    for options in (("--date", "2012-01-21"), ("--date", DAY, "--set", "wind.capacity_mw=9")):
        outcome = demo(copy, *options)
        assert_refused(outcome, 78, whole.summary.run.run_id, "--out")
    assert files(copy) == files(whole.path)
    assert tables(copy) == tables(whole.path)


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "{}", '{"run_id": 7}', '{"run_id": "a b"}', "\xff"]
)
def test_a_folder_that_does_not_say_whose_it_is(content: str, copy: Path) -> None:
    (copy / "run.json").write_bytes(content.encode("latin-1"))
    for arguments in (
        ("demo", "--date", DAY, "--out", copy, *NAIVE),
        ("replay", copy),
        ("audit", "verify", copy),
    ):
        assert_refused(wattbook(*arguments), 65, "run.json")


def test_a_folder_that_is_no_run(tmp_path: Path) -> None:
    for command in (("replay",), ("audit", "verify")):
        for path in (tmp_path, tmp_path / "gone"):
            assert_refused(wattbook(*command, path), 65, "is not the folder of a run")


# --- plugins -------------------------------------------------------------------------------------

HEAD = """
from wattbook_contracts.descriptors import ForecasterDescriptor, StrategyDescriptor
from wattbook_contracts.hookspecs import hookimpl
from wattbook_contracts.manifest import PluginManifest
from wattbook_contracts.version import API_VERSION

MANIFEST = PluginManifest(
    name="boom", summary="Raises.", api_version=API_VERSION, licence="Apache-2.0"
)


def fail(*_, **__):
    raise RuntimeError("no licence\\nkey")

"""
FORECASTER = """
class Model:
    name = "boom"
    forecast = {body}


@hookimpl
def wattbook_register_forecasters():
    return (ForecasterDescriptor(name="boom", minimum_history_days=1, build={build}),)
"""
STRATEGY = """
class Strategy:
    name = "boom"
    decide = {body}


@hookimpl
def wattbook_register_strategies():
    return tuple(
        StrategyDescriptor(name=name, build=Strategy)
        for name in ("wind-day-ahead", "wind-rebalancing")
    )
"""
WITHOUT_WIND = "plugins.allow=simulated,epex_de,lear,naive,battery,remit,boom"


def install(folder: Path, code: str, *, is_whole: bool = False) -> Path:
    """Install a plugin as packages are installed: a module, and a folder of metadata."""
    folder.mkdir(exist_ok=True)
    (folder / "boom.py").write_text(code if is_whole else HEAD + code)
    metadata = folder / "boom-1.0.dist-info"
    metadata.mkdir(exist_ok=True)
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: boom\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text("[wattbook.plugins]\nboom = boom\n")
    return folder


@pytest.fixture
def boom(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Return what installs the plugin in this process; it is gone after the test."""

    def put(code: str) -> None:
        sys.modules.pop("boom", None)
        monkeypatch.syspath_prepend(install(tmp_path / "plugin", code))

    yield put
    sys.modules.pop("boom", None)


BOOM = ("plugin 'boom'", "RuntimeError: no licence key")


def test_a_plugin_that_raises_when_it_is_loaded(
    boom: Callable[[str], None], tmp_path: Path
) -> None:
    boom("fail()")
    for arguments in (("demo", "--out", tmp_path / "run"), ("plugins", "list")):
        assert_refused(wattbook(*arguments), 71, *BOOM, "plugins.allow")
    seen = wattbook("doctor", "--json")
    assert seen.code == 1
    (failed,) = (row for row in seen.json if not row["is_ok"])
    assert failed["name"] == "plugins"
    assert BOOM[0] in failed["text"]
    # What needs no plugin works, and the advice of the message helps.
    assert wattbook("config", "show").code == 0
    without = {"WATTBOOK__PLUGINS__ALLOW": "lear,naive"}
    listed = wattbook("plugins", "list", "--json", environ=without)
    assert [row["name"] for row in listed.json] == ["lear", "naive"]


def test_a_plugin_that_raises_in_its_hook(boom: Callable[[str], None], tmp_path: Path) -> None:
    boom("@hookimpl\ndef wattbook_register_forecasters():\n    fail()")
    outcome = demo(tmp_path / "run", "--date", DAY)
    assert_refused(outcome, 71, *BOOM, "wattbook_register_forecasters")
    assert not (tmp_path / "run").exists()


def test_a_forecaster_that_raises_when_it_is_built(
    boom: Callable[[str], None], tmp_path: Path
) -> None:
    boom(FORECASTER.format(body="fail", build="fail"))
    outcome = wattbook("demo", "--out", tmp_path / "run", "--set", "forecast.model=boom")
    assert_refused(outcome, 71, *BOOM, "build")
    assert not (tmp_path / "run").exists()


def test_a_forecaster_that_raises_in_the_run(boom: Callable[[str], None], tmp_path: Path) -> None:
    out, options = tmp_path / "run", ("--date", DAY, "--set", "forecast.model=boom")
    boom(FORECASTER.format(body="fail", build="Model"))
    outcome = wattbook("demo", "--out", out, *options)
    assert_fault(outcome, 71, *BOOM, "forecast")
    assert "[1/8] Reception" in outcome.out
    # What came before is kept: mended, the plugin lets the same run go on to its end.
    boom(
        "from wattbook_plugins.models.naive.forecaster import SimilarDayForecaster\n"
        + FORECASTER.format(body="SimilarDayForecaster().forecast", build="Model")
    )
    assert wattbook("demo", "--out", out, *options).code == 0
    assert wattbook("audit", "verify", out).code == 0


def test_a_forecaster_that_answers_something_else_than_the_day(
    boom: Callable[[str], None], tmp_path: Path
) -> None:
    nothing = "lambda self, question, progress: None"
    too_little = "lambda self, *a, **k: cut(SimilarDayForecaster().forecast(*a, **k))"
    cut = """
import attrs
from wattbook_plugins.models.naive.forecaster import SimilarDayForecaster


def cut(whole):
    names = ("intervals", "point", "lower", "upper")
    return attrs.evolve(whole, **{name: getattr(whole, name)[1:] for name in names})
"""
    for body, found in ((nothing, "found NoneType"), (too_little, "found 23 by similar day from")):
        boom(cut + FORECASTER.format(body=body, build="Model"))
        options = ("--date", DAY, "--set", "forecast.model=boom")
        outcome = wattbook("demo", "--out", tmp_path / "run", *options)
        assert_fault(outcome, 71, "24 intervals", found)


def test_a_strategy_that_raises_in_the_run(boom: Callable[[str], None], tmp_path: Path) -> None:
    out, options = tmp_path / "run", ("--date", DAY, "--set", WITHOUT_WIND)
    boom(STRATEGY.format(body="fail"))
    outcome = demo(out, *options)
    assert_fault(outcome, 71, *BOOM, "decide")
    bids = {row[0] for row in tables(out)["journal"]}
    assert bids  # the battery's bids were decided before, and stay
    boom(STRATEGY.format(body="lambda self, context: ()"))
    assert demo(out, *options).code == 0
    assert wattbook("audit", "verify", out).code == 0


@pytest.mark.parametrize("answer", ["None", "('an order',)"])
def test_a_strategy_that_decides_something_else_than_orders(
    answer: str, boom: Callable[[str], None], tmp_path: Path
) -> None:
    boom(STRATEGY.format(body=f"lambda self, context: {answer}"))
    outcome = demo(tmp_path / "run", "--date", DAY, "--set", WITHOUT_WIND)
    assert_fault(outcome, 71, "boom", "NewOrder")


def test_a_plugin_of_the_path_raises_in_a_process_of_its_own(tmp_path: Path) -> None:
    plugin = install(tmp_path / "plugin", FORECASTER.format(body="fail", build="Model"))
    with process(
        *("demo", "--out", tmp_path / "run", "--set", "forecast.model=boom", "--json"),
        PYTHONPATH=str(plugin),
    ) as running:
        out, errors = running.communicate()
    assert running.returncode == 71
    assert json.loads(out)["fault"] == "PluginFault"
    assert errors.count("\n") == 1
    assert BOOM[0] in errors
