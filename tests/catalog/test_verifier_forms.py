"""The verifier as a package of modules and as one file generated from them."""

from __future__ import annotations

import ast
import hashlib
import importlib.util
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest

from cogo_search import verifier
from cogo_search.catalog import verify as one_file
from cogo_search.cli import main

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "cogo_search" / "verifier"
MODULES = sorted(PACKAGE.glob("*.py"))
CATALOG = ROOT / "catalog" / "roots-3-4.json"


@pytest.fixture
def script() -> ModuleType:
    """scripts/amalgamate_verifier.py."""
    spec = importlib.util.spec_from_file_location("amalgamate", ROOT / "scripts" / "amalgamate_verifier.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["amalgamate"] = module
    spec.loader.exec_module(module)
    return module


def test_the_file_is_what_the_script_writes(script: ModuleType) -> None:
    text = script.amalgamated()
    assert Path(one_file.__file__).read_text(encoding="utf-8") == text
    stored = (ROOT / "docs" / "verify.sha256").read_text(encoding="utf-8")
    assert stored == f"{hashlib.sha256(text.encode()).hexdigest()}  verify.py\n"


def test_names_are_distinct_over_all_modules(script: ModuleType) -> None:
    counts = Counter(name for module in script.modules() for name in module.names)
    assert [name for name, count in counts.items() if count > 1] == []
    assert len(counts) > 200


@pytest.mark.parametrize("path", MODULES, ids=[path.stem for path in MODULES])
def test_modules_are_small_and_need_the_standard_library_alone(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) < 300
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            assert all(alias.name in sys.stdlib_module_names for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 1 or (node.level == 0 and (node.module or "").split(".")[0] in sys.stdlib_module_names)


def test_public_names_are_in_both_forms() -> None:
    assert all(hasattr(one_file, name) for name in verifier.__all__)
    assert verifier.BUDGET == one_file.BUDGET
    assert verifier.CATALOG == one_file.CATALOG


def test_the_package_alone_in_a_bare_interpreter(tmp_path: Path) -> None:
    shutil.copytree(PACKAGE, tmp_path / "verifier", ignore=shutil.ignore_patterns("__pycache__"))
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import verifier; sys.exit(verifier.main(sys.argv[1:]))"
    command = [sys.executable, "-I", "-S", "-c", code, str(CATALOG)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"{CATALOG}: verified, 11 entries, 8 rows")


def test_export_writes_the_one_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "new" / "verify.py"
    for _ in range(2):  # a named file is replaced
        assert main(["verify", "--export", str(path)]) == 0
        assert path.read_bytes() == Path(one_file.__file__).read_bytes()
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.splitlines() == [f"{word} {path}: python -I {path} FILE" for word in ("wrote", "replaced")]
    command = [sys.executable, "-I", "-S", str(path), str(CATALOG)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"{CATALOG}: verified, ")


def test_export_and_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", "--export", str(tmp_path / "v.py"), str(CATALOG)]) == 0
    assert "verified, 11 entries" in capsys.readouterr().out
    assert main(["verify", "--export", str(tmp_path)]) == 2
    assert "is a folder" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("modules", "reason"),
    [
        ({"a": "from .b import f\n\nx = f", "b": "def f():\n    pass\n\n\nx = 1"}, "x is defined in b and in a"),
        ({"a": "from .b import f\n\ng = f", "b": "from .a import g\n\nf = g"}, "a circle of imports: a -> b -> a"),
        ({"a": "import os as o\n\ng = o", "b": "f = 1"}, "one name for each thing"),
        ({"a": "def g():\n    import os\n", "b": "f = 1"}, "imports stand at the top"),
        ({"a": "g = 1", "b": "f = 1"}, "nothing imports b"),
    ],
)
def test_what_cannot_be_one_file(
    modules: dict[str, str], reason: str, script: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    modules = {"__init__": "", "__main__": "from .a import g\n\nprint(g)", **modules}
    for name, body in modules.items():
        (tmp_path / f"{name}.py").write_text(f'"""Module {name}."""\n\n{body}\n')
    monkeypatch.setattr(script, "PACKAGE", tmp_path)
    with pytest.raises(ValueError, match=reason):
        script.amalgamated()
