"""The named families of solutions: one module a family, and the registry that finds them.

Each of ``nu_syn``, ``nu_i_syn_ab``, ``nu_i_xi``, ``rho_nu``, ``nu_i_w``, ``three_points`` and ``phi_psi`` defines one
:class:`.Family`: what it is, which exact solutions are in it, and which of its members is nearest to trained nodes.
What several share is in ``aligned`` (nodes of one modulus) and ``exact`` (exact solutions); ``membership`` and
``fitting`` ask all families one question.
"""

from .base import Family, Fit
from .registry import add_family, all_families, family_names, find_family, remove_family

__all__ = ["Family", "Fit", "add_family", "all_families", "family_names", "find_family", "remove_family"]
