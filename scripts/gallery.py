"""The gallery, docs/gallery/*.png and the page that shows them (4 minutes the first time): python scripts/gallery.py.

Trains the networks of Figures 2, 3, 5 and 6 into --runs (default: runs) unless they are there; the orders of Figures 4
and 9 come from docs/order-distributions.json (scripts/order_distributions.py).
"""

import argparse
import json
from dataclasses import replace
from pathlib import Path

from cogo_search.cli import main as command
from cogo_search.reporting.collect import gather
from cogo_search.reporting.figures import write_figures
from cogo_search.reporting.matched_runs import match_runs
from cogo_search.reporting.remedies import FIGURE_RUNS
from cogo_search.reporting.tabular import markdown_text

ROOT = Path(__file__).resolve().parent.parent
TRAINED = ("figure-2", "figure-3", "figure-5", "figure-6")
HEAD = """# Gallery

Every figure that the package draws, from its catalogs and from the networks that `python scripts/gallery.py` trains.
The same for your own runs: `python -m cogo_search report --runs DIR`.

"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=Path, default=Path("runs"))
    arguments = parser.parse_args()
    for name in TRAINED:
        for folder, options in FIGURE_RUNS[name].items():
            if code := command(["train", *options.split(), "--out", str(arguments.runs / folder), "--resume"]):
                raise SystemExit(code)
    out = ROOT / "docs" / "gallery"
    records = json.loads((ROOT / "docs" / "order-distributions.json").read_text())
    everything = replace(gather(None, arguments.runs), orders=tuple(records))
    matched = match_runs(gather(None, arguments.runs / "table2"))
    written, _ = write_figures(replace(everything, matches=matched.matches), out)
    parts = []
    for figure in written:
        figure.svg.unlink()
        title, caption = markdown_text(figure.title), markdown_text(figure.caption)
        parts.append(f"## {title}\n\n![{title}]({figure.png.name})\n\n{caption}\n")
    (out / "README.md").write_text(HEAD + "\n".join(parts))


if __name__ == "__main__":
    main()
