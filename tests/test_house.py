"""The house: no import circles, no long files, rooms that know their place."""

from __future__ import annotations

import ast
import statistics
from pathlib import Path

import networkx as nx

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "cogo_search"
GENERATED = {"catalog/verify.py"}
#: Rooms from the ground up: a room imports from those before it.
ROOMS = [
    "verifier", "algebra", "groups", "networks", "families", "searching", "catalog", "recipes", "theory", "reading",
    "training", "matching", "frontier", "terminal", "reporting", "api", "cli",
]  # fmt: skip


def modules() -> dict[str, Path]:
    found = {}
    for path in PACKAGE.rglob("*.py"):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        found[name.removesuffix(".__init__")] = path
    return found


def imports(name: str, path: Path, known: dict[str, Path]) -> set[str]:
    """The modules that a module imports when it is loaded: not inside functions, nor for type checkers alone."""
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    found = set()
    for node in ast.parse(path.read_text()).body:
        if not isinstance(node, ast.ImportFrom):
            continue
        parts = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
        base = ".".join([*parts, *([node.module] if node.module else [])])
        found |= {f"{base}.{a.name}" if f"{base}.{a.name}" in known else base for a in node.names}
    return {target for target in found if target in known and target != name}


def graph() -> nx.DiGraph:
    known = modules()
    return nx.DiGraph((name, target) for name, path in known.items() for target in imports(name, path, known))


def test_no_module_imports_itself_through_others():
    assert [c for c in nx.strongly_connected_components(graph()) if len(c) > 1] == []


def test_rooms_import_from_below_only():
    wrong = []
    for source, target in graph().edges:
        rooms = [name.split(".")[1] if "." in name else "" for name in (source, target)]
        if all(room in ROOMS for room in rooms) and ROOMS.index(rooms[0]) < ROOMS.index(rooms[1]):
            wrong.append(f"{source} imports {target}")
    assert wrong == []


def test_files_are_short():
    lengths = {
        str(path.relative_to(PACKAGE)): path.read_text().count("\n")
        for path in PACKAGE.rglob("*.py")
        if str(path.relative_to(PACKAGE)) not in GENERATED
    }
    assert {name: n for name, n in lengths.items() if n > 350} == {}
    assert statistics.median(lengths.values()) < 150
