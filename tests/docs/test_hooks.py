"""Every hook is documented with its exact signature and used by a shipped plugin."""

from __future__ import annotations

import importlib
import inspect
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from wattbook_contracts import hookspecs

HOOKS = [n for n in dir(hookspecs) if n.startswith("wattbook_register_")]
PAGE = Path(__file__).resolve().parents[2] / "docs/reference/plugins.md"


@pytest.mark.parametrize("name", HOOKS)
def test_the_page_gives_the_exact_signature(name: str) -> None:
    signature = str(inspect.signature(getattr(hookspecs, name))).replace("'", "")
    assert f"### `{name}{signature}`" in PAGE.read_text("utf-8")


@pytest.mark.parametrize("name", HOOKS)
def test_a_shipped_plugin_uses_the_hook(name: str) -> None:
    plugins = [importlib.import_module(e.value) for e in entry_points(group="wattbook.plugins")]
    users = [p for p in plugins if hasattr(p, name)]
    assert users
    assert all(len(getattr(p, name)()) > 0 for p in users)
