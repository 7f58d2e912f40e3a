"""An unchecked order cannot be sent: the type checker refuses it before any test can run."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

SNIPPET = """
from wattbook_contracts.ports.venue import VenueGateway
from wattbook_domain.foundation.verdict import Approved, Refused
from wattbook_domain.orders.commands import NewOrder, ReplaceOrder
from wattbook_domain.risk.facts import OrderFacts
from wattbook_domain.risk.gate import check_new_order
from wattbook_domain.risk.limit_set import ResolvedLimits


def send(
    gateway: VenueGateway,
    new_order: NewOrder,
    replace: ReplaceOrder,
    facts: OrderFacts,
    limits: ResolvedLimits,
) -> None:
    verdict = check_new_order(new_order, facts=facts, limits=limits)
    {statement}
"""

PROJECT = Path(__file__).parents[3] / "pyproject.toml"


def errors_of(statement: str, folder: Path) -> str:
    from mypy import api

    snippet = folder / "snippet.py"
    snippet.write_text(SNIPPET.format(statement=statement))
    cache = folder.parent / "mypy_cache"
    stdout, stderr, _ = api.run(
        [
            f"--config-file={PROJECT}",
            f"--cache-dir={cache}",
            f"--python-executable={sys.executable}",
            "--follow-imports=silent",
            "--no-error-summary",
            str(snippet),
        ]
    )
    assert not stderr
    return stdout


@pytest.mark.slow
@pytest.mark.parametrize(
    "statement",
    [
        "gateway.submit(verdict) if isinstance(verdict, Approved) else None",
        "not isinstance(verdict, Refused) and gateway.submit(verdict)",
    ],
)
def test_an_approved_order_type_checks(
    statement: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(PROJECT.parent)
    # mypy calls it an error to use the value of a call that returns none; that is not our subject.
    found = [
        line for line in errors_of(statement, tmp_path).splitlines() if "func-returns" not in line
    ]
    assert found == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("statement", "complaint"),
    [
        ("gateway.submit(new_order)", 'expected "Approved[NewOrder]"'),
        ("gateway.submit(verdict)", 'expected "Approved[NewOrder]"'),
        ("gateway.replace(replace)", 'expected "Approved[ReplaceOrder]"'),
        (
            "gateway.replace(verdict) if isinstance(verdict, Approved) else None",
            'expected "Approved[ReplaceOrder]"',
        ),
    ],
)
def test_anything_else_does_not(
    statement: str, complaint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(PROJECT.parent)
    found = errors_of(statement, tmp_path)

    assert "[arg-type]" in found
    assert complaint in found
