"""Networks for people: what construct and evaluate print."""

from __future__ import annotations

from typing import Any

from rich.text import Text

from ..potentials import EXPONENTS
from .tables import console, print_table


def print_construction(facts: dict[str, Any]) -> None:
    """Order against the bound, loss, accuracy and norm of a constructed network."""
    out = console()
    meets = "meets the bound" if facts["gap"] == 0 else f"gap {facts['gap']}, not proved minimal"
    exact = "0 exactly (in integers); " if facts["exact"] else ""
    lines = [
        ("group", f"{facts['group']}, weights {facts['trivial']} the trivial character, {facts['target']} targets"),
        (
            "recipe",
            ("least order composed" if facts["recipe"] == "minimal" else facts["recipe"])
            + (f", constants carried by {facts['carrier']}" if facts["carrier"] else ""),
        ),
        ("order", f"{facts['order']} hidden nodes"),
        ("lower bound", f"{facts['lower_bound']} ({facts['bound_scope']}): {meets}"),
        ("loss", f"{exact}{facts['loss']:.1e} in float64"),
        ("accuracy", f"{100 * facts['accuracy']:.1f} %"),
        ("squared norm", f"{facts['squared_norm']:.6f} (of z, layers balanced)"),
    ]
    for label, text in lines:
        out.print(Text(f"{label:>13}  {text}"))


def print_evaluation(facts: dict[str, Any]) -> None:
    """Losses and one line for each frequency."""
    out = console()
    lines = [
        ("group", f"{facts['group']}, weights {facts['trivial']} the trivial character, {facts['target']} targets"),
        ("width", f"{facts['width']} hidden nodes, origin {facts['origin']}"),
        ("loss", f"{facts['loss']:.6e} over all inputs, {facts['loss_by_theorem_1']:.6e} by Theorem 1"),
        ("accuracy", f"{100 * facts['accuracy']:.2f} %"),
        ("squared norm", f"{facts['squared_norm']:.6f} (of z)"),
    ]
    for label, text in lines:
        out.print(Text(f"{label:>13}  {text}"))
    rows = [
        [str(f["k"]), str(f["order"]), *(_size(f["potentials"][name]) for name in EXPONENTS)]
        for f in facts["frequencies"]
    ]
    print_table(
        out,
        "sizes of the potentials by frequency (abc = 1 and the others 0 by Lemma 1)",
        ["k", "order", *EXPONENTS],
        rows,
    )


def print_action(facts: dict[str, Any]) -> None:
    """Orbits with their groups, then width, loss and accuracy."""
    out = console()
    rows = [
        [", ".join(map(str, orbit["states"])), orbit["group"], str(orbit["stabiliser_order"])]
        for orbit in facts["orbits"]
    ]
    title = f"{facts['elements']} group elements acting on {facts['states']} states"
    print_table(out, title, ["orbit", "induced group", "order of the stabiliser"], rows)
    where = "masked to the orbit" if facts["outputs"] == "orbit" else "over all states"
    lines = [
        ("setting", f"weights {facts['trivial']} trivial characters, {facts['target']} targets, outputs {where}"),
        ("width", f"{facts['width']} hidden nodes"),
        ("loss", f"{facts['loss']:.1e} in float64"),
        ("accuracy", f"{100 * facts['accuracy']:.1f} %"),
    ]
    for label, text in lines:
        out.print(Text(f"{label:>13}  {text}"))


def _size(value: float) -> str:
    return "0" if value < 5e-13 else f"{value:.3g}"
