"""Finds documentation pages and takes tables, code blocks and commands out of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
_IGNORED = {".venv", "runs", "build", "dist"}
_FENCE = re.compile(r"^```(\w+)\n(.*?)^```", flags=re.MULTILINE | re.DOTALL)
_CELL = re.compile(r"(?<!\\)\|")


def all_pages() -> list[Path]:
    """Return every page of the repository."""
    return [
        page
        for page in sorted(REPOSITORY.rglob("*.md"))
        if not _IGNORED & set(page.relative_to(REPOSITORY).parts)
    ]


def named(page: Path) -> str:
    """Return the page's path within the repository, as a test id."""
    return str(page.relative_to(REPOSITORY))


def read(name: str) -> str:
    """Return the text of a page by its path within the repository."""
    return (REPOSITORY / name).read_text("utf-8")


def blocks(text: str, language: str) -> list[str]:
    """Return the fenced blocks of one language."""
    return [body for found, body in _FENCE.findall(text) if found == language]


def rows(text: str) -> Iterator[list[str]]:
    """Yield the cells of every row of every table, without heads and rules."""
    for is_table, lines in groupby(text.splitlines(), key=lambda line: line.startswith("|")):
        for line in list(lines)[2:] if is_table else ():
            yield [cell.strip() for cell in _CELL.split(line.strip()[1:-1])]


def codes(cell: str) -> list[str]:
    """Return what stands between backticks."""
    return re.findall(r"`([^`]+)`", cell)


def commands(text: str) -> Iterator[str]:
    """Yield every command of the console blocks, without its prompt and remark."""
    for block in blocks(text, "console"):
        for line in block.splitlines():
            if line.startswith("$ "):
                yield line.removeprefix("$ ").partition("  #")[0].strip()
