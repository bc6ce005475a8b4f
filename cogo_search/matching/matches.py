"""What was found in trained networks, as values: frequency by frequency, network by network, and all together."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, overload

from ..display import pandas, table
from .spectrum import Block


@dataclass(frozen=True, eq=False)
class FrequencyMatch:
    """What the nodes of one frequency are; ``record`` is the row of matches.json (docs/matching.md)."""

    record: dict[str, Any]

    @property
    def k(self) -> int | tuple[int, ...]:
        """The frequency: a number for cyclic groups, digits for products."""
        k = self.record["k"]
        return tuple(k) if isinstance(k, list) else int(k)

    @property
    def order(self) -> int:
        """Nodes at this frequency."""
        return int(self.record["order"])

    @property
    def nodes(self) -> tuple[int, ...]:
        """Their numbers in the network, from 0."""
        return tuple(self.record["nodes"])

    @property
    def status(self) -> str:
        """``family``, ``entry``, ``non-factorable``, ``other`` or ``moving``; ``described`` without squares."""
        return str(self.record["status"])

    @property
    def family(self) -> str | None:
        """The family that is named, if one is within the tolerance."""
        name = self.record["family"]
        return None if name is None else str(name)

    @property
    def parameters(self) -> Mapping[str, Any]:
        """The family's parameters, phases in full turns."""
        return dict(self.record["parameters"])

    @property
    def distance(self) -> float | None:
        """Relative distance of the balanced nodes to the family; None without one, and by the paper's rules."""
        value = self.record.get("distance")
        return None if value is None else float(value)

    @property
    def entry(self) -> str | None:
        """Id of the catalog entry within the tolerance, if there is one."""
        name = self.record["entry"]
        return None if name is None else str(name)

    @property
    def solved(self) -> bool | None:
        """Whether all conditions of this frequency hold within the tolerance; None by the paper's rules."""
        return self.record.get("solved")

    def to_dict(self) -> dict[str, Any]:
        """The row of matches.json."""
        return copy.deepcopy(self.record)

    def __repr__(self) -> str:
        what = self.family or self.entry or self.status
        far = "" if self.distance is None else f" at distance {self.distance:.2g}"
        return f"FrequencyMatch(k={self.k}: order {self.order}, {what}{far})"


@dataclass(frozen=True, eq=False)
class NetworkMatch(Sequence[FrequencyMatch]):
    """What one network holds: a sequence of its frequencies; ``blocks`` are their nodes as they were compared."""

    record: dict[str, Any]
    blocks: tuple[Block, ...] = field(default=(), repr=False)

    @property
    def source(self) -> str:
        """Where the network is from: a file, a run, or how it was handed over."""
        return str(self.record.get("source", ""))

    @property
    def group(self) -> str:
        """The group, such as ``2x3``."""
        return str(self.record["group"])

    @property
    def activation(self) -> str:
        """The activation: ``square``, ``relu``, ..."""
        return str(self.record.get("activation", "square"))

    @property
    def status(self) -> str | None:
        """``exact optimizer``, ``same structure, other scale``, ``task solved, structure open`` or ``task not solved``.

        None by the paper's rules.
        """
        return self.record.get("status")

    @property
    def loss(self) -> float:
        """Mean squared error over all inputs, trivial character included."""
        return float(self.record["loss"])

    @property
    def accuracy(self) -> float:
        """Share of the inputs whose largest output is right."""
        return float(self.record["accuracy"])

    @property
    def frequencies(self) -> tuple[FrequencyMatch, ...]:
        """One for each pair of conjugate nontrivial characters."""
        return tuple(map(FrequencyMatch, self.record["frequencies"]))

    @overload
    def __getitem__(self, index: int) -> FrequencyMatch: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[FrequencyMatch, ...]: ...
    def __getitem__(self, index: int | slice) -> FrequencyMatch | tuple[FrequencyMatch, ...]:
        return self.frequencies[index]

    def __len__(self) -> int:
        return len(self.record["frequencies"])

    def to_dict(self) -> dict[str, Any]:
        """The network's record in matches.json."""
        return copy.deepcopy(self.record)

    def __repr__(self) -> str:
        found = Counter(f.family or f.status for f in self.frequencies)
        listed = ", ".join(f"{count} {name}" for name, count in found.most_common())
        return f"NetworkMatch({self.source or 'network'}, group {self.group}, loss {self.loss:.2e}: {listed})"

    def _repr_html_(self) -> str:
        rows = [(f.k, f.order, f.status, f.family, f.distance, f.entry) for f in self.frequencies]
        return table(("k", "order", "status", "family", "distance", "entry"), rows, repr(self))


@dataclass(frozen=True, eq=False)
class Matches(Sequence[NetworkMatch]):
    """Many matched networks, with how often nodes that mean nothing would match: the contents of matches.json."""

    rules: str
    tolerance: float
    null_rate: float
    nulls: list[dict[str, Any]]
    curve: list[dict[str, float]]
    networks: tuple[NetworkMatch, ...]
    failed: tuple[dict[str, str], ...]

    @overload
    def __getitem__(self, index: int) -> NetworkMatch: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[NetworkMatch, ...]: ...
    def __getitem__(self, index: int | slice) -> NetworkMatch | tuple[NetworkMatch, ...]:
        return self.networks[index]

    def __len__(self) -> int:
        return len(self.networks)

    @property
    def blocks(self) -> list[Block]:
        """The nodes of every frequency of every network, as they were compared."""
        return [block for network in self.networks for block in network.blocks]

    def to_dict(self) -> dict[str, Any]:
        """matches.json: what `match --json` prints."""
        head = {
            name: copy.deepcopy(getattr(self, name)) for name in ("rules", "tolerance", "null_rate", "nulls", "curve")
        }
        return {**head, "networks": [network.to_dict() for network in self.networks], "failed": list(self.failed)}

    def to_pandas(self) -> Any:
        """A pandas DataFrame with a row for each frequency. Raises InputError where pandas is not installed."""
        pd = pandas()
        rows = [
            {"source": n.source, "group": n.group, "k": f.k, "order": f.order, "status": f.status, "family": f.family,
             "distance": f.distance, "entry": f.entry}
            for n in self.networks for f in n.frequencies
        ]  # fmt: skip
        return pd.DataFrame(rows)

    def __repr__(self) -> str:
        found = Counter(f.family or f.status for n in self.networks for f in n.frequencies)
        listed = ", ".join(f"{count} {name}" for name, count in found.most_common())
        return f"Matches({len(self)} networks, tolerance {self.tolerance:g}: {listed})"

    def _repr_html_(self) -> str:
        tolerance = f"A match is a relative distance of at most {self.tolerance:g}"
        note = f"<p>{tolerance}; nodes that mean nothing match at a rate of at most {self.null_rate:.2%}.</p>"
        return "".join(network._repr_html_() for network in self.networks) + note
