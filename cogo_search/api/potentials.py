"""What any model's logits hold of the task."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..networks.logit_potentials import LogitPotentials, logit_potentials
from ..networks.logit_sources import logits_of
from .networks import GroupLike, as_group


def potentials(
    logits: Any, *, group: GroupLike | None = None, key: str | None = None, figure: str | Path | None = None
) -> LogitPotentials:
    """Potentials of any model, transformers too, from its logits o[x1, x2, y] on all pairs.

    C[k1, k2, k] = d^-2 sum over x1, x2, y of o conj(phi_k1(x1)) conj(phi_k2(x2)) phi_k(y), o centred over y. The task
    is C_kkk, 1 at the exact optimum; the rest is leak, by class: cross terms, constants, functions of one input, other
    frequencies.

    Args:
        logits: an array or tensor of shape (d, d, d), or (d*d, d) with the pairs in the order x1*d + x2; a function
            f(x1, x2) of index arrays of shape (n,) that returns (n, d), or a torch module of this kind; a
            :class:`Network`; or a file, .npy, .npz or .safetensors, with one such array.
        group: a :class:`Group`, its spec such as ``"4x3"``, or the order of a cyclic group (default: cyclic, from the
            shape). A function needs it.
        key: the name of the array, in a file of several.
        figure: a file, .svg, .png or .pdf, to which a figure is written as well.

    Returns :class:`~cogo_search.networks.logit_potentials.LogitPotentials`. Raises InputError for what holds no finite
    logits of that shape, and for a group of another order.

    >>> import cogo_search as cogo
    >>> found = cogo.potentials(cogo.construct(7))
    >>> round(found.shares["task"], 9), found.frequencies[0].k, round(found.frequencies[0].size, 9)
    (1.0, 1, 1.0)
    """
    if figure is None:
        return logit_potentials(*logits_of(logits, None if group is None else as_group(group), key))
    from ..reporting.figures.logits import check_figure, write_figure

    path = check_figure(figure)
    found = logit_potentials(*logits_of(logits, None if group is None else as_group(group), key))
    write_figure(found, path)
    return found
