"""Check a catalog of exact solutions without trusting the program that wrote it.

Standard library only, nothing else of cogo_search. Every statement is recomputed from the nodes with exact integer
arithmetic (floats occur in ``cost``, and in an inverse on which nothing rests).

A node is (a, b, c) with a, b roots of unity, written as exponents of zeta_n = exp(2 pi i/n), and c in Z[zeta_n],
written in the power basis modulo the cyclotomic polynomial Phi_n. The potentials are the ten sums over the nodes
of a monomial such as Abc = conj(a) b c; ``abc`` = r_kkk must not vanish, which of the other nine do is the subject
(Lemma 1 of "Composing Global Optimizers to Reasoning Tasks via Algebraic Objects in Neural Nets": all nine
suffice for zero loss). Potentials are ring homomorphisms; (a, b) and (-a, -b) are one direction (pseudo-1).
Symmetries: units [a, b, c] with abc = 1, swap of a and b, complex conjugation, a common factor on all c.

At characters with 4k = 0 or 2k = 0 conditions merge into sums of potentials such as aac+AAc, which only units with
a^4 = b^4 = 1 (a^2 = b^2 = 1) respect; nothing is anchored at (1, 1) there.
"""

# For a sceptic the modules are also one file, cogo_search/catalog/verify.py: scripts/amalgamate_verifier.py writes it.

from .catalogs import Report, verify_catalog
from .command import VERDICTS, flat, judge, load, main
from .meter import BUDGET, Meter, Refused, Undecided, Unreadable
from .networks import check_network
from .optimizers import check_optimizer
from .searches import NOTHING
from .shapes import CATALOG, conform
from .texts import SHOWN, one_line

__all__ = [
    "BUDGET",
    "CATALOG",
    "NOTHING",
    "SHOWN",
    "VERDICTS",
    "Meter",
    "Refused",
    "Report",
    "Undecided",
    "Unreadable",
    "check_network",
    "check_optimizer",
    "conform",
    "flat",
    "judge",
    "load",
    "main",
    "one_line",
    "verify_catalog",
]
