"""The independent verifier: small catalogs written by hand from the paper, and every way to falsify them."""

from __future__ import annotations

import copy
import hashlib
import json
import math
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cogo_search.catalog import verify
from cogo_search.verifier import Refused, Unreadable, load
from cogo_search.verifier.enumerations import aligned_id, aligned_solutions, smallest_aligned, smallest_product
from cogo_search.verifier.searches import Search
from cogo_search.verifier.vocabulary import COVERS
from tests.catalog.both import verify_catalog

Catalog = dict[str, Any]
Mutation = Callable[[Catalog], object]
POTENTIALS = ["Abc", "aBc", "ABc", "aAc", "bBc", "aac", "bbc", "AAc", "BBc"]
SHIFTS = [(-2, 0), (0, -2), (-2, -2), (-1, -1), (-1, -1), (1, -1), (-1, 1), (-3, -1), (-1, -3)]  # over abc


# ---- catalogs by hand ------------------------------------------------------------------------------------------


def seal(data: Catalog, ids: bool = True) -> Catalog:
    """Recompute ids and digest, as a producer (or a careful attacker) would."""
    for entry in data["entries"] if ids else ():
        rows = [[node["a"], node["b"], node["c"]] for node in entry["nodes"]]
        digest = hashlib.sha256(json.dumps([entry["n"], rows], separators=(",", ":")).encode()).hexdigest()
        entry["id"] = f"cogo1-n{entry['n']}-q{len(rows)}-{digest[:16]}"
    rest = {key: value for key, value in data.items() if key != "digest"}
    data["digest"] = hashlib.sha256(json.dumps(rest, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
    return data


def nodes(*rows: tuple[int, int, list[int]]) -> list[dict[str, Any]]:
    return [{"a": a, "b": b, "c": c} for a, b, c in rows]


def scope(weights: str, cover: str, minimised: str, n: int | None, **more: Any) -> dict[str, Any]:
    common = {"frequency": "one, generic", "conditions": "Lemma 1", "cover": cover}
    return {"weights": weights, "n": n, **common, "minimised": minimised, **more}


def bound(lower: int, method: str, where: dict[str, Any], certificate: Any = None) -> dict[str, Any]:
    return {"lower_bound": lower, "method": method, "scope": where, "certificate": certificate}


K = [[["1/4", "0"], ["0", "-1/4"]], [["0", "-1/4"], ["-1/4", "0"]]]  # Re and Im of the block (a, b) of the moments
M = [[["0", "0", *row] for row in k] + [[*column, "0", "0"] for column in zip(*k, strict=True)] for k in K]


def row(model: str, cover: str, n: int, order: int, merged: int, bounds: list[dict[str, Any]]) -> dict[str, Any]:
    proved = bounds[0]["method"] != "solver-only" and bounds[0]["lower_bound"] == order
    return {
        "model": model, "nodes": "aligned" if model == "free" else None, "cover": cover, "n": n, "order": order,
        "minimised": "aligned_nodes" if model == "free" else "formal_order", **copy.deepcopy(bounds[0]),
        "outcome": "PROVED" if proved else "FEASIBLE", "claim": "minimal" if proved else "upper-bound-only",
        "merged_order": merged, "bounds": bounds,
    }  # fmt: skip


def catalog_f4() -> Catalog:
    """Roots 4, R_c and R_*: z_F4 of Corollary 4 at xi = 1, with an LP bound found by hand.

    Modulo 4 the characters of ABc, aac, bbc are 2(a - b), a - b and b - a: with the trivial one a group, so
    f = 1 + the three of them is 4 times the indicator of a = b.
    """
    n, cover = 4, "Rc+R*"
    pencil = bound(4, "pencil-rank", scope("real", cover, "order", None), {"pencil": K, "rank": 4})
    multipliers = {"ABc": "-1/2", "aac": "-1/2", "bbc": "-1/2"}
    dual = {"n": n, "multipliers": multipliers, "value": "4"}
    aligned = scope("aligned", cover, "aligned_nodes", n)
    product = scope("product", cover, "formal_order", n, roots=[4], closure=False, max_factors=None)
    entry = {
        "id": "", "n": n, "order": 4, "formal_order": 4, "aligned_nodes": 4,
        "nodes": nodes((0, 0, [1, 0]), (0, 1, [0, -1]), (1, 0, [0, -1]), (1, 3, [1, 0])),  # conj(z_F4)
        "zero_set": ["Abc", "aBc", "ABc", "aac", "bbc", "AAc", "BBc"], "covers": ["Rc", "R*"],
        "character_order": "generic",
        "factors": [{"order": 2, "n": 4, "nodes": nodes((0, 0, [1, 0]), (1, 3, [1, 0]))},
                    {"order": 2, "n": 4, "nodes": nodes((0, 0, [0, 5]), (2, 1, [-5, 0]))}],
        # u_4c + 1, and z_xi = [1, -i, i] - (-1) for xi = 1: the value -1 covers what the other leaves
        "polynomials": [{"generator": [1, 3, 0], "n": 4, "values": [2], "order": 2},
                        {"generator": [0, 3, 1], "n": 4, "values": [2], "order": 2}],
        "families": [{"name": "nu_i*xi", "parameters": {"xi": 0}}], "found_by": ["free", "product"],
        "orbit_size": 2, "cost": "4.76220315590", "optimality": {"claim": "minimal", **pencil},
    }  # fmt: skip
    at = [[(i * a + j * b) % n for i, j in SHIFTS] for a in range(n) for b in range(n)]
    count = {"complete": True, "found": 2, "kept": 1}
    return seal({
        "schema_version": 1, "digest": "",
        "search": {
            "roots": [4], "n": n, "closure": False, "model": "all", "nodes": "aligned", "covers": [cover],
            "character_order": "generic", "max_factors": None, "max_order": None, "limit": 1000, "budget": 20,
            "complete": {cover: {"complete": True, "found": 4, "kept": 1, "product": count,
                                 "free": {**count, "levels": {"4": 2}}}},
        },
        "generators": [{"a": a, "b": b, "c": -(a + b) % n, "n": n, "values": dict(zip(POTENTIALS, v, strict=True))}
                       for (a, b), v in zip(((a, b) for a in range(n) for b in range(n)), at, strict=True)],
        "minimal": [row("product", cover, n, 4, 4, [pencil, bound(4, "exhaustive", product)]),
                    row("free", cover, n, 4, 4, [pencil, bound(4, "lp-dual", aligned, dual),
                                                 bound(4, "exhaustive", aligned)])],
        "entries": [entry], "optimizers": [], "networks": [],
    })  # fmt: skip


def catalog_f6() -> Catalog:
    """Roots 6, all conditions, free model: z_syn * z_(nu = 1) of Corollary 2, the only solution of order 6."""
    n, cover = 6, "all"
    pencil = bound(6, "pencil-rank", scope("real", cover, "order", None), {"pencil": M, "rank": 6})
    entry = {
        "id": "", "n": n, "order": 6, "formal_order": 6, "aligned_nodes": 6,
        "nodes": nodes((0, 0, [1, 0]), (0, 3, [-1, 0]), (1, 1, [0, -1]), (1, 4, [0, 1]), (2, 2, [-1, 1]),
                       (2, 5, [1, -1])),
        "zero_set": POTENTIALS, "covers": ["Rc", "Rn", "R*"], "character_order": "generic",
        "factors": [{"order": 2, "n": 6, "nodes": nodes((0, 0, [1, 0]), (0, 3, [-1, 0]))},
                    {"order": 3, "n": 6, "nodes": nodes((0, 0, [1, 0]), (1, 1, [0, -1]), (2, 2, [-1, 1]))}],
        "polynomials": None,
        "families": [{"name": "nu*syn", "parameters": {"nu": 0}}, {"name": "rho_nu", "parameters": {"nu": 1}}],
        "found_by": ["free"], "orbit_size": 1, "cost": f"{3 * 6 ** (1 / 3):#.12g}",
        "optimality": {"claim": "minimal", **pencil},
    }  # fmt: skip
    count = {"complete": True, "found": 1, "kept": 1}
    return seal({
        "schema_version": 1, "digest": "",
        "search": {
            "roots": [2, 3], "n": n, "closure": True, "model": "free", "nodes": "aligned", "covers": [cover],
            "character_order": "generic", "max_factors": None, "max_order": 6, "limit": 1000, "budget": 20,
            "complete": {cover: {**count, "free": {**count, "levels": {"6": 1}}}},
        },
        "generators": [],
        "minimal": [row("free", cover, n, 6, 6,
                        [pencil, bound(6, "exhaustive", scope("aligned", cover, "aligned_nodes", n))])],
        "entries": [entry], "optimizers": [], "networks": [],
    })  # fmt: skip


def catalog_solver_only() -> Catalog:
    """The first catalog without any proof that 4 is least: honest, and not minimal."""
    data = catalog_f4()
    data["search"] |= {"model": "free"}
    del data["search"]["complete"]["Rc+R*"]["product"]
    data["search"]["complete"]["Rc+R*"] |= {"found": 2, "complete": False}
    data["search"]["complete"]["Rc+R*"]["free"]["complete"] = False  # the minimum is not known
    data["generators"] = []
    word = bound(4, "solver-only", scope("aligned", "Rc+R*", "aligned_nodes", 4))
    data["minimal"] = [row("free", "Rc+R*", 4, 4, 4, [word])]
    data["entries"][0] |= {"polynomials": None, "found_by": ["free"]}
    data["entries"][0]["optimality"] = {"claim": "upper-bound-only", **copy.deepcopy(word)}
    return seal(data)


CATALOGS = {"f4": catalog_f4, "f6": catalog_f6, "solver-only": catalog_solver_only}


@pytest.mark.parametrize("name", CATALOGS)
@pytest.mark.parametrize("deep", [False, True])
def test_handmade_catalogs_verify(name: str, deep: bool) -> None:
    report = verify_catalog(CATALOGS[name](), deep)
    assert report.entries == 1
    complete = name != "solver-only"
    assert bool(report.reenumerated) is (deep and complete)
    assert bool(report.not_reenumerated) is (complete and not deep)
    assert bool(report.unproved) is (name == "solver-only")


def test_report_counts_distinct_bounds() -> None:
    report = verify_catalog(catalog_f4(), deep=True)
    assert (report.rows, report.bounds) == (2, 4)
    assert report.reenumerated == ("product Rc+R*", "free Rc+R* at 4 nodes")


# ---- numbers found independently of any code here --------------------------------------------------------------


def search(*roots: int, closure: bool = False, max_factors: int | None = None) -> Search:
    model = (closure, "all", tuple(COVERS), max_factors, None, None, "aligned", "generic")
    return Search(roots, math.lcm(*roots), *model)


@pytest.mark.parametrize(
    ("roots", "minima"),
    [((3, 4), (6, 4, 3, 3)), ((3,), (9, 6, 3, 3)), ((4,), (6, 4, 4, 4)), ((6,), (6, 5, 3, 3)), ((2,), (None,) * 4)],
)
def test_least_formal_orders(roots: tuple[int, ...], minima: tuple[int | None, ...]) -> None:
    assert tuple(smallest_product(search(*roots), cover) for cover in ("all", "Rc+R*", "Rc+Rn", "Rc")) == minima


def test_number_of_generators() -> None:
    assert len(search(3, 4).generators()) == 24
    assert len(search(3, 4, closure=True).generators()) == 144


def test_one_generator_of_order_6_covers_everything_over_mu_10() -> None:
    assert smallest_product(search(10, max_factors=1), "all") == 6


@pytest.mark.parametrize(
    ("n", "cover", "size", "solutions", "orbits"),
    [(6, "all", 6, 1, 1), (12, "all", 6, 10, 4), (4, "Rc+R*", 4, 2, 1), (8, "Rc+R*", 4, 4, 2), (3, "Rc+Rn", 3, 1, 1)],
)
def test_aligned_counts(n: int, cover: str, size: int, solutions: int, orbits: int) -> None:
    found = aligned_solutions(n, cover, size)
    assert found is not None
    ids = Counter(aligned_id(math.lcm(2, n), weight) for weight in found)
    assert (sum(ids.values()), len(ids)) == (solutions, orbits)


@pytest.mark.parametrize(("n", "cover", "least"), [(3, "all", 9), (4, "all", 8), (6, "Rc+R*", 6), (5, "Rc+Rn", 5)])
def test_least_aligned_numbers(n: int, cover: str, least: int) -> None:
    assert smallest_aligned(n, cover, least) is None
    assert smallest_aligned(n, cover, least + 1) == least


# ---- falsified catalogs ----------------------------------------------------------------------------------------

Path_ = tuple[Any, ...]


def walk(value: Any, path: Path_ = ()) -> Iterator[tuple[Path_, Any]]:
    """Every place in the file, containers too."""
    yield path, value
    if isinstance(value, dict | list):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from walk(item, (*path, key))


def put(data: Catalog, path: Path_, value: Any) -> Catalog:
    changed = copy.deepcopy(data)
    target: Any = changed
    for key in path[:-1]:
        target = target[key]
    target[path[-1]] = value
    return changed


def falsehoods(value: Any) -> list[Any]:
    """Other values of the same type."""
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int):
        return [value + 1, value - 1]
    if isinstance(value, str):
        return [*{"0": ["1/4"], "free": ["product"], "Rc": ["Rn"], "PROVED": ["FEASIBLE"]}.get(value, []), value + "1"]
    if value is None:
        return [1]
    return [value[1:], [*value, *value[:1]], value[::-1]] if isinstance(value, list) and len(value) > 1 else []


def in_other_generators(path: Path_) -> bool:
    """One generator stands for all: they are compared as whole objects."""
    return path[:1] == ("generators",) and path[1:2] not in ((), (3,))


def verdict(data: Catalog) -> str:
    try:
        verify_catalog(data)
    except Refused:
        return "refused"
    except Unreadable:
        return "unreadable"
    return "accepted"


def is_no_falsehood(path: Path_, old: Any, new: Any) -> bool:
    """Changes of a resealed file that leave every statement about solutions and bounds true."""
    last, owner = path[-1], path[-2] if len(path) > 1 else None
    if path[0] == "search":  # what the run was allowed to do
        free_model = last in ("max_factors", "closure") and (old is None or isinstance(old, bool))
        return last in ("limit", "budget", "max_order") or free_model
    if isinstance(old, list) and new == old[::-1]:  # an order without meaning
        return last in ("minimal", "factors", "polynomials", "families") or owner == "factors" or "factors" in path
    if owner == "families" or last == "families":  # saying less
        return isinstance(new, list)
    return (
        owner == "parameters"  # two parameters can name one orbit
        or (last == "lower_bound" and new < old and owner == "optimality")  # a weaker word of the solver
        or (last == "cost" and abs(float(new) - float(old)) < 1e-10)
    )


@pytest.mark.slow
@pytest.mark.parametrize("name", CATALOGS)
@pytest.mark.parametrize("resealed", [False, True])
def test_every_field_falsified(name: str, resealed: bool) -> None:
    original, survivors, tried = CATALOGS[name](), [], 0
    for path, value in walk(original):
        for wrong in falsehoods(value):
            if wrong == value or (resealed and path == ("digest",)) or in_other_generators(path):
                continue
            changed = put(original, path, wrong)
            if resealed:
                ids = path[-1] != "id" and all(isinstance(e["nodes"], list) for e in changed["entries"])
                changed = seal(changed, ids)
            tried += 1
            if verdict(changed) == "accepted" and not (resealed and is_no_falsehood(path, value, wrong)):
                survivors.append((path, value, wrong))
    assert not survivors
    assert tried > 100


JUNK = [None, True, 1.5, "x", -1, 0, 10**9, 10**40, [], {}, [[[]]], {"a": {}}, float("nan"), [None], "1/0", "٣"]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["f4", "f6"])
def test_junk_never_raises_anything_else(name: str) -> None:
    original, survivors = CATALOGS[name](), []
    for path, value in walk(original):
        if not path or in_other_generators(path):
            continue
        for junk in JUNK if len(path) < 4 else JUNK[len(str(path)) % 5 :: 5]:
            if junk == value and type(junk) is type(value):
                continue
            changed = put(original, path, junk)
            if path != ("digest",):
                rest = {key: item for key, item in changed.items() if key != "digest"}
                text = json.dumps(rest, sort_keys=True, separators=(",", ":"))
                changed["digest"] = hashlib.sha256(text.encode()).hexdigest()
            if verdict(changed) == "accepted" and not is_no_falsehood(path, value, junk):
                survivors.append((path, junk))
        if isinstance(value, dict):
            for key in value:
                changed = put(original, (*path, key), None)
                removed: Any = changed
                for step in path:
                    removed = removed[step]
                del removed[key]
                assert verdict(seal(changed, ids=False)) in ("refused", "unreadable"), (path, key)
            changed = put(original, (*path, "surprise"), 1)
            assert verdict(seal(changed, ids=False)) == "refused", path
    assert not survivors


def entry_of(data: Catalog) -> dict[str, Any]:
    entry = data["entries"][0]
    assert isinstance(entry, dict)
    return entry


def set_nodes(data: Catalog, n: int, rows: list[dict[str, Any]]) -> None:
    entry_of(data).update(n=n, nodes=rows)


def scale_factors(data: Catalog) -> None:
    for node in entry_of(data)["nodes"]:
        node["c"] = [2 * x for x in node["c"]]


def lower(data: Catalog, by: int) -> None:
    """Lower the bound everywhere and say FEASIBLE."""
    for item in (*data["minimal"], entry_of(data)["optimality"]):
        item.update(lower_bound=4 - by, claim="upper-bound-only")
    for item in data["minimal"]:
        item["outcome"] = "FEASIBLE"
        item["bounds"][0]["lower_bound"] = 4 - by
        item["bounds"] = item["bounds"][:1]


def raise_order(data: Catalog) -> None:
    """Claim that 5 is the proved minimum and that nothing smaller was found."""
    for item in data["minimal"]:
        item.update(order=5)


def solver_lies(data: Catalog) -> None:
    """A solver-only bound above an entry of the catalog."""
    extra = bound(5, "solver-only", scope("aligned", "Rc+R*", "aligned_nodes", 4))
    data["minimal"][1]["bounds"].insert(0, extra)
    data["minimal"][1].update(copy.deepcopy(extra), order=5)


def drop_entry(data: Catalog) -> None:
    """Drop the entry and make every count agree."""
    data["entries"] = []
    counts = data["search"]["complete"]["Rc+R*"]
    counts.update(found=0, kept=0)
    for model in ("product", "free"):
        counts[model].update(found=0, kept=0)
    counts["free"]["levels"] = {}


SWAPPED_POLYNOMIAL = {"generator": [3, 3, 2], "n": 4, "values": [2], "order": 2}
ATTACKS: dict[str, Mutation] = {
    "another member of the orbit": lambda d: set_nodes(
        d, 4, nodes((0, 0, [1, 0]), (0, 3, [0, 1]), (1, 2, [0, 1]), (1, 3, [1, 0]))
    ),
    "a larger n": lambda d: set_nodes(
        d, 8, nodes((0, 0, [1, 0, 0, 0]), (0, 2, [0, 0, -1, 0]), (2, 0, [0, 0, -1, 0]), (2, 6, [1, 0, 0, 0]))
    ),
    "all c doubled": scale_factors,
    "a node dropped": lambda d: entry_of(d)["nodes"].pop(),
    "another order of nodes": lambda d: entry_of(d)["nodes"].reverse(),
    "a unit as a factor": lambda d: entry_of(d)["factors"].append({"order": 1, "n": 4, "nodes": nodes((0, 0, [1, 0]))}),
    "a wrong factor": lambda d: entry_of(d)["factors"][0]["nodes"][1].update(c=[0, 1]),
    "a searched polynomial, not a factor": lambda d: entry_of(d)["polynomials"].__setitem__(1, SWAPPED_POLYNOMIAL),
    "an unsearched generator": lambda d: entry_of(d)["polynomials"][0].update(generator=[1, 7, 0]),
    "a value the generator does not take": lambda d: entry_of(d)["polynomials"][0].update(values=[1, 2]),
    "an unknown family": lambda d: entry_of(d)["families"][0].update(name="zeta"),
    "a family of another n": lambda d: entry_of(d)["families"][0].update(name="nu*syn", parameters={"nu": 0}),
    "a bound lowered": lambda d: lower(d, 1),
    "order 5 throughout": raise_order,
    "a solver-only bound above an entry": solver_lies,
    "an entry twice": lambda d: d["entries"].append(d["entries"][0]),
    "a row dropped": lambda d: d["minimal"].pop(),
    "a row twice": lambda d: d["minimal"].append(d["minimal"][0]),
    "a bound without certificate": lambda d: d["minimal"][1]["bounds"][1].update(certificate=None),
    "a dual scaled": lambda d: d["minimal"][1]["bounds"][1]["certificate"].update(
        multipliers={"ABc": "-1", "aac": "-1", "bbc": "-1"}, value="7"
    ),
    "a dual on a foreign potential": lambda d: d["minimal"][1]["bounds"][1]["certificate"]["multipliers"].update(
        aAc="0"
    ),
    "exhaustive relabelled pencil": lambda d: d["minimal"][1]["bounds"][2].update(method="pencil-rank"),
    "a generator dropped": lambda d: d["generators"].pop(),
    "an entry dropped": lambda d: d["entries"].clear(),
    "an entry dropped, counts kept": drop_entry,
    "infeasible": lambda d: d["minimal"][1].update(order=None, merged_order=None, outcome="INFEASIBLE"),
    "networks": lambda d: d["networks"].append({}),
}


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("resealed", [False, True])
def test_attacks_on_f4(attack: str, resealed: bool) -> None:
    data = catalog_f4()
    ATTACKS[attack](data)
    with pytest.raises(Refused):
        verify_catalog(seal(data) if resealed else data)


def test_a_dropped_entry_is_named_by_deep() -> None:
    """roots 8, R_c and R_*, free: two orbits; drop one and adjust every count."""
    data = catalog_solver_only()
    data["search"].update(roots=[8], n=8)
    pencil = bound(4, "pencil-rank", scope("real", "Rc+R*", "order", None), {"pencil": K, "rank": 4})
    data["minimal"] = [row("free", "Rc+R*", 8, 4, 4, [pencil])]
    data["entries"][0]["optimality"] = {"claim": "minimal", **copy.deepcopy(pencil)}
    data["search"]["complete"]["Rc+R*"]["complete"] = data["search"]["complete"]["Rc+R*"]["free"]["complete"] = True
    seal(data)
    assert verify_catalog(data).entries == 1  # without --deep nothing is amiss
    with pytest.raises(Refused, match=r"lacks cogo1-n8-q4-"):
        verify_catalog(data, deep=True)


def test_solver_only_is_not_a_proof() -> None:
    data = catalog_solver_only()
    data["minimal"][0].update(claim="minimal", outcome="PROVED")
    with pytest.raises(Refused, match="claim"):
        verify_catalog(seal(data))


def test_an_exhaustive_bound_beyond_its_limit_is_not_computed() -> None:
    data = catalog_f6()
    data["minimal"][0]["bounds"][1]["lower_bound"] = 60
    with pytest.raises(Refused, match="too many"):
        verify_catalog(seal(data))


def test_odd_roots_and_infeasible_rows() -> None:
    data = catalog_solver_only()
    data["search"].update(roots=[1], n=1, complete={"Rc+R*": {"complete": True, "found": 0, "kept": 0}})
    data["search"]["complete"]["Rc+R*"]["free"] = {"complete": True, "found": 0, "kept": 0, "levels": {}}
    pencil = bound(4, "pencil-rank", scope("real", "Rc+R*", "order", None), {"pencil": K, "rank": 4})
    data["minimal"] = [row("free", "Rc+R*", 1, 4, 4, [pencil])]
    data["minimal"][0].update(order=None, merged_order=None, outcome="INFEASIBLE", claim="upper-bound-only")
    data["entries"] = []
    assert verify_catalog(seal(data)).entries == 0


# ---- the command line ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run the one copied file in an isolated interpreter."""
    folder = tmp_path_factory.mktemp("alone")
    shutil.copy(verify.__file__, folder / "verify.py")

    def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-I", str(folder / "verify.py"), *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)

    return run


def test_exit_0(alone: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path) -> None:
    good = tmp_path / "good.json"
    good.write_text(json.dumps(catalog_f4(), indent=1))
    done = alone(good, "--deep")
    assert done.returncode == 0
    assert done.stdout.startswith(f"{good}: verified, 1 entries")
    assert len(done.stdout.splitlines()) == 1
    done = alone("--json", "--", good)
    assert json.loads(done.stdout)[0]["outcome"] == "verified"


def test_exit_1(alone: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path) -> None:
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    data = catalog_f4()
    good.write_text(json.dumps(data))
    data["entries"][0]["order"] = 3
    bad.write_text(json.dumps(seal(data, ids=False)))
    done = alone(bad, good)
    assert done.returncode == 1
    first, second = done.stdout.splitlines()
    assert "REFUSED: entry" in first and "order: stored 3, recomputed 4" in first
    assert ": verified" in second


@pytest.mark.parametrize(
    ("text", "code", "reason"),
    [
        ("{", 2, "no complete JSON"),
        ("", 2, "no complete JSON"),
        ('{"schema_version": 2}', 2, "schema_version 2"),
        ('{"schema_version": true}', 2, "schema_version True"),
        ("{}", 2, "schema_version"),
        ("[]", 1, "expected an object"),
        ('{"a": 1, "a": 1}', 1, "duplicate key 'a'"),
        ('{"a": NaN}', 1, "NaN"),
        ("[" * 100_000 + "]" * 100_000, 1, "nested too deeply"),
        ('{"schema_version": 1, "digest": ' + "9" * 5000 + "}", 1, "digits"),
    ],
)
def test_what_is_no_catalog(
    alone: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path, text: str, code: int, reason: str
) -> None:
    path = tmp_path / "c.json"
    path.write_text(text)
    done = alone(path)
    assert done.returncode == code
    lines = (done.stdout + done.stderr).splitlines()
    assert len(lines) == 1 and str(path) in lines[0] and reason in lines[0]


def test_exit_2_wins(alone: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path) -> None:
    bad = tmp_path / "bad.json"
    bad.write_text("{}")
    assert alone(bad, tmp_path / "missing.json").returncode == 2
    assert alone().returncode == 2
    assert alone("--unknown", bad).returncode == 2


SHIPPED = sorted((Path(__file__).parents[2] / "catalog").glob("*.json"))


@pytest.mark.slow
@pytest.mark.parametrize("path", SHIPPED, ids=[path.stem for path in SHIPPED])
def test_shipped_catalogs(path: Path) -> None:
    verify_catalog(load(str(path)))


def test_a_false_irreducible_is_refused() -> None:
    data = catalog_f6()
    entry_of(data)["factors"] = None
    with pytest.raises(Refused, match="product without merging"):
        verify_catalog(seal(data))


def test_no_entry_no_minimum() -> None:
    """A minimum below the truth, with a valid but loose bound and nothing kept, must not pass as proved."""
    for limit in (0, 1000):
        data = catalog_f6()
        data["entries"] = []
        data["search"]["limit"] = limit
        free = data["search"]["complete"]["all"]
        free |= {"found": 0, "kept": 0, "free": {"complete": True, "found": 0, "kept": 0, "levels": {}}}
        with pytest.raises(Refused):
            verify_catalog(seal(data), deep=True)


def test_levels_cannot_exceed_what_the_entries_account_for() -> None:
    data = catalog_solver_only()
    data["search"]["complete"]["Rc+R*"]["found"] = 10**8
    data["search"]["complete"]["Rc+R*"]["free"] |= {"found": 10**8, "levels": {"4": 10**8}}
    with pytest.raises(Refused, match="account for"):
        verify_catalog(seal(data))


def test_weighted_nodes_are_none_of_the_product_model() -> None:
    data = json.loads(next(path for path in SHIPPED if path.stem == "roots-12-weighted").read_text())
    data["search"]["model"] = "product"
    with pytest.raises(Refused, match="weighted nodes are for the free model"):
        verify_catalog(seal(data))
