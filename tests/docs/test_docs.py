"""The documentation: links lead somewhere, generated parts are what their scripts make, the site builds."""

import argparse
import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import pytest

from cogo_search.cli import COMMANDS, build_parser

ROOT = Path(__file__).resolve().parents[2]
PAGES = [
    *sorted((ROOT / "docs").rglob("*.md")),
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")),
    *sorted((ROOT / "benchmarks").glob("*.md")),
]


def script(name):
    spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def prose(text):
    """Markdown without code."""
    return re.sub(r"`[^`]*`", "", re.sub(r"```.*?```", "", text, flags=re.S))


def slug(heading):
    """The anchor of a heading, as both GitHub and the site make it of plain words."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)\s]+)\)", prose(page.read_text(encoding="utf-8"))):
        if target.startswith(("http:", "https:")):
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        assert file.exists(), target
        if anchor and file.suffix == ".md":
            text = file.read_text(encoding="utf-8")
            anchors = {slug(h) for h in re.findall(r"(?m)^#+ (.*)$", text)} | set(re.findall(r'<a id="([^"]+)"', text))
            assert anchor in anchors, target


def test_readme_is_a_page_with_two_commands():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 130
    for marker in ("<!-- main job -->", "<!-- tests -->"):
        block = text.split(f"\n{marker}\n```sh\n")[1].split("\n```")[0]
        assert len(block.splitlines()) == 1 and block.startswith("python3 -m venv .venv && ")


def test_the_reference_has_every_command_and_option():
    page = script("docs_commands").page()
    assert set(re.findall(r"(?m)^## (\S+)$", page)) == set(COMMANDS)
    parsers = [build_parser()]
    while parsers:
        for action in parsers.pop()._actions:
            if isinstance(action, argparse._SubParsersAction):
                parsers += action.choices.values()
            elif action.help != argparse.SUPPRESS:
                assert all(f"`{option}" in page or f", {option}" in page for option in action.option_strings[-1:]) or (
                    action.dest in ("help", "version")
                )


def test_the_glossary_has_the_words_of_tables_and_files():
    from cogo_search.recipes.compose import RECIPES
    from cogo_search.verifier.families import FAMILIES
    from cogo_search.verifier.vocabulary import PROVING

    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    words = [*FAMILIES, *PROVING, *RECIPES, "solver-only", "minimal", "upper-bound-only"]
    words += [
        "cover",
        "model",
        "minimised",
        "least",
        "merged",
        "bound",
        "method",
        "scope",
        "claim",
        "outcome",
        "complete",
    ]
    words += ["orbit", "cost", "aligned", "factors", "found by", "status", "error", "distance", "parameters", "remarks"]
    words += ["moving", "non-factorable", "random-phases", "rc-only", "shuffled", "collapsed", "diverged", "live"]
    assert [word for word in words if word not in text] == []
    anchors = re.findall(r'<a id="([^"]+)"', text)
    assert len(set(anchors)) == len(anchors) > 90


def test_pictures_are_what_the_script_draws(tmp_path):
    pictures = script("docs_pictures")
    (tmp_path / "order-distributions.json").write_bytes((pictures.DOCS / "order-distributions.json").read_bytes())
    drawn, pictures.DOCS = pictures.DOCS, tmp_path
    pictures.main()
    made = {path.name: path.read_text() for path in (tmp_path / "pictures").iterdir()}
    assert made == {path.name: path.read_text() for path in (drawn / "pictures").iterdir()}


def test_subscripts_leave_code_alone():
    pytest.importorskip("latex2mathml")
    pytest.importorskip("mkdocs")
    hooks = script("docs_hooks")
    assert hooks.WORDS.keys() <= hooks.glossary().keys()
    assert hooks.typeset("R_* and mu_12, h_j^2") == (
        "R<sub>&#42;</sub> and &mu;<sub>12</sub>, h<sub>j</sub><sup>2</sup>"
    )
    kept = "`R_c` and [x](a_b.md) and $r_{kkk}$"
    parts = hooks.KEPT.split(kept)
    assert "".join(p if i % 2 else hooks.typeset(p) for i, p in enumerate(parts)) == kept


@pytest.mark.slow
def test_the_site_builds(tmp_path):
    for name in ("mkdocs", "material", "mkdocstrings", "latex2mathml"):
        pytest.importorskip(name)
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "-q", "-d", str(tmp_path / "site")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    pages = list((tmp_path / "site").rglob("*.html"))
    assert len(pages) > 25
    for page in pages:
        assert not re.findall(r'<(?:script|img|link)\b[^>]*(?:src|href)="(?:https?:)?//', page.read_text("utf-8")), page
