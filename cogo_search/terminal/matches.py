"""Matches for people: what match prints."""

from __future__ import annotations

from typing import Any

from .tables import console, print_line, print_table

#: Rows of the match-rate curve that are printed.
PRINTED = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3)


def frequency(k: int | list[int]) -> str:
    """A frequency as it is typed."""
    return ",".join(map(str, k)) if isinstance(k, list) else str(k)


def print_matches(report: dict[str, Any]) -> None:
    """A table for each network, then the evidence."""
    out = console()
    for network in report["networks"]:
        _print_network(out, network, report["rules"])
    if report["rules"] == "own":
        print_evidence(out, report)


def _print_network(out: Any, network: dict[str, Any], rules: str) -> None:
    epoch = "" if network["epoch"] is None else f", epoch {network['epoch']}"
    head = (
        f"{network['source']}{epoch}: group {network['group']}, loss {network['loss']:.2e}, "
        f"accuracy {100 * network['accuracy']:.1f} %"
    )
    if any(name != key for name, key in network["mapping"].items()):
        head += "; read " + ", ".join(f"{name} = {key}" for name, key in network["mapping"].items())
    if network["scale"] != 1:
        head += f"; outputs scaled by {network['scale']:.4g}"
    if network.get("status"):
        head += f": {network['status']}"
    if any(f["status"] == "described" for f in network["frequencies"]):
        _print_described(out, head, network)
        return
    rows = [_row(f) for f in network["frequencies"]]
    columns = ["k", "order", "status", "family", "error", "distance", "parameters", "entry", "remarks"]
    if rules == "paper":
        columns, rows = columns[:5], [row[:5] for row in rows]
    print_table(out, head, columns, rows, secondary=("error", "entry", "remarks", "parameters"))
    _print_notes(out, network)


def _print_notes(out: Any, network: dict[str, Any]) -> None:
    for note in network["notes"]:
        print_line(out, f"note: {note}")


def _print_described(out: Any, head: str, network: dict[str, Any]) -> None:
    """The frequencies of a network with another activation: nothing is named, sizes and phases are told."""
    rows = [
        [
            frequency(f["k"]), str(f["order"]), f"{abs(complex(*f['strength'])):.3g}", f"{f['share']:.1%}",
            _size(_largest(f["leaks"])), _size(f["phase_law"]), *(_spread(f["phases"][name]) for name in "abc"),
        ]
        for f in network["frequencies"]
    ]  # fmt: skip
    columns = ["k", "nodes", "|C_kkk|", "share", "leak", "phase law", "phases a", "phases b", "phases c"]
    print_table(out, head, columns, rows, secondary=("phases c", "phases b", "phases a"))
    print_line(out, "leak: the largest class relative to |C_kkk|; phase law: arg a + arg b + arg c in turns, r.m.s.")
    _print_notes(out, network)


def _largest(leaks: dict[str, float | None]) -> float | None:
    return max((value for value in leaks.values() if value is not None), default=None)


def _spread(phases: dict[str, Any]) -> str:
    if phases["kind"] == "roots":
        return f"{phases['n']} roots of unity ({phases['resultant']:.2f})"
    return str(phases["kind"]) if phases["resultant"] is None else f"{phases['kind']} ({phases['resultant']:.2f})"


def _row(f: dict[str, Any]) -> list[str]:
    return [
        frequency(f["k"]),
        str(f["order"]),
        f["status"],
        f["family"] or "-",
        _size(f["error"]),
        _size(f.get("distance")),
        _parameters(f["parameters"]),
        f["entry"] or "-",
        _remarks(f),
    ]


def _size(value: float | None) -> str:
    return "-" if value is None else f"{value:.2g}"


def _parameters(parameters: dict[str, Any]) -> str:
    return " ".join(
        f"{name}={'/'.join(f'{v:.3f}' for v in value) if isinstance(value, list) else f'{value:.4f}'}"
        for name, value in parameters.items()
        if name not in ("a", "b", "c")
    )


def _remarks(f: dict[str, Any]) -> str:
    parts = []
    if f.get("also"):
        parts.append("also " + ", ".join(f"{a['family']} {a['distance']:.2g}" for a in f["also"]))
    if f["family"] is None and f.get("nearest"):
        parts.append(f"nearest {f['nearest']['family']} {f['nearest']['distance']:.2g}")
    if motion := f.get("motion"):
        parts.append(f"{motion['from']:.3g} -> {motion['to']:.3g} in {motion['epochs']} epochs")
    if f.get("coupled_with"):
        parts.append("coupled with " + ", ".join(map(frequency, f["coupled_with"])))
    if f.get("paper_order", f["order"]) != f["order"]:
        parts.append(f"order {f['paper_order']} by |z_a| > 0.05")
    if f.get("multi_frequency_nodes"):
        parts.append(f"{len(f['multi_frequency_nodes'])} multi-frequency nodes")
    if f["status"] in ("other", "non-factorable") and f.get("solved"):
        parts.append("solves its conditions")
    if f.get("wrong") and f["order"]:
        parts.append("not zero: " + ", ".join(f"{name} {f['residuals'][name]:.2g}" for name in f["wrong"]))
    if (leaks := f.get("leaks")) and f.get("wrong") and max(leaks.values()) < max(f["residuals"].values()):
        parts.append(f"|C_kkk| {abs(complex(*f['strength'])):.3g}, leak {max(leaks.values()):.2g} of it")
    if polished := f.get("polished"):
        name = polished["family"] or (polished["nearest"] or {}).get("family", "no family")
        parts.append(f"polished ({polished['moved']:.2g} away): {name}")
    return "; ".join(parts)


def print_evidence(out: Any, report: dict[str, Any]) -> None:
    """The null rates, and the match-rate curve where there is any frequency of order 4 or 6."""
    rows = [
        [r["kind"], str(r["order"]), r["family"], str(r["samples"]), f"{r['rate']:.2%}", f"{r['upper']:.3%}"]
        for r in report["nulls"]
    ]
    title = f"how often nodes that mean nothing match at tolerance {report['tolerance']:g}"
    print_table(out, title, ["null", "order", "family", "samples", "rate", "95 % bound"], rows)
    if report["curve"]:
        near = [min(report["curve"], key=lambda row: abs(row["tolerance"] - t)) for t in PRINTED]
        rows = [[f"{r['tolerance']:.2g}", f"{r['matched']:.1%}", f"{r['null']:.2%}"] for r in near]
        print_table(
            out, "frequencies of order 4 and 6 within a tolerance of a family", ["tolerance", "matched", "null"], rows
        )
