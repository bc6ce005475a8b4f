"""Networks for people: what construct and evaluate print."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..algebra.cyclotomic import format_element
from ..algebra.potentials import EXPONENTS
from ..catalog.catalog import ids_at_hand
from ..catalog.entry import NetworkRecord
from ..catalog.lookup import short_ids
from ..catalog.network_records import StoredNetwork, from_record, numbers
from ..escaping import one_line
from ..networks.network import Network
from .tables import console, fits, plural, print_line, print_table

#: Sizes below this are printed as 0: rounding of float64.
ZERO = 5e-13


def print_construction(facts: dict[str, Any]) -> None:
    """Order against the bound, loss, accuracy and norm of a constructed network."""
    out = console()
    meets = "meets the bound" if facts["gap"] == 0 else f"gap {facts['gap']}, not proved minimal"
    lines = [
        ("group", f"{facts['group']}, weights {facts['trivial']} the trivial character, {facts['target']} targets"),
        ("recipe", f"{facts['recipe']}, {_carried(facts)}"),
        ("order", f"{facts['order']} hidden nodes"),
        ("lower bound", f"{facts['lower_bound']} ({facts['bound_scope']}): {meets}"),
        ("loss", f"0 exactly ({facts['proof']}); {facts['loss']:.1e} in float64"),
        ("accuracy", f"{100 * facts['accuracy']:.1f} %"),
        ("squared norm", f"{facts['squared_norm']:.6f} (of z, layers balanced)"),
    ]
    for label, text in lines:
        print_line(out, f"{label:>13}  {text}")


def print_export(network: Network, path: Path) -> None:
    """Which network a file now holds."""
    known = network.metadata
    when = f", seed {known.get('seed', '?')}, epoch {known['epoch']}" if "epoch" in known else ""
    shape = f"W_a, W_b, V of shape ({network.group.order}, {network.width})"
    print_line(console(), f"wrote {path}: group {network.group.name}, {shape}{when}")


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
        print_line(out, f"{label:>13}  {text}")
    rows = []
    for f in facts["frequencies"]:
        name, worst = max(f["residuals"].items(), key=lambda item: item[1])
        potentials = [_size(f["potentials"][name]) for name in EXPONENTS]
        small = f"{_size(worst)} ({name})" if worst >= ZERO else "0"
        rows.append([_frequency(f["k"]), str(f["order"]), f"{f['loss']:.1e}", small, *potentials])
    print_table(
        out,
        "by frequency: its share of the loss, the largest residual of Theorem 1, and the sizes of the potentials",
        ["k", "order", "loss", "residual", *EXPONENTS],
        rows,
        notes=[
            "(zero loss asks abc = 1, R_c = R_* = 0, where 4k = 0 only aac + AAc = bbc + BBc = 0 of R_*,",
            "where 2k = 0 only abc = 1; aAc + bBc may be cancelled by nodes of other frequencies)",
        ],
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
        print_line(out, f"{label:>13}  {text}")


def print_networks(records: list[dict[str, Any]], known: Sequence[str] | None = None) -> None:
    """One line for each network of the catalog; ids as :func:`.tables.print_entries` shortens them."""
    out = console()
    rows = [
        [r["id"], r["group"], str(r["width"]), r["trivial"], r["target"], field(r["weights"]), r["name"]]
        for r in records
    ]
    columns = ["id", "group", "width", "trivial", "target", "over", "name"]
    if not fits(out, columns, rows):
        short = short_ids([r["id"] for r in records], ids_at_hand() if known is None else known)
        rows = [[short[row[0]], *row[1:]] for row in rows]
    print_table(out, plural(len(rows), "network", "networks") + " of loss 0", columns, rows, ["name", "over"])


def print_frontier(records: list[dict[str, Any]]) -> None:
    """The record table: one line for each group and setting."""
    rows = []
    for r in records:
        setting = [r["group"], r["trivial"], r["target"]]
        if r.get("impossible"):
            rows.append([*setting, *[""] * 5, "impossible at any width"])
            continue
        numbers = [str(r[name] or "-") for name in ("bound", "certified", "found", "paper")]
        rows.append([*setting, *numbers, str(r["starts"]), "least width" if r["minimal"] else ""])
    columns = ["group", "trivial", "target", "bound", "certified", "found", "paper", "starts below", "proved"]
    print_table(console(), "widths of optimizers", columns, rows, ["proved"])


def print_solution(facts: dict[str, Any]) -> None:
    """What `frontier certify` found: counts and the verdict."""
    setting = f"{facts['group']} width {facts['width']} {facts['trivial']} {facts['target']}"
    print(f"{setting}: {facts['equations']} equations, rank {facts['rank']}")
    print(f"  singular values at the rank: {facts['gap'][0]:.1e}, then {facts['gap'][1]:.1e} of the largest")
    if facts["left_out"]:
        print(f"  {plural(facts['left_out'], 'node', 'nodes')} left out, whose outputs are next to nothing")
    print(
        f"  Newton's method: residual {facts['residual']} in {facts['working_bits']} bits, weights up to"
        f" {facts['largest']:.2g} moved by {facts['shift']:.1e} at most"
    )
    if facts["nudge"]:
        print(
            f"  from a start moved by {facts['nudge']:.0e} of the largest weight: from the weights themselves it failed"
        )
    if facts["kernel_vectors"]:
        vectors = plural(facts["kernel_vectors"], "vector", "vectors")
        print(f"  as at singular solutions J v = 0 joined the equations, J the Jacobian, for {vectors} v of its kernel")
    if facts["converged"]:
        print(f"  solutions near it: of dimension {facts['dimension_at_most']} at most, gauges apart")
    if facts["proved"]:
        print(f"  proved: a network of loss exactly 0 has all weights within {facts['radius']} of these")
        print(f"  {facts['id']}" + (f" in {one_line(facts['written'])}" if "written" in facts else ""))
    else:
        print(f"  not proved: {one_line(facts['reason'])}")


def print_network(located: NetworkRecord) -> None:
    """The coefficients of every node, checked before; CatalogError if the record does not verify."""
    record, out = located.record, console()
    print_line(out, record["id"], "bold")
    if "n" in record["weights"]:
        _print_coefficients(record)
    else:
        _print_values(record)
    lines = [
        ("group", f"{record['group']}, weights {record['trivial']} the trivial character, {record['target']} targets"),
        ("name", record["name"]),
        ("loss", loss(record)),
        ("in", ", ".join(located.catalogs)),
    ]
    for label, line in lines:
        print_line(out, f"{label:>13}  {line}")


def _print_coefficients(record: dict[str, Any]) -> None:
    network, _ = from_record(record)
    g, n = network.group, network.n

    def text(components: dict[int, Any], scale: int = 1) -> str:
        parts = [f"{_frequency(g.frequency_name(k))}: {format_element(x, n, scale)}" for k, x in components.items()]
        return "; ".join(parts) or "0"

    rows = [[str(j), text(x.a), text(x.b), text(x.c, network.scale)] for j, x in enumerate(network.nodes)]
    title = f"{network.width} nodes by character k, one of each conjugate pair, z = zeta_{n}, r_kkk = 1"
    print_table(console(), title, ["node", "a", "b", "c"], rows)


def loss(record: dict[str, Any]) -> str:
    """What the verifier decided, and how."""
    return f"0 exactly ({StoredNetwork(record).proof})"


def _print_values(record: dict[str, Any]) -> None:
    """Values in decimals; the exact ones are long."""
    network = numbers(record)
    rows = []
    for j in range(network.width):
        values = (", ".join(f"{x:.6f}" for x in part[:, j]) for part in (network.W_a, network.W_b, network.V))
        rows.append([str(j), *values])
    over = field(record["weights"])
    title = (
        f"{network.width} nodes by element x, {over if over == 'enclosed' else f'exact over {over}'}, layers balanced"
    )
    print_table(console(), title, ["node", "alpha", "beta", "v"], rows)


def field(weights: dict[str, Any]) -> str:
    """What a network's weights are over."""
    if "exponent" in weights:
        return "enclosed"
    if "radicands" in weights:
        return f"{len(weights['radicands'])} square roots"
    return f"zeta_{weights['n']}"


def _carried(facts: dict[str, Any]) -> str:
    return {
        "none": "no constants to carry",
        "unit": "constants carried by a constant unit",
        "real": "constants carried at 2k = 0",
        "pairs": "constants carried at conjugate pairs",
        "mixed": "a whole network of the catalog",
    }[facts["carrier"]]


def _frequency(k: int | list[int]) -> str:
    return ",".join(map(str, k)) if isinstance(k, list) else str(k)


def _size(value: float) -> str:
    return "0" if value < ZERO else f"{value:.3g}"
