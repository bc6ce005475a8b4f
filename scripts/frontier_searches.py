"""Search for narrow networks and keep the counts in cogo_search/frontier/searches.json.

    python scripts/frontier_searches.py

A search that is there already, with at least as many starts, is not repeated; the file is written after each.
"""

import contextlib
import io
import json
from pathlib import Path

from cogo_search.cli import main as command

FILE = Path(__file__).resolve().parent.parent / "cogo_search" / "frontier" / "searches.json"
WITHOUT, WITH, ONE_HOT = ("without", "zero-mean"), ("with", "zero-mean"), ("with", "one-hot")
#: group, width, setting, symmetry, orbits at most, starts.
SEARCHES = [
    ("3", 5, WITHOUT, "none", None, 200),
    ("3", 6, WITHOUT, "none", None, 50),
    ("3", 2, WITH, "none", None, 200),
    ("3", 3, WITH, "none", None, 50),
    ("3", 3, ONE_HOT, "none", None, 200),
    ("3", 4, ONE_HOT, "none", None, 50),
    ("4", 4, WITHOUT, "none", None, 200),
    ("4", 5, WITHOUT, "none", None, 50),
    ("4", 4, WITH, "none", None, 200),
    ("4", 5, WITH, "none", None, 50),
    ("5", 7, WITHOUT, "none", None, 300),
    ("5", 8, WITHOUT, "mult:2*swap", 2, 800),
    ("5", 7, WITH, "none", None, 300),
    ("5", 7, WITH, "mult:2", None, 200),
    ("5", 7, WITH, "neg,swap", None, 300),
    ("5", 8, WITH, "none", None, 200),
    ("5", 8, WITH, "mult:2", 2, 100),
    ("5", 7, ONE_HOT, "none", None, 300),
    ("5", 8, ONE_HOT, "none", None, 400),
    ("5", 8, ONE_HOT, "neg", None, 400),
    ("5", 8, ONE_HOT, "swap", None, 400),
    ("5", 8, ONE_HOT, "mult:2*swap", None, 300),
    ("6", 8, WITHOUT, "none", None, 200),
    ("6", 8, WITH, "none", None, 200),
    ("6", 8, WITH, "neg,swap", None, 300),
    ("6", 8, ONE_HOT, "none", None, 150),
    ("6", 9, WITH, "none", None, 40),
    ("6", 9, WITHOUT, "none", None, 40),
    ("7", 11, WITH, "mult:2", None, 300),
    ("7", 12, WITH, "mult:2", 4, 60),
    ("7", 13, WITHOUT, "mult:2", 5, 200),
    ("7", 12, WITHOUT, "mult:2", 4, 200),
    ("7", 12, ONE_HOT, "mult:2", 4, 200),
    ("7", 13, ONE_HOT, "mult:2", 5, 200),
    ("8", 11, WITHOUT, "neg", 7, 100),
    ("8", 11, WITH, "neg,swap", 6, 150),
    ("8", 11, ONE_HOT, "neg,swap", 6, 100),
    ("9", 14, WITH, "mult:4", 6, 150),
    ("9", 15, WITH, "mult:4", 5, 60),
    ("9", 16, WITHOUT, "mult:4", 6, 100),
    ("3x3", 12, WITHOUT, "neg", 6, 60),
    ("7", 12, ONE_HOT, "mult:2", 6, 600),
    ("7", 12, ONE_HOT, "mult:2,swap", 8, 300),
    ("7", 11, WITH, "mult:2,swap", 8, 300),
    ("7", 12, WITHOUT, "mult:2*swap", 4, 300),
    ("7", 13, WITHOUT, "mult:3*swap", 5, 300),
    ("9", 15, ONE_HOT, "mult:4", 6, 200),
    ("9", 16, WITHOUT, "mult:2*swap", 5, 200),
    ("8", 11, WITH, "mult:3*swap", 6, 200),
    ("8", 11, ONE_HOT, "mult:5", 7, 150),
    ("10", 15, WITH, "mult:3", 6, 150),
    ("10", 15, WITHOUT, "mult:3*swap", 6, 150),
    ("10", 15, ONE_HOT, "mult:3", 6, 100),
    ("7", 13, WITHOUT, "mult:2", 5, 1000),
    ("9", 14, WITH, "shift:3", 6, 300),
    ("7", 11, WITH, "none", None, 100),
    ("7", 13, WITHOUT, "none", None, 100),
    ("9", 16, WITHOUT, "shift:3", 8, 200),
    ("9", 15, WITHOUT, "shift:3", 5, 200),
    ("9", 15, ONE_HOT, "shift:3", 5, 200),
    ("8", 11, WITHOUT, "shift:4", 7, 200),
    ("8", 11, WITH, "shift:4", 7, 200),
    ("7", 13, WITHOUT, "neg*swap", 8, 300),
    ("7", 12, ONE_HOT, "none", None, 100),
    ("7", 11, WITH, "swap", 8, 300),
    ("9", 17, WITHOUT, "mult:4", 7, 200),
    ("9", 14, WITH, "mult:4,swap", 7, 300),
    ("10", 15, WITH, "shift:5", 8, 150),
    ("10", 15, WITH, "mult:3*swap", 6, 200),
    ("8", 11, WITHOUT, "mult:3*swap", 6, 300),
    ("8", 11, WITHOUT, "mult:5", 7, 200),
    ("9", 14, WITH, "mult:4", 6, 600),
    ("7", 11, WITH, "mult:2", None, 1000),
    ("7", 12, WITHOUT, "mult:2", 4, 600),
    ("7", 13, WITHOUT, "swap", 9, 300),
    ("5", 7, WITHOUT, "none", None, 3000),
    ("5", 7, WITH, "none", None, 3000),
    ("5", 7, ONE_HOT, "none", None, 2000),
    ("6", 8, WITHOUT, "none", None, 1000),
    ("6", 8, WITH, "none", None, 1000),
    ("6", 8, ONE_HOT, "none", None, 1000),
    ("7", 12, WITHOUT, "mult:3", 4, 300),
    ("7", 13, WITHOUT, "mult:3", 4, 300),
    ("7", 14, WITHOUT, "mult:2", 6, 100),
    ("7", 12, WITHOUT, "mult:3,swap", 4, 300),
    ("7", 13, WITHOUT, "mult:3,swap", 5, 300),
    ("7", 12, ONE_HOT, "mult:3", 4, 300),
    ("7", 11, WITH, "mult:3", 5, 300),
    ("9", 16, WITHOUT, "mult:2", 5, 200),
    ("9", 17, WITHOUT, "mult:2", 6, 200),
    ("9", 14, WITH, "mult:2", 5, 200),
]
#: The same with the larger width that the starts come from.
CONTINUED = [
    ("4", 4, 6, WITH, "none", None, 100),
    ("4", 4, 6, WITHOUT, "none", None, 100),
    ("5", 8, 10, WITH, "none", None, 40),
    ("5", 8, 10, WITHOUT, "none", None, 100),
    ("5", 7, 10, WITH, "none", None, 200),
    ("5", 7, 9, ONE_HOT, "none", None, 200),
    ("5", 7, 10, WITHOUT, "none", None, 100),
    ("6", 8, 10, WITH, "none", None, 60),
    ("6", 8, 10, WITHOUT, "none", None, 60),
    ("7", 13, 16, WITHOUT, "none", None, 8),
    ("7", 13, 16, WITHOUT, "mult:2", None, 200),
    ("7", 12, 15, WITHOUT, "mult:2", None, 200),
    ("7", 12, 14, ONE_HOT, "none", None, 12),
    ("7", 12, 15, ONE_HOT, "mult:2", None, 300),
    ("7", 11, 15, WITH, "mult:2", None, 200),
    ("7", 11, 14, WITH, "none", None, 8),
    ("8", 11, 13, WITH, "mult:5", None, 200),
    ("8", 11, 14, WITHOUT, "mult:5", None, 200),
    ("8", 11, 13, ONE_HOT, "mult:5", None, 200),
    ("9", 14, 18, WITH, "mult:4", None, 200),
    ("9", 15, 18, WITHOUT, "mult:4", None, 200),
    ("9", 17, 20, WITHOUT, "mult:4", None, 200),
    ("9", 15, 18, ONE_HOT, "mult:4", None, 300),
]
KEPT = ("group", "width", "trivial", "target", "symmetry", "wider", "orbits", "seed", "starts", "lists", "outcomes")
SORTED = ("group", "target", "trivial", "width", "symmetry", "wider", "orbits")


def main() -> None:
    """Search what is missing."""
    known = json.loads(FILE.read_text())
    plain = [(group, width, None, *rest) for group, width, *rest in SEARCHES]
    for group, width, wider, (trivial, target), symmetry, orbits, starts in [*plain, *CONTINUED]:
        asked: dict[str, object] = {"group": group, "width": width, "trivial": trivial, "target": target}
        asked |= {"symmetry": symmetry, "wider": wider, "orbits": orbits, "seed": 0}
        if any(s["starts"] >= starts and asked.items() <= s.items() for s in known):
            continue
        options = [f"--{name}={value}" for name, value in asked.items() if value is not None]
        output = io.StringIO()
        with contextlib.redirect_stdout(output):
            code = command(["frontier", "search", *options, "--starts", str(starts), "--json"])
        if code:
            raise SystemExit(code)
        record = json.loads(output.getvalue())
        kept = {name: record[name] for name in KEPT} | {"best_loss": record["best"] and record["best"]["loss"]}
        known = [s for s in known if not asked.items() <= s.items()] + [kept]
        known.sort(key=lambda s: tuple(s[name] or 0 for name in SORTED))
        FILE.write_text(json.dumps(known, indent=1) + "\n")


if __name__ == "__main__":
    main()
