"""The verifier on files that nobody would write: bytes, structure and numbers of true catalogs altered at random.

Whatever the file, ``judge`` answers with one of four outcomes on one printable line, and never with a fault of its own.
"""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cogo_search import verifier as verify
from tests.catalog.both import judge

SHIPPED = Path(__file__).parents[2] / "catalog"
BUDGET = 5.0  # million steps: what the true catalogs below need, and little more
QUICK, SLOW = 15, 3400  # inputs of each of the three kinds


def hashed(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def sealed(data: Any) -> Any:
    """The catalog with the ids and the digest that a careful attacker would give it, where its shape still has them."""
    if not isinstance(data, dict):
        return data
    for entry in of_shape(data.get("entries"), "n", "nodes", "id"):
        if rows := of_shape(entry["nodes"], "a", "b", "c"):
            key = hashed([entry["n"], [[node["a"], node["b"], node["c"]] for node in rows]])[:16]
            entry["id"] = f"{text(entry['id']).rpartition('-q')[0]}-q{len(rows)}-{key}"
    for record in of_shape(data.get("networks"), "group", "trivial", "target", "weights", "width", "id"):
        key = hashed({name: record[name] for name in ("group", "trivial", "target", "weights")})[:16]
        record["id"] = f"cogo1-net-{text(record['group'])}-q{text(record['width'])}-{key}"
    data["digest"] = hashed({key: value for key, value in data.items() if key != "digest"})
    return data


def text(value: Any) -> str:
    """As in an id, unless the value is something that no id can hold."""
    return str(value) if isinstance(value, str) or (isinstance(value, int) and abs(value) < 10**40) else "?"


def of_shape(values: Any, *keys: str) -> list[dict[str, Any]]:
    """The objects with these keys, of what should be a list of them."""
    return [v for v in values if isinstance(v, dict) and v.keys() >= set(keys)] if isinstance(values, list) else []


def small_networks() -> dict[str, Any]:
    """Some networks of each kind of certificate, without the large ones."""
    data = json.loads((SHIPPED / "frontier.json").read_text())
    kinds: dict[str, list[dict[str, Any]]] = {}
    for record in data["networks"]:
        kinds.setdefault(record["certificate"]["kind"], []).append(record)
    smallest = [r for records in kinds.values() for r in sorted(records, key=lambda r: len(json.dumps(r)))[:2]]
    names = {record["id"] for record in smallest}
    data["networks"] = [record for record in data["networks"] if record["id"] in names]
    return sealed(data)


CATALOGS = [
    small_networks(),
    *(
        json.loads((SHIPPED / f"{name}.json").read_text())
        for name in ("roots-2-weighted-k2", "roots-3-4", "roots-6", "roots-8-weighted-k4")
    ),
]
BYTES = [json.dumps(data).encode() for data in CATALOGS]

# ---- what is altered -------------------------------------------------------------------------------------------

digits = st.integers(1, 4200).map(lambda length: 10**length + 1)
numbers = st.one_of(
    st.integers(-3, 40),
    st.integers(-(2**70), 2**70),
    digits,
    digits.map(lambda n: -n),
    st.sampled_from([0.0, -0.0, 1.0, 1e308, float("inf"), float("nan"), True, False]),
)
words = st.one_of(
    st.text(max_size=20),
    st.sampled_from(["", "1/0", "0/1", "-1/2", "\x1b[2J", "x.json: verified\n", "\u202e", "\ud800", "generic", "all"]),
    st.tuples(numbers, numbers).map(lambda pair: f"{pair[0]!s:.80}/{pair[1]!s:.80}"),
)


@st.composite
def deep(draw: st.DrawFn) -> Any:
    """Lists in lists."""
    value: Any = draw(words)
    for _ in range(draw(st.sampled_from([1, 3, 30, 900]))):
        value = [value]
    return value


junk = st.one_of(numbers, words, st.none(), st.just([]), st.just({}), deep())


def places(value: Any, where: Callable[[Any], bool]) -> list[tuple[Any, Any]]:
    """(container, key) of every value inside that ``where`` accepts."""
    found = []
    stack = [value]
    while stack:
        inner = stack.pop()
        items = inner.items() if isinstance(inner, dict) else enumerate(inner) if isinstance(inner, list) else ()
        for key, child in items:
            if where(child):
                found.append((inner, key))
            stack.append(child)
    return found


def is_number(value: Any) -> bool:
    return isinstance(value, int) or (isinstance(value, str) and value.lstrip("-").replace("/", "").isdigit())


@st.composite
def altered_numbers(draw: st.DrawFn) -> bytes:
    """Some numbers replaced, most of them by others of a likely size."""
    data = copy.deepcopy(draw(st.sampled_from(CATALOGS)))
    for _ in range(draw(st.integers(1, 3))):
        container, key = draw(st.sampled_from(places(data, is_number)))
        old = container[key]
        if isinstance(old, int):
            likely = st.sampled_from([old + 1, old - 1, -old, 2 * old, old * 10**9, max(-99, min(old, 99)) ** 50])
            container[key] = draw(st.one_of(likely, numbers))
        else:
            container[key] = draw(words)
    return json.dumps(sealed(data)).encode()


@st.composite
def altered_structure(draw: st.DrawFn) -> bytes:
    """Subtrees left out, doubled, exchanged, replaced by another of the same or of another catalog, or by junk."""
    data = copy.deepcopy(draw(st.sampled_from(CATALOGS)))
    other = draw(st.sampled_from(CATALOGS))
    for _ in range(draw(st.integers(1, 3))):
        inside = places(data, lambda _: True)
        if not inside:
            break
        container, key = draw(st.sampled_from(inside))
        change = draw(st.sampled_from(["leave out", "double", "transplant", "rename", "junk"]))
        if change == "leave out":
            del container[key]
        elif change == "double" and isinstance(container, list):
            container.insert(key, copy.deepcopy(container[key]))
        elif change == "rename" and isinstance(container, dict):
            container[draw(words)] = container.pop(key)
        elif change == "transplant":
            source, at = draw(st.sampled_from(places(other, lambda _: True)))
            container[key] = copy.deepcopy(source[at])
        else:
            container[key] = draw(junk)
    return json.dumps(sealed(data)).encode()


@st.composite
def altered_bytes(draw: st.DrawFn) -> bytes:
    """Bytes cut, inserted, repeated or overwritten."""
    content = draw(st.sampled_from(BYTES))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(content)))
        end = min(len(content), start + draw(st.sampled_from([0, 1, 2, 10, 500])))
        piece = draw(st.one_of(st.binary(max_size=8), st.sampled_from([b"[" * 2000, b"9" * 5000, b'"', b"\\ud800"])))
        change = draw(st.sampled_from(["replace", "repeat", "truncate"]))
        if change == "replace":
            content = content[:start] + piece + content[end:]
        elif change == "repeat":
            content = content[:end] + content[start:end] * draw(st.integers(1, 3)) + content[end:]
        else:
            content = content[:start]
    return content


KINDS = {"numbers": altered_numbers(), "structure": altered_structure(), "bytes": altered_bytes()}

# ---- what is asked ---------------------------------------------------------------------------------------------


def assert_judged(content: bytes, path: Path) -> None:
    """One of the four outcomes, said on one printable line; no text but ours."""
    path.write_bytes(content)
    said: list[str] = []
    result = judge(str(path), False, BUDGET, said.append)
    assert result["outcome"] in ("verified", "refused", "unreadable", "undecided")
    lines = [*said, result["reason"]] if "reason" in result else said
    assert all(line.isprintable() and len(line) <= verify.SHOWN for line in lines)
    assert not any("the verifier failed" in line for line in lines)
    json.dumps(verify.flat(result)).encode()


@pytest.mark.slow
def test_the_catalogs_altered_are_true(tmp_path: Path) -> None:
    for i, content in enumerate(BYTES):
        (tmp_path / f"{i}.json").write_bytes(content)
        assert judge(str(tmp_path / f"{i}.json"), False, BUDGET, lambda _: None)["outcome"] == "verified"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("inputs", [QUICK, pytest.param(SLOW, marks=pytest.mark.slow)])
def test_altered_files(kind: str, inputs: int, tmp_path: Path) -> None:
    @settings(
        max_examples=inputs,
        derandomize=True,
        database=None,
        deadline=timedelta(seconds=60),
        suppress_health_check=list(HealthCheck),
    )
    @given(KINDS[kind])
    def judged(content: bytes) -> None:
        assert_judged(content, tmp_path / "catalog.json")

    judged()
