"""The words of a catalog: potentials, sets and covers of them, methods of proof; and the types of exact values.

The nine potentials and ``abc`` are the sums over the nodes of a monomial, Abc = conj(a) b c.
"""

from __future__ import annotations

from collections.abc import Callable

Element = tuple[int, ...]  # coordinates in the power basis of Z[zeta_n]
Direction = tuple[int, int]  # exponents of a and b
Weight = dict[Direction, Element]  # merged nodes; n is even and known from the context
Log = Callable[[str], None]
# A monomial is zeta^(i a + j b) c with these (i, j); abc itself would be (1, 1).
POTENTIALS = {"Abc": (-1, 1), "aBc": (1, -1), "ABc": (-1, -1), "aAc": (0, 0), "bBc": (0, 0),
              "aac": (2, 0), "bbc": (0, 2), "AAc": (-2, 0), "BBc": (0, -2)}  # fmt: skip
SETS = {"Rc": ("Abc", "aBc", "ABc"), "Rn": ("aAc", "bBc"), "R*": ("aac", "bbc", "AAc", "BBc")}
COVERS = {"all": ("Rc", "Rn", "R*"), "Rc+R*": ("Rc", "R*"), "Rc+Rn": ("Rc", "Rn"), "Rc": ("Rc",)}
WANTED = {cover: tuple(r for name in sets for r in SETS[name]) for cover, sets in COVERS.items()}
# The sets of conditions by the order of the character; 4k = 0 and 2k = 0 merge some (Theorem 1).
CONDITIONS = {
    "generic": SETS,
    "4": SETS | {"R*": ("aac+AAc", "bbc+BBc")},
    "2": {"Rc": (), "Rn": ("aac+bbc",), "R*": ()},
}
FREQUENCY = {"generic": ("one, generic", "Lemma 1"), "4": ("one, 4k = 0", "Lemma 1, merged"),
             "2": ("one, 2k = 0", "Lemma 1, merged")}  # fmt: skip
WIDTH = {"real": 0, "weighted": 1, "aligned": 2, "product": 3}  # classes of weights, widest first
QUANTITY = {"weighted": "order", "aligned": "aligned_nodes", None: "formal_order"}  # what is minimised, by nodes
PROVING = ("pencil-rank", "lp-dual", "exhaustive")
