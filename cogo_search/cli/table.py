"""Print Table 1 for any roots of unity: the order-1 generators with abc = 1 and their potentials.

Each row has the paper's symbol where there is one, the generator [a, b, c], its value on the nine
potentials (values equal to 1 cannot be annulled by a polynomial: marked *), the maximal
polynomial, its degree and its order after merging. Cells that differ from the printed paper are marked
! and explained below the table. The row u_nu is symbolic in nu, |nu| = 1 generic.
"""

from __future__ import annotations

import argparse

from . import arguments as types


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("--roots", type=types.roots, required=True, metavar="N,N", help="orders of the roots of unity")
    parser.add_argument("--closure", action="store_true", help="generators from mu_n, n = lcm, not the union of mu_r")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print JSON")
    form.add_argument("--csv", action="store_true", help="print CSV")


def run(arguments: argparse.Namespace) -> int:
    """Build the rows and print them in the wanted form."""
    import json

    from ..api.searches import generator_table
    from ..terminal.table_one import print_csv, print_rows

    rows = generator_table(arguments.roots, closure=arguments.closure).to_dict()
    if arguments.json:
        print(json.dumps(rows, indent=1))
    elif arguments.csv:
        print_csv(rows)
    else:
        print_rows(rows)
    return 0
