"""The decisions are numbered without gaps, carry four headings and stand in the index."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "adr"
PAGES = sorted(FOLDER.glob("[0-9]*.md"))
HEADINGS = ["Context", "Decision", "Consequences", "How it is enforced"]


def test_numbers_have_no_gap() -> None:
    numbers = [int(page.name[:4]) for page in PAGES]
    assert numbers == list(range(1, len(PAGES) + 1))
    assert len(PAGES) >= 14


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.stem)
def test_a_page_says_why_what_and_how_it_is_held(page: Path) -> None:
    text = page.read_text("utf-8")
    assert text.startswith(f"# {page.name[:4]}. ")
    assert re.findall(r"^## (.+)$", text, flags=re.MULTILINE) == HEADINGS
    assert f"({page.name})" in (FOLDER / "README.md").read_text("utf-8")
