"""The registry: what it holds, and that a new family is one object, found by membership and by matching at once."""

import ast
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import cogo_search
from cogo_search.algebra.canonical import canonical
from cogo_search.catalog.build import build_catalog
from cogo_search.catalog.catalog import Catalog
from cogo_search.catalog.lookup import filter_entries
from cogo_search.cli import main
from cogo_search.errors import InputError
from cogo_search.families import Family, Fit, add_family, all_families, family_names, find_family, remove_family
from cogo_search.families.arrangements import factorize
from cogo_search.families.base import Histogram
from cogo_search.families.membership import families
from cogo_search.families.registry import MODULES, fitted_at, fitted_orders
from cogo_search.matching.classify import TOLERANCE, classify
from cogo_search.matching.match import Options, match_network
from cogo_search.matching.spectrum import Block, balance
from cogo_search.networks.network_files import write_network
from cogo_search.reporting.figures.parameters import panels
from cogo_search.searching.engine import SearchSettings, search

from ..golden import make_golden as oracle
from ..matching import synthetic
from ..strategies import weights_of

SYN = synthetic.nodes([1, 1, 1], [synthetic.W] * 3, [synthetic.W**2] * 3)
SYN_ID = canonical(weights_of(6, oracle.z_syn(6))).id


def fit_syn(z, found=()):
    """The nearest unit times z_syn, nodes in any order: nothing is free, so the six orders are compared."""
    fits = []
    for order in ([0, 1, 2], [0, 2, 1]):  # a rotation of the nodes is a unit
        member = SYN[:, order]
        sign = np.array([1, *(-1 if flip else 1 for flip in _flipped(z, member))])
        model = member * np.stack([sign, sign, np.ones(3)])
        unit = np.mean(z * model.conj(), axis=1)
        model = unit[:, None] * model
        distance = float(np.linalg.norm(z - model) / np.linalg.norm(z))
        fits.append(Fit("toy*syn", {}, distance, dimension=5, model=model, unit=unit))
    return min(fits, key=lambda fit: fit.distance)


def _flipped(z, member):
    """Whether the second and third node have a pseudo-1 sign against the first."""
    ratio = z[0] * member[0].conj()
    return (ratio[1:] * ratio[0].conj()).real < 0


TOY = Family(
    "toy*syn",
    orders=(3,),
    formula="$z_{syn}$",
    member=lambda solution: {} if solution.id == SYN_ID else None,
    fit=fit_syn,
    draw=lambda rng: SYN,
)


@pytest.fixture
def toy():
    add_family(TOY, before="three_points")
    yield TOY
    remove_family(TOY.name)


def test_the_families_of_the_package_in_their_order():
    assert family_names() == tuple(MODULES)
    assert family_names() == ("nu*syn", "nu_i*syn_ab", "nu_i*xi", "rho_nu", "nu_i*w", "three_points", "phi_psi")
    assert [family.name for family in all_families()] == list(family_names())
    assert fitted_orders() == (4, 6)
    assert [family.name for family in fitted_at(4)] == ["nu_i*xi", "nu_i*w"]
    assert [family.name for family in fitted_at(6)] == ["nu*syn", "nu_i*syn_ab", "rho_nu", "nu_i*w"]


@pytest.mark.parametrize("name", MODULES)
def test_every_family_says_what_it_is(name):
    family = find_family(name)
    module = sys.modules[f"cogo_search.families.{MODULES[name]}"]
    assert family is module.FAMILY and f"``{name}``" in module.__doc__.splitlines()[0]
    assert repr(family).startswith(f"Family({name}, order ")
    assert family.orders and family.formula and family.member is not None
    if family.draw is not None:
        z = family.draw(np.random.default_rng(0))
        assert (z.shape[1],) == family.orders
        assert family.fit(balance(z), factorize(balance(z), 0.3)).distance < 1e-6


@pytest.mark.slow
def test_a_family_added_at_run_time_is_found_by_membership(toy):
    (solution,) = [s for s in Catalog.read().solutions if s.id == SYN_ID]
    names = [record["name"] for record in families(solution)]
    assert names == ["toy*syn", "three_points"]
    others = [s for s in Catalog.read().solutions if s.order == 3 and s.id != SYN_ID]
    assert others and all("toy*syn" not in [r["name"] for r in families(s)] for s in others)


@pytest.mark.slow
def test_a_family_added_at_run_time_is_written_into_a_catalog_and_listed(toy, capsys):
    catalog = build_catalog(search(SearchSettings((3,))))
    holders = [e["id"] for e in catalog["entries"] if "toy*syn" in [f["name"] for f in e["families"]]]
    assert holders == [SYN_ID]
    assert filter_entries(Catalog.read().entries, family="toy*syn") == []  # the shipped entries were written without it
    assert main(["list", "--family", "toy*syn", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == []


@pytest.mark.slow
def test_a_family_added_at_run_time_is_found_by_matching(toy, tmp_path, capsys):
    rng = np.random.default_rng(0)
    for noise in (0.0, 0.01):
        z = balance(synthetic.disguise(SYN, rng, noise))
        match = classify(Block(1, np.arange(3), z, (), 3), {})
        assert match.status == "family" and match.family.family == "toy*syn"
        assert match.family.distance < 1e-7 + 3 * noise
    network = synthetic.network("7", {1: synthetic.disguise(SYN, rng, positive_scales=False)})
    record = match_network(network, Options({}, TOLERANCE)).record
    assert [f["family"] for f in record["frequencies"]] == ["toy*syn", None, None]
    write_network(network, tmp_path / "toy.npz")
    assert main(["compare", str(tmp_path / "toy.npz"), "--json"]) == 0
    comparison = json.loads(capsys.readouterr().out)
    assert {"order": 3, "status": "family", "family": "toy*syn", "count": 1} in comparison["counts"]
    (hit,) = [entry for entry in comparison["entries"] if entry["hits"]]
    assert hit["id"] == SYN_ID and hit["expected"] == pytest.approx(1)
    shuffled = {(null["order"], null["family"]) for null in comparison["nulls"]}
    assert (3, "toy*syn") not in shuffled  # one block: too few to shuffle


def test_without_it_nothing_of_it_is_left():
    assert "toy*syn" not in family_names() and fitted_at(3) == ()
    z = synthetic.disguise(SYN, np.random.default_rng(1))
    assert classify(Block(1, np.arange(3), balance(z), (), 3), {}).family is None


def test_refusals(toy):
    with pytest.raises(InputError, match="'zeta' is unknown: choose from nu\\*syn, "):
        find_family("zeta")
    with pytest.raises(InputError, match="is there already"):
        add_family(TOY)
    with pytest.raises(InputError, match="before='zeta' is no family"):
        add_family(Family("other", (4,), ""), before="zeta")
    with pytest.raises(InputError, match="only added ones"):
        remove_family("nu*syn")


def imports_of(path, package):
    """The modules of the same package that a module imports at any place, by their names."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level == 1:
            names = [node.module] if node.module else [alias.name for alias in node.names]
            found |= {name.split(".")[0] for name in names}
    return found & package


def test_imports_between_the_modules_of_the_room_make_no_circle():
    folder = Path(cogo_search.__file__).parent / "families"
    modules = {path.stem for path in folder.glob("*.py")}
    graph = {name: imports_of(folder / f"{name}.py", modules) for name in modules}
    done: set[str] = set()
    while ready := {name for name in graph.keys() - done if graph[name] <= done}:
        done |= ready
    assert done == modules


def test_figure_five_has_a_panel_for_every_family_that_says_how():
    assert [family.name for family in panels()] == ["nu_i*xi", "nu*syn", "nu_i*syn_ab"]
    add_family(replace(TOY, panel=Histogram("nu", "toy", end=0.5)))
    try:
        assert [family.name for family in panels()] == ["toy*syn", "nu_i*xi", "nu*syn", "nu_i*syn_ab"]
    finally:
        remove_family(TOY.name)


def test_names_are_known_without_numpy():
    code = "import sys; from cogo_search.families import family_names; family_names(); print('numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
