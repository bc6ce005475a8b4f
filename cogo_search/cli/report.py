"""Figures, tables and one page, from catalogs and a folder of training runs.

Writes DIR/index.html, one file that needs no network: the catalog with a part for every entry, whole networks, the
solution graph, the runs and what they became, the paper's tables beside ours; DIR/figures (SVG and PNG, needs the extra
report) and DIR/tables (CSV, LaTeX, Markdown). What is not there, unfinished or damaged is named with the command that
makes it. See docs/report.md.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from . import arguments as types


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("--catalog", type=Path, metavar="FILE", help=types.CATALOG_HELP)
    parser.add_argument("--runs", type=Path, metavar="DIR", help="folder of runs, as train --out writes it")
    parser.add_argument("--out", default="report", metavar="DIR", help="(default: report)")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Build the report, print what was written and what is missing."""
    from ..errors import InputError
    from ..reporting.build import FIGURES, TABLES, build_report
    from ..storage import check_writable
    from ..terminal.progress import progress

    out = Path(arguments.out)
    if not arguments.out:
        raise InputError("--out is empty: name a folder")
    if out.exists() and not out.is_dir():
        raise InputError(f"--out {out} is no folder: choose another place")
    for folder in (out / FIGURES, out / TABLES):
        if folder.exists() and not folder.is_dir():
            raise InputError(f"--out {out}: {folder} is no folder: remove it, or choose another place")
    if (out / "index.html").is_dir():
        raise InputError(f"--out {out}: {out / 'index.html'} is a folder: remove it, or choose another place")
    check_writable(out / "index.html", suffix=".html")
    with progress() as show:
        report = build_report(arguments.catalog, arguments.runs, out, show)
    if arguments.json:
        files = {"page": [report.page], "figures": report.figures, "tables": report.tables}
        written = {name: [str(path) for path in paths] for name, paths in files.items()}
        missing = [asdict(m) for m in report.missing]
        print(json.dumps({**written, "page": str(report.page), "missing": missing}, indent=1))
        return 0
    print(f"{report.page} ({report.page.stat().st_size / 1e6:.1f} MB)")
    print(f"{len(report.figures)} files of figures, {len(report.tables)} of tables beside it")
    for m in report.missing:
        print(f"missing: {m.what} ({m.why})\n    {m.command}")
    return 0
