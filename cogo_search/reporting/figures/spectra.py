"""Nodes by frequency: what a small network learned (Figure 2), and the perturbed order-6 block (Figure 7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...groups.abelian import Group
from ...matching.spectrum import Block, balance, blocks, gauge_fixed, named_frequencies
from ...networks.network import ComplexArray, Network, Setting
from ...recipes.compose import build
from ..collect import Inputs, Lacking, RunInput
from ..remedies import training
from ..style import BLACK, BLUE, GREY, SIZES, VERMILLION, blank
from .base import Drawing, described, sweeps

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.image import AxesImage

#: The largest group that is drawn node by node.
SMALL = 13
#: The two halves of Figure 2, and the losses of their runs.
LOSSES = {"all of the loss": "full", r"without the term of $R_*$": "no-rstar"}
#: Entries below this share of the largest have no hand.
VISIBLE = 0.08


def sorted_nodes(network: Network) -> tuple[ComplexArray, list[Block]]:
    """z (3, K, m) of the nodes of all blocks, in their order, each balanced; and the blocks."""
    found, z = blocks(network), gauge_fixed(network)
    named = named_frequencies(network.group)
    parts = []
    for block in found:
        own = z[:, block.k, block.nodes]
        factor = np.divide(balance(own), own, out=np.ones_like(own), where=own != 0)
        parts.append(z[:, named][:, :, block.nodes] * factor[:, None].real)
    return np.concatenate(parts, axis=2), found


def draw_nodes(ax: Axes, z: ComplexArray, found: list[Block], names: list[str], top: float) -> AxesImage:
    """One part p of the nodes, z (K, m): a cell for each frequency and node, |z| as shade, its phase as a hand."""
    image = ax.imshow(np.abs(z), cmap=SIZES, vmin=0, vmax=top, aspect="equal", interpolation="nearest")
    rows, columns = np.nonzero(np.abs(z) > VISIBLE * top)
    for row, column in zip(rows, columns, strict=True):
        value = z[row, column]
        end = 0.42 * value / abs(value)  # rows count downwards
        ink = "white" if abs(value) > 0.55 * top else BLACK
        ax.plot([column, column + end.real], [row, row - end.imag], color=ink, lw=0.9, solid_capstyle="round")
    edges = np.cumsum([block.order for block in found])[:-1] - 0.5
    for edge in edges:
        ax.axvline(edge, color=GREY, lw=0.6)
    ax.set_yticks(range(len(names)), names)
    ax.set_xticks([])
    ax.tick_params(length=0)
    for side in ("top", "right"):
        ax.spines[side].set_visible(True)
    return image


def _label_blocks(ax: Axes, found: list[Block], names: list[str]) -> None:
    """The number of nodes below each frequency's."""
    ends = np.cumsum([block.order for block in found])
    shown = [(end - block.order / 2 - 0.5, block, name) for end, block, name in zip(ends, found, names, strict=True)]
    shown = [(place, block, name) for place, block, name in shown if block.order]
    ax.set_xticks([place for place, _, _ in shown], [f"k = {name}\n{block.order} nodes" for _, block, name in shown])


def figure_two(inputs: Inputs) -> Drawing:
    """The least uneven of the networks trained with all of the loss, and without R_*, side by side."""
    chosen = {label: example for label, loss in LOSSES.items() if (example := _example(inputs, loss)) is not None}
    if not chosen:
        raise Lacking(f"no run of a cyclic group of order up to {SMALL} has ended", training("figure-2"))
    drawn = {label: sorted_nodes(run.network(run.epoch)) for label, (run, _) in chosen.items()}
    widths = [z.shape[2] for z, _ in drawn.values()]
    if not all(widths):
        raise Lacking("no node of the runs reaches a part of r_kkk = 1", training("figure-2"))
    rows = max(z.shape[1] for z, _ in drawn.values())
    height = 0.8 + 3 * (rows * 5.6 / max(sum(widths), 14) + 0.12)
    figure, axes = blank(3, len(drawn), height, width_ratios=widths)
    top = max(float(np.abs(z).max()) for z, _ in drawn.values())
    for column, (label, (z, found)) in enumerate(drawn.items()):
        names = [str(block.k) for block in found]
        for row, part in enumerate("abc"):
            ax = axes[row, column]
            image = draw_nodes(ax, z[row], found, names, top)
            if column == 0:
                ax.set_ylabel(f"$z_{part}$\nfrequency k")
        axes[0, column].set_title(label)
        _label_blocks(axes[2, column], found, names)
    figure.colorbar(image, ax=axes, label="|z|, balanced", shrink=0.5, aspect=16)
    lacking = None
    for label in LOSSES.keys() - chosen.keys():
        why = f"its half {label.replace('$', '')}: no run of a cyclic group of order up to {SMALL} has ended"
        lacking = Lacking(why, training("figure-2", f"figure-2-{LOSSES[label]}"))
    return Drawing(figure, " ".join(scope for _, scope in chosen.values()), lacking)


def _example(inputs: Inputs, loss: str) -> tuple[RunInput, str] | None:
    """A run of the smallest group with this loss and its scope.

    Where runs end with equally many nodes at every frequency, it is one of them, with as few nodes as any.
    """
    kept = {s: runs for s, runs in sweeps(inputs.usable).items() if s.loss == loss and _is_small(s.group)}
    if not kept:
        return None
    settings = min(kept, key=lambda s: (int(s.group), s.hidden, -float(s.train_fraction), s.weight_decay, s.lr))
    runs = kept[settings]
    orders = {run.name: set(run.metrics["order"][-1]) for run in runs}
    even = [run for run in runs if len(orders[run.name]) == 1 and min(orders[run.name]) > 0]
    run = min(even or runs, key=lambda run: min(orders[run.name]))
    alike = sum(orders[other.name] == orders[run.name] for other in runs)
    nodes = ", ".join(map(str, sorted(orders[run.name])))
    where = "All of the loss" if loss == "full" else "Without R_*"
    seed = 0 if run.settings is None else run.settings.seed
    scope = f"{where}: {described(settings)}, seed {seed}; {alike} of {len(runs)} seeds end with {nodes} nodes at "
    return run, scope + ("every frequency." if even else "some frequency.")


def _is_small(group: str) -> bool:
    return group.isdigit() and 3 <= int(group) <= SMALL


def figure_seven(inputs: Inputs) -> Drawing:
    """z_F4/6 for d = 7, exact, and the sum of R_n at an output frequency of order 4 with the two constants."""
    group = Group.parse("7")
    network = build("f4/6", group, Setting()).assemble()
    z, found = sorted_nodes(network)
    names = [str(block.k) for block in found]
    figure, axes = blank(3, 2, 3.3, width_ratios=[1.9, 1])
    grid = axes[0, 1].get_gridspec()
    for ax in axes[:, 1]:
        ax.remove()
    side = figure.add_subplot(grid[:, 1])
    top = float(np.abs(z).max())
    for row, part in enumerate("abc"):
        image = draw_nodes(axes[row, 0], z[row], found, names, top)
        axes[row, 0].set_ylabel(f"$z_{part}$\nfreq. k")
    axes[0, 0].set_title(r"$z_{F4/6}$, $d = 7$: the six nodes have constants at $(c, k)$")
    _label_blocks(axes[2, 0], found, names)
    figure.colorbar(image, ax=axes[:, 0], label="|z|", shrink=0.8, aspect=14)
    _draw_sum(side, z, found)
    return Drawing(figure, "Constructed by the recipe f4/6; its loss is zero in exact arithmetic.")


def constant_parts(z: ComplexArray, found: list[Block], m: int) -> tuple[complex, complex]:
    """The parts of sum_p sum_k' r_{p,k',-k',m} (Lemma 1, R_n) of the nodes of the m-th block and of the others."""
    squares = 2 * np.sum(np.abs(z[:2]) ** 2, axis=(0, 1))  # k' and -k'
    terms = squares * z[2, m]
    owner = np.repeat(np.arange(len(found)), [block.order for block in found])
    return complex(terms[owner == m].sum()), complex(terms[owner != m].sum())


def _draw_sum(ax: Axes, z: ComplexArray, found: list[Block]) -> None:
    """Arrows head to tail: the order-4 nodes of k = 2, then the six constants, computed and as printed in Eq. 65."""
    own, others = constant_parts(z, found, 1)
    ends = [(0j, own, BLUE, "-", "4 nodes of k = 2"), (own, own + others, VERMILLION, "-", "6 constants")]
    ends.append((own, own + others * 2 / 3, GREY, "--", "as printed (Eq. 65)"))
    for shift, (start, end, color, line, label) in zip((0.0, 0.09, -0.09), ends, strict=True):
        along = (end - start) / abs(end - start) * 1j * shift
        a, b = start + along, end + along
        ax.annotate(
            "",
            (b.real, b.imag),
            (a.real, a.imag),
            arrowprops={"arrowstyle": "->", "color": color, "lw": 1.4, "linestyle": line, "shrinkA": 0, "shrinkB": 0},
        )
        ax.plot([], [], color=color, ls=line, label=label)
    ax.plot(0, 0, "o", color=BLACK, ms=3)
    center, reach = own / 2, 0.75 * abs(own)
    ax.set(
        xlim=(center.real - reach, center.real + reach),
        ylim=(center.imag - reach, center.imag + reach),
        aspect="equal",
        xlabel="real",
        ylabel="imaginary",
    )
    ax.set_title(r"sum of $R_n$ at output $k = 2$")
    ax.legend(loc="upper center", bbox_to_anchor=(0.45, -0.2))
