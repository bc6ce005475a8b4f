"""What trained networks learned, and how that compares with a catalog and with the paper's Table 2."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from numbers import Integral
from pathlib import Path
from typing import Any

from ..algebra.canonical import Solution, solution_cost
from ..catalog.catalog import CatalogLike, as_catalog
from ..errors import InputError, choose
from ..events import Callback, ignore
from ..matching.batch import RULES, Readable, Request, match_all
from ..matching.classify import TOLERANCE
from ..matching.compare import Comparison
from ..matching.compare import compare as compared
from ..matching.match import Options
from ..matching.matches import Matches
from ..matching.nearest_entry import libraries
from ..matching.paper_rules import TOLERANCE as PAPER_TOLERANCE
from ..networks.network import Network
from ..reading.loading import Held
from ..reading.reading import Asked
from ..reading.sources import PAPER_EPOCH, sources
from ..training.results import Run, Runs
from .networks import GroupLike, as_group

#: The null distributions reach no further.
FARTHEST = 0.3


def match(
    networks: Any,
    *,
    catalog: CatalogLike = None,
    rules: str = "own",
    tolerance: float | None = None,
    epoch: int | None = None,
    polish: bool = False,
    group: GroupLike | None = None,
    mapping: Mapping[str, str] | None = None,
    activation: str | None = None,
    failed: Callable[[str], None] | None = None,
    callback: Callback = ignore,
) -> Matches:
    """Name the algebraic solution at every frequency of trained quadratic networks, with the evidence.

    Args:
        networks: a :class:`Network`, a :class:`Run` or :class:`Runs`, a torch module, a state dict, the arrays
            (W_a, W_b, V) of shape (d, q), a file, a run folder, a folder of runs, a glob, or a list of these.
        catalog: whose entries are compared; by default all that are found.
        rules: ``own`` (docs/matching.md), or ``paper``: Appendix H's, which know neither entries nor distances.
        tolerance: largest relative distance of balanced nodes called a match (default 0.05).
        epoch: the snapshot of runs (default: the last; by the paper's rules 9900).
        polish: take Newton steps from what fits nothing to the nearest zero of its conditions.
        group: of foreign weights (default: the one whose table they compute).
        mapping: keys of W_a, W_b and V in foreign weights (default: those that compute a group).
        activation: of foreign weights: square, relu, relu2, abs, cube, gelu, silu or bilinear (default: the one with
            which they compute a group).
        failed: hears of each network that cannot be read, in one line; by default the first one raises InputError.
        callback: hears of each network.

    Raises InputError where no network could be matched.

    >>> import cogo_search as cogo
    >>> matches = cogo.match(cogo.construct(7, recipe="f6"), catalog="catalog/roots-3-4.json")
    >>> matches[0][0].order, matches[0][0].status
    (6, 'family')
    """
    if rules not in RULES:
        raise InputError(f"rules={rules!r} are unknown: {choose(rules, RULES)}")
    paper = rules == "paper"
    if paper and tolerance is not None:
        raise InputError(f"tolerance={tolerance} belongs to rules=own: the paper's rules have 0.1 built in")
    if tolerance is not None and not (isinstance(tolerance, (int, float)) and 0 < tolerance <= FARTHEST):
        raise InputError(f"tolerance={tolerance!r} is no relative distance: give one above 0, at most {FARTHEST}")
    limit = PAPER_TOLERANCE if paper else tolerance or TOLERANCE
    if epoch is not None and (isinstance(epoch, bool) or not isinstance(epoch, Integral)):
        raise InputError(f"epoch={epoch!r} is no integer: name the epoch of a snapshot")
    entries = {} if paper else libraries(as_catalog(catalog).solutions)
    spec = None if group is None else as_group(group).name
    request = Request(rules, Options(entries, limit, polish), Asked(spec, mapping, activation, epoch))
    chosen = epoch if epoch is not None else PAPER_EPOCH if paper else None
    return match_all(_readable(networks, chosen), request, failed or _raise, callback)


def compare(
    networks: Any, *, catalog: CatalogLike = None, rules: str = "own", callback: Callback = ignore, **options: Any
) -> Comparison:
    """Which catalog entries gradient descent finds: many networks against a catalog and the paper's Table 2.

    ``networks`` are :class:`Matches`, or whatever :func:`match` reads, with its ``options``. Hits of every entry stand
    beside those expected if the parameters of its family were uniform.

    >>> import cogo_search as cogo
    >>> comparison = cogo.compare(cogo.construct(7, recipe="f6"), rules="paper")
    >>> comparison.counts
    [{'order': 6, 'status': 'family', 'family': 'nu*syn', 'count': 3}]
    """
    if isinstance(networks, Matches):
        if options:
            raise InputError(f"{', '.join(options)}: these networks are matched already, leave it out")
        matches, rules = networks, networks.rules
    else:
        catalog = as_catalog(catalog) if rules == "own" else catalog  # read once: both steps compare with it
        matches = match(networks, catalog=catalog, rules=rules, callback=callback, **options)
    solutions: list[Solution] = []
    if rules == "own":  # blocks are compared at generic frequencies
        known = as_catalog(catalog).solutions
        solutions = [solution for solution in known if solution.character_order == "generic"]
    costs = {solution.id: solution_cost(solution) for solution in solutions}
    return compared(matches, libraries(solutions), costs, callback)


def _raise(message: str) -> None:
    raise InputError(message)


def _readable(networks: Any, epoch: int | None) -> Iterator[Readable | InputError]:
    """Every network that is meant, in order; what names none yields the error to report."""
    if isinstance(networks, (str, Path)):
        yield from sources([str(networks)], epoch)
    elif isinstance(networks, Run):
        yield _of_run(networks, epoch)
    elif isinstance(networks, Runs):
        for run in networks:
            yield _of_run(run, epoch)
    elif _is_one(networks) or not isinstance(networks, Iterable):
        yield Held(type(networks).__name__, networks)
    else:
        for number, network in enumerate(networks):
            if isinstance(network, (str, Path, Run, Runs)):
                yield from _readable(network, epoch)
            else:
                yield Held(f"network {number}", network)


def _is_one(networks: Any) -> bool:
    """Whether a value is one network, not a list of them: a value, a module, a state dict, three matrices."""
    if isinstance(networks, (Network, Mapping)) or callable(getattr(networks, "state_dict", None)):
        return True
    three = isinstance(networks, (tuple, list)) and len(networks) == 3
    return three and all(_is_matrix(part) for part in networks)


def _is_matrix(part: Any) -> bool:
    """Whether a value is a matrix, as an array or as lists of rows."""
    rows = isinstance(part, (tuple, list)) and bool(part) and isinstance(part[0], (tuple, list))
    return rows or len(getattr(part, "shape", ())) == 2


def _of_run(run: Run, epoch: int | None) -> Readable | InputError:
    """A run as what it can be matched from, with an earlier snapshot if it has one."""
    if run.folder is not None:
        return next(iter(sources([str(run.folder)], epoch)))
    if not run.epochs:
        return InputError(f"run {run.name} is {run.status} and has no snapshot")
    chosen = run.epochs[-1] if epoch is None else epoch
    try:
        network = run.snapshot(chosen)
    except InputError as error:
        return error
    earlier = [e for e in run.epochs if 0 < e < chosen]
    before = (earlier[-1] - chosen, run.snapshot(earlier[-1])) if earlier else None
    return Held(run.name, network, chosen, before, run.settings.loss_function)
