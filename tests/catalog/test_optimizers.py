"""Whole networks in a catalog: composed again and decided by the verifier, every falsified number refused."""

import copy
import json
from fractions import Fraction
from pathlib import Path

import jsonschema
import pytest

from cogo_search.catalog.catalog import Catalog
from cogo_search.catalog.catalog_files import digest, read_catalog, schema, write_catalog
from cogo_search.catalog.optimizer_records import add_optimizer
from cogo_search.cli import main
from cogo_search.errors import InputError
from cogo_search.groups.abelian import Group
from cogo_search.networks.network import Setting
from cogo_search.recipes.blocks import Block, quarter_block, real_block, z_f4, z_syn_nu
from cogo_search.recipes.compose import build, compose, from_entries, from_optimizer
from cogo_search.recipes.least import least_norm, least_order
from cogo_search.recipes.memorization import Memorization
from cogo_search.verifier import CATALOG as VERIFIER_SHAPE
from cogo_search.verifier import Refused, conform
from cogo_search.verifier.optimizers import check_optimizers
from tests.catalog.both import verify_catalog

CATALOG = Path(__file__).parents[2] / "catalog" / "roots-6.json"
GROUPS = ("5", "7", "2x3", "8", "2x4")
SETTINGS = (Setting(), Setting("with"), Setting("with", "one-hot"))


def made(group, setting):
    """Every recipe that the group and the setting admit."""
    solutions = Catalog.read(CATALOG.with_name("roots-12.json")).solutions
    pairs = [k for k, _ in group.conjugate_pairs]
    mix = {pairs[-1]: (z_syn_nu(), (Fraction(1, 6), Fraction(1, 3)))}
    attempts = [lambda name=name: build(name, group, setting) for name in ("f6", "f4/6", "f4+const", "f4+real")]
    attempts += [
        lambda: least_order(group, setting, solutions),
        lambda: least_norm(group, setting, solutions),
        lambda: from_entries(group, setting, z_f4(), mix),
        lambda: Memorization(group, setting),
    ]
    recipes = []
    for attempt in attempts:
        try:
            recipes.append(attempt())
        except InputError:
            continue
    return recipes


@pytest.fixture(scope="module")
def full():
    data = read_catalog(CATALOG)
    for spec in GROUPS:
        for setting in SETTINGS:
            for recipe in made(Group.parse(spec), setting):
                data = add_optimizer(data, recipe.optimizer())
    return data


def alone(*records):
    """The small catalog with these optimizers as they are."""
    return sealed({**read_catalog(CATALOG), "optimizers": copy.deepcopy(list(records))})


def sealed(data):
    return {**data, "digest": digest(data)}


@pytest.mark.slow
def test_all_recipes_are_stored_verified_and_rebuilt(full, tmp_path):
    stored = {(o["name"], o["recipe"].get("carrier", "none")) for o in full["optimizers"]}
    assert {name for name, _ in stored} == {
        "f6",
        "f4/6",
        "f4+const",
        "f4+real",
        "least-order",
        "least-norm",
        "entries",
    } | {"memorization"}
    assert {carrier for _, carrier in stored} == {"none", "real", "unit", "pairs"}
    assert {(o["group"], o["target"]) for o in full["optimizers"]} == {
        (g, t) for g in GROUPS for t in ("zero-mean", "one-hot")
    }
    blocks = {block["solution"] for o in full["optimizers"] for block in o["recipe"].get("blocks", ())}
    assert {"one", "u_one+1", "quarter3", "quarter4"} < blocks
    write_catalog(full, tmp_path / "full.json")
    data = read_catalog(tmp_path / "full.json")
    assert verify_catalog(data).optimizers == len(data["optimizers"]) > 60
    for record in data["optimizers"]:
        assert from_optimizer(record).optimizer() == record


def numbers(value, path=()):
    """Paths of all numbers in a record."""
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


@pytest.mark.slow
@pytest.mark.parametrize(
    ("spec", "name", "setting"),
    [
        ("5", "f6", Setting("with", "one-hot")),
        ("7", "f4/6", Setting()),
        ("2x3", "f4+real", Setting()),
        ("5", "f4+const", Setting("with", "one-hot")),
        ("8", "least-order", Setting("with", "one-hot")),
        ("5", "memorization", Setting()),
    ],
)
def test_every_falsified_number_is_refused(spec, name, setting):
    group = Group.parse(spec)
    record = next(recipe.optimizer() for recipe in made(group, setting) if recipe.name == name)
    assert verify_catalog(alone(record)).optimizers == 1
    fits = jsonschema.Draft202012Validator({**schema(), **schema()["properties"]["optimizers"]}).is_valid
    for path in numbers(record):
        for change in (lambda x: x + 1, lambda x: x - 1, lambda x: 2 * x + 3, lambda x: -x - 1):
            false = changed(record, path, change)
            assert refused(false), path
            if fits([false]):
                with pytest.raises(InputError):
                    from_optimizer(false)
    for i, block in enumerate(record["recipe"].get("blocks", ())):
        for n in {*range(1, 241)} - {block["n"]}:
            assert refused(changed(record, ("recipe", "blocks", i, "n"), lambda _, n=n: n))


def refused(record):
    """What verify_catalog does with the optimizers, without the rest of the catalog."""
    try:
        conform([record], VERIFIER_SHAPE["optimizers"], "optimizers")
        check_optimizers([record], lambda _: None)
    except Refused:
        return True
    return False


F46 = build("f4/6", Group.parse("7"), Setting()).optimizer()
CONST = build("f4+const", Group.parse("5"), Setting("with", "one-hot")).optimizer()
LOOKUP = Memorization(Group.parse("2x3")).optimizer()
REAL = build("f4+real", Group.parse("8"), Setting()).optimizer()
FIRST = ("recipe", "blocks", 0)

LIES = {
    "plain deltas for zero-mean outputs": (LOOKUP, ("recipe", "deltas"), lambda _: "plain"),
    "deltas under another name": (LOOKUP, ("name",), lambda _: "f6"),
    "blocks under the name memorization": (F46, ("name",), lambda _: "memorization"),
    "loss": (F46, ("loss",), lambda _: "1/7"),
    "loss of another type": (F46, ("loss",), lambda _: 0),
    "group of another order": (F46, ("group",), lambda _: "9"),
    "group below 2": (F46, ("group",), lambda _: "1x7"),
    "group with zeros": (F46, ("group",), lambda _: "07"),
    "group as a product": (F46, ("group",), lambda _: "7x1"),
    "huge group": (F46, ("group",), lambda _: "x".join(["9"] * 30)),
    "very long group": (F46, ("group",), lambda _: "9" * 100000),
    "group of order 129": (F46, ("group",), lambda _: "129"),
    "unknown name": (F46, ("name",), lambda _: "f5"),
    "one-hot without the trivial character": (F46, ("target",), lambda _: "one-hot"),
    "carrier none": (F46, ("recipe", "carrier"), lambda _: "none"),
    "carrier real": (F46, ("recipe", "carrier"), lambda _: "real"),
    "carrier unit": (F46, ("recipe", "carrier"), lambda _: "unit"),
    "unit without the trivial character": (CONST, ("trivial",), lambda _: "without"),
    "another carrier": (CONST, ("recipe", "carrier"), lambda _: "pairs"),
    "wrong id": (F46, (*FIRST, "solution"), lambda s: s[:-1] + ("1" if s[-1] == "0" else "0")),
    "name of a built-in block": (F46, (*FIRST, "solution"), lambda _: "quarter3"),
    "no name": (F46, (*FIRST, "solution"), lambda _: ""),
    "a block dropped": (F46, ("recipe", "blocks"), lambda b: b[:-1]),
    "a block twice": (F46, ("recipe", "blocks"), lambda b: [*b, b[-1]]),
    "blocks in another order": (F46, ("recipe", "blocks"), lambda b: b[::-1]),
    "no blocks": (F46, ("recipe", "blocks"), lambda _: []),
    "the larger conjugate": (F46, (*FIRST, "k"), lambda _: 6),
    "a list for a cyclic group": (F46, (*FIRST, "k"), lambda k: [k]),
    "a node dropped": (F46, (*FIRST, "nodes"), lambda nodes: nodes[1:]),
    "a node twice": (F46, (*FIRST, "nodes"), lambda nodes: [*nodes, nodes[0]]),
    "an unreal node where 2k = 0": (
        REAL,
        ("recipe", "blocks", 3),
        lambda block: block | {"n": 4, "scale": 1, "solution": "one", "nodes": [{"a": 1, "b": 1, "c": [-1, 0]}]},
    ),
    "a key more": (F46, ("recipe",), lambda recipe: recipe | {"more": 1}),
    "a number for a record": (F46, ("recipe",), lambda _: 7),
}


@pytest.mark.slow
@pytest.mark.parametrize("lie", LIES)
def test_lies_are_refused(lie):
    record, path, change = LIES[lie]
    assert verify_catalog(alone(record)).optimizers == 1
    with pytest.raises(Refused):
        verify_catalog(alone(changed(record, path, change)))


def test_duplicates_and_order_are_refused():
    assert verify_catalog(alone(CONST, F46, REAL)).optimizers == 3
    for records in ((F46, F46), (F46, CONST, REAL), (CONST, REAL, F46)):
        with pytest.raises(Refused, match="optimizers"):
            verify_catalog(alone(*records))


def test_a_composition_by_hand_and_units_keep_the_id():
    group, unit = Group.parse("2x4"), (Fraction(1, 6), Fraction(1, 6))
    blocks = {k: quarter_block(k, 3) for k, _ in group.conjugate_pairs} | {
        k: real_block(k, 1) for k in group.self_conjugate
    }
    recipe = compose("least-order", group, Setting("with", "one-hot"), blocks, "unit")
    assert recipe.order == verify_orders(recipe) == 2 * 3 + 3 + 1
    five = Group.parse("5")
    moved = {k: Block.of(k, z_syn_nu(), unit) for k, _ in five.conjugate_pairs}
    assert verify_orders(compose("entries", five, Setting(), moved, "none")) == 12


def verify_orders(recipe):
    data = alone(recipe.optimizer())
    assert verify_catalog(data).optimizers == 1
    return data["optimizers"][0]["order"]


def test_a_carrier_for_owed_constants_is_named():
    group = Group.parse("7")
    blocks = {k: Block.of(k, s) for (k, _), s in zip(group.conjugate_pairs, (z_syn_nu(), z_f4(), z_f4()))}  # noqa: B905
    with pytest.raises(InputError, match="carrier"):
        compose("entries", group, Setting(), blocks, "none")


# ---- construct --add-to ----------------------------------------------------------------------------------------


@pytest.fixture
def catalog(tmp_path):
    path = tmp_path / "catalog.json"
    path.write_bytes(CATALOG.read_bytes())
    return path


def construct(*arguments):
    return main(["construct", *map(str, arguments)])


def test_add_to_appends_replaces_and_verifies(catalog, capsys):
    for group, recipe, more in (("7", "f4/6", []), ("5", "f6", []), ("7", "f4/6", ["--order6-frequencies", "1,2"])):
        assert construct("--group", group, "--recipe", recipe, *more, "--add-to", catalog) == 0
    data = read_catalog(catalog)
    assert [(o["group"], o["name"], o["order"]) for o in data["optimizers"]] == [("5", "f6", 12), ("7", "f4/6", 16)]
    once = catalog.read_bytes()
    assert construct("--group", "5", "--recipe", "f6", "--add-to", catalog) == 0
    assert catalog.read_bytes() == once
    capsys.readouterr()
    assert main(["verify", str(catalog)]) == 0
    assert "2 optimizers" in capsys.readouterr().out
    rest = {key: value for key, value in data.items() if key not in ("optimizers", "digest")}
    assert rest.items() < read_catalog(CATALOG).items()


@pytest.mark.parametrize("damage", ["missing", "truncated", "altered", "folder"])
def test_unreadable_or_altered_catalogs_are_left_alone(damage, catalog, tmp_path, capsys):
    text = catalog.read_text()
    if damage == "missing":
        catalog = tmp_path / "none.json"
    elif damage == "truncated":
        catalog.write_text(text[: len(text) // 2])
    elif damage == "altered":
        catalog.write_text(text.replace('"limit": 1000', '"limit": 999'))
    else:
        catalog = tmp_path / "folder.json"
        catalog.mkdir()
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()}
    out = tmp_path / "net.npz"
    code = construct("--group", "5", "--recipe", "f6", "--add-to", catalog, "--out", out)
    assert code == (1 if damage == "altered" else 2)
    captured = capsys.readouterr()
    assert (captured.out, captured.err.count("\n")) == ("", 1)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()} == before


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["--group", "131", "--recipe", "f6"], "131"),
    ],
)
def test_what_cannot_be_stored_is_one_line(arguments, named, catalog, tmp_path, capsys):
    before = catalog.read_bytes()
    assert construct(*arguments, "--add-to", catalog, "--out", tmp_path / "net.npz") == 2
    captured = capsys.readouterr()
    assert (captured.out, captured.err.count("\n")) == ("", 1)
    assert named in captured.err
    assert "--add-to" in captured.err
    assert catalog.read_bytes() == before
    assert not (tmp_path / "net.npz").exists()


def test_add_to_prints_json_on_stdout_only(catalog, capsys):
    assert construct("--group", "2x3", "--recipe", "f4+real", "--add-to", catalog, "--json") == 0
    assert json.loads(capsys.readouterr().out)["order"] == read_catalog(catalog)["optimizers"][0]["order"]
