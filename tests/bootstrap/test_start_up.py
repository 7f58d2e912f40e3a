"""Looking costs little: help, settings and plugins load none of the vendors that a run needs."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = (
    "alembic",
    "cvxpy",
    "highspy",
    "jinja2",
    "matplotlib",
    "numba",
    "pandas",
    "scipy",
    "sklearn",
    "sqlalchemy",
    "torch",
)
"""What only a run, or the reading of one, needs."""

SCRIPT = """
import sys
from wattbook.cli import main
sys.argv = ["wattbook", *{arguments!r}]
try:
    main()
finally:
    print("\\nLOADED", *(name for name in {watched!r} if name in sys.modules))
"""


def loaded_by(arguments: tuple[str, ...], watched: tuple[str, ...]) -> list[str]:
    """Run a command in a process of its own; return which of the watched modules it loaded."""
    script = SCRIPT.format(arguments=arguments, watched=watched)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.rpartition("LOADED")[2].split()


@pytest.mark.parametrize(
    ("arguments", "watched"),
    [
        (("--help",), (*HEAVY, "numpy", "pydantic", "pluggy", "dependency_injector")),
        (("demo", "--help"), (*HEAVY, "numpy", "pluggy", "dependency_injector")),
        (("config", "show"), (*HEAVY, "numpy", "dependency_injector")),
        (("plugins", "list"), (*HEAVY, "dependency_injector")),
        (("plugins", "check", "lear"), (*HEAVY, "dependency_injector")),
        (("doctor",), (*HEAVY, "dependency_injector")),
    ],
    ids=lambda value: " ".join(value) if len(value) < 4 else "",
)
def test_looking_loads_no_heavy_vendor(
    arguments: tuple[str, ...], watched: tuple[str, ...]
) -> None:
    assert loaded_by(arguments, watched) == []


def test_importing_the_face_loads_nothing_at_all() -> None:
    script = "import sys; before = set(sys.modules); import wattbook; print(*sorted("
    script += "name for name in set(sys.modules) - before if name.startswith('wattbook')))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.stdout.split() == ["wattbook"]
