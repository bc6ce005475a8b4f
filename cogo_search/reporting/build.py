"""A whole report in one folder: figures, tables and the page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from .collect import Missing, gather
from .figures import write_figures
from .matched_runs import match_runs
from .page import write_page
from .sheets import sheets, write_sheets

#: Subfolders of the report.
FIGURES, TABLES = "figures", "tables"


@dataclass(frozen=True)
class Report:
    """What was written, and what could not be."""

    page: Path
    figures: tuple[Path, ...]
    tables: tuple[Path, ...]
    missing: tuple[Missing, ...]

    def to_dict(self) -> dict[str, Any]:
        """What `report --json` prints."""
        return {
            "page": str(self.page),
            "figures": [str(path) for path in self.figures],
            "tables": [str(path) for path in self.tables],
            "missing": [asdict(lacking) for lacking in self.missing],
        }

    def __repr__(self) -> str:
        size = f"{len(self.figures)} files of figures, {len(self.tables)} of tables"
        return f"Report({self.page}: {size}, {len(self.missing)} missing)"


def build_report(
    catalog: Path | None, runs: Path | None, out: Path, progress: Callable[[str], None] = lambda message: None
) -> Report:
    """Write everything that the catalogs and the runs can feed; without matplotlib, all but the figures.

    Raises what :func:`.inputs.gather` raises, before anything is written.
    """
    inputs = gather(catalog, runs)
    inputs = match_runs(inputs, lambda name: progress(f"matching {name}"))
    drawn, lacking = write_figures(inputs, out / FIGURES, progress)
    made, unmade = sheets(inputs)
    tables = write_sheets(made, out / TABLES)
    missing = grouped([*inputs.missing, *lacking, *unmade])
    progress("page")
    page = write_page(inputs, drawn, made, missing, out, catalog)
    return Report(page, tuple(path for figure in drawn for path in (figure.svg, figure.png)), tuple(tables), missing)


def grouped(missing: list[Missing]) -> tuple[Missing, ...]:
    """What lacks for one reason and is made by one command, together."""
    things: dict[tuple[str, str], list[str]] = {}
    for m in missing:
        things.setdefault((m.why, m.command), []).append(m.what)
    return tuple(Missing("; ".join(dict.fromkeys(what)), why, command) for (why, command), what in things.items())
