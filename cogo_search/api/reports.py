"""The report: figures, tables and one page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import InputError
from ..events import Callback, Event, ignore
from ..storage import check_writable

if TYPE_CHECKING:
    from ..reporting.build import Report


def report(
    out: str | Path = "report",
    *,
    catalog: str | Path | None = None,
    runs: str | Path | None = None,
    callback: Callback = ignore,
) -> Report:
    """Figures, tables and one page in a folder, from catalogs and a folder of runs (docs/report.md).

    Args:
        out: the folder, made if it is not there.
        catalog: a catalog file; by default all that are found.
        runs: a folder that :func:`train` has written.
        callback: hears of each step.

    What is lacking is named in the result's ``missing`` with the command that makes it. Without matplotlib there are no
    figures. Raises InputError if the folder cannot be written to.
    """
    from ..reporting.build import FIGURES, TABLES, build_report

    if not isinstance(out, (str, Path)):
        raise InputError(f"out={out!r} is no folder: name one")
    for name, value, made in (("catalog", catalog, "save(FILE)"), ("runs", runs, "train(..., out=FOLDER)")):
        if value is not None and not isinstance(value, (str, Path)):
            raise InputError(f"{name}={_short(value)} is in memory: name what {made} has written")
    folder = Path(out)
    if not str(out):
        raise InputError("out='' is empty: name a folder")
    if folder.exists() and not folder.is_dir():
        raise InputError(f"out={folder} is no folder: choose another place")
    for inner in (folder / FIGURES, folder / TABLES):
        if inner.exists() and not inner.is_dir():
            raise InputError(f"out={folder}: {inner} is no folder: remove it, or choose another place")
    if (folder / "index.html").is_dir():
        raise InputError(f"out={folder}: {folder / 'index.html'} is a folder: remove it, or choose another place")
    check_writable(folder / "index.html", suffix=".html")
    known = None if catalog is None else Path(catalog)
    return build_report(known, None if runs is None else Path(runs), folder, lambda line: callback(Event(line)))


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 120 else f"{text[:120]}..."
