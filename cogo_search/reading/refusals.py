"""What a file is that holds no network known here: one line, with what to do instead."""

from __future__ import annotations

import re

from .state_dicts import MAPPING, StateDict

#: Parts of keys that tell an architecture, and what can be done with it.
KINDS = (
    (r"attn|attention|\bW_[QKO]\b|q_proj|to_qkv|in_proj|self_attn", "a transformer",
     "write its logits for all pairs to an .npy file and use potentials"),
    (r"lstm|gru|rnn|weight_[ih]h_l", "a recurrent network",
     "write its logits for all pairs to an .npy file and use potentials"),
    (r"conv", "a convolutional network", "write its logits for all pairs to an .npy file and use potentials"),
    (r"decoder", "an autoencoder", "a network of one hidden layer on two operands is meant"),
)  # fmt: skip


def what_it_is(state: StateDict, tried: int, nearest: str, cut: bool) -> str:
    """Why no network was found in a file: what its keys or shapes look like, what was tried, the way out.

    ``cut`` says that its tensors allow more readings than were tried.
    """
    listing = state.listing()
    for pattern, kind, way_out in KINDS:
        if any(re.search(pattern, key, re.IGNORECASE) for key in state.tensors):
            return f"looks like {kind}, not like one hidden layer on two operands ({listing}): {way_out}"
    if several := operands(state):
        return (
            f"the first layer takes {several[0]} operands of {several[1]} elements ({listing}): networks of two "
            "operands are read here"
        )
    if not tried:
        return f"shapes fit no network of one hidden layer on two operands: it holds {listing}: name another file"
    near = f"; nearest: {nearest}" if nearest else ""
    count = f"{tried} of more tried" if cut else f"{tried} tried"
    return (
        f"no reading of its tensors computes a group's table ({count}{near}), and its keys are no known names: "
        f"it holds {listing}: if it is one hidden layer, untrained or unfinished, name the weights with {MAPPING}"
    )


def operands(state: StateDict) -> tuple[int, int] | None:
    """(m, d) if some output layer has d outputs and a first layer m d inputs, m above two."""
    shapes = [stored.shape for stored in state.tensors.values() if len(stored.shape) == 2]
    for q, d in [(s[1], s[0]) for s in shapes] + shapes:
        for rows, columns in shapes:
            for inputs, nodes in ((rows, columns), (columns, rows)):
                if nodes == q and d > 1 and inputs % d == 0 and 3 <= inputs // d <= 8 and (rows, columns) != (d, q):
                    return inputs // d, d
    return None
