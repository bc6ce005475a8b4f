"""What the figure_*.py scripts share: train what a figure of the paper needs, then draw it.

--runs DIR      where the runs are, or are trained (default: runs); an interrupted training goes on
--out DIR       where NAME.svg and NAME.png are written (default: figures)
--untrained     only draw from the runs that are there
"""

import argparse
from pathlib import Path

from cogo_search.cli import main as command
from cogo_search.reporting.collect import gather
from cogo_search.reporting.figures import FIGURES, write_figure
from cogo_search.reporting.matched_runs import match_runs
from cogo_search.reporting.remedies import FIGURE_RUNS


def remake(text: str | None, *names: str) -> None:
    """Train and draw the named figures; what each shows is printed."""
    parser = argparse.ArgumentParser(
        description=f"{text}\n\n{__doc__}", formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=Path, default=Path("runs"))
    parser.add_argument("--out", type=Path, default=Path("figures"))
    parser.add_argument("--untrained", action="store_true")
    arguments = parser.parse_args()
    for name in names:
        folders = FIGURE_RUNS.get(name, {})
        for folder, options in {} if arguments.untrained else folders.items():
            if code := command(["train", *options.split(), "--out", str(arguments.runs / folder), "--resume"]):
                raise SystemExit(code)
        inputs = gather(None, arguments.runs if folders else None)
        if name == "figure-5":
            inputs = match_runs(inputs)
        written = write_figure(next(figure for figure in FIGURES if figure.name == name), inputs, arguments.out)
        print(f"{written.svg}\n{written.title}. {written.caption}")
