"""One entry of a catalog, and one whole network of it, as values."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ..algebra.canonical import Solution
from ..algebra.weights import Weights
from ..display import Markup, table
from .wording import claim_text, factor_text, family_texts

if TYPE_CHECKING:
    from ..networks.network import Network


@dataclass(frozen=True)
class Membership:
    """A named family that an entry lies in; parameters are exponents of zeta_n by name (docs/catalog.md)."""

    name: str
    parameters: Mapping[str, int]


@dataclass(frozen=True)
class Claim:
    """What is said of an entry's minimality, and how it is known.

    ``claim`` is ``minimal`` or says that nothing is proved; ``lower_bound`` holds within ``scope`` by ``method``.
    """

    claim: str
    lower_bound: int | None
    method: str
    scope: Mapping[str, Any]
    certificate: Any

    def __str__(self) -> str:
        return claim_text({"claim": self.claim, "scope": self.scope})


@dataclass(frozen=True, eq=False)
class Entry:
    """A solution at one frequency: weights of zero loss up to what its conditions leave to other nodes.

    ``record`` is the catalog's JSON (docs/catalog.md), ``catalogs`` the files that hold it. Two entries are equal if
    their ids are: the id is a hash of the canonical nodes.
    """

    record: dict[str, Any]
    catalogs: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """``cogo1-n<n>-q<order>-<hash>``."""
        return str(self.record["id"])

    @property
    def n(self) -> int:
        """Least even n with all nodes over the n-th roots of unity."""
        return int(self.record["n"])

    @property
    def order(self) -> int:
        """Number of nodes after merging."""
        return int(self.record["order"])

    @property
    def cost(self) -> float:
        """Least squared norm over node gauges at one frequency."""
        return float(self.record["cost"])

    @property
    def character_order(self) -> str:
        """Where its conditions stand: at a ``generic`` character, at one of order ``4``, or of order ``2``."""
        return str(self.record["character_order"])

    @property
    def covers(self) -> tuple[str, ...]:
        """The sets of potentials that all vanish: some of Rc, Rn, R* (Lemma 1)."""
        return tuple(self.record["covers"])

    @property
    def zero_set(self) -> tuple[str, ...]:
        """The conditions that hold, by name."""
        return tuple(self.record["zero_set"])

    @property
    def irreducible(self) -> bool:
        """No factorization into weights whose orders multiply to the formal order.

        False also where conditions are merged, for there it is unknown.
        """
        return self.record["factors"] is None and self.character_order == "generic"

    @property
    def families(self) -> tuple[Membership, ...]:
        """The named families that it lies in, most special first."""
        return tuple(Membership(f["name"], f["parameters"]) for f in self.record["families"])

    @property
    def optimality(self) -> Claim:
        """What is minimal about it, within which scope, and how that is known."""
        o = self.record["optimality"]
        return Claim(o["claim"], o["lower_bound"], o["method"], o["scope"], o["certificate"])

    @cached_property
    def solution(self) -> Solution:
        """Its nodes as a canonical form."""
        nodes = tuple((node["a"], node["b"], tuple(node["c"])) for node in self.record["nodes"])
        return Solution(self.n, nodes, self.record["orbit_size"], self.character_order)

    @cached_property
    def weights(self) -> Weights:
        """Its nodes as exact weights."""
        return self.solution.weights()

    def to_dict(self) -> dict[str, Any]:
        """The record with the names of the catalogs: what `show --json` prints."""
        return {**copy.deepcopy(self.record), "catalogs": list(self.catalogs)}

    def __eq__(self, other: object) -> bool:
        return self.id == other.id if isinstance(other, Entry) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.id)

    def __repr__(self) -> str:
        return f"Entry({self.id}: covers {'+'.join(self.covers) or 'none'}; {self.optimality})"

    def _repr_html_(self) -> str:
        return table(ENTRY_COLUMNS, [self.row()], self.id)

    def row(self) -> tuple[Any, ...]:
        """The cells of ENTRY_COLUMNS."""
        family = next(iter(family_texts(self.record)), "-")
        cells = (self.id, self.order, "+".join(self.covers), factor_text(self.record), family, str(self.optimality))
        return (*cells, Markup(self.weights._repr_html_()))


#: The columns of entries in a notebook.
ENTRY_COLUMNS = ("id", "order", "covers", "factors", "family", "claim", "nodes")


@dataclass(frozen=True, eq=False)
class NetworkRecord:
    """A whole network of a catalog, of exactly zero loss or with a network of zero loss within a proved radius."""

    record: dict[str, Any]
    catalogs: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """``cogo1-net-<group>-q<width>-<hash>``."""
        return str(self.record["id"])

    @property
    def group(self) -> str:
        """The group, such as ``2x3``."""
        return str(self.record["group"])

    @property
    def width(self) -> int:
        """Number of hidden nodes."""
        return int(self.record["width"])

    def network(self) -> Network:
        """Its weights in float64. Raises CatalogError if the record does not verify."""
        from .network_records import numbers

        return numbers(self.record)

    def to_dict(self) -> dict[str, Any]:
        """The record with the names of the catalogs: what `show --json` prints."""
        return {**copy.deepcopy(self.record), "catalogs": list(self.catalogs)}

    def __eq__(self, other: object) -> bool:
        return self.id == other.id if isinstance(other, NetworkRecord) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.id)

    def __repr__(self) -> str:
        r = self.record
        return f"NetworkRecord({self.id}: {r['name']}, trivial {r['trivial']}, target {r['target']})"
