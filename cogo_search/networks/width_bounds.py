r"""Lower bounds on the width of an optimizer, any real network, nodes of any frequencies.

Dropping what depends on x1 or x2 alone, the network's outputs are sum_j 2 v_j alpha_j beta_j^T: a bilinear algorithm of
``width`` products for the real group algebra modulo the trivial character, R^s x C^p (s nontrivial characters with
2k = 0, p conjugate pairs).

* ``rank``: its rank is s + 3p (twice the dimension less the number of fields: kill all but as many of the alpha_j as
  there are fields; Alder and Strassen 1981).
* ``rank + 1 (sum of outputs)``: one-hot: one more. The outputs sum to 1, sum_j t_j h_j^2 = 1 with t_j the sum of v_j,
  and s + 3p products alpha_j beta_j are independent, so that all t_j would vanish
  (:func:`~cogo_search.recipes.least.rank_bound`).
* ``real character``: zero-mean, s > 0: one more. In an algorithm of s + 3p products every product belongs to one of the
  fields, so the output at a real character chi is one square times a number; but chi(x1 + x2) changes its sign.
* ``single frequency``: zero-mean, s = 0: an optimizer of 3p nodes would have three at each pair k, with nothing but k
  and constants in alpha and beta, and output k alone. Where 3k != 0 these satisfy R_c and R_* with three nodes, which
  takes four with any real weights; where 3k = 0 likewise if alpha and beta have no constant. One more, unless all
  3k = 0 and the trivial character is allowed.
* ``pencil``: Z_3 without the trivial character: alpha_j and beta_j have two real coordinates each, and the two outputs
  are quadratic forms of the four, M_1 and M_2 up to multiples of |a|^2 - |b|^2; after a rotation M_1^-1 M_2 = J with
  J^2 = -(1 + t^2). By the theory of pencils (Ja'Ja' 1979) they need 4 + 2 squares, since two invariant polynomials of
  J do not split over the reals.

docs/frontier.md has the proofs; what they count on a group is counted here.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..groups.abelian import Group
from .network import Setting

RANK = "real rank of the group algebra modulo the trivial character"
#: The argument for one-hot targets: its name shows both halves.
ONE_HOT = "rank + 1 (sum of outputs)"
#: What each argument says, for printing.
ARGUMENTS = {
    "rank": RANK,
    ONE_HOT: f"{RANK}, and one more: with as few nodes the sum of the outputs would be 0 instead of 1",
    "real character": f"{RANK}, and one more: a square has one sign, a real character two",
    "single frequency": f"{RANK}, and one more: three nodes at a frequency cannot satisfy R_c and R_*",
    "pencil": "rank of a pencil of two quadratic forms in four variables",
}
#: What every bound holds for.
SCOPE = "any real network of zero loss"


@dataclass(frozen=True)
class Bound:
    """A width below which there is no optimizer; ``argument`` is a key of ARGUMENTS."""

    width: int
    argument: str

    @property
    def scope(self) -> str:
        """For people."""
        return f"{SCOPE}: {ARGUMENTS[self.argument]}"


def rank_bound(group: Group, setting: Setting) -> int:
    """3 nodes for each conjugate pair and 1 for each nontrivial character with 2k = 0; one more for one-hot outputs.

    Modulo functions of x1 or x2 alone and constants on the outputs, the outputs are sum_j 2 v_j alpha_j beta_j^T with
    the trivial parts dropped, and have to be multiplication in the real group algebra modulo the trivial character,
    R^s x C^p. Its rank is s + 3p (a sum of fields: twice the dimension less the number of fields; Alder and Strassen
    1981), whatever trivial parts the weights have.

    One-hot outputs sum to 1 over x: with t_j the sum of v_j, sum_j t_j (alpha_j + beta_j)^2 = 1. In a decomposition
    of least length s + 3p the matrices alpha_j beta_j^T, trivial parts dropped, are independent (else one could be
    left out), so all t_j would be 0: one node more is needed.
    """
    bound = 3 * len(group.conjugate_pairs) + len(group.self_conjugate)
    return bound + (setting.target == "one-hot")


def lower_bound(group: Group, setting: Setting) -> Bound:
    """The best bound known here."""
    rank = rank_bound(group, setting)
    if setting.target == "one-hot":
        return Bound(rank, ONE_HOT)
    if group.self_conjugate:
        return Bound(rank + 1, "real character")
    if group.order == 3 and setting.trivial == "without":
        return Bound(6, "pencil")
    thirds = all(group.character_orders[k] == 3 for k, _ in group.conjugate_pairs)
    if thirds and setting.trivial == "with":
        return Bound(rank, "rank")
    return Bound(rank + 1, "single frequency")
