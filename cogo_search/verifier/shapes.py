"""The shape of a file: which keys an object has, and of which type every value is.

A type stands for itself, a set for one of its strings, a tuple for alternatives, [x] for a list of x, {"*": x} for
an object with any keys, another dict for an object with exactly these keys, WIDE for an integer of any length.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

from .meter import Refused, require
from .texts import shown
from .vocabulary import CONDITIONS, COVERS, FREQUENCY, POTENTIALS, PROVING, QUANTITY, SETS, WIDTH

WIDE = "an integer"
NODE = {"a": int, "b": int, "c": [int]}
_SCOPE = {"weights": set(WIDTH), "n": (None, int), "frequency": {name for name, _ in FREQUENCY.values()},
          "conditions": {"Lemma 1", "Lemma 1, merged"},
          "cover": set(COVERS), "minimised": {"order", "aligned_nodes", "formal_order"}}  # fmt: skip
_MATRIX = [[str]]
BOUND = {
    "lower_bound": (None, int), "method": {*PROVING, "solver-only", "none"},
    "scope": (_SCOPE, _SCOPE | {"roots": [int], "closure": bool, "max_factors": (None, int)}),
    "certificate": (None, {"pencil": [_MATRIX], "rank": int},
                    {"n": int, "multipliers": {"*": str}, "value": str}),
}  # fmt: skip
CLAIM = BOUND | {"claim": {"minimal", "upper-bound-only"}}
_COUNT = {"complete": bool, "found": int, "kept": int}
_PRODUCT, _FREE = {"product": _COUNT}, {"free": _COUNT | {"levels": {"*": int}}}
_ENTRY = {
    "id": str, "n": int, "order": int, "formal_order": int, "aligned_nodes": (None, int), "nodes": [NODE],
    "zero_set": [{*POTENTIALS, "aac+AAc", "bbc+BBc", "aac+bbc"}], "covers": [set(SETS)],
    "character_order": set(CONDITIONS),
    "factors": (None, [{"order": int, "n": int, "nodes": [NODE]}]),
    "polynomials": (None, [{"generator": [int], "n": int, "values": [int], "order": int}]),
    "families": [{"name": str, "parameters": {"*": int}}], "found_by": [{"free", "product"}],
    "orbit_size": int, "cost": str, "optimality": CLAIM,
}  # fmt: skip
_COMPONENTS = [[(WIDE, [WIDE])]]  # pairs of a character and coordinates; read_components looks closer
_DIMENSION = {"dimension": {"real": int, "weighted": int, "regular": [{"real", "weighted"}]}}
CATALOG = {
    "schema_version": int,
    "digest": str,
    "search": {
        "roots": [int], "n": int, "closure": bool, "model": {"product", "free", "all"},
        "nodes": {"aligned", "weighted"},
        "covers": [set(COVERS)], "character_order": set(CONDITIONS), "max_factors": (None, int),
        "max_order": (None, int), "limit": (None, int), "budget": (None, int, float),
        "complete": {"*": (_COUNT | _PRODUCT, _COUNT | _FREE, _COUNT | _PRODUCT | _FREE)},
    },
    "generators": [{"a": int, "b": int, "c": int, "n": int, "values": dict.fromkeys(POTENTIALS, int)}],
    "minimal": [CLAIM | {
        "model": {"product", "free"}, "nodes": (None, {"aligned", "weighted"}), "cover": set(COVERS), "n": int,
        "order": (None, int), "minimised": set(QUANTITY.values()), "merged_order": (None, int),
        "outcome": {"PROVED", "FEASIBLE", "INFEASIBLE", "BUDGET_EXHAUSTED"}, "bounds": [BOUND],
    }],
    "entries": [(_ENTRY, _ENTRY | _DIMENSION)],
    "optimizers": [{
        "name": {"f6", "f4/6", "f4+const", "f4+real", "least-order", "least-norm", "entries", "memorization"},
        "group": str, "order": int,
        "trivial": {"without", "with"}, "target": {"zero-mean", "one-hot"}, "loss": {"0"},
        "recipe": ({"deltas": {"zero-mean", "plain"}}, {"carrier": {"none", "real", "unit", "pairs"}, "blocks": [
            {"k": (int, [int]), "solution": str, "n": int, "scale": int, "nodes": [NODE]}]}),
    }],
    "networks": [{
        "id": str, "name": str, "group": str, "trivial": {"without", "with"}, "target": {"zero-mean", "one-hot"},
        "width": int,
        "certificate": ({"kind": {"exact"}}, {"kind": {"enclosure"}, "radius": WIDE, "unknowns": [[int]]}),
        "weights": (
            {"n": int, "scale": WIDE, "nodes": [{"a": _COMPONENTS, "b": _COMPONENTS, "c": _COMPONENTS}]},
            {"radicands": [[WIDE]], "scale": WIDE, "W_a": [[[WIDE]]], "W_b": [[[WIDE]]], "V": [[[WIDE]]]},
            {"exponent": int, "W_a": [[WIDE]], "W_b": [[WIDE]], "V": [[WIDE]]},
        ),
    }],
}  # fmt: skip
GRAPH = [{"source": str, "target": str, "factor": {"order": int, "n": int, "nodes": [NODE]}}]  # optional


def conform(value: Any, shape: Any, where: str) -> None:
    """Refuse unless ``value`` has the given shape; a bool or a float never passes for an integer."""
    kind, expected = type(value), ""
    if isinstance(shape, tuple):
        reason = ""
        for alternative in shape:
            try:
                return conform(value, alternative, where)
            except Refused as refusal:
                if not reason or (kind in (dict, list) and type(alternative) is kind):
                    reason = str(refusal)
        raise Refused(reason)
    if isinstance(shape, set):
        expected = "" if kind is str and value in shape else f"one of {sorted(shape)}"
    elif isinstance(shape, list):
        expected = "" if kind is list else "a list"
    elif isinstance(shape, dict):
        expected = "" if kind is dict and all(type(key) is str for key in value) else "an object"
        if not expected and "*" not in shape and shape.keys() != value.keys():
            missing, unknown = sorted(shape.keys() - value.keys()), sorted(value.keys() - shape.keys())
            raise Refused(f"{where or 'catalog'}: missing keys {missing}, unknown keys {shown(unknown)}")
    elif shape is None:
        expected = "" if value is None else "null"
    elif shape == WIDE:
        expected = "" if kind is int else WIDE
    elif kind is not shape or (kind in (int, float) and not abs(value) <= 10**18):
        expected = f"{shape.__name__} (of at most 18 digits)" if shape in (int, float) else shape.__name__
    if expected:
        raise Refused(f"{where}: expected {expected}, found {shown(value)}")
    if isinstance(shape, list):
        for i, item in enumerate(value):
            conform(item, shape[0], f"{where}[{i}]")
    elif isinstance(shape, dict):
        for key, item in value.items():
            conform(item, shape.get("*", shape.get(key)), f"{where}.{key}" if where else key)


def fraction(text: str, where: str) -> Fraction:
    """A fraction in lowest terms, as a string such as "-3/4" or "2"."""
    good = bool(re.fullmatch(r"-?[0-9]{1,2000}(/[1-9][0-9]{0,1999})?", text)) and str(Fraction(text)) == text
    require(good, f"{where}: {shown(text)} is no fraction in lowest terms")
    return Fraction(text)
