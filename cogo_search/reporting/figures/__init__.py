"""The figures of the paper, and those that it lacks, from real data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ...storage import write_atomically
from ..collect import Inputs, Lacking, Missing
from ..style import rendered, style
from .base import Drawing, Figure
from .dynamics import figure_three
from .entries import solution_graph, zero_matrix
from .evidence import cost_and_hits, match_rate
from .frontier import width_frontier
from .orders import of_width, overview
from .parameters import figure_five
from .paths import figure_six
from .spectra import figure_seven, figure_two

__all__ = ["FIGURES", "Drawing", "Figure", "Lacking", "Written", "write_figures"]

_NODES = (
    "Cells are entries z_pkj of node j at frequency k (those at -k are their conjugates); shade is |z|, the hand its "
    "phase, from the right, counter-clockwise. Nodes are grouped by the frequency where |z_a z_b z_c| is largest."
)
_ORDERS = (
    "Share of the frequencies by order, the nodes with |z_a| > 0.05 (the paper's rule), 100 epochs before the end; "
    "dashed lines: orders 4 and 6. A collapsed network has order 0 everywhere."
)
FIGURES = (
    Figure(
        "figure-2",
        "Figure 2: z by frequency, with and without the term of R_*",
        f"{_NODES} Nodes are balanced, (a, b, c) to (t a, t b, c / t^2), which changes no output; those of no part in "
        "r_kkk are left out.",
        figure_two,
    ),
    Figure(
        "figure-3",
        "Figure 3: dynamics of the potentials",
        "Loss of Eq. 1; frequencies by order at the end; the diagonal r_kkk, summed over k, against d - 1 (dotted); "
        "norms of the other potentials of each output frequency k, means over the k that end at order 4 and 6; and the "
        "sums of R_n, sum_p sum_k' r_{p,k',-k',k}, at the k that end at order 4 and 6, by the nodes that make them "
        "(complex numbers, turned so that the own nodes' final part is positive; real parts, summed over k).",
        figure_three,
    ),
    Figure("figure-4", "Figures 4 and 10: orders at q = 512", _ORDERS, of_width(512)),
    Figure(
        "figure-5",
        "Figure 5: free parameters",
        "Phases (2 pi is one turn) of the free parameters of the families, reduced by the families' own symmetries to "
        "xi in [0, 1/8], nu in [0, 1/12] and (alpha, beta) in the grey triangle. Dashed: as many in every bin.",
        figure_five,
    ),
    Figure(
        "figure-6",
        "Figure 6: convergence paths of z_c",
        "z_ckj over all snapshots, in the complex plane, a panel for each output frequency k and a line for each node "
        "j; dots: the last epoch. In the panel of an order-4 frequency the nodes of order 6 end at a common constant, "
        "which cancels what its own nodes leave (Corollary 5).",
        figure_six,
    ),
    Figure(
        "figure-7",
        "Figure 7: the perturbed order-6 block",
        f"{_NODES} Right: what the four nodes at k = 2 leave, sum_p sum_k' r_{{p,k',-k',2}}, and what the constants of "
        "the six nodes add, arrows set side by side. The block is the conjugate of the paper's z_xi, and so are the "
        "constants: (-1 + i)/2 as drawn, in units of the six nodes' other entries, is -(1 + i)/2 in the paper's "
        "convention, where Eq. 65 prints -(1 + i)/3; with the latter a third is left.",
        figure_seven,
    ),
    Figure("figure-9", "Figure 9: orders at q = 256", _ORDERS, of_width(256)),
    Figure("figure-11", "Figure 11: orders at q = 1024", _ORDERS, of_width(1024)),
    Figure("figure-12", "Figure 12: orders at q = 2048", _ORDERS, of_width(2048)),
    Figure(
        "orders",
        "Mean order over weight decay, width and modulus",
        "Mean over all frequencies of the order, the nodes with |z_a| > 0.05, 100 epochs before the end; dashed lines: "
        "orders 4 and 6.",
        overview,
    ),
    Figure(
        "width-frontier",
        "The width frontier",
        "Hidden nodes of networks of zero loss: the least that are certified in exact arithmetic, the least that a "
        "many-start search has hit, the narrowest of the paper's constructions, and lower bounds for all real weights.",
        width_frontier,
    ),
    Figure(
        "zero-patterns",
        "Zero patterns of all entries",
        "Filled: the condition of Lemma 1 is left over; hollow: it vanishes, exactly. Abc, aBc, AAc, ..: sums over the "
        "nodes of products of their a, b and c, a capital letter for the conjugate. Rows of R_c, R_n and R_*; at "
        "characters of order 4 (4k = 0) and 2 (2k = 0) some of them merge. A column for each order and pattern, below "
        "it how many entries have it.",
        zero_matrix,
    ),
    Figure(
        "solution-graph",
        "The solution graph",
        "Arrows join an entry to its products with other weights (Theorem 6); colours: the sets of conditions that "
        "hold. Entries of equal order and cost stand side by side; those without a product are left out.",
        solution_graph,
    ),
    Figure(
        "match-rate",
        "Match rate against tolerance",
        "Share of the order-4 and order-6 frequencies within a relative distance of the nearest named family, and the "
        "largest share that random blocks reach for any family.",
        match_rate,
    ),
    Figure(
        "cost-and-hits",
        "Cost against frequency of discovery",
        "Catalog entries of orders 4 and 6: how many frequencies have the entry as their nearest within the tolerance, "
        "against its cost, 3 sum_j (|c_j| / r_kkk)^(2/3); dashes: expected if the families' phases were uniform.",
        cost_and_hits,
    ),
)


@dataclass(frozen=True)
class Written:
    """A figure on disk, its caption with the scope of what was drawn; and the part of it that is missing, if any."""

    name: str
    title: str
    caption: str
    svg: Path
    png: Path
    missing: Missing | None = None


def write_figures(
    inputs: Inputs, out: Path, progress: Callable[[str], None] = lambda name: None
) -> tuple[list[Written], list[Missing]]:
    """Write every figure that the inputs can feed as ``out``/NAME.svg and .png; the others are missing.

    Without matplotlib all are. Raises InputError if a file cannot be written.
    """
    try:
        import matplotlib  # noqa: F401 - an extra
    except ImportError:
        return [], [Missing("all figures", "matplotlib is not installed", "pip install 'cogo_search[report]'")]
    written: list[Written] = []
    missing: list[Missing] = []
    for figure in FIGURES:
        progress(figure.name)
        try:
            done = write_figure(figure, inputs, out)
            written.append(done)
            missing += [done.missing] if done.missing is not None else []
        except Lacking as error:
            missing.append(figure.missing(error))
    return written, missing


def write_figure(figure: Figure, inputs: Inputs, out: Path) -> Written:
    """Write one figure; raises Lacking where the inputs cannot feed it."""
    with style():
        drawing = figure.draw(inputs)
        caption = f"{figure.caption} {drawing.scope}"
        svg, png = rendered(drawing.figure, figure.title, caption)
    places = out / f"{figure.name}.svg", out / f"{figure.name}.png"
    for path, content in zip(places, (svg, png), strict=True):
        write_atomically(path, content)
    missing = None if drawing.lacking is None else figure.missing(drawing.lacking)
    return Written(figure.name, figure.title, caption, *places, missing)
