"""What the runs of a report became: matched once, for figures, sheets and page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ..errors import InputError
from ..matching.batch import Request, match_all
from ..matching.classify import TOLERANCE
from ..matching.compare import PRINTED, compare
from ..matching.match import Options
from ..matching.matches import Matches
from ..matching.nearest_entry import libraries
from ..matching.network_status import UNSOLVED
from ..matching.paper_rules import TOLERANCE as PAPER_TOLERANCE
from ..networks.activations import SQUARE
from ..reading.sources import PAPER_EPOCH, Source
from ..training.run_folder import snapshot_path
from .collect import ENDED, Inputs, Missing, RunInput, RunMatches


def match_runs(inputs: Inputs, progress: Callable[[str], None] = lambda name: None) -> Inputs:
    """The inputs with their runs matched, about 0.3 s of a core for each of d = 127; unchanged where none has ended.

    Networks that cannot be matched are added to ``missing``.
    """
    runs = [run for run in inputs.usable if run.status in ENDED]
    if not runs and not inputs.files:
        return inputs
    files = [Source(file.name, file) for file in inputs.files]
    solutions = [entry.solution for entry in inputs.entries if entry.character_order == "generic"]
    costs = {entry.id: entry.cost for entry in inputs.entries}
    library = libraries(solutions)
    failed: list[str] = []
    try:
        matches = match_all(
            [*(_source(run, run.epoch) for run in runs), *files],
            Request("own", Options(library, TOLERANCE)),
            failed.append,
            lambda event: progress(event.message),
        )
    except InputError as error:
        return _lacking(inputs, [*failed, str(error)])
    paper = None
    tables = [_source(run, PAPER_EPOCH) for run in runs if _is_table_two(run) and PAPER_EPOCH in run.snapshots]
    if tables := [*tables, *(file for file in files if _is_of_table_two(matches, file.name))]:
        request = Request("paper", Options({}, PAPER_TOLERANCE))
        paper = compare(match_all(tables, request, failed.append, lambda event: progress(event.message)), {}, {})
    comparison = compare(matches, library, costs, lambda event: progress(event.message))
    found = RunMatches(matches.to_dict(), comparison.to_dict(), None if paper is None else paper.to_dict())
    return replace(_lacking(inputs, failed), matches=found)


def _source(run: RunInput, epoch: int) -> Source:
    return Source(run.name, snapshot_path(run.path, epoch), run.path, run.snapshots)


def _is_table_two(run: RunInput) -> bool:
    """Whether a run is one of those of Table 2: the paper's settings, q = 512, weight decay 5e-5."""
    s = run.settings
    if s is None or not s.is_closed_form:
        return False
    return s == replace(s, hidden=512, weight_decay=5e-5, lr=0.01, epochs=10000, loss="full")


def _is_of_table_two(matches: Matches, name: str) -> bool:
    """Whether all networks of a file are quadratic, solve their task, and are of a size that Table 2 has."""
    own = [network for network in matches if network.source.startswith(name)]
    sizes = [int(n.group) if n.group.isdigit() else 0 for n in own]
    solved = all(n.activation == SQUARE and n.status != UNSOLVED for n in own)
    return bool(own) and solved and set(sizes) <= PRINTED.keys()


def _lacking(inputs: Inputs, failed: list[str]) -> Inputs:
    more = tuple(Missing("a match", reason, "python -m cogo_search match RUN") for reason in failed)
    return replace(inputs, missing=inputs.missing + more)
