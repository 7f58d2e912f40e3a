"""The commands of `wattbook`: parse, call one use case, print, and end with a meaningful code.

Exit codes: 0 done; 1 a check failed; 2 the command line is wrong; 64 to 78 a fault, by kind
(`wattbook_contracts.errors`); 130 interrupted. A fault is one line on standard error; with `--json`
it is one object on standard output, too, so that there is always exactly one document to read.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any, Final

import attrs
import typer
from rich.console import Console
from rich.text import Text

from wattbook_adapters.entrypoints.cli.progress import Silence, TerminalFollower
from wattbook_adapters.entrypoints.cli.render import (
    print_checks,
    print_plugins,
    print_replay,
    print_settings,
    print_total,
)
from wattbook_adapters.entrypoints.platform import CheckRow, Platform, PluginRow, SettingsRequest
from wattbook_application.steps import TRADING_STEPS
from wattbook_contracts.errors import ConfigurationFault, PlatformFault

INTERRUPTED: Final = 130
"""What a shell expects of a command that was interrupted."""

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
SetOptions = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="KEY=VALUE", help="Set one setting, for example battery.power_mw=5."
    ),
]
ConfigFile = Annotated[Path | None, typer.Option("--config", help="A TOML file of settings.")]
# Dates are read where all settings are read, so that a wrong one is one line like any other.
Day = Annotated[
    str | None, typer.Option("--date", metavar="YYYY-MM-DD", help="Delivery day, local.")
]
LastDay = Annotated[
    str | None, typer.Option("--last-date", metavar="YYYY-MM-DD", help="Last delivery day.")
]
Out = Annotated[Path | None, typer.Option("--out", help="Folder of the run.")]
Data = Annotated[
    Path | None, typer.Option("--data", help="A market file in place of the packaged one.")
]


def build_cli(open_platform: Callable[[], Platform]) -> typer.Typer:
    """Return the command line over a platform that is opened when a command needs it."""
    cli = typer.Typer(
        name="wattbook",
        help="Trade and optimise energy, from market data to regulator.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    _add_run_commands(cli, open_platform)
    _add_proof_commands(cli, open_platform)
    _add_set_up_commands(cli, open_platform)
    _add_plugin_commands(cli, open_platform)
    return cli


def _add_run_commands(cli: typer.Typer, open_platform: Callable[[], Platform]) -> None:
    @cli.command()
    def demo(
        day: Day = None,
        out: Out = Path("runs/demo"),
        data: Data = None,
        settings: SetOptions = None,
        as_json: Json = False,
    ) -> None:
        """Run one real trading day on simulated venues, from market data to regulator."""

        def act() -> int:
            overrides = _overrides(settings, date=day, out=out, data=data)
            request = SettingsRequest(profile="paper", overrides=overrides)
            return _run(open_platform(), request, as_json)

        _guard(as_json, act)

    @cli.command()
    def run(
        profile: Annotated[str, typer.Argument(help="paper, backtest or production.")],
        day: Day = None,
        last_day: LastDay = None,
        out: Out = None,
        config: ConfigFile = None,
        data: Data = None,
        settings: SetOptions = None,
        as_json: Json = False,
    ) -> None:
        """Run a profile's days; an interrupted run in the same folder goes on where it stopped."""

        def act() -> int:
            overrides = _overrides(settings, date=day, last_date=last_day, out=out, data=data)
            request = SettingsRequest(profile=profile, file=config, overrides=overrides)
            return _run(open_platform(), request, as_json)

        _guard(as_json, act)


def _add_proof_commands(cli: typer.Typer, open_platform: Callable[[], Platform]) -> None:
    @cli.command()
    def replay(
        run: Annotated[Path, typer.Argument(help="Folder of a run.")], as_json: Json = False
    ) -> None:
        """Fold a run's journal again and compare the final state, byte for byte."""

        def act() -> int:
            outcome = open_platform().replay(run)
            if as_json:
                _print_json({**attrs.asdict(outcome), "is_same": outcome.is_same})
            else:
                print_replay(Console(), outcome)
            return 0 if outcome.is_same else 1

        _guard(as_json, act)

    audit = typer.Typer(help="Prove what happened.", no_args_is_help=True)
    cli.add_typer(audit, name="audit")

    @audit.command("verify")
    def verify(
        run: Annotated[Path, typer.Argument(help="Folder of a run.")], as_json: Json = False
    ) -> None:
        """Check the chains and files of a run; name the first altered record."""
        _guard(as_json, lambda: _checks(open_platform().verify_audit(run), as_json))


def _add_set_up_commands(cli: typer.Typer, open_platform: Callable[[], Platform]) -> None:
    config = typer.Typer(help="Look at the settings.", no_args_is_help=True)
    cli.add_typer(config, name="config")

    @config.command("show")
    def show(
        profile: Annotated[str, typer.Argument(help="paper, backtest or production.")] = "paper",
        config: ConfigFile = None,
        settings: SetOptions = None,
        as_json: Json = False,
    ) -> None:
        """Show every setting and where its value comes from."""

        def act() -> int:
            overrides = _overrides(settings)
            request = SettingsRequest(profile=profile, file=config, overrides=overrides)
            rows = open_platform().settings(request)
            if as_json:
                _print_json([attrs.asdict(row) for row in rows])
            else:
                print_settings(Console(), rows)
            return 0

        _guard(as_json, act)

    @cli.command()
    def doctor(as_json: Json = False) -> None:
        """Look at the installation and name what is missing."""
        _guard(as_json, lambda: _checks(open_platform().doctor(), as_json))


def _add_plugin_commands(cli: typer.Typer, open_platform: Callable[[], Platform]) -> None:
    plugins = typer.Typer(help="Look at the plugins.", no_args_is_help=True)
    cli.add_typer(plugins, name="plugins")

    @plugins.command("list")
    def list_plugins(as_json: Json = False) -> None:
        """List the installed plugins and what they offer."""

        def act() -> int:
            rows = open_platform().plugins()
            if as_json:
                _print_json([_plugin_document(row) for row in rows])
            else:
                print_plugins(Console(), rows)
            return 0

        _guard(as_json, act)

    @plugins.command("check")
    def check(
        name: Annotated[str, typer.Argument(help="Name of a plugin.")], as_json: Json = False
    ) -> None:
        """Check a plugin's manifest, hooks and descriptors."""
        _guard(as_json, lambda: _checks(open_platform().check_plugin(name), as_json))


def _run(platform: Platform, request: SettingsRequest, as_json: bool) -> int:
    if as_json:
        summaries = platform.run(request, Silence())
        documents = [summary.model_dump(mode="json") for summary in summaries]
        _print_json(documents[0] if len(documents) == 1 else documents)
        return 0
    console = Console()
    with TerminalFollower(console, TRADING_STEPS) as follower:
        summaries = platform.run(request, follower)
    if len(summaries) > 1:
        print_total(console, summaries)
    return 0


def _checks(rows: Sequence[CheckRow], as_json: bool) -> int:
    if as_json:
        _print_json([attrs.asdict(row) for row in rows])
    else:
        print_checks(Console(), rows)
    return 0 if all(row.is_ok for row in rows) else 1


def _plugin_document(row: PluginRow) -> dict[str, object]:
    version = str(row.manifest.api_version)
    return {**attrs.asdict(row.manifest), "api_version": version, "offers": row.offers}


def _overrides(
    settings: Sequence[str] | None,
    *,
    date: str | None = None,
    last_date: str | None = None,
    out: Path | None = None,
    data: Path | None = None,
) -> dict[str, object]:
    """Join the named options and every `--set` by dotted key; `--set` has the last word."""
    named: dict[str, object] = {
        "run.date": date,
        "run.last_date": last_date,
        "run.out": out,
        "market.file": data,
    }
    texts: dict[str, object] = {}
    for setting in settings or ():
        key, equals, value = (part.strip() for part in setting.partition("="))
        if not (key and equals):
            raise ConfigurationFault(
                f"--set takes KEY=VALUE, found {setting!r}; for example --set battery.power_mw=5"
            )
        if key in texts:
            raise ConfigurationFault(
                f"--set takes each key once, found {key} as {texts[key]!r} and as {value!r}"
            )
        texts[key] = value
    return {key: value for key, value in named.items() if value is not None} | texts


def _guard(as_json: bool, act: Callable[[], int]) -> None:
    """Act, and turn what becomes of it into an exit code; anything but a fault is a defect."""
    try:
        code = act()
    except PlatformFault as fault:
        code = fault.exit_code
        _print_fault(fault, as_json)
    except KeyboardInterrupt:
        code = INTERRUPTED
        _print_error("interrupted; a run that is started again goes on where it stopped")
    if code:
        raise typer.Exit(code)


def _print_fault(fault: PlatformFault, as_json: bool) -> None:
    # One line, whatever a driver or a plugin put into its words.
    notes = getattr(fault, "__notes__", [])
    text = " ".join("; ".join([str(fault), *notes]).split())
    if as_json:
        kind = type(fault).__name__
        _print_json({"fault": kind, "message": text, "is_retryable": fault.is_retryable})
    _print_error(text)


def _print_error(text: str) -> None:
    Console(stderr=True).print(Text(f"wattbook: {text}", style="bold red"), soft_wrap=True)


def _print_json(document: Any) -> None:
    json.dump(document, sys.stdout, indent=2, ensure_ascii=False)
    sys.stdout.write("\n")
