"""Regenerate catalog/frontier.json: the narrowest certified networks of every group of order 2 to 12.

    python scripts/frontier.py
"""

from pathlib import Path

from cogo_search.catalog.files import write_catalog
from cogo_search.frontier.catalog import networks_catalog
from cogo_search.frontier.families import FAMILIES, family_network, family_width
from cogo_search.frontier.networks import network_record
from cogo_search.groups import abelian_groups
from cogo_search.optimizers.network import Setting

ROOT = Path(__file__).resolve().parent.parent
SETTINGS = (Setting("without"), Setting("with"), Setting("with", "one-hot"))


def main() -> None:
    """Build, check and write."""
    records = []
    for group in (group for order in range(2, 11) for group in abelian_groups(order)):
        for setting in SETTINGS:
            for name in FAMILIES:
                if family_width(name, group, setting) is not None:
                    records.append(network_record(name, family_network(name, group, setting), setting))
    write_catalog(networks_catalog(records), ROOT / "catalog" / "frontier.json")


if __name__ == "__main__":
    main()
