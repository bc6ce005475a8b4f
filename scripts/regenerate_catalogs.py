"""Regenerate the shipped catalogs: python scripts/regenerate_catalogs.py [FOLDER]   (default: catalog)."""

import sys
from pathlib import Path

from cogo_search.cli import main

SEARCHES = [
    ["--roots", "3,4"],
    ["--roots", "6"],
    ["--roots", "8"],
    ["--roots", "12"],
    ["--roots", "24", "--max-factors", "1"],  # the free model, and single-generator products
    ["--roots", "8", "--model", "free", "--nodes", "weighted"],
    ["--roots", "12", "--model", "free", "--nodes", "weighted"],
    ["--roots", "8", "--character-order", "4"],
    ["--roots", "12", "--character-order", "4"],
    ["--roots", "2", "--character-order", "2"],
]


def regenerate(folder: Path) -> int:
    """Run every search; the exit code of the first that fails, else 0."""
    for arguments in SEARCHES:
        parts = ["roots", *arguments[1].split(",")]
        parts += ["weighted"] if {"weighted", "--character-order"} & set(arguments) else []
        parts += [f"k{arguments[-1]}"] if "--character-order" in arguments else []
        if code := main(["enumerate", *arguments, "--out", str(folder / ("-".join(parts) + ".json"))]):
            return code
    return 0


if __name__ == "__main__":
    sys.exit(regenerate(Path(sys.argv[1] if len(sys.argv) > 1 else "catalog")))
