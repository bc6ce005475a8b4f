"""The convergence paths of the output weights (Figure 6)."""

from __future__ import annotations

from math import log

import numpy as np

from ...matching.spectrum import blocks, gauge_fixed, named_frequencies
from ..collect import Inputs, Lacking, RunInput
from ..remedies import training
from ..style import BLACK, PALE, blank, series
from .base import Drawing, described, sweeps

#: Fewer snapshots draw no path.
ENOUGH = 20
#: Panels that fit on a page.
MOST = 6


def paths(run: RunInput) -> tuple[np.ndarray, np.ndarray, list[int]]:
    """z_c at the run's snapshots, (T, K, q); the frequency (or 0) that each node ends at, (q,); the K frequencies."""
    z, final = [], run.network(run.epoch)
    named = named_frequencies(final.group)
    owner = np.zeros(final.width, dtype=np.int64)
    for block in blocks(final):
        owner[block.nodes] = block.k
    for epoch in run.snapshots:
        z.append(gauge_fixed(run.network(epoch))[2, named])
    return np.stack(z), owner, named


def figure_six(inputs: Inputs) -> Drawing:
    """The path of z_ckj in the complex plane, a panel for each frequency k, a line for each node j."""
    run, scope = _chosen(inputs)
    z, owner, named = paths(run)
    shown = named[:MOST]
    columns = min(3, len(shown))
    rows = -(-len(shown) // columns)
    figure, axes = blank(rows, columns, 0.5 + 2.5 * rows, sharex=True, sharey=True)
    colors = series(shown)
    reach = 1.08 * float(np.abs(z).max())
    for place, (ax, k) in enumerate(zip(axes.flat, shown, strict=False)):
        ax.axhline(0, color=PALE, lw=0.8, zorder=0)
        ax.axvline(0, color=PALE, lw=0.8, zorder=0)
        for j in range(len(owner)):
            own = owner[j]
            path = z[:, place, j]
            color = colors.get(int(own), BLACK)
            ax.plot(path.real, path.imag, color=color, lw=1.0 if own == k else 0.5, alpha=1.0 if own else 0.35)
            if own:
                ax.plot(path.real[-1], path.imag[-1], "o", color=color, ms=3.5 if own == k else 2.0)
        order = int(np.sum(owner == k))
        ax.set_title(f"output k = {k}, {order} nodes end here")
        ax.set(aspect="equal", xlim=(-reach, reach), ylim=(-reach, reach))
        ax.set_xlabel(r"real part of $z_c$")
    for ax in axes[:, 0]:
        ax.set_ylabel(r"imaginary part of $z_c$")
    for ax in axes.flat[len(shown) :]:
        ax.set_visible(False)
    for k in shown:
        axes.flat[0].plot([], [], color=colors[k], label=f"nodes that end at k = {k}")
    axes.flat[0].plot([], [], color=BLACK, alpha=0.35, label="nodes that fade")
    figure.legend(*axes.flat[0].get_legend_handles_labels(), loc="outside lower center", ncols=4)
    return Drawing(figure, scope)


def _chosen(inputs: Inputs) -> tuple[RunInput, str]:
    """A run of a small group with many snapshots, as near to lr 0.05 and decay 0.005 as there is, and its scope.

    Where runs end with both orders, as the paper's does, the first of them.
    """
    dense = [run for run in inputs.usable if len(run.snapshots) >= ENOUGH]
    kept = {s: runs for s, runs in sweeps(dense).items() if s.loss == "full" and s.hidden <= 64 and s.weight_decay > 0}
    if not kept:
        raise Lacking(f"no run of at most 64 nodes has {ENOUGH} snapshots", training("figure-6"))
    settings = min(kept, key=lambda s: (abs(log(s.lr / 0.05)) + abs(log(s.weight_decay / 0.005)), s.group, s.hidden))
    runs = kept[settings]
    both = [run for run in runs if {4, 6} == set(run.metrics["order"][-1])]
    run = (both or runs)[0]
    seed = "" if run.settings is None else f", seed {run.settings.seed}"
    text = f"{described(settings)}{seed}, {len(run.snapshots)} snapshots"
    text += f"; {len(both)} of {len(runs)} seeds end with orders 4 and 6 only."
    return run, text[0].upper() + text[1:]
