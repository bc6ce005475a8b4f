"""Both forms of the verifier, the package and the one file, asked the same question: they must say the same.

Tests take ``verify_catalog`` and ``judge`` from here, so that every file that one refuses, the other refuses too, in
the same words.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from cogo_search import verifier
from cogo_search.catalog import verify as one_file
from cogo_search.verifier import Report

FORMS = {"package": verifier, "one file": one_file}


def said(form: Any, *arguments: Any) -> tuple[str, str, Any]:
    """The verdict's name and words, and the report or exception."""
    try:
        report = form.verify_catalog(*arguments)
    except (form.Refused, form.Unreadable, form.Undecided) as verdict:
        return type(verdict).__name__, str(verdict), verdict
    return "verified", repr(report), report


def verify_catalog(
    data: Any, deep: bool = False, progress: Callable[[str], None] | None = None, budget: float | None = None
) -> Report:
    """What the package's ``verify_catalog`` returns or raises, if the one file's says the same."""
    if budget is not None:
        forget()
    name, words, answer = said(verifier, data, deep, progress, budget)
    assert said(one_file, data, deep, None, budget)[:2] == (name, words)
    if isinstance(answer, Exception):
        raise answer
    report: Report = answer
    return report


def judge(path: str, deep: bool, budget: float | None, say: Callable[[str], None]) -> dict[str, Any]:
    """What the package's ``judge`` returns, if the one file's says the same, on the way too."""
    if budget is not None:
        forget()
    lines: dict[str, list[str]] = {name: [] for name in FORMS}
    results = {name: form.judge(path, deep, budget, lines[name].append) for name, form in FORMS.items()}
    flat = {name: form.flat(results[name]) for name, form in FORMS.items()}
    assert flat["package"] == flat["one file"]
    assert lines["package"] == lines["one file"]
    for line in lines["package"]:
        say(line)
    return results["package"]


def forget() -> None:
    """Empty what either form remembers: the steps that are left at some place must not depend on it."""
    parts = [module for name, module in sys.modules.items() if name.startswith(f"{verifier.__name__}.")]
    for value in [value for module in (*parts, one_file) for value in vars(module).values()]:
        if hasattr(value, "cache_clear"):
            value.cache_clear()
