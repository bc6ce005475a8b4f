"""Training runs for people: what train and train status print."""

from __future__ import annotations

from typing import Any

from .tables import console, print_table


def print_runs(records: list[dict[str, Any]]) -> None:
    """One row for each run."""
    rows = []
    for r in records:
        ended = "train_loss" in r
        orders = r.get("orders") or {}
        rows.append(
            [
                r["run"],
                r["status"],
                str(r["epoch"]),
                *(_number(r[name], "{:.2e}") if ended else "" for name in ("train_loss", "test_loss")),
                *(_number(r[name], "{:.2%}") if ended else "" for name in ("train_accuracy", "test_accuracy")),
                str(r["live"]) if ended else "",
                ", ".join(f"{n} of {order}" for order, n in orders.items()) if ended else r.get("error", ""),
            ]
        )
    heads = [
        "run",
        "status",
        "epoch",
        "train loss",
        "test loss",
        "train acc.",
        "test acc.",
        "live",
        "frequencies of order",
    ]
    print_table(console(), "training runs", heads, rows)


def _number(value: float | None, form: str) -> str:
    return "-" if value is None else form.format(value)
