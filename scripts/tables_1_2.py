"""Tables 1 and 2 beside print, and the errata, as CSV, LaTeX and Markdown (3 minutes): python scripts/tables_1_2.py.

--runs DIR, --out DIR and --untrained as for the figures.
"""

import argparse
from pathlib import Path

from cogo_search.cli import main as command
from cogo_search.reporting.collect import gather
from cogo_search.reporting.matched_runs import match_runs
from cogo_search.reporting.paper_sheets import errata, table_1, table_2
from cogo_search.reporting.remedies import FIGURE_RUNS
from cogo_search.reporting.sheets import write_sheets


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=Path, default=Path("runs"))
    parser.add_argument("--out", type=Path, default=Path("tables"))
    parser.add_argument("--untrained", action="store_true")
    arguments = parser.parse_args()
    [(folder, options)] = FIGURE_RUNS["figure-5"].items()  # the networks of Table 2
    train = ["train", *options.split(), "--out", str(arguments.runs / folder), "--resume"]
    if not arguments.untrained and (code := command(train)):
        raise SystemExit(code)
    inputs = match_runs(gather(None, arguments.runs / folder))
    for path in write_sheets([build(inputs) for build in (table_1, table_2, errata)], arguments.out):
        print(path)


if __name__ == "__main__":
    main()
