"""What a trader reads: golden text at 80 columns, and nothing a stranger wrote taken as markup."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from rich.console import Console
from tests.adapters.summaries import a_summary, refusal

from wattbook_adapters.entrypoints.cli.render import (
    percent,
    print_checks,
    print_day,
    print_plugins,
    print_replay,
    print_settings,
    print_summary,
    print_total,
)
from wattbook_adapters.entrypoints.platform import (
    CheckRow,
    PluginRow,
    ReplayOutcome,
    SettingRow,
)
from wattbook_contracts.manifest import PluginManifest
from wattbook_contracts.version import API_VERSION

HOSTILE = "[bold]not bold[/bold] [/nothing] :smile: [link=http://x]y[/link]"


def printed(show: Callable[[Console], None], *, width: int = 80) -> str:
    """Return what is shown, without the blanks that pad a table's lines."""
    console = Console(file=io.StringIO(), width=width)
    show(console)
    text = console.file.getvalue()  # type: ignore[attr-defined]
    assert max(len(line) for line in text.splitlines()) <= width
    return "\n".join(line.rstrip() for line in text.splitlines())


SUMMARY = """
DE-AT-LU, delivery 2017-01-24, 24 hours
forecast error      4.50 EUR/MWh  88% inside the 97.5% interval
energy sold            530.2 MWh  day-ahead 500.0, intraday 30.2
energy bought           24.5 MWh  day-ahead 20.0, intraday 4.5
trades                        43  day-ahead 28, intraday 15; 44 orders
refused                        2
  PRICE_COLLAR                 2  limit 90
control probes         1 refused  never sent: GATE_CLOSED
battery margin        800.00 EUR  80.0% of 1,000.00 with foresight
P&L                 1,238.25 EUR  planned 1,000.00, price 250.50, fees -12.25
with foresight      1,500.00 EUR  the same desk, knowing all prices and wind
VaR 97.5%             500.00 EUR  before the auction, 50.00 after the close
ES 97.5%              750.00 EUR  before the auction, 75.00 after the close
  measured by      250 scenarios  historical, one day
report                 57 orders  43 trades, 0 errors, 1 warnings; written,
                                  not submitted
audit           0123456789abcdef  1400 records, 1200 journal entries
Simulated: the intraday venues; the wind.
P&L 1,238.25 EUR. Read runs/demo/report.html"""


def test_the_summary_is_a_short_table_of_80_columns() -> None:
    assert printed(lambda c: print_summary(c, a_summary(), "runs/demo")) == SUMMARY


def test_what_is_not_there_is_said_and_never_a_zero() -> None:
    day = a_summary()
    battery = day.battery.model_copy(update={"captured_share": None, "perfect_margin": 0.0})
    nothing = day.model_copy(
        update={"battery": battery, "refusals": (), "orders_refused": 0, "probes": ()}
        | {"reports": ()}
    )
    words = " ".join(printed(lambda c: print_summary(c, nothing, "runs/demo")).split())
    for line in (
        "refused 0 none",
        "control probes 0 refused never sent: none",
        "battery margin 800.00 EUR with foresight, too, there was none to capture P&L",
        "report none nothing to report",
    ):
        assert line in words


def test_every_refusal_keeps_its_code_and_its_facts() -> None:
    facts = "PRICE_COLLAR refused X.1 (collar_bps=5000, limit_ticks=9662, reject_mask=65536)"
    day = a_summary().model_copy(
        update={"refusals": (refusal(example=facts), refusal("KILLED", 40, "kill latch"))}
    )
    words = " ".join(printed(lambda c: print_summary(c, day, "x")).split())
    assert f"PRICE_COLLAR 2 {facts}" in words
    assert "KILLED 40 kill latch" in words


def test_the_folder_is_never_folded() -> None:
    folder = "/a/very/long/path/" + "x" * 100
    console = Console(file=io.StringIO(), width=80)
    print_summary(console, a_summary(), folder)
    assert f"Read {folder}/report.html\n" in console.file.getvalue()  # type: ignore[attr-defined]


def test_several_days_are_a_line_each_and_a_total_that_adds_up() -> None:
    days = [
        a_summary(day="2017-01-24"),
        a_summary(day="2017-01-25", total=-238.25),
    ]

    def show(console: Console) -> None:
        for day in days:
            print_day(console, day)
        print_total(console, days)

    assert printed(show).splitlines() == [
        "2017-01-24 P&L     1,238.25 EUR, foresight     1,500.00   43 trades  2 refused",
        "2017-01-25 P&L      -238.25 EUR, foresight     1,500.00   43 trades  2 refused",
        "2 days     P&L     1,000.00 EUR, foresight     3,000.00",
    ]


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.9, "90%"), (0.95, "95%"), (0.975, "97.5%"), (0.99, "99%"), (0.999, "99.9%"), (1, "100%")],
)
def test_a_level_keeps_its_digits(share: float, text: str) -> None:
    assert percent(share) == text


def test_no_text_from_outside_is_markup() -> None:
    day = a_summary()
    hostile = day.model_copy(
        update={
            "run": day.run.model_copy(update={"bidding_zone": HOSTILE, "simulated": (HOSTILE,)}),
            "refusals": (refusal(HOSTILE, 1, HOSTILE),),
        }
    )
    manifest = PluginManifest(
        name="a", summary=HOSTILE, api_version=API_VERSION, licence=HOSTILE, is_simulated=True
    )
    for show in (
        lambda c: print_summary(c, hostile, HOSTILE),
        lambda c: print_checks(c, [CheckRow(name=HOSTILE, is_ok=True, text=HOSTILE)]),
        lambda c: print_settings(c, [SettingRow(key=HOSTILE, value=HOSTILE, origin=HOSTILE)]),
        lambda c: print_plugins(c, [PluginRow(manifest=manifest, offers=(HOSTILE,))]),
    ):
        assert HOSTILE in printed(show, width=400)


def test_findings_say_whether_they_hold() -> None:
    rows = [
        CheckRow(name="chains", is_ok=True, text="whole"),
        CheckRow(name="page", is_ok=False, text="altered " + "x" * 100),
    ]
    console = Console(file=io.StringIO(), width=80)
    print_checks(console, rows)
    assert console.file.getvalue().splitlines() == [  # type: ignore[attr-defined]
        "ok   chains: whole",
        f"FAIL page: altered {'x' * 100}",
    ]


def test_plugins_say_what_they_are_and_what_they_offer() -> None:
    manifest = PluginManifest(
        name="lear", summary="A model.", api_version=API_VERSION, licence="Apache-2.0"
    )
    venue = PluginManifest(
        name="sim",
        summary="Two venues.",
        api_version=API_VERSION,
        licence="MIT",
        is_simulated=True,
    )
    rows = [
        PluginRow(manifest=manifest, offers=("forecaster lear",)),
        PluginRow(manifest=venue, offers=()),
    ]
    assert printed(lambda c: print_plugins(c, rows)).splitlines() == [
        f"lear  interface {API_VERSION}, Apache-2.0",
        "    A model.",
        "    offers forecaster lear",
        f"sim  interface {API_VERSION}, MIT, simulated",
        "    Two venues.",
        "    offers nothing",
    ]


@pytest.mark.parametrize(
    ("recorded", "verdict", "last"),
    [
        ("aa", "the same state", "recorded aa"),
        ("bb", "ANOTHER STATE", "recorded bb"),
        (None, "ANOTHER STATE", "recorded none: the run did not end"),
    ],
)
def test_a_replay_shows_both_hashes(recorded: str | None, verdict: str, last: str) -> None:
    outcome = ReplayOutcome(entries=3, state_hash="aa", recorded_state_hash=recorded)
    assert printed(lambda c: print_replay(c, outcome)).splitlines() == [
        f"3 entries replayed: {verdict}",
        "replayed aa",
        last,
    ]


@pytest.mark.parametrize(
    ("differing", "verdict"), [((), "the same"), (("remit/a.xml",), "OTHERS ARE remit/a.xml")]
)
def test_a_replay_says_which_regulatory_files_came_out_otherwise(
    differing: tuple[str, ...], verdict: str
) -> None:
    outcome = ReplayOutcome(
        entries=3, state_hash="aa", recorded_state_hash="aa", documents=2, differing=differing
    )
    lines = printed(lambda c: print_replay(c, outcome)).splitlines()
    assert lines[0] == "3 entries replayed: the same state"
    assert lines[-1] == f"regulatory files written again: 2, {verdict}"
