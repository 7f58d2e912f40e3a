"""What begins with `>>>` is run: in every page, and in every module of the six packages."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.docs.pages import all_pages, blocks, named

PACKAGES = (
    "wattbook_domain",
    "wattbook_contracts",
    "wattbook_application",
    "wattbook_adapters",
    "wattbook_plugins",
    "wattbook",
)
PAGES = [page for page in all_pages() if "```pycon" in page.read_text("utf-8")]


def modules(package: str) -> Iterator[str]:
    """Yield the names of a package's modules; the one that runs the program is left out."""
    paths = importlib.import_module(package).__path__
    yield package
    for found in pkgutil.walk_packages(paths, f"{package}."):
        if not found.name.endswith("__main__"):
            yield found.name


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_a_page_shows_what_python_says(page: Path) -> None:
    session = "\n".join(blocks(page.read_text("utf-8"), "pycon"))
    test = doctest.DocTestParser().get_doctest(session, {}, named(page), str(page), 0)
    assert test.examples, "examples stand in blocks marked pycon"
    assert doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(test).failed == 0


@pytest.mark.parametrize("package", PACKAGES)
def test_docstrings_show_what_python_says(package: str) -> None:
    failed, attempted = [], 0
    for name in modules(package):
        results = doctest.testmod(importlib.import_module(name), optionflags=doctest.ELLIPSIS)
        attempted += results.attempted
        failed += [name] * bool(results.failed)
    assert not failed
    assert attempted or package != "wattbook_domain", "the domain's examples were not found"
