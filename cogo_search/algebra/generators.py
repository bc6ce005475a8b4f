"""Order-1 generators u = [a, b, c], abc = 1, over given roots of unity, and the paper's names for them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import lcm
from typing import Any

from ..errors import InputError
from .cyclotomic import MAX_N, format_root
from .potentials import EXPONENTS, ZEROABLE
from .weights import Weights


@dataclass(frozen=True, order=True, repr=False)
class Generator:
    """u = [zeta_n^a, zeta_n^b, zeta_n^c] with c = -(a + b); n may be odd."""

    a: int
    b: int
    n: int

    def __repr__(self) -> str:
        return f"Generator([{', '.join(format_root(e, self.n) for e in (self.a, self.b, self.c))}])"

    def to_dict(self) -> dict[str, Any]:
        """Exponents over n, and the values of the nine potentials, as in catalog files."""
        return {"a": self.a, "b": self.b, "c": self.c, "n": self.n, "values": dict(self.values)}

    @property
    def c(self) -> int:
        """Exponent of c."""
        return -(self.a + self.b) % self.n

    @cached_property
    def values(self) -> dict[str, int]:
        """Exponent of the value at u of each of the nine potentials.

        >>> Generator(1, 1, 3).values["aac"]                # u_syn: a a c = 1
        0
        """
        return {name: (i * self.a + j * self.b + self.c) % self.n for name, (i, j) in potential_exponents()}

    @cached_property
    def distinct_values(self) -> tuple[int, ...]:
        """The values other than 1, sorted: the roots a polynomial in u may have (Theorem 4)."""
        return tuple(sorted(set(self.values.values()) - {0}))

    def weights(self) -> Weights:
        """u as an order-1 weight."""
        return Weights.unit(self.a, self.b, self.n)

    @property
    def symbol(self) -> str:
        """The paper's symbol in Table 1, or an empty string."""
        triple = tuple(format_root(e, self.n) for e in (self.a, self.b, self.c))
        return PAPER_SYMBOLS.get(triple, "")


#: Table 1's generators by their entries.
PAPER_SYMBOLS: dict[tuple[str, ...], str] = {
    ("1", "1", "1"): "1",
    ("-1", "-1", "1"): "1~",
    ("1", "-1", "-1"): "one",
    ("w3", "w3", "w3"): "syn",
    ("w3", "w3^2", "1"): "3c",
    ("1", "w3", "w3^2"): "3a",
    ("i", "-i", "1"): "4c",
    ("1", "i", "-i"): "4a",
}


def potential_exponents() -> list[tuple[str, tuple[int, int]]]:
    """The nine potentials that may vanish with their exponents of (a, b), in Table 1's order."""
    return [(name, EXPONENTS[name]) for name in ZEROABLE]


def normalised_roots(roots: list[int] | tuple[int, ...]) -> tuple[int, ...]:
    """Sorted distinct roots; InputError if there is none, one is not positive, or the lcm is too large."""
    if not roots:
        raise InputError("roots is empty: give at least one order of a root of unity, for example --roots 3,4")
    for root in roots:
        if not 1 <= root <= MAX_N:
            raise InputError(f"roots contains {root}: each root must be an integer from 1 to {MAX_N}")
    distinct = tuple(sorted(set(roots)))
    if lcm(*distinct) > MAX_N:
        listed = ",".join(map(str, distinct))
        raise InputError(f"roots={listed} have lcm {lcm(*distinct)}: choose roots whose lcm is at most {MAX_N}")
    return distinct


def enumerate_generators(roots: list[int] | tuple[int, ...], closure: bool = False) -> list[Generator]:
    """All order-1 generators with abc = 1 and entries in mu_r for one listed r, sorted by (a, b).

    With ``closure`` entries range over mu_n, n = lcm(roots). Exponents are of zeta_n throughout.

    >>> len(enumerate_generators([3, 4])), len(enumerate_generators([3, 4], closure=True))
    (24, 144)
    """
    roots = normalised_roots(roots)
    n = lcm(*roots)
    pairs = set()
    for root in (n,) if closure else roots:
        step = n // root
        pairs |= {(i * step, j * step) for i in range(root) for j in range(root)}
    return [Generator(a, b, n) for a, b in sorted(pairs)]
