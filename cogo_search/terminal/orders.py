"""How orders distribute over weight decay, width and modulus, for people (Figures 4 and 9-12)."""

from __future__ import annotations

from typing import Any

from .tables import console, print_table


def print_orders(records: list[dict[str, Any]]) -> None:
    """One row for each distribution, one column for each order that occurs."""
    orders = sorted({int(order) for record in records for order in record["orders"]})
    rows = [
        [
            record["group"],
            str(record["hidden"]),
            f"{record['weight_decay']:g}",
            f"{record['lr']:g}",
            ", ".join(f"{n} {status}" for status, n in sorted(record["runs"].items())),
            *(str(record["orders"].get(str(order), "")) for order in orders),
            "" if record["mean_order"] is None else f"{record['mean_order']:.2f}",
        ]
        for record in records
    ]
    heads = ["group", "q", "weight decay", "lr", "runs", *(f"order {order}" for order in orders), "mean"]
    print_table(console(), "frequencies by order (nodes with |z_a| > 0.05)", heads, rows)
