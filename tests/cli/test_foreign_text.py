"""Whatever is in a file, commands that read it print plain lines, no traceback, and end with 0, 1 or 2."""

import contextlib
import io
import json
import random
import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cogo_search.cli import main

SHIPPED = Path(__file__).resolve().parents[2] / "catalog"
EVIL = "\x1b[2J\x1b]0;x\x07a\nverified\r\u202e[/bold]\ud800"
D, Q = 5, 8


def ran(*words):
    """Exit code and what was printed."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main([str(word) for word in words])
    return code, out.getvalue(), err.getvalue()


def plain(text):
    """No character but line ends that a terminal could act on."""
    return all(c.isprintable() or c == "\n" for c in text)


def check(*words):
    code, out, err = ran(*words)
    assert code in (0, 1, 2), (words, code)
    assert plain(out), out
    assert plain(err), err
    errors = [line for line in err.splitlines() if line.startswith("cogo_search: error")]
    assert len(errors) <= 1 + (words[0] == "match")
    return code, out, err


def npz_bytes(arrays):
    stream = io.BytesIO()
    np.savez(stream, **arrays)
    return stream.getvalue()


def safetensors_bytes(header, data):
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


def weights(seed=0):
    rng = np.random.default_rng(seed)
    return {name: rng.standard_normal((D, Q)) for name in ("W_a", "W_b", "V")}


def foreign_safetensors(names, metadata):
    size = D * Q * 8
    header = {
        name: {"dtype": "F64", "shape": [D, Q], "data_offsets": [i * size, (i + 1) * size]}
        for i, name in enumerate(names)
    }
    data = b"".join(array.tobytes() for array in weights().values())
    return safetensors_bytes({"__metadata__": metadata, **header}, data)


READERS = (["match"], ["evaluate"], ["frontier", "certify"])


@pytest.mark.slow
@pytest.mark.parametrize("command", READERS, ids=" ".join)
def test_keys_and_metadata_of_network_files(command, tmp_path):
    evil = EVIL.replace("\ud800", "")
    cases = {
        "keys.safetensors": foreign_safetensors([evil, evil + "b", evil + "c"], {}),
        "meta.safetensors": foreign_safetensors(["W_a", "W_b", "V"], {
            "format": "cogo-net-1", "group": "5", "trivial": "with", "target": "zero-mean",
            "origin": evil, "seed": evil, "epoch": evil, "provenance": evil,
        }),
        "group.safetensors": foreign_safetensors(["W_a", "W_b", "V"], {"format": "cogo-net-1", "group": evil}),
        "format.safetensors": foreign_safetensors(["W_a", "W_b", "V"], {"format": "cogo-net-1" + evil, "group": "5"}),
        "trivial.safetensors": foreign_safetensors(["W_a", "W_b", "V"], {
            "format": "cogo-net-1", "group": "5", "trivial": evil, "target": evil, "origin": "trained",
        }),
    }  # fmt: skip
    for name, content in cases.items():
        (tmp_path / name).write_bytes(content)
        check(*command, tmp_path / name)


def test_names_of_files(tmp_path):
    name = tmp_path / ("x" + EVIL.replace("\ud800", "").replace("/", "") + ".npz")
    name.write_bytes(npz_bytes(weights()))
    check("match", name)
    check("evaluate", name)
    check("list", "--catalog", name)
    check("action", name)
    assert ran("verify", name)[1].count("\n") <= 1


@pytest.mark.parametrize("place", ["group", "name", "action"])
def test_texts_of_action_files(place, tmp_path):
    data = {"action": [[0, 1, 2], [1, 2, 0], [2, 0, 1]], "group": "3"}
    (tmp_path / "a.json").write_text(json.dumps({**data, place: EVIL}))
    check("action", tmp_path / "a.json")
    (tmp_path / "a.json").write_text(json.dumps({**data, EVIL: 1}))
    check("action", tmp_path / "a.json")


@pytest.mark.slow
@pytest.mark.parametrize("command", [["list"], ["show", "n6"], ["graph"], ["verify"]], ids=" ".join)
def test_texts_of_catalogs(command, tmp_path):
    """Every string and key replaced in turn (every 7th), the digest right."""
    from cogo_search.catalog.catalog_files import digest

    shipped = json.loads((SHIPPED / "roots-6.json").read_text())
    places = list(strings(shipped))[:: 7 if command[0] == "list" else 29]
    for path in places:
        data = json.loads(json.dumps(shipped))
        spoil(data, path)
        (tmp_path / "c.json").write_text(json.dumps({**data, "digest": digest(data)}))
        files = [tmp_path / "c.json"] if command == ["verify"] else ["--catalog", tmp_path / "c.json"]
        check(*command, *files)


def strings(value, path=()):
    """Paths to strings, and to keys as (..., "key", KEY)."""
    if isinstance(value, str):
        yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        if isinstance(key, str):
            yield (*path, "key", key)
        yield from strings(item, (*path, key))


def spoil(data, path):
    if len(path) > 1 and path[-2] == "key":
        *front, _, key = path
        for step in front:
            data = data[step]
        if isinstance(data, dict):
            data[EVIL] = data.pop(key)
        return
    *front, last = path
    for step in front:
        data = data[step]
    data[last] = EVIL


BASES = {
    "net.npz": npz_bytes(weights()),
    "net.safetensors": foreign_safetensors(
        ["W_a", "W_b", "V"],
        {"format": "cogo-net-1", "group": "5", "origin": "trained", "trivial": "with", "target": "zero-mean"},
    ),
    "a.json": json.dumps({"action": [[0, 1], [1, 0]], "group": "2"}).encode(),
    "c.json": (SHIPPED / "roots-2-weighted-k2.json").read_bytes(),
}  # fmt: skip
COMMANDS = {"npz": READERS, "safetensors": READERS, "json": (["action"], ["list", "--catalog"], ["verify"])}


@pytest.mark.slow
@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(sorted(BASES)), st.integers(0, 2**32), st.integers(1, 12))
def test_damaged_bytes(tmp_path_factory, name, seed, damage):
    content, chance = bytearray(BASES[name]), random.Random(seed)
    for _ in range(damage):
        kind, place = chance.randrange(4), chance.randrange(len(content) + 1)
        if kind == 0 and place < len(content):
            content[place] = chance.randrange(256)
        elif kind == 1:
            content[place:place] = bytes(chance.randrange(256) for _ in range(chance.randrange(1, 9)))
        elif kind == 2:
            del content[place : place + chance.randrange(1, 40)]
        else:
            content[place:place] = EVIL.encode("utf-8", "surrogatepass")
    path = tmp_path_factory.mktemp("damaged") / name
    path.write_bytes(bytes(content))
    for command in COMMANDS[path.suffix[1:]]:
        check(*command, path)
