"""Rules of the house that an import linter cannot see."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.architecture.sources import REPOSITORY, ROOTS, dotted, modules, place, tree

PURE = ("wattbook_domain", "wattbook_contracts", "wattbook_application", "wattbook_plugins")
CLOCKS_AND_CHANCE = re.compile(
    r"(datetime\.now|datetime\.utcnow|datetime\.today|date\.today|time\.(time|time_ns|monotonic\w*"
    r"|perf_counter\w*|sleep)|uuid\.?\w*|uuid[14]|os\.(environ|getenv|urandom)|random\.\w+|secrets\.\w+"
    r"|np\.random\.(seed|rand\w*|normal|choice)|numpy\.random\.(seed|rand\w*))"
)
FUNCTION_LINES_MAX = 70
FILE_LINES_MAX = 600
CONTAINER_LINES_MAX = 120
HOURS_LITERAL = 24
ENUMS = {"Enum", "IntEnum", "StrEnum", "IntFlag", "Flag"}
# Where 24 is not the length of a day: the benchmark's table has 24 wall-clock rows by definition,
# and a bound on a setting in minutes is no calendar.
HOURS_LITERAL_ALLOWED = {
    "wattbook.settings",
    "wattbook_plugins.feeds",
    "wattbook_plugins.models",
    "wattbook_domain.signals",
}


def calls(name: str) -> list[str]:
    found = []
    for file in modules().values():
        found += [
            place(file, node)
            for node in ast.walk(tree(file))
            if isinstance(node, ast.Call) and dotted(node.func).split(".")[-1] == name
        ]
    return found


def test_approved_is_built_in_the_gate_only() -> None:
    places = calls("Approved")
    assert places, "the gate must build Approved somewhere"
    strays = [p for p in places if not p.startswith("domain/wattbook_domain/risk/gate.py:")]
    assert not strays, f"only the gate may approve, found {strays}"


@pytest.mark.parametrize("package", PURE)
def test_time_chance_and_environment_are_inputs(package: str) -> None:
    strays = [
        f"{place(file, node)} {dotted(node)}"
        for file in modules(package).values()
        for node in ast.walk(tree(file))
        if isinstance(node, ast.Attribute | ast.Name) and CLOCKS_AND_CHANCE.fullmatch(dotted(node))
    ]
    assert not strays, f"clocks, chance and environment belong to adapters and bootstrap: {strays}"


def test_the_environment_is_read_in_settings_only() -> None:
    strays = [
        place(file, node)
        for name, file in modules("wattbook_adapters", "wattbook").items()
        if name != "wattbook.settings"
        for node in ast.walk(tree(file))
        if isinstance(node, ast.Attribute) and dotted(node) in ("os.environ", "os.getenv")
    ]
    assert not strays


def test_packages_are_never_imported_through_their_folder() -> None:
    folders = {root.name for root in ROOTS.values()}
    strays = []
    for file in [*modules().values(), *(REPOSITORY / "tests").rglob("*.py")]:
        for node in ast.walk(tree(file)):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names = [node.module]
            strays.extend(place(file, node) for n in names if n.split(".")[0] in folders)
    assert not strays, f"import wattbook_domain, not domain.wattbook_domain: {strays}"


def test_no_day_is_assumed_to_have_24_hours() -> None:
    strays = [
        place(file, node)
        for name, file in modules().items()
        if not any(name == a or name.startswith(a + ".") for a in HOURS_LITERAL_ALLOWED)
        for node in _outside_enums(tree(file))
        if isinstance(node, ast.Constant)
        and node.value == HOURS_LITERAL
        and type(node.value) is int
    ]
    assert not strays, f"ask the delivery algebra for the hours of a day: {strays}"


def _outside_enums(module: ast.Module) -> Iterator[ast.AST]:
    """Walk all but the bodies of enumerations, where 24 is a code like any other."""
    waiting: list[ast.AST] = [module]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += [
            child
            for child in ast.iter_child_nodes(node)
            if not (
                isinstance(child, ast.ClassDef)
                and {dotted(b).split(".")[-1] for b in child.bases} & ENUMS
            )
        ]


def test_modules_open_with_a_sentence_and_stay_readable() -> None:
    strays = []
    for file in modules().values():
        docstring = ast.get_docstring(tree(file))
        lines = len(file.read_text("utf-8").splitlines())
        if not docstring:
            strays.append(f"{file.relative_to(REPOSITORY)} opens without a docstring")
        if lines > FILE_LINES_MAX:
            strays.append(f"{file.relative_to(REPOSITORY)} has {lines} lines")
    assert not strays, strays


def test_functions_end_before_the_wall() -> None:
    strays = [
        f"{place(file, node)} {node.name}: {node.end_lineno - node.lineno + 1} lines"
        for file in modules().values()
        for node in ast.walk(tree(file))
        if isinstance(node, ast.FunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno + 1 > FUNCTION_LINES_MAX
    ]
    assert not strays, strays


def test_no_room_is_called_a_junk_drawer() -> None:
    banned = {"utils", "util", "helpers", "helper", "common", "manager", "base", "misc"}
    strays = [name for name in modules() if banned & set(name.split(".")[1:])]
    assert not strays, strays


def test_domain_classes_are_frozen_values_or_say_how_they_change() -> None:
    strays = []
    for file in modules("wattbook_domain").values():
        strays += [
            f"{place(file, node)} {node.name}"
            for node in ast.walk(tree(file))
            if isinstance(node, ast.ClassDef) and not _is_sound(node)
        ]
    assert not strays, f"use attrs.frozen, or an aggregate whose only mutator is apply: {strays}"


def _is_sound(node: ast.ClassDef) -> bool:
    return node.name.startswith("_") or _is_value(node) or _has_no_state(node) or _applies(node)


def _is_value(node: ast.ClassDef) -> bool:
    decorators = {
        dotted(d.func if isinstance(d, ast.Call) else d).split(".")[-1] for d in node.decorator_list
    }
    bases = {dotted(b).split(".")[-1] for b in node.bases}
    return bool(
        "frozen" in decorators
        or bases & ENUMS
        or bases & {"Protocol", "NamedTuple", "TypedDict"}
        or {b for b in bases if b.endswith(("Error", "Fault"))}
    )


def _has_no_state(node: ast.ClassDef) -> bool:
    """An abstract class: `__slots__ = ()`."""
    return any(
        isinstance(n, ast.Assign)
        and dotted(n.targets[0]) == "__slots__"
        and isinstance(n.value, ast.Tuple)
        and not n.value.elts
        for n in node.body
    )


def _applies(node: ast.ClassDef) -> bool:
    """An aggregate: its one public mutator is called `apply`."""
    return "apply" in {m.name for m in node.body if isinstance(m, ast.FunctionDef)}


def test_containers_list_parts_and_decide_nothing() -> None:
    containers = {
        n: f for n, f in modules("wattbook").items() if n.startswith("wattbook.containers")
    }
    assert containers
    for name, file in containers.items():
        assert len(file.read_text("utf-8").splitlines()) <= CONTAINER_LINES_MAX, name
        decisions = [
            n for n in ast.walk(tree(file)) if isinstance(n, ast.If | ast.For | ast.While | ast.Try)
        ]
        assert not decisions, f"{place(file, decisions[0])}: a container decides nothing"


def test_the_public_face_lists_its_names() -> None:
    face = tree(REPOSITORY / "bootstrap/wattbook/__init__.py")
    exported = [
        ast.literal_eval(n.value)
        for n in face.body
        if isinstance(n, ast.Assign) and dotted(n.targets[0]) == "__all__"
    ]
    assert exported, "bootstrap/wattbook/__init__.py must list __all__"
    assert exported[0] == sorted(exported[0])


IMPORT_EVERYTHING = """
import importlib, sys
forbidden = []
def watch(event, args):
    if event == "open" and isinstance(args[1], str) and set(args[1]) & set("wax+"):
        forbidden.append((event, args[0]))
    families = ("socket", "subprocess", "sqlite3")
    if event.split(".")[0] in families or event in ("os.mkdir", "os.remove"):
        forbidden.append((event, str(args)[:80]))
import numpy, scipy.stats, scipy.optimize  # their own start-up is not ours
sys.addaudithook(watch)
for name in sys.argv[1:]:
    importlib.import_module(name)
print(forbidden)
sys.exit(bool(forbidden))
"""


def test_importing_does_nothing() -> None:
    names = [n for n in modules(*PURE) if not n.endswith("__main__")]
    outcome = subprocess.run(
        [sys.executable, "-B", "-c", IMPORT_EVERYTHING, *names],
        capture_output=True,
        text=True,
        check=False,
        cwd=REPOSITORY,
    )
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
