"""Generators, and the search for minimal solutions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from numbers import Integral
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..algebra.generators import Generator, enumerate_generators
from ..algebra.potentials import COVERS
from ..catalog.catalog import Catalog
from ..display import table
from ..errors import InputError
from ..events import Callback, Event, ignore

if TYPE_CHECKING:
    from ..searching.checkpoint import SearchProgress
    from ..searching.engine import SearchSettings

Roots = int | Sequence[int]


def generators(roots: Roots, *, closure: bool = False) -> tuple[Generator, ...]:
    """The order-1 solutions u = [a, b, c] with abc = 1 over the given roots of unity (Definition 7, Table 1).

    a, b and c of one generator are r-th roots of unity for one r of ``roots``; with ``closure`` they are any over
    mu_n, n the lcm. Raises InputError for roots that are no integers from 2 to 120.

    >>> import cogo_search as cogo
    >>> len(cogo.generators([3, 4]))
    24
    >>> cogo.generators(2)
    (Generator([1, 1, 1]), Generator([1, -1, -1]), Generator([-1, 1, -1]), Generator([-1, -1, 1]))
    """
    return tuple(enumerate_generators(_roots(roots), closure))


class GeneratorTable(tuple[dict[str, Any], ...]):
    """Rows of Table 1, as `table --json` prints them."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"GeneratorTable({len(self)} rows: {', '.join(row['symbol'] for row in self if row['symbol'])})"

    def to_dict(self) -> list[dict[str, Any]]:
        """The rows."""
        return list(self)

    def _repr_html_(self) -> str:
        names = list(self[0]["values"])
        rows = [
            (
                row["symbol"],
                f"[{', '.join(row['generator'])}]",
                *row["values"].values(),
                row["polynomial"],
                row["order"],
            )
            for row in self
        ]
        return table(("symbol", "generator", *names, "polynomial", "order"), rows, "order-1 generators (Table 1)")


def generator_table(roots: Roots, *, closure: bool = False) -> GeneratorTable:
    """Table 1 for any roots of unity: every generator with its potentials and its maximal polynomial.

    Cells that differ from the printed paper are named in ``differs``. Raises InputError as :func:`generators` does.

    >>> import cogo_search as cogo
    >>> row = cogo.generator_table([3, 4])[2]
    >>> row["symbol"], row["polynomial"], row["order"]
    ('one', 'u + 1', 2)
    """
    from ..algebra.table_one import table_one

    return GeneratorTable(table_one(_roots(roots), closure))


def search(
    roots: Roots,
    *,
    model: str | None = None,
    nodes: str | None = None,
    character_order: str = "generic",
    cover: str | Sequence[str] | None = None,
    closure: bool = False,
    max_factors: int | None = None,
    max_order: int | None = None,
    limit: int = 1000,
    budget: int = 20,
    progress_file: str | Path | None = None,
    callback: Callback = ignore,
) -> Catalog:
    """All solutions over roots of unity of the least order, with proofs of what is minimal (Section 5 of the paper).

    Args:
        roots: orders of the roots of unity, from 2 to 120; n is their lcm.
        model: ``product`` (compositions of polynomials in generators), ``free`` (any nodes over mu_n) or ``all``.
        nodes: of the free model: ``aligned`` (abc = 1) or ``weighted`` (any c in Q(zeta_n)).
        character_order: ``generic``, or ``4`` or ``2``, where characters meet and conditions merge.
        cover: the wanted zero sets, from ``all``, ``Rc+R*``, ``Rc+Rn``, ``Rc``; by default each of them.
        closure: generators from all of mu_n, not from the union of the mu_r.
        max_factors: most polynomials in a product.
        max_order: enumerate aligned nodes up to this number, not only the least.
        limit: most entries kept for each model and cover.
        budget: CP-SAT's deterministic time for each call, about seconds.
        progress_file: where a search of weighted nodes keeps what is done, to go on from there.
        callback: hears of each step.

    Returns a :class:`Catalog` that is not saved yet. Raises InputError for settings that do not go together.

    >>> import cogo_search as cogo
    >>> cat = cogo.search(3, cover="Rc")
    >>> [(m.model, m.order, m.lower_bound, m.method) for m in cat.minimal]
    [('product', 3, 3, 'pencil-rank'), ('free', 3, 3, 'pencil-rank')]
    """
    settings = search_settings(
        roots, model, nodes, character_order, cover, closure, max_factors, max_order, limit, budget
    )
    return run_search(settings, _progress(settings, progress_file), callback)


def search_settings(
    roots: Roots,
    model: str | None = None,
    nodes: str | None = None,
    character_order: str = "generic",
    cover: str | Sequence[str] | None = None,
    closure: bool = False,
    max_factors: int | None = None,
    max_order: int | None = None,
    limit: int = 1000,
    budget: int = 20,
) -> SearchSettings:
    """The settings of :func:`search`, what is left out filled in: where conditions are merged, free and weighted."""
    from ..searching.engine import SearchSettings

    merged = character_order != "generic"
    covers = tuple(COVERS) if cover is None else (cover,) if isinstance(cover, str) else tuple(cover)
    return SearchSettings(
        roots=_roots(roots),
        model=model or ("free" if merged else "all"),
        nodes=nodes or ("weighted" if merged else "aligned"),
        character_order=character_order,
        covers=covers,
        closure=closure,
        max_factors=max_factors,
        max_order=max_order,
        limit=limit,
        budget=budget,
    )


def run_search(settings: SearchSettings, kept: SearchProgress | None = None, callback: Callback = ignore) -> Catalog:
    """The catalog of a search by its settings; ``kept`` is what a search of weighted nodes has done so far."""
    from ..catalog.build import build_catalog
    from ..searching.engine import search

    result = search(settings, lambda message: callback(Event(message)), kept)
    return Catalog((("", build_catalog(result)),))


def _progress(settings: SearchSettings, file: str | Path | None) -> SearchProgress | None:
    from ..searching.checkpoint import SearchProgress

    return None if file is None else SearchProgress(Path(file), settings)


def _roots(roots: Roots) -> tuple[int, ...]:
    values: list[Any] = list(roots) if isinstance(roots, Iterable) and not isinstance(roots, str) else [roots]
    if any(isinstance(r, bool) or not isinstance(r, Integral) for r in values):
        raise InputError(f"roots={roots!r} are no orders of roots of unity: write 6, or [3, 4]")
    orders = tuple(map(int, values))
    return tuple(sorted(orders)) if isinstance(roots, Set) else orders
