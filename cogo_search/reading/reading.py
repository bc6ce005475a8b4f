"""Networks from files of other programs: what function they are, on which group, and at which output scale.

All readings that the shapes allow are run (:mod:`.computing`); the one that computes a group's table is the network, in
the group's own coordinates (:mod:`.coordinates`). Names of keys decide only where nothing is computed yet
(:mod:`.by_name`). V is multiplied by the output scale of least loss where the outputs are off by more than 5 %.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from ..errors import InputError, choose
from ..groups.abelian import Group
from ..networks.activations import SQUARE, find_activation
from ..networks.network import TENSORS, Network
from ..networks.network_files import SUFFIXES, network_of, read_network
from . import by_name, coordinates
from .beside import EPSILON, beside
from .computing import BILINEAR, NAMES, Computed, Verdict, judge
from .layouts import Layout, find_layout, mapped_layout
from .readings import Reading, enumerate_readings
from .refusals import operands, what_it_is
from .scale import chosen_scale
from .state_dicts import MAPPING, StateDict, read_states


@dataclass(frozen=True, eq=False)
class Imported:
    """A network and how it came out of its file.

    ``mapping`` says what W_a, W_b and V are in terms of the file's tensors, ``scale`` what V was multiplied by besides;
    ``notes`` are lines for the user: what was recognised, ignored or changed. ``computes`` is the task in words if the
    network computes one, ``label`` which of several in the file it is, and ``epoch`` its epoch, if the file tells.
    """

    network: Network
    mapping: dict[str, str]
    scale: float
    notes: tuple[str, ...]
    computes: str | None = None
    label: str = ""
    epoch: int | None = None


@dataclass(frozen=True)
class Asked:
    """What a user says of foreign weights: group, keys of W_a, W_b and V, activation, and the epoch of a series.

    Raises InputError for a group or an activation that there is not.
    """

    group: str | None = None
    mapping: Mapping[str, str] | None = None
    activation: str | None = None
    epoch: int | None = None

    def __post_init__(self) -> None:
        if self.group is not None:
            Group.parse(self.group)
        if self.activation is not None and self.activation not in NAMES:
            raise InputError(f"activation={self.activation!r} is unknown: {choose(self.activation, NAMES)}")

    @property
    def named(self) -> Group | None:
        """The group, if one is named."""
        return None if self.group is None else Group.parse(self.group)


#: What is said where nothing is.
NOTHING = Asked()


def import_networks(path: Path, asked: Asked = NOTHING) -> list[Imported]:
    """Every network of a file: our own, a torch checkpoint, safetensors, .npz or .npy with other programs' names.

    Of a series over epochs the one of ``asked.epoch``, by default the last. No code in a file is ever run. Raises
    InputError if the file cannot be read, or a network in it is none that is known here, or may be read in several
    ways.
    """
    states = read_states(path)
    if str(states[0].metadata.get("format", "")).startswith("cogo-net-"):
        return [_native(path, states[0], asked)]
    return [import_state(state, asked) for state in _of_epoch(states, asked.epoch)]


def import_network(path: Path, asked: Asked = NOTHING) -> Imported:
    """The one network of a file. Raises InputError as :func:`import_networks` does, and if there are several."""
    found = import_networks(path, asked)
    if len(found) > 1:
        raise InputError(f"network file {path} holds {len(found)} networks where one is meant: match reads them all")
    return found[0]


def import_state(state: StateDict, asked: Asked = NOTHING) -> Imported:
    """The network of tensors by key, from a file or not."""
    try:
        layout = None if asked.mapping is None else mapped_layout(state, asked.mapping)
        keys = None if layout is None else list(dict.fromkeys(layout.keys))
        readings = enumerate_readings(state, keys)
        around = beside(state)
        fitting = [reading for reading in readings.found if layout is None or layout.fits(reading)]
        variants = [variant for reading in fitting for variant in around.variants(reading)]
        verdict = replace(judge(variants, asked.activation, asked.named), cut=readings.cut)
        decided = verdict.decided or _by_names(state, layout, verdict)
        if decided is not None:
            return _recognised(state, verdict, decided)
        if verdict.computed:
            raise InputError(_undecided(verdict))
        _contradicted(variants, asked)
        return _by_name(state, asked, verdict)
    except InputError as error:
        message = str(error)
        raise InputError(message if message.startswith(state.name) else f"{state.name}: {message}") from None


def _by_names(state: StateDict, layout: Layout | None, verdict: Verdict) -> Computed | None:
    """Of readings that are as good as each other the one that the user's mapping, or else the names, have literally."""
    if layout is not None:
        return next((found for found in verdict.tied if layout.literal(found.reading.mapping)), None)
    named = find_layout(state)
    mappings = [] if named is None else [candidate.mapping for candidate in named.candidates(state)]
    chosen = [found for found in verdict.tied if found.reading.mapping in mappings]
    return chosen[0] if len(chosen) == 1 else None


def _recognised(state: StateDict, verdict: Verdict, found: Computed) -> Imported:
    """The network of a reading that computes its task."""
    labelled = found.labelled
    network, told = coordinates.network_of(found)
    notes = [] if found.activation == SQUARE and not verdict.is_close else [_evidence(verdict, found)]
    words = f"computes {labelled.task}"
    if labelled.wrong:
        words += f", but for {labelled.wrong} of {labelled.order**2} pairs"
    if not labelled.is_plain:
        words += f": elements are renumbered as in group {labelled.name}"
    if any(key.endswith("running_mean") for key in found.reading.keys):
        told.append(f"batch norm as in evaluation, with eps {EPSILON:g}, torch's default, which no file tells")
    notes += [words, *told, *_left_out(state, found.reading.keys)]
    labels: dict[str, object] = {}
    if not labelled.is_plain:
        labels = {"labels": {name: getattr(labelled, name).tolist() for name in ("left", "right", "out")}}
    return _scaled(state, network, dict(found.reading.mapping), notes, found.reading.keys, labelled.task, labels)


def _by_name(state: StateDict, asked: Asked, verdict: Verdict) -> Imported:
    """The network of the keys that names or the user tell, which computes no group's table."""
    layout = find_layout(state) if asked.mapping is None else mapped_layout(state, asked.mapping)
    if layout is None or (operands(state) and not layout.candidates(state)):
        raise InputError(what_it_is(state, verdict.tried, verdict.nearest, verdict.cut))
    by_name.unused(state, layout)
    activation = asked.activation or SQUARE
    if activation == BILINEAR:
        raise InputError(f"activation={BILINEAR}: no bilinear layer computes a group: it holds {state.listing()}")
    formula = find_activation(activation).formula
    network, mapping, told = by_name.choose(state, layout, asked.named, activation)
    notes = [*told, f"computes no group's table: read by the names of its keys, with activation {formula}"]
    if asked.group is None:
        cyclic = network.group.name
        notes.append(f"group not named: cyclic {cyclic} assumed; name another one of that order with group=SPEC")
    keys = tuple(layout.keys)
    return _scaled(state, network, dict(mapping), [*notes, *_left_out(state, keys)], keys, None, {})


def _scaled(
    state: StateDict,
    network: Network,
    mapping: dict[str, str],
    notes: list[str],
    keys: tuple[str, ...],
    computes: str | None,
    more: dict[str, object],
) -> Imported:
    """The network at its output scale, with where it came from in its metadata."""
    scale, told = chosen_scale(network)
    known = {"file": state.file} if state.file else {}
    provenance = {**known, "mapping": mapping, "scale": scale, **more}
    metadata = {"origin": "imported", "provenance": json.dumps(provenance, sort_keys=True)}
    weights = [key for key in keys if state.tensors[key].values is not None]
    network = replace(network, V=network.V * scale, metadata=metadata, precision=state.precision(weights))
    lines = (*notes, told) if told else tuple(notes)
    return Imported(network, mapping, scale, lines, computes, state.label, state.epoch)


def _evidence(verdict: Verdict, found: Computed) -> str:
    """How the activation and the reading were told from the others."""
    line = f"activation {found.activation}: margins even to {found.unevenness:.2g} of their mean"
    if len(verdict.computed) > 1:
        other = verdict.computed[1]
        line += f"; the next reading ({_short(other)}) to {other.unevenness:.2g}"
    return line


def _short(found: Computed) -> str:
    told = ", ".join(f"{name} = {what}" for name, what in found.reading.mapping.items())
    d, q = found.reading.shape
    return f"{found.activation}, {told}, d = {d}, q = {q}"


def _undecided(verdict: Verdict) -> str:
    listed = "; ".join(f"{_short(c)}: margins even to {c.unevenness:.2g}" for c in verdict.computed[:4])
    return (
        f"{len(verdict.computed)} readings compute a group's table and none does so clearly more evenly ({listed}): "
        f"choose with activation=NAME, group=SPEC or {MAPPING}"
    )


def _contradicted(variants: list[Reading], asked: Asked) -> None:
    """Raise InputError if the tensors compute something, only not with the activation or on the group that is asked."""
    if asked.activation is None and asked.group is None:
        return
    others = judge(variants, None, None).decided
    if others is None:
        return
    found = f"{others.activation} they compute {others.labelled.task}"
    if asked.activation not in (None, others.activation):
        raise InputError(f"activation={asked.activation}: so read, the weights compute no group, but with {found}")
    raise InputError(f"group={asked.group}: the weights compute another, with {found}: leave the group out")


def _left_out(state: StateDict, keys: tuple[str, ...]) -> list[str]:
    """A line that names the tensors that do not enter."""
    left = [key for key in state.tensors if key not in keys]
    if not left:
        return []
    identities = [key for key in left if _is_identity(state, key)]
    return [f"not used: {state.listing(left)}" + (f" ({', '.join(identities)} is the identity)" if identities else "")]


def _is_identity(state: StateDict, key: str) -> bool:
    values = state.tensors[key].values
    return values is not None and values.ndim == 2 and np.array_equal(values, np.eye(*values.shape))


def _of_epoch(states: list[StateDict], epoch: int | None) -> list[StateDict]:
    """Of snapshots over time the one of an epoch, by default the last; all, if they are several networks."""
    timed = [state for state in states if state.over_time]
    if not timed:
        return states
    epochs = [state.epoch for state in timed]
    if epoch is None:
        last = max(e for e in epochs if e is not None)
        return [state for state in timed if state.epoch == last]
    if epoch not in epochs:
        listed = ", ".join(map(str, epochs[:12])) + (", ..." if len(epochs) > 12 else "")
        raise InputError(f"epoch={epoch} is none of {states[0].file}: it has {listed}")
    return [state for state in timed if state.epoch == epoch]


def _native(path: Path, state: StateDict, asked: Asked) -> Imported:
    if path.suffix in SUFFIXES:
        network = read_network(path)
    else:
        held = {name: np.empty(0, int) if x.values is None else x.values for name, x in state.tensors.items()}
        network = network_of(path, held, dict(state.metadata))
    if asked.named is not None and asked.named != network.group:
        raise InputError(
            f"group={asked.group}: network file {path} is on group {network.group.name}: leave the group out"
        )
    if asked.mapping is not None:
        raise InputError(f"mapping: network file {path} has format {network.metadata['format']}: leave it out")
    if asked.activation not in (None, network.activation):
        raise InputError(
            f"activation={asked.activation}: network file {path} has activation {network.activation}: leave it out"
        )
    if network.width == 0:
        raise InputError(f"network file {path} {by_name.NO_NODES}")
    return Imported(network, {name: name for name in TENSORS}, 1.0, ())
