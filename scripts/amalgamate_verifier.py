"""Write cogo_search/catalog/verify.py: the modules of cogo_search/verifier as one readable file.

The modules follow each other in the order of their imports, so that each stands after those that it needs. Their
docstrings become comments at the head of sections, imports of each other are dropped, imports of the standard library
are collected at the top. The docstring of the package opens the file. docs/verify.sha256 gets its SHA-256.

    python scripts/amalgamate_verifier.py            # write both
    python scripts/amalgamate_verifier.py --check    # only say whether they are what this would write
"""

from __future__ import annotations

import argparse
import ast
import hashlib
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "cogo_search" / "verifier"
FILE = ROOT / "cogo_search" / "catalog" / "verify.py"
SUM = ROOT / "docs" / "verify.sha256"
WIDTH = 120

NOTICE = """\
Generated from the modules of cogo_search/verifier by scripts/amalgamate_verifier.py: change them, not this file.

    python -I verify.py FILE...

works where nothing else is installed."""


@dataclass(frozen=True)
class Module:
    """What of a module's text goes where."""

    name: str
    docstring: str
    needs: tuple[str, ...]  # other modules, in the order of the imports
    plain: frozenset[str]  # import X
    parts: frozenset[tuple[str, str]]  # from X import Y
    names: tuple[str, ...]  # that it defines
    body: str


def read_module(path: Path) -> Module:
    """Take a module apart. Raises ValueError for imports that one file cannot do without."""
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    docstring = ast.get_docstring(tree)
    if docstring is None:
        raise ValueError(f"{path.name}: no docstring")
    needs, plain, parts = [], set(), set()
    for i, statement in enumerate(tree.body):
        if isinstance(statement, (ast.Import, ast.ImportFrom)) and any(a.asname for a in statement.names):
            raise ValueError(f"{path.name}:{statement.lineno}: one file has one name for each thing")
        if isinstance(statement, ast.ImportFrom) and statement.level:
            if statement.level > 1 or statement.module is None or "." in statement.module:
                raise ValueError(f"{path.name}:{statement.lineno}: modules import names of each other only")
            needs.append(statement.module)
        elif isinstance(statement, ast.ImportFrom):
            parts |= {(statement.module or "", alias.name) for alias in statement.names}
        elif isinstance(statement, ast.Import):
            plain |= {alias.name for alias in statement.names}
        elif i:
            start = min([statement.lineno, *(d.lineno for d in getattr(statement, "decorator_list", []))])
            break
    strays = [s for s in ast.walk(tree) if isinstance(s, (ast.Import, ast.ImportFrom)) and s.lineno >= start]
    if strays:
        raise ValueError(f"{path.name}:{strays[0].lineno}: imports stand at the top")
    lines = text.splitlines()
    while lines[start - 2].startswith("#"):  # a comment belongs to what it stands above
        start -= 1
    names = tuple(name for statement in tree.body for name in defined(statement))
    body = "\n".join(lines[start - 1 :])
    return Module(path.stem, docstring, tuple(needs), frozenset(plain), frozenset(parts), names, body)


def defined(statement: ast.stmt) -> list[str]:
    """The names that a statement at the top of a module defines."""
    if isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
        return [statement.name]
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    if isinstance(statement, ast.AnnAssign):
        targets = [statement.target]
    return [node.id for target in targets for node in ast.walk(target) if isinstance(node, ast.Name)]


def modules() -> list[Module]:
    """All modules, each after those that it imports, the program last. Raises ValueError for a circle."""
    found = {path.stem: read_module(path) for path in sorted(PACKAGE.glob("*.py")) if path.stem != "__init__"}
    ordered: list[Module] = []
    open_: list[str] = []

    def visit(name: str) -> None:
        if name in open_:
            raise ValueError(f"a circle of imports: {' -> '.join([*open_[open_.index(name) :], name])}")
        open_.append(name)
        for other in found[name].needs:
            visit(other)
        open_.pop()
        if found[name] not in ordered:
            ordered.append(found[name])

    visit("__main__")
    if unused := found.keys() - {module.name for module in ordered}:
        raise ValueError(f"nothing imports {', '.join(sorted(unused))}")
    return ordered


def import_lines(parts: list[Module]) -> list[str]:
    """The imports of the standard library, merged and sorted."""
    lines = [f"import {name}" for name in sorted({name for part in parts for name in part.plain})]
    taken: dict[str, set[str]] = {}
    for source, name in (pair for part in parts for pair in part.parts if pair[0] != "__future__"):
        taken.setdefault(source, set()).add(name)
    for source in sorted(taken):
        line = f"from {source} import {', '.join(sorted(taken[source]))}"
        if len(line) > WIDTH:
            line = "\n".join([f"from {source} import (", *(f"    {name}," for name in sorted(taken[source])), ")"])
        lines.append(line)
    return lines


def section(module: Module) -> str:
    """A module's docstring as comments below a rule with its name, then its code."""
    title = "as a program" if module.name == "__main__" else module.name
    rule = f"# ---- {title} ".ljust(WIDTH, "-")
    comments = [f"# {line}".rstrip() for line in module.docstring.splitlines()]
    if too_long := [line for line in comments if len(line) > WIDTH]:
        raise ValueError(f"{module.name}: too long for a comment: {too_long[0]}")
    return "\n".join([rule, *comments, "", "", module.body])


def amalgamated() -> str:
    """The one file."""
    ordered = modules()
    owners: dict[str, str] = {}
    for module in ordered:
        for name in module.names:
            if name in owners:
                raise ValueError(f"{name} is defined in {owners[name]} and in {module.name}")
            owners[name] = module.name
    opening, _, rest = (ast.get_docstring(ast.parse((PACKAGE / "__init__.py").read_text())) or "").partition("\n\n")
    head = f'"""{opening}\n\n{NOTICE}\n\n{rest}\n"""\n\nfrom __future__ import annotations\n\n'
    return head + "\n".join(import_lines(ordered)) + "\n\n" + "\n\n\n".join(map(section, ordered)) + "\n"


def main() -> int:
    """Write, or compare."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing: exit code 1 if anything would change")
    options = parser.parse_args()
    content = amalgamated().encode()
    wanted = {FILE: content, SUM: f"{hashlib.sha256(content).hexdigest()}  {FILE.name}\n".encode()}
    stale = [path for path, new in wanted.items() if not path.exists() or path.read_bytes() != new]
    for path in stale:
        if options.check:
            print(f"{path.relative_to(ROOT)} is not what {Path(__file__).name} writes: run it", file=sys.stderr)
        else:
            temporary = path.with_suffix(".new")
            temporary.write_bytes(wanted[path])
            temporary.replace(path)
            print(f"wrote {path.relative_to(ROOT)}")
    return 1 if options.check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
