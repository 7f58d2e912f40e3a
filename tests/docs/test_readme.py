"""The README is true: its Python runs, its figures are the run's, its rule is the code's."""

from __future__ import annotations

import inspect
import io
import re
import runpy
import tomllib
from contextlib import redirect_stdout
from pathlib import Path

import pytest
from rich.console import Console
from tests.docs.pages import REPOSITORY, blocks, read, rows

from wattbook_adapters.entrypoints.cli.render import print_summary
from wattbook_contracts.schemas.day_summary import DaySummary
from wattbook_domain.risk import limits

README = read("README.md")
PROGRAM, RULE = blocks(README, "python")
EXCERPT = blocks(README, "text")[0]
WIDTH = 200
TOLERANCE = 1e-3
"""Another processor may round a forecast's sixth decimal otherwise."""

Figures = list[float]


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, DaySummary]:
    """Run the README's program once, in a folder of its own; return what it said and made."""
    folder = tmp_path_factory.mktemp("readme")
    program = folder / "program.py"
    program.write_text(PROGRAM, "utf-8")
    said = io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(said):
        patch.chdir(folder)
        summary = runpy.run_path(str(program))["summary"]
    assert isinstance(summary, DaySummary)
    assert (folder / "runs/mine/report.html").exists()
    return said.getvalue(), summary


def figures_by_row(text: str) -> dict[str, Figures]:
    """Return the numbers of each row by its name; a row's continuation has no name of its own."""
    found: dict[str, Figures] = {}
    name = ""
    for line in text.splitlines():
        head = re.match(r" {0,2}(\S+(?: \S+)*)  +", line)
        if head:
            name = head[1]
        found.setdefault(name, []).extend(numbers_in(line[head.end() :] if head else line))
    return found


def numbers_in(text: str) -> Figures:
    return [float(n.replace(",", "")) for n in re.findall(r"-?\d[\d,]*\.?\d*", text)]


@pytest.mark.slow
def test_the_program_runs_as_shown(ran: tuple[str, DaySummary]) -> None:
    said, summary = ran
    assert f"P&L {summary.profit.total:,.2f} EUR" in said
    assert [line.split()[0] for line in said.splitlines()[1:-1]] == [
        part.name for part in summary.profit.explain
    ]
    assert said.splitlines()[-1] == "replay gives the same state: True"


@pytest.mark.slow
def test_the_excerpt_has_the_figures_of_the_day(ran: tuple[str, DaySummary]) -> None:
    """When this fails the day has changed: run `make demo` and paste its table into the README."""
    console = Console(file=io.StringIO(), width=WIDTH)
    print_summary(console, ran[1], "runs/demo")
    assert isinstance(console.file, io.StringIO)
    printed = figures_by_row(console.file.getvalue())
    shown = figures_by_row(EXCERPT)
    assert len(shown) > 10
    for name, figures in shown.items():
        assert figures == pytest.approx(printed[name], rel=TOLERANCE), name


@pytest.mark.slow
def test_the_tutorial_shows_the_steps_of_the_day(ran: tuple[str, DaySummary]) -> None:
    lines = blocks(read("docs/tutorials/first-day.md"), "text")[0].splitlines()
    assert len(lines) == len(ran[1].steps)
    for line, step in zip(lines, ran[1].steps, strict=True):
        shown = line.removeprefix(f"[{step.number}/8] {step.name}: ")
        assert shown != line
        figures = numbers_in(shown)
        assert figures == pytest.approx(numbers_in(step.result)[: len(figures)], rel=TOLERANCE)


def test_the_rule_is_the_code() -> None:
    name = re.match(r"def (\w+)", RULE)
    assert name is not None
    assert inspect.getsource(getattr(limits, name[1])) == RULE


def test_every_extra_is_explained() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["project"]
    section = README.partition("## Extras")[2].partition("\n## ")[0]
    explained = [row[0].strip("`") for row in rows(section)]
    assert explained == list(project["optional-dependencies"])


def test_the_life_of_an_order_has_eight_steps_with_links() -> None:
    section = README.partition("## The life of an order")[2].partition("\n## ")[0]
    steps = re.split(r"^\d\. ", section, flags=re.MULTILINE)[1:]
    assert len(steps) == 8
    assert all("](" in step for step in steps)


def test_licences_and_thanks_are_given() -> None:
    for words in ("CC BY 4.0", "10.1016/j.apenergy.2021.116983", "(ACER)", "Apache License 2.0"):
        assert words in README


@pytest.mark.parametrize("root", ["bootstrap", "adapters", "plugins", "application", "contracts"])
def test_charters_and_the_domain_list_the_packages_that_exist(root: str) -> None:
    package = REPOSITORY / root / ("wattbook" if root == "bootstrap" else f"wattbook_{root}")
    assert listed(root) == present(package)


def test_the_domain_charter_lists_its_contexts() -> None:
    assert listed("domain") == present(REPOSITORY / "domain/wattbook_domain")


def listed(root: str) -> set[str]:
    table = rows(read(f"{root}/README.md"))
    return {name for row in table for name in re.findall(r"`([^`]+)`", row[0])}


def present(package: Path) -> set[str]:
    entries = [
        path for path in package.iterdir() if path.name[0].isalpha() or path.stem != path.name
    ]
    return {
        path.name
        for path in entries
        if (path.is_dir() and (path / "__init__.py").exists())
        or (path.suffix == ".py" and path.name != "__init__.py")
    }
