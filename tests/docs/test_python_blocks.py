"""The Python blocks of README and the site run as printed, page by page, in a folder with what the pages speak of."""

import re
from pathlib import Path

import pytest

import cogo_search as cogo
from cogo_search.cli import main

ROOT = Path(__file__).resolve().parents[2]
#: What is not run, by a phrase in it, and why.
NOT_RUN = {"SLURMCluster": "needs a cluster", "_linear_apart": "a fragment of a module"}


def blocks(page):
    return re.findall(r"^```python\n(.*?)^```$", page.read_text(), re.MULTILINE | re.DOTALL)


PAGES = [page for page in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))] if blocks(page)]
PAGES.remove(ROOT / "docs" / "notebook.md")  # run by its own test


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    pytest.importorskip("torch")
    folder = tmp_path_factory.mktemp("pages")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        cogo.train(23, epochs=100, snapshots=[0, 100], out="runs/d23")
        assert main(["construct", "--group", "23", "--recipe", "f4/6", "--out", "net.safetensors"]) == 0
        assert main(["enumerate", "--roots", "10", "--cover", "rc+rstar", "--model", "free"]) == 0
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_blocks_of_a_page_run_in_turn(page, workspace, monkeypatch):
    monkeypatch.chdir(workspace)
    names = {"__name__": "page"}
    for block in blocks(page):
        if not any(phrase in block for phrase in NOT_RUN):
            exec(compile(block, page.name, "exec"), names)
