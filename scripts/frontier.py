"""Regenerate catalog/frontier.json: the narrowest certified networks of every group of order 2 to 12.

python scripts/frontier.py
"""

from pathlib import Path

from cogo_search.catalog.files import write_catalog
from cogo_search.frontier.catalog import networks_catalog
from cogo_search.frontier.families import FAMILIES, family_network, family_width
from cogo_search.frontier.networks import network_record, radical_record
from cogo_search.frontier.radicals import width_eight
from cogo_search.groups import Group, abelian_groups
from cogo_search.optimizers.network import Setting
from cogo_search.optimizers.recipes import build

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


if __name__ == "__main__":
    main()
