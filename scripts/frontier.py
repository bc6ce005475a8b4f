"""Regenerate catalog/frontier.json, certified networks of every group of order 2 to 10, and docs/frontier-table.md.

python scripts/frontier.py
"""

from pathlib import Path
from typing import Any

from cogo_search.algebra.radicals import width_eight
from cogo_search.catalog.catalog_files import write_catalog
from cogo_search.catalog.network_catalogs import networks_catalog
from cogo_search.catalog.network_records import network_record, radical_record
from cogo_search.frontier.constructions import FAMILIES, family_network, family_width
from cogo_search.frontier.width_records import known_searches, rows
from cogo_search.groups.abelian import Group, abelian_groups
from cogo_search.networks.network import Setting
from cogo_search.recipes.compose import build

HEAD = """# Widths of optimizers

What `frontier table` prints, for every group of order 2 to 9. *bound*: no network of zero loss is narrower, by the
*argument* of [frontier.md](frontier.md). *certified*: the narrowest network of catalog/frontier.json, its loss exactly
zero, checked by `verify`. *found*: the least width at which a search of cogo_search/frontier/searches.json had a hit
(float64, no proof). *starts*: how many random starts were spent below the certified width, without a hit there unless
*found* says so.
*paper*: the narrowest of f6, f4/6 and f4+const. *least*: bound and certified width meet.

Regenerate with `python scripts/frontier.py` (the searches: `python scripts/frontier_searches.py`).

| group | trivial | target | bound | argument | certified | found | paper | starts | least |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
"""
ROOT = Path(__file__).resolve().parent.parent
SETTINGS = (Setting("without"), Setting("with"), Setting("with", "one-hot"))


def main() -> None:
    """Build, check and write."""
    records = []
    for group in (group for order in range(2, 11) for group in abelian_groups(order)):
        for setting in SETTINGS:
            names = [name for name in FAMILIES if family_width(name, group, setting) is not None]
            records += [network_record(name, family_network(name, group, setting), setting) for name in names]
            if not names:  # odd order without the trivial character: the paper's
                name = "f6" if group.order == 3 else "f4/6"
                records.append(network_record(name, build(name, group, setting).network, setting))
    setting = Setting("without")
    records.append(radical_record("mult2*swap", Group((5,)), setting, *width_eight()))
    write_catalog(networks_catalog(records), ROOT / "catalog" / "frontier.json")
    (ROOT / "docs" / "frontier-table.md").write_text(
        HEAD + "\n".join(map(_line, rows(records, known_searches()))) + "\n"
    )


def _line(row: dict[str, Any]) -> str:
    setting = [row["group"], row["trivial"], row["target"]]
    if row.get("impossible"):
        return "| " + " | ".join([*setting, "impossible", "", "", "", "", "", ""]) + " |"
    cells = [str(row[name] or "-") for name in ("bound", "argument", "certified", "found", "paper")]
    cells.append(str(row["starts"]))
    return "| " + " | ".join([*setting, *cells, "yes" if row["minimal"] else ""]) + " |"


if __name__ == "__main__":
    main()
