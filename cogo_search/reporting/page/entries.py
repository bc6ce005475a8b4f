"""What the page shows of catalog entries: exact texts, places on the three circles, the command that builds them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from shlex import quote
from typing import Any

import numpy as np

from ...algebra.cyclotomic import format_element, format_root, to_complex
from ...algebra.potentials import CONDITION_SETS, EXPONENTS, conditions
from ...algebra.weights import Weights
from ...catalog.entry import Entry
from ...catalog.wording import claim_text, factor_text
from ...terminal.entry import facts

#: Where an entry is built, by its character order: a group whose pairs have that order, small enough to be quick.
GROUPS = {"generic": "7", "4": "4", "2": "2"}


def entry_record(located: Entry, found: Mapping[str, Any] | None, catalog: Path | None) -> dict[str, Any]:
    """One entry: its JSON as text, facts in words, potentials and nodes (r_kkk = 1).

    ``found`` is {hits, expected} if trained networks were compared with the entry. ``catalog`` is the file that
    the commands have to name, if it is not found without.
    """
    entry = located.record
    n = entry["n"]
    weights = Weights.from_nodes(
        n, *(np.array([node[key] for node in entry["nodes"]], dtype=np.int64) for key in ("a", "b", "c"))
    )
    scale = int(weights.potential("abc")[0])
    c = to_complex(weights.c, n) / scale
    nodes = [
        {
            "text": [format_root(int(a), n), format_root(int(b), n), format_element(row, n, scale)],
            "turns": [round(int(a) / n, 6), round(int(b) / n, 6)],
            "c": [round(float(z.real), 6), round(float(z.imag), 6)],
        }
        for a, b, row, z in zip(weights.a, weights.b, weights.c, c, strict=True)
    ]
    return {
        "id": entry["id"],
        "json": json.dumps(entry),
        "order": entry["order"],
        "n": n,
        "covers": "+".join(entry["covers"]) or "none",
        "characterOrder": entry["character_order"],
        "families": [family["name"] for family in entry["families"]],
        "factors": factor_text(entry),
        "cost": f"{float(entry['cost']):.4f}",
        "claim": claim_text(entry["optimality"]),
        "facts": [[label, text] for label, text in facts(located) if label not in ("in", "optimality", "factors")],
        "bound": dict(facts(located))["optimality"],
        "catalogs": [Path(name).name for name in located.catalogs],
        "nodes": nodes,
        "potentials": potentials(weights, entry["character_order"], scale),
        "products": [factor(record) for record in entry["factors"] or []],
        "found": found,
        **command(entry, catalog),
    }


def factor(record: Mapping[str, Any]) -> str:
    """A factor in words: its order and its nodes."""
    n = record["n"]
    nodes = (
        f"[{format_root(node['a'], n)}, {format_root(node['b'], n)}, {format_element(node['c'], n)}]"
        for node in record["nodes"]
    )
    return f"order {record['order']}: {', '.join(nodes)}"


def potentials(weights: Weights, character_order: str, scale: int) -> list[dict[str, Any]]:
    """The exact values, computed from the nodes: {name, set, value, wanted}, abc first, ``0`` where one vanishes.

    ``wanted`` tells conditions from what is shown beside them: at characters of order 4 and 2 some conditions are sums
    of potentials.
    """
    sets = {name: key for key, names in CONDITION_SETS[character_order].items() for name in names}
    wanted = conditions(character_order)
    names = ["abc", *wanted, *(name for name in EXPONENTS if name != "abc" and name not in wanted)]
    return [
        {
            "name": name,
            "set": "Rg" if name == "abc" else sets.get(name, ""),
            "value": format_element([int(v) for v in weights.condition(name)], weights.n, scale),
            "wanted": name == "abc" or name in wanted,
        }
        for name in names
    ]


def command(entry: Mapping[str, Any], catalog: Path | None) -> dict[str, str]:
    """``command``, and ``role``: what it does.

    An entry of R_c and R_* builds a network on a small group, with one node more where R_n is left over (the
    constant); others are no solutions of a whole character, and are shown.
    """
    where = "" if catalog is None else f" --catalog {quote(str(catalog))}"
    covers = set(entry["covers"])
    if not {"Rc", "R*"} <= covers:
        role = "solves no character alone (R_* is left): an ingredient. In full:"
        return {"command": f"python -m cogo_search show {entry['id']}{where}", "role": role}
    group = GROUPS[entry["character_order"]]
    carried = " --trivial with" if "Rn" not in covers and entry["character_order"] != "4" else ""
    role = f"builds a network of loss exactly 0 on the group {group}" + (
        ", one node carrying the constants" if carried else ""
    )
    text = f"python -m cogo_search construct --group {group} --recipe entry:{entry['id']}{carried}{where}"
    return {"command": text, "role": f"{role}:"}
