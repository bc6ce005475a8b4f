"""Potentials of logits for people: what ``potentials`` prints."""

from __future__ import annotations

from typing import Any

from .tables import console, plural, print_line, print_table

#: Shares and leaks below this are printed as 0: rounding of float64.
ZERO = 5e-13
#: Classes of leak by what a column is called.
LEAKS = {
    "cross": "cross",
    "constant": "constant",
    "one_at_2k": "one at 2k",
    "one_at_k": "one at k",
    "one_elsewhere": "one else",
    "other": "other k",
}
#: The places of a class.
WHERE = {
    "task": "(k, k)",
    "cross": "(k, -k), (-k, k), (-k, -k)",
    "constant": "(0, 0)",
    "one_at_2k": "(+-2k, 0), (0, +-2k)",
    "one_at_k": "(+-k, 0), (0, +-k)",
    "one_elsewhere": "(m, 0), (0, m) at other m",
    "other": "other frequencies",
}


def print_potentials(facts: dict[str, Any], top: int) -> None:
    """Accuracies, shares by class, and the ``top`` largest frequencies."""
    out = console()
    least, held = facts["least_frequencies"], len(facts["frequencies"])
    lines = [
        ("group", facts["group"]),
        ("variance", f"{facts['variance']:.6g} (logits centred over y, summed over y, mean over inputs)"),
        ("accuracy", _answers(facts["full"])),
        ("C_kkk alone", _answers(facts["kept"])),
        ("without C_kkk", _answers(facts["removed"])),
        (
            "least kept",
            f"{least} of {held}, largest first, answer every input"
            if least
            else "all together do not answer every input",
        ),
    ]
    for label, text in lines:
        print_line(out, f"{label:>13}  {text}")
    shares = [[name.replace("_", " "), percent(share), WHERE[name]] for name, share in facts["shares"].items()]
    print_table(out, "shares of the variance, by class", ["class", "share", "places (k1, k2) at output k"], shares)
    known = {str(row["k"]): row for row in facts["frequencies"]}
    rows = [_row(step, known[str(step["k"])]) for step in facts["ablation"][:top]]
    columns = ["k", "|C_kkk|", "phase", "share", *LEAKS.values(), "kept", "kept margin", "removed"]
    print_table(
        out,
        f"{plural(held, 'frequency', 'frequencies')} by |C_kkk|, leaks relative to it",
        columns,
        rows,
        secondary=["one at k", "one at 2k", "constant", "one else", "phase", "kept"],
        notes=[
            "(phase in turns; share: of the variance, by C_kkk; kept: accuracy and margin where only the C_kkk",
            "down to this row are kept; removed: accuracy where these are removed)",
        ],
    )
    if held > top:
        print_line(out, f"... and {held - top} more: --top {held} shows them all", "dim")
    for note in facts["notes"]:
        print_line(out, f"note: {note}")


def percent(share: float) -> str:
    """A share as percent, 0 where it is rounding."""
    if share < ZERO:
        return "0 %"
    return f"{100 * share:.2f} %" if share >= 5e-5 else f"{100 * share:.0e} %"


def _row(step: dict[str, Any], row: dict[str, Any]) -> list[str]:
    k = row["k"]
    name = str(k) if isinstance(k, int) else ",".join(map(str, k))
    phase = f"{round(row['phase'], 4) + 0.0:.4f}"  # no minus before 0
    leaks = [_leak(row["leaks"][name]) for name in LEAKS]
    kept, removed = step["kept"], step["removed"]
    answers = [percent(kept["accuracy"]), f"{kept['mean_margin']:.4g}", percent(removed["accuracy"])]
    return [name, f"{row['size']:.4g}", phase, percent(row["share"]), *leaks, *answers]


def _leak(value: float | None) -> str:
    return "-" if value is None else f"{value:.2g}" if value >= ZERO else "0"


def _answers(answers: dict[str, float]) -> str:
    margin = f"margin {answers['mean_margin']:.4g} on average, {answers['least_margin']:.4g} at least"
    return f"{100 * answers['accuracy']:.2f} %, {margin}"
