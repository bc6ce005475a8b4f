"""The monomial potentials of a single-frequency solution (Definition 6, Table 1).

With a = z_ak, b = z_bk, c = z_ck the coefficients of the nodes at one frequency k, every
potential of Eq. 3 that involves k alone is a sum over nodes of a monomial in a, b, c and their
conjugates. Its name spells the monomial in ASCII, a capital standing for the conjugate: ``Abc`` is
sum_j conj(a_j) b_j c_j. For |a| = |b| = 1 it is a character (i, j) on the direction (a, b) times c,
so each name is stored as the exponents (i, j) of a and b.

Sets (Lemma 1): R_g = {abc}; R_c, R_n, R_* below. On nodes with |a| = |b| = 1 the two potentials of
R_n coincide. ``ABc`` is the conjugate partner of the paper's column a b c-bar.

*Merged conditions.* The loss asks for one sum at each of m = 2k, 0, -2k (Theorem 1), so where characters coincide,
conditions do. At 4k = 0 != 2k the four of R_* become two, ``aac+AAc`` and ``bbc+BBc``. At 2k = 0 all is real, R_c
repeats abc, and R_n and R_* become the one condition ``aac+bbc``; like R_n it is what other nodes can supply. A sum
of potentials is no ring homomorphism.
"""

from __future__ import annotations

from ..errors import InputError, choose

#: Exponents of (a, b) in each potential; c always enters to the first power.
EXPONENTS: dict[str, tuple[int, int]] = {
    "abc": (1, 1),
    "Abc": (-1, 1),
    "aBc": (1, -1),
    "ABc": (-1, -1),
    "aAc": (0, 0),
    "bBc": (0, 0),
    "aac": (2, 0),
    "bbc": (0, 2),
    "AAc": (-2, 0),
    "BBc": (0, -2),
}
SETS: dict[str, tuple[str, ...]] = {
    "Rc": ("Abc", "aBc", "ABc"),
    "Rn": ("aAc", "bBc"),
    "R*": ("aac", "bbc", "AAc", "BBc"),
}
#: The sets of conditions by the order of the character: any but 2 and 4, 4, 2.
CONDITION_SETS: dict[str, dict[str, tuple[str, ...]]] = {
    "generic": SETS,
    "4": SETS | {"R*": ("aac+AAc", "bbc+BBc")},
    "2": {"Rc": (), "Rn": ("aac+bbc",), "R*": ()},
}
#: The nine potentials that a solution may have to annul, in Table 1's order.
ZEROABLE: tuple[str, ...] = tuple(name for names in SETS.values() for name in names)
#: The wanted zero sets of a search, by their name in JSON.
COVERS: dict[str, tuple[str, ...]] = {
    "all": ("Rc", "Rn", "R*"),
    "Rc+R*": ("Rc", "R*"),
    "Rc+Rn": ("Rc", "Rn"),
    "Rc": ("Rc",),
}
#: The same covers as they are typed on the command line.
COVER_ARGUMENTS: dict[str, str] = {"all": "all", "rc+rstar": "Rc+R*", "rc+rn": "Rc+Rn", "rc": "Rc"}


def conditions(character_order: str = "generic") -> tuple[str, ...]:
    """Every condition that a solution at a character of this order may fulfil, in Table 1's order.

    >>> conditions("4")
    ('Abc', 'aBc', 'ABc', 'aAc', 'bBc', 'aac+AAc', 'bbc+BBc')
    """
    return tuple(name for names in CONDITION_SETS[character_order].values() for name in names)


def condition_exponents(name: str) -> tuple[tuple[int, int], ...]:
    """The exponents (i, j) of each potential that a condition sums.

    >>> condition_exponents("aac+AAc")
    ((2, 0), (-2, 0))
    """
    return tuple(EXPONENTS[part] for part in name.split("+"))


def cover_potentials(cover: str, character_order: str = "generic") -> tuple[str, ...]:
    """The conditions that a cover wants at a character of this order.

    >>> cover_potentials("Rc+Rn")
    ('Abc', 'aBc', 'ABc', 'aAc', 'bBc')
    """
    if cover not in COVERS:
        raise InputError(f"cover={cover!r} is unknown: {choose(cover, COVERS)}")
    return tuple(name for group in COVERS[cover] for name in CONDITION_SETS[character_order][group])


def covered_sets(zero_set: frozenset[str] | set[str], character_order: str = "generic") -> tuple[str, ...]:
    """The sets all of whose conditions lie in zero_set (a catalog entry's ``covers``)."""
    return tuple(group for group, names in CONDITION_SETS[character_order].items() if set(names) <= set(zero_set))


def cover_of(sets: tuple[str, ...] | list[str]) -> str:
    """The name of the cover that consists of exactly these sets; '' if they are no cover."""
    return next((name for name, groups in COVERS.items() if set(groups) == set(sets)), "")


def aligned_exponents(name: str) -> tuple[int, int]:
    """Exponents (i, j) of a and b in a potential of an aligned node, where c = 1/(ab)."""
    i, j = EXPONENTS[name]
    return i - 1, j - 1
