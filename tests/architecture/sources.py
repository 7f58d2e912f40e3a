"""Reads the project's own sources for the architecture tests; nothing is imported."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
ROOTS = {
    "wattbook_domain": REPOSITORY / "domain",
    "wattbook_contracts": REPOSITORY / "contracts",
    "wattbook_application": REPOSITORY / "application",
    "wattbook_adapters": REPOSITORY / "adapters",
    "wattbook_plugins": REPOSITORY / "plugins",
    "wattbook": REPOSITORY / "bootstrap",
}


@cache
def modules(*packages: str) -> dict[str, Path]:
    """Return dotted module name to file for the named packages; all six when none is named."""
    found = {}
    for package in packages or tuple(ROOTS):
        for file in sorted((ROOTS[package] / package).rglob("*.py")):
            parts = file.relative_to(ROOTS[package]).with_suffix("").parts
            found[".".join(p for p in parts if p != "__init__")] = file
    return found


@cache
def tree(file: Path) -> ast.Module:
    """Parse one file."""
    return ast.parse(file.read_text("utf-8"), filename=str(file))


def place(file: Path, node: ast.AST) -> str:
    """Name a node's file and line relative to the repository."""
    return f"{file.relative_to(REPOSITORY)}:{getattr(node, 'lineno', 1)}"


def dotted(node: ast.AST) -> str:
    """Return `a.b.c` for a chain of attributes, subscripts skipped; empty for anything else."""
    if isinstance(node, ast.Subscript):
        return dotted(node.value)
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}" if dotted(node.value) else ""
    return node.id if isinstance(node, ast.Name) else ""
