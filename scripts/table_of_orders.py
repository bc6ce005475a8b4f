"""Regenerate docs/orders.md: orders of every recipe on every Abelian group of order 2 to 36."""

from pathlib import Path

from cogo_search.catalog.catalog import Catalog
from cogo_search.errors import InputError
from cogo_search.groups.abelian import abelian_groups
from cogo_search.networks.network import Setting
from cogo_search.networks.width_bounds import lower_bound
from cogo_search.recipes.compose import build
from cogo_search.recipes.least import least_order

ROOT = Path(__file__).resolve().parent.parent
HEAD = """# Orders of whole networks, by group

Every Abelian group of order 2 to 36 up to isomorphism; zero-mean target. Each order is that of a network whose
loss is exactly zero, checked in integers. `f6`, `f4/6`, `f4+real`, `memorization` and *least* use weights
without the trivial character, `f4+const` and *least with* may use it. *Least* is the least order that
`construct --minimal` composes from the shipped catalog; *bound* is that of zero-mean targets without the trivial
character, proved for any real network (frontier.md). Where the two differ nothing is claimed to be minimal; networks of
multi-frequency nodes can be narrower (catalog/frontier.json).

Regenerate with `python scripts/table_of_orders.py`.

| group | f6 | f4/6 | f4+const | f4+real | memorization | least | least with | bound |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
"""


def main() -> None:
    """Write the table."""
    without, allowed = Setting(), Setting("with")
    solutions = [s for path in sorted((ROOT / "catalog").glob("*.json")) for s in Catalog.read(path).solutions]
    lines = []
    for order in range(2, 37):
        for group in abelian_groups(order):
            cells = [group.name]
            for name, setting in (("f6", without), ("f4/6", without), ("f4+const", allowed), ("f4+real", without)):
                try:
                    cells.append(str(build(name, group, setting).order))
                except InputError:
                    cells.append("-")
            cells.append(str(order**2))
            cells += [str(least_order(group, setting, solutions).order) for setting in (without, allowed)]
            lines.append("| " + " | ".join([*cells, str(lower_bound(group, without).width)]) + " |")
    (ROOT / "docs" / "orders.md").write_text(HEAD + "\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
