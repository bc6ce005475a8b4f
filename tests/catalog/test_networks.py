"""Whole networks of several frequencies: records, files of them alone, the verifier against every falsehood."""

import copy
import hashlib
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import jsonschema
import numpy as np
import pytest

from cogo_search.algebra.cyclotomic import root_of_unity
from cogo_search.catalog import verify as one_file
from cogo_search.catalog.catalog import Catalog
from cogo_search.catalog.catalog_files import digest, dumps, read_catalog, schema, write_catalog
from cogo_search.catalog.network_catalogs import networks_catalog
from cogo_search.catalog.network_records import from_record, network_record
from cogo_search.cli import main
from cogo_search.errors import CatalogError, InputError
from cogo_search.groups.abelian import Group
from cogo_search.networks.cyclotomic_network import ExactNetwork, ExactNode, is_optimal, numeric
from cogo_search.networks.network import Setting, spectrum
from cogo_search.networks.network_files import read_network
from cogo_search.recipes.compose import build
from cogo_search.recipes.memorization import Memorization
from cogo_search.verifier import NOTHING, Refused
from cogo_search.verifier.cyclotomic import combine, powers
from tests.catalog.both import verify_catalog

CATALOG = Path(__file__).parents[2] / "catalog" / "roots-6.json"
WITH, ONE_HOT = Setting("with"), Setting("with", "one-hot")
MADE = [
    ("f4+const", "3", WITH),
    ("f4/6", "5", Setting()),
    ("f4+const", "5", ONE_HOT),
    ("f6", "4", Setting()),
    ("f4+real", "2x3", Setting()),
    ("f6", "2x2", ONE_HOT),
]


def record_of(name, spec, setting):
    return network_record(name, build(name, Group.parse(spec), setting).network, setting)


def lookup(spec, setting):
    """Corollary 3 over Z[zeta_n], n the group's exponent: nodes of all frequencies."""
    g, one_hot = Group.parse(spec), setting.target == "one-hot"
    d, n = g.order, g.exponent
    steps = [n // f for f in g.factors]

    def delta(x, sign, factor):
        exponents = {k: sign * int(np.dot(g.digits[k] * steps, g.digits[x])) for k in range(0 if one_hot else 1, d)}
        named = {k: e for k, e in exponents.items() if k == g.pair_of(k)}
        return {k: (factor if k else 1) * root_of_unity(e, n) for k, e in named.items()}

    sums = d + 1 if one_hot else 1
    nodes = [
        ExactNode(delta(x, -1, 1), delta(y, -1, 1), delta(int(g.add(x, y)), 1, sums))
        for x in range(d)
        for y in range(d)
    ]
    return ExactNetwork(g, n, d * d * sums, tuple(nodes))


@pytest.fixture(scope="module")
def records():
    return [record_of(*made) for made in MADE]


@pytest.fixture(scope="module")
def catalog(records, tmp_path_factory):
    path = tmp_path_factory.mktemp("networks") / "frontier.json"
    write_catalog(networks_catalog(records), path)
    return path


def renamed(record):
    """The record with the id that an attacker would give it."""
    text = json.dumps({key: record[key] for key in ("group", "trivial", "target", "weights")}, sort_keys=True)
    key = hashlib.sha256(text.replace(" ", "").encode()).hexdigest()[:16]
    return {**record, "id": f"cogo1-net-{record['group']}-q{record['width']}-{key}"}


def sealed(*networks, **changes):
    data = {**networks_catalog([]), "networks": list(networks), **changes}
    return {**data, "digest": digest(data)}


def refused(record):
    """Refused by the verifier, though id and digest are recomputed, and by everything that reads the record."""
    record = renamed(record)
    with pytest.raises(Refused):
        verify_catalog(sealed(record))
    with pytest.raises(CatalogError):
        from_record(record)
    with pytest.raises(InputError):
        networks_catalog([record])
    return True


def numbers(value, path=()):
    if isinstance(value, dict | list):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from numbers(item, (*path, key))
    elif isinstance(value, int):
        yield path


def changed(record, path, value):
    record = copy.deepcopy(record)
    item = record
    for key in path[:-1]:
        item = item[key]
    item[path[-1]] = value(item[path[-1]])
    return record


def weights(record, change):
    """A copy with changed weights."""
    record = copy.deepcopy(record)
    change(record["weights"])
    return {**record, "width": len(record["weights"]["nodes"])}


def test_records_are_written_verified_and_read_back(records, catalog):
    data = read_catalog(catalog)
    assert (data["entries"], data["minimal"], data["search"]) == ([], [], NOTHING)
    # two nodes at every real character: one each and one for all constants would do (4 on Z_2 x Z_2, 5 + 1 on Z_4)
    spare = ["2 of 6 in cogo1-net-2x2-q6-6416912deaa231e5", "2 of 8 in cogo1-net-4-q8-2191900aafdf5127"]
    report = verify_catalog(data)
    assert str(report).startswith("0 entries, 0 rows, 0 bounds proved; 6 networks of loss 0; nodes that can be left")
    assert list(report.spare) == spare
    assert verify_catalog(data, deep=True).networks == 6
    assert [r["group"] for r in data["networks"]] == ["3", "2x2", "4", "5", "5", "2x3"]
    assert catalog.read_text() == dumps(networks_catalog(records[::-1]))
    for record in records:
        network, setting = from_record(record)
        assert is_optimal(network, setting)
        assert network_record(record["name"], network, setting) == record == renamed(record)


def test_networks_stand_beside_entries(records):
    data = read_catalog(CATALOG)
    assert verify_catalog(data).networks == 0
    data |= {"networks": networks_catalog(records)["networks"]}
    data["digest"] = digest(data)
    jsonschema.Draft202012Validator(schema()).validate(data)
    report = verify_catalog(data)
    assert (report.entries > 0, report.networks) == (True, 6)


def test_a_record_is_normalised():
    """Both names of a pair, zeros, and common factors of scale and c make no difference."""
    network = build("f4/6", Group.parse("5"), Setting()).network
    zero = np.zeros(4, dtype=np.int64)
    reduction = powers(network.n)

    def other(components):
        conjugated = {5 - k: np.array(combine(network.n, [(int(m), -e) for e, m in enumerate(x)]))
                      for k, x in components.items()}  # fmt: skip
        return conjugated | {0: zero}

    assert len(reduction[0]) == 4
    nodes = [ExactNode(other(x.a), other(x.b), {k: 6 * v for k, v in other(x.c).items()}) for x in network.nodes]
    written = replace(network, scale=6 * network.scale, nodes=tuple(nodes))
    assert network_record("f", written, Setting()) == network_record("f", network, Setting())
    both = replace(nodes[0], a=nodes[0].a | network.nodes[0].a)
    with pytest.raises(InputError, match="both characters"):
        network_record("f", replace(written, nodes=(both, *nodes[1:])), Setting())


def test_what_is_not_optimal_in_its_setting_is_no_record():
    network = build("f4+const", Group.parse("5"), ONE_HOT).network
    plain = build("f4/6", Group.parse("5"), Setting()).network
    assert network_record("x", network, WITH)["target"] == "zero-mean"  # one-hot outputs have the zero mean as well
    for wrong, setting in ((network, Setting()), (plain, ONE_HOT), (replace(plain, nodes=plain.nodes[1:]), Setting())):
        with pytest.raises(InputError, match=r"trivial character|the loss is not 0"):
            network_record("x", wrong, setting)
    idle = ExactNode(plain.nodes[0].a, plain.nodes[0].b, {})
    for extra, reason in (((idle,), "does nothing"), ((ExactNode({7: np.zeros(4)}, {}, {}),), "outside group")):
        with pytest.raises(InputError, match=reason):
            network_record("x", replace(plain, nodes=plain.nodes + extra), Setting())
    with pytest.raises(InputError, match="name"):
        network_record("two\nlines", plain, Setting())
    with pytest.raises(InputError, match="nodes"):
        network_record("x", ExactNetwork(Group.parse("5"), 4, 0, ()), Setting())


CHANGES = (lambda x: x + 1, lambda x: x - 1, lambda x: 3 * x + 1, lambda x: -x - 1, float, bool)


@pytest.mark.slow
@pytest.mark.parametrize("made", MADE, ids=lambda made: "-".join(map(str, made[:2])))
def test_every_falsified_number_is_refused(made):
    record = record_of(*made)
    for path in set(numbers(record)) - {("weights", "n")}:
        for change in CHANGES:
            assert refused(changed(record, path, change)), path
    for n in {*range(-1, 300)} - {record["weights"]["n"]}:
        other = changed(record, ("weights", "n"), lambda _, n=n: n)
        if {n, record["weights"]["n"]} == {1, 2}:  # both are the rationals
            assert is_optimal(*from_record(renamed(other)))
        else:
            assert refused(other)


@pytest.mark.slow
@pytest.mark.parametrize("spec", ["3", "4", "5", "2x3"])
@pytest.mark.parametrize("setting", [Setting(), WITH, ONE_HOT], ids=str)
def test_nodes_of_all_frequencies(spec, setting):
    network = lookup(spec, setting)
    record = network_record("memorization", network, setting)
    assert from_record(record)[0].width == network.group.order**2
    weights_of = spectrum(numeric(network))
    assert np.allclose(weights_of, spectrum(Memorization(network.group, setting).assemble()))
    paths = [path for path in numbers(record) if len(path) > 3 and path[2] in (0, network.width - 1)]
    for path in paths[:: len(paths) // 12]:
        assert refused(changed(record, path, lambda x: 3 * x + 1)), path


def first(part, change):
    return lambda w: change(w["nodes"][0][part])


ATTACKS = {
    "a node dropped": lambda w: w["nodes"].pop(),
    "a node twice": lambda w: w["nodes"].append(w["nodes"][0]),
    "no node": lambda w: w["nodes"].clear(),
    "a node without inputs": lambda w: w["nodes"].append({"a": [], "b": [], "c": w["nodes"][0]["c"]}),
    "a node without outputs": lambda w: w["nodes"].append({**w["nodes"][0], "c": []}),
    "scale 0": lambda w: w.update(scale=0),
    "a common factor": lambda w: (
        w.update(scale=3 * w["scale"]),
        [x.update(c=[[k, [3 * v for v in c]] for k, c in x["c"]]) for x in w["nodes"]],
    ),
    "signs": lambda w: (
        w.update(scale=-w["scale"]),
        [x.update(c=[[k, [-v for v in c]] for k, c in x["c"]]) for x in w["nodes"]],
    ),
    "an explicit zero": first("b", lambda x: x.append([2, [0, 0, 0, 0]])),
    "too few coordinates": first("b", lambda x: x[0][1].pop()),
    "too many coordinates": first("b", lambda x: x[0][1].append(0)),
    "the other character of the pair": first("a", lambda x: x[0].__setitem__(0, 4)),
    "both characters of the pair": first("a", lambda x: x.append([4, x[0][1]])),
    "a character twice": first("a", lambda x: x.append(x[0])),
    "a character beyond the group": first("a", lambda x: x.append([5, [1, 0, 0, 0]])),
    "a trivial input": first("a", lambda x: x.insert(0, [0, [1, 0, 0, 0]])),
    "a trivial output": first("c", lambda x: x.insert(0, [0, [1, 0, 0, 0]])),
    "no pair": first("a", lambda x: x[0].append(1)),
    "a character of no integer": first("a", lambda x: x[0].__setitem__(0, [1])),
    "coordinates of no list": first("a", lambda x: x[0].__setitem__(1, 1)),
    "empty pair": first("a", lambda x: x.append([])),
    "unknown key": lambda w: w.update(more=1),
    "missing key": lambda w: w["nodes"][0].pop("b"),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_attacks(records, attack):
    """On f4/6 at order 5, whose weights lie in Q(zeta_12)."""
    assert refused(weights(records[1], ATTACKS[attack]))


def test_outputs_at_the_trivial_character(records):
    """With zero-mean targets they are free, with one-hot ones they are not; without it they are no weights."""

    def shift(w):
        w["nodes"][-1]["c"].append([0, [w["scale"], *[0] * (len(powers(w["n"])[0]) - 1)]])
        w["nodes"][-1]["c"].sort()

    free = renamed(weights(network_record("x", build("f4/6", Group.parse("5"), WITH).network, WITH), shift))
    assert verify_catalog(sealed(free)).networks == 1
    assert is_optimal(*from_record(free))
    assert refused({**free, "trivial": "without"})
    assert refused({**free, "target": "one-hot"})


def test_self_conjugate_characters_are_real(records):
    """i at the character 2 of Z_4 and at the trivial one."""
    real = next(j for j, node in enumerate(records[3]["weights"]["nodes"]) if node["a"][0][0] == 2)
    for record, j in ((records[3], real), (records[2], -1)):
        n = record["weights"]["n"]
        imaginary = list(powers(n)[n // 4])
        for part in "abc":
            false = weights(record, lambda w, j=j, part=part, x=imaginary: w["nodes"][j][part][0].__setitem__(1, x))
            with pytest.raises(Refused, match="not real"):
                verify_catalog(sealed(renamed(false)))


@pytest.mark.parametrize(
    "change",
    [
        {"trivial": "without", "target": "one-hot"},
        {"target": "one-hot"},
        {"group": "7"},
        {"group": "05"},
        {"group": "5x1"},
        {"group": "129"},
        {"width": 9},
        {"certificate": {"kind": "interval"}},
        {"certificate": {}},
        {"name": ""},
        {"name": "\x1b[2J"},
        {"more": 1},
    ],
    ids=str,
)
def test_a_wrong_setting_or_label_is_refused(records, change):
    assert refused({**records[1], **change})


def test_wrong_ids_order_and_repetitions_are_refused(records):
    good = networks_catalog(records)["networks"]
    for networks in (good[::-1], [good[0], good[0]], [{**good[0], "id": good[0]["id"][:-1] + "x"}], [{}], [1]):
        with pytest.raises(Refused):
            verify_catalog(sealed(*networks))
    with pytest.raises(InputError, match="twice"):
        networks_catalog([records[0], records[0]])
    with pytest.raises(CatalogError):
        from_record({})


def test_an_empty_search_holds_nothing(records):
    """No entries, no other search of no covers, no roots without covers."""
    small = read_catalog(CATALOG)
    for changes in (
        {"entries": small["entries"]},
        {"search": {**NOTHING, "model": "all"}},
        {"search": {**NOTHING, "roots": [6], "n": 6}},
        {"search": {**NOTHING, "limit": 2}},
        {"search": {**small["search"], "covers": []}},
        {"search": {**small["search"], "roots": []}},
        {"minimal": small["minimal"]},
    ):
        data = sealed(records[0], **changes)
        with pytest.raises(Refused):
            verify_catalog(data)
        if "search" in changes:
            assert not jsonschema.Draft202012Validator(schema()).is_valid(data)


def test_coordinates_of_any_length(records):
    """A node moved along its gauge by 10^40 still has loss 0; the package itself reads 64 bits."""
    t = 10**40
    large = copy.deepcopy(records[1])
    nodes = large["weights"]["nodes"]
    for node in nodes:
        node["c"] = [[k, [x * (1 if node is nodes[0] else t * t) for x in c]] for k, c in node["c"]]
    for part in "ab":
        nodes[0][part] = [[k, [t * x for x in c]] for k, c in nodes[0][part]]
    large["weights"]["scale"] *= t * t
    large = renamed(large)
    assert verify_catalog(sealed(large)).networks == 1
    jsonschema.Draft202012Validator(schema()).validate(sealed(large))
    with pytest.raises(CatalogError, match="64 bits"):
        from_record(large)
    assert refused(changed(large, ("weights", "nodes", 0, "a", 0, 1, 0), lambda x: x + 1))


def test_a_large_network_is_refused_not_computed(records):
    """126 characters in a node over zeta_240: more than 10^10 products."""
    wide = [[k, [1] * 64] for k in range(1, 64)]
    record = {**records[1], "group": "128", "width": 1}
    record["weights"] = {"n": 240, "scale": 1, "nodes": [{"a": wide, "b": wide, "c": wide}]}
    with pytest.raises(Refused, match="too large"):
        verify_catalog(sealed(renamed(record)))


def test_the_one_file_verifies_alone(catalog, tmp_path):
    copied = tmp_path / "verify.py"
    copied.write_bytes(Path(one_file.__file__).read_bytes())
    command = [sys.executable, "-I", str(copied), str(catalog)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert (done.returncode, "6 networks of loss 0" in done.stdout) == (0, True)
    (tmp_path / "false.json").write_text(catalog.read_text().replace('"scale": ', '"scale": 1'))
    command[-1] = str(tmp_path / "false.json")
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=120).returncode == 1


def test_commands(catalog, records, tmp_path, capsys):
    """list, show and construct know networks; everything else passes them by."""
    where = ["--catalog", str(catalog)]
    assert main(["list", *where]) == 0
    text = capsys.readouterr().out
    assert "6 networks of loss 0" in text and all(r["id"] in text for r in records)
    assert main(["list", "--json", *where]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert listed == [{**item.record, "catalogs": [str(catalog)]} for item in Catalog.read(catalog).networks]
    assert main(["list", "--order", "6", "--json", *where]) == 0
    assert json.loads(capsys.readouterr().out) == []
    for prefix in (records[4]["id"], "net-2x3", records[4]["id"][-16:-4]):
        assert main(["show", prefix, "--json", *where]) == 0
        assert json.loads(capsys.readouterr().out) == {**records[4], "catalogs": [str(catalog)]}
    assert main(["show", records[4]["id"], *where]) == 0
    assert "0 exactly" in capsys.readouterr().out
    assert main(["show", "cogo1-net-5", *where]) == 2
    assert main(["graph", *where]) == 0
    assert main(["construct", "--group", "5", "--minimal", *where]) == 2
    capsys.readouterr()
    for record in records:
        out = tmp_path / f"{record['id']}.safetensors"
        recipe = ["--recipe", f"entry:{record['id']}", *where]
        assert main(["construct", "--group", record["group"], *recipe, "--out", str(out), "--json"]) == 0
        facts = json.loads(capsys.readouterr().out)
        assert (facts["order"], facts["trivial"], facts["target"]) == tuple(
            record[key] for key in ("width", "trivial", "target")
        )
        assert facts["loss"] < 1e-24 and facts["provenance"] == {"recipe": "network", **record}
        metadata = read_network(out).metadata
        assert json.loads(metadata["provenance"])["id"] == record["id"]
        assert (metadata["trivial"], metadata["target"]) == (record["trivial"], record["target"])


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--group", "7"], "--group 7"),
        (["--group", "5", "--trivial", "with"], "--trivial with"),
        (["--group", "5", "--at", "1=n6"], "--at"),
        (["--group", "5", "--add-to", "CATALOG"], "--add-to"),
    ],
    ids=str,
)
def test_construct_contradicts_no_record(catalog, records, options, reason, capsys):
    options = [str(catalog) if option == "CATALOG" else option for option in options]
    before = catalog.read_bytes()
    recipe = ["--recipe", f"entry:{records[1]['id']}", "--catalog", str(catalog)]
    assert main(["construct", *options, *recipe]) == 2
    assert reason in capsys.readouterr().err
    assert catalog.read_bytes() == before


def test_commands_refuse_a_false_network(records, tmp_path, capsys):
    false = renamed(changed(records[0], ("weights", "scale"), lambda x: 2 * x + 1))
    path = tmp_path / "false.json"
    write_catalog(sealed(false), path)
    assert main(["verify", str(path)]) == 1
    assert main(["show", false["id"], "--catalog", str(path)]) == 2
    assert main(["construct", "--group", "3", "--recipe", f"entry:{false['id']}", "--catalog", str(path)]) == 2
    errors = [line for line in capsys.readouterr().err.splitlines() if line.startswith("cogo_search: error")]
    assert len(errors) == 2
    assert all("does not verify" in line for line in errors)
