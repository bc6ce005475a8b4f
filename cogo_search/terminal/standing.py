"""A line on stderr for every catalog that is read and not known to be true."""

from __future__ import annotations

import sys
from pathlib import Path

from ..escaping import one_line


def tell_standing(catalog: Path | None) -> None:
    """Say of the catalogs that a command reads which were not verified since they were written."""
    from ..catalog.catalog_files import find_catalogs
    from ..catalog.standing import reservations

    for line in reservations(find_catalogs(catalog)):
        print(f"cogo_search: note: {one_line(line)}", file=sys.stderr)
