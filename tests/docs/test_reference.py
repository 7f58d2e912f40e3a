"""Reference pages list what the code has: commands, options, codes, settings, fields, cards."""

from __future__ import annotations

import importlib
import re
import shlex
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from tests.docs.pages import REPOSITORY, all_pages, codes, commands, named, read, rows

from wattbook.settings import PROFILES, Settings, known_keys, load_settings
from wattbook_adapters.entrypoints.cli.app import build_cli
from wattbook_contracts.conformance.journal import JOURNAL_CARDS
from wattbook_contracts.conformance.records import RECORD_CARDS
from wattbook_contracts.conformance.venue import VENUE_CARDS
from wattbook_contracts.errors import PlatformFault
from wattbook_contracts.schemas import day_summary
from wattbook_domain.audit.chain import ChainRule
from wattbook_domain.risk.denial import MEANING, DenialCode

PROGRAM = "wattbook"
SHELL_WORDS = {"make", "cp", "sed", "echo", "export", ".", "pip"}


def no_platform() -> Any:
    raise AssertionError("parsing a command line opens nothing")


def leaves(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield every command with the words that name it."""
    for name, child in getattr(command, "commands", {}).items():
        yield from leaves(child, (*path, name))
    if not hasattr(command, "commands"):
        yield path, command


COMMANDS = dict(leaves(typer.main.get_command(build_cli(no_platform))))


def options_of(command: Any) -> set[str]:
    return {p.opts[0] for p in command.params if p.param_type_name == "option"} - {"--json"}


def parse(line: str) -> None:
    """Parse a command line as the program would; run nothing."""
    words = [w for w in shlex.split(line) if not re.fullmatch(r"[A-Z_]+=.*", w)]
    start = next(i for i, word in enumerate(words) if word.endswith(PROGRAM))
    words = words[start + 1 :]
    path = next(p for p in COMMANDS if tuple(words[: len(p)]) == p)
    COMMANDS[path].make_context(PROGRAM, words[len(path) :])


@pytest.mark.parametrize("page", all_pages(), ids=named)
def test_commands_shown_are_commands_there_are(page: Path) -> None:
    for line in commands(page.read_text("utf-8")):
        if f"{PROGRAM} " in line and not line.startswith("export"):
            parse(line)
        else:
            assert line.split()[0] in SHELL_WORDS, line


@pytest.mark.parametrize("page", ["README.md", "docs/reference/cli.md"])
def test_the_tables_of_commands_are_complete(page: str) -> None:
    shown = {code for row in rows(read(page)) for code in codes(row[0]) if code.startswith(PROGRAM)}
    words = {tuple(w for w in code.split()[1:] if not w.isupper()) for code in shown}
    assert words == set(COMMANDS)


def test_every_option_is_listed_with_its_command() -> None:
    for row in rows(read("docs/reference/cli.md")):
        path = tuple(w for w in row[0].strip("`").split()[1:] if not w.isupper())
        if row[0].startswith(f"`{PROGRAM}") and path in COMMANDS:
            assert set(codes(row[2])) == options_of(COMMANDS[path]), path


@pytest.mark.parametrize("page", all_pages(), ids=named)
def test_make_targets_shown_exist(page: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", read("Makefile"), flags=re.MULTILINE))
    text = page.read_text("utf-8")
    quoted = [words for words in codes(text) if words.startswith("make ")]
    typed = [line for line in commands(text) if line.startswith("make ")]
    assert {line.split()[1] for line in (*quoted, *typed)} <= targets


def faults() -> Iterator[type[PlatformFault]]:
    def below(cls: type[PlatformFault]) -> Iterator[type[PlatformFault]]:
        yield cls
        for child in cls.__subclasses__():
            yield from below(child)

    module = importlib.import_module("wattbook_contracts.errors")
    yield from (cls for cls in below(PlatformFault) if cls.__module__ == module.__name__)


def test_faults_and_exit_codes_are_those_of_the_code() -> None:
    table = {
        row[0].strip("`"): (int(row[1]), row[2] == "yes")
        for row in rows(read("docs/reference/errors.md"))
    }
    assert table == {cls.__name__: (cls.exit_code, cls.is_retryable) for cls in faults()}


def shown_default(profile: str, key: str) -> str:
    values = {name: value for name, value, _ in load_settings(profile, environ={}).rows()}
    return f"`{values[key]}`" if values[key] not in ("", "none") else "unset"


def test_every_setting_is_listed_with_its_defaults() -> None:
    table = {
        codes(row[0])[0]: row[3:]
        for row in rows(read("docs/reference/settings.md"))
        if len(row) > 3
    }
    assert set(table) == known_keys()
    assert table == {key: [shown_default(p, key) for p in PROFILES] for key in table}


def test_settings_stand_in_the_tables_of_the_code() -> None:
    headings = re.findall(r"^## `\[(\w+)\]`$", read("docs/reference/settings.md"), re.MULTILINE)
    assert headings == list(Settings.model_fields)


def test_every_denial_code_is_listed_in_rank_order_with_its_meaning() -> None:
    found = [row for row in rows(read("docs/concepts/risk-gate.md")) if row[0].isdigit()]
    expected = [
        [
            str(int(code)),
            f"`{code.name}`",
            MEANING[code].sentence,
            "yes" if MEANING[code].is_transient else "no",
        ]
        for code in DenialCode
    ]
    assert found == expected


def test_every_rule_of_the_chain_is_explained() -> None:
    page = read("docs/concepts/journal-and-audit.md")
    listed = [c for row in rows(page) for c in codes(row[0]) if c.isupper()]
    assert listed == [rule.name for rule in ChainRule]


def parts() -> list[Any]:
    return [
        part
        for part in vars(day_summary).values()
        if isinstance(part, type)
        and issubclass(part, day_summary.Boundary)
        and part is not day_summary.Boundary
    ]


@pytest.mark.parametrize("part", parts(), ids=lambda part: str(part.__name__))
def test_every_field_of_the_summary_is_listed_in_order(part: Any) -> None:
    page = read("docs/reference/summary-json.md")
    section = page.partition(f"## `{part.__name__}`\n")[2].partition("\n## ")[0]
    fields = [row[0].strip("`") for row in rows(section)]
    assert fields == list(part.model_fields)
    optional = {
        name
        for name, field in part.model_fields.items()
        if type(None) in typing.get_args(field.annotation)
    }
    assert optional == {row[0].strip("`") for row in rows(section) if "null" in row[1]}


def test_every_conformance_card_is_listed() -> None:
    listed = {
        row[0]: (row[1], codes(row[2])) for row in rows(read("docs/reference/conformance.md"))
    }
    cards: list[Any] = [*VENUE_CARDS, *JOURNAL_CARDS, *RECORD_CARDS]
    assert listed == {
        card.number: (card.requirement, sorted(need.name for need in card.needs)) for card in cards
    }


def test_every_layering_rule_is_explained() -> None:
    page = read("docs/concepts/architecture.md")
    contracts = re.findall(r'^name = "(.+)"$', read("pyproject.toml"), flags=re.MULTILINE)
    rules = {rule for name in contracts for rule in re.findall(r"\bL\d+\b", name)}
    assert {row[0] for row in rows(page) if re.fullmatch(r"L\d+", row[0])} == rules


def test_the_contexts_stand_in_the_order_that_is_enforced() -> None:
    contract = read("pyproject.toml").partition("L3 domain contexts in order")[2]
    stack = contract.partition("layers = [")[2].partition("]")[0]
    present = {p.name for p in (REPOSITORY / "domain/wattbook_domain").iterdir() if p.is_dir()}
    enforced = re.findall(r"\w+", stack)
    page = [
        codes(row[0])[0] for row in rows(read("docs/concepts/architecture.md")) if codes(row[0])
    ]
    assert [name for name in page if name in present] == [n for n in enforced if n in present]


def test_the_changelog_knows_the_version() -> None:
    version = re.search(r'^version = "(.+)"$', read("pyproject.toml"), flags=re.MULTILINE)
    assert version is not None
    sections = re.findall(r"^## \[(.+?)\]", read("CHANGELOG.md"), flags=re.MULTILINE)
    assert sections[:2] == ["Unreleased", version[1]]
