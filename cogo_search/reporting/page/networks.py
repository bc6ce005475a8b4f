"""What the page shows of whole networks of the catalog: their weights as pictures, the command that builds them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from shlex import quote
from typing import Any

from ...catalog.entry import NetworkRecord
from ...catalog.network_records import numbers
from ...errors import CatalogError
from ...groups.abelian import Group
from ...terminal.networks import field, loss


def network_record(
    located: NetworkRecord, frontier: Iterable[Mapping[str, Any]], catalog: Path | None
) -> dict[str, Any]:
    """One network: its JSON as text, its setting, W_a, W_b and V (d, width) in decimals, bound and the paper's width.

    ``problem`` says why it has no weights, if the record does not verify.
    """
    record = located.record
    where = "" if catalog is None else f" --catalog {quote(str(catalog))}"
    keys = ("id", "name", "group", "trivial", "target", "width")
    setting = ("group", "trivial", "target")
    row = next((r for r in frontier if all(r[key] == record[key] for key in setting) and "bound" in r), None)
    result = {
        **{key: record[key] for key in keys},
        "order": Group.parse(record["group"]).order,
        "json": json.dumps(record),
        "over": field(record["weights"]),
        "loss": loss(record),
        "catalogs": [Path(name).name for name in located.catalogs],
        "command": f"python -m cogo_search construct --group {record['group']} --recipe entry:{record['id']}{where}",
        "bound": None if row is None else row["bound"],
        "argument": None if row is None else row["argument"],
        "paper": None if row is None else row["paper"],
    }
    try:
        network = numbers(record)
    except CatalogError as error:
        return {**result, "problem": str(error)}
    parts = {"W_a": network.W_a, "W_b": network.W_b, "V": network.V}
    return {**result, "weights": {name: [[_short(x) for x in row] for row in w] for name, w in parts.items()}}


def _short(x: float) -> float:
    return float(f"{x:.3g}")
