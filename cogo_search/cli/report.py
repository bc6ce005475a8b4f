"""Figures, tables and one page, from catalogs and a folder of training runs.

Writes DIR/index.html, one file that needs no network: the catalog with a part for every entry, whole networks, the
solution graph, the runs and what they became, the paper's tables beside ours; DIR/figures (SVG and PNG, needs the extra
report) and DIR/tables (CSV, LaTeX, Markdown). What is not there, unfinished or damaged is named with the command that
makes it. See docs/report.md.
"""

from __future__ import annotations

import argparse
import json
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
    from ..api.reports import report as write_report
    from ..terminal.progress import progress

    with progress() as show:
        report = write_report(arguments.out, catalog=arguments.catalog, runs=arguments.runs, callback=show)
    if arguments.json:
        print(json.dumps(report.to_dict(), indent=1))
        return 0
    print(f"{report.page} ({report.page.stat().st_size / 1e6:.1f} MB)")
    print(f"{len(report.figures)} files of figures, {len(report.tables)} of tables beside it")
    for m in report.missing:
        print(f"missing: {m.what} ({m.why})\n    {m.command}")
    return 0
