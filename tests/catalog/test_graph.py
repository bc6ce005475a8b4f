"""The solution graph: the paper's products, completeness by brute force, and every way to falsify an edge."""

import copy
import json
from itertools import combinations
from pathlib import Path

import networkx
import numpy as np
import pytest
from hypothesis import assume, given

from cogo_search.algebra.canonical import canonical
from cogo_search.algebra.generators import Generator
from cogo_search.algebra.polynomials import all_polynomials
from cogo_search.algebra.weights import Weights, ring_product
from cogo_search.catalog.build import build_catalog
from cogo_search.catalog.catalog_files import digest, dumps, read_catalog, write_catalog
from cogo_search.catalog.solution_graph import edges, solution_graph
from cogo_search.cli import main
from cogo_search.errors import VerificationError
from cogo_search.searching.engine import SearchSettings, search
from cogo_search.verifier import Refused
from tests.catalog.both import verify_catalog

from ..strategies import quick, solvable_nodes, weights_of

CATALOG = Path(__file__).parents[2] / "catalog"
ONE = Weights.unit(0, 0, 2)


def z_nu(e, n):
    """1 + [nu, -nu, -nu^-2], nu = zeta_n^e, n even."""
    return ONE + Weights.unit(e, e + n // 2, n)


def z_xi(e, n):
    """1 + [xi, -i / xi, i], xi = zeta_n^e, 4 | n."""
    return ONE + Weights.unit(e, -n // 4 - e, n)


def z_syn():
    u = Weights.unit(1, 1, 3)
    return ONE + u + u * u


def record(w, polynomials=()):
    """What ``edges`` reads of an entry."""
    s = canonical(w)
    made = [{"generator": [p.generator.a, p.generator.b, p.generator.c], "n": p.generator.n, "values": [*p.values]}
            for p in polynomials]  # fmt: skip
    return {
        "id": s.id, "character_order": "generic", "n": s.n, "order": s.order,
        "orbit_size": s.orbit_size, "polynomials": made or None,
        "formal_order": int(np.prod([p.order for p in polynomials])) if polynomials else s.order,
        "nodes": [{"a": a, "b": b, "c": list(c)} for a, b, c in s.nodes],
    }  # fmt: skip


def weights(item):
    columns = [np.array([node[key] for node in item["nodes"]], dtype=np.int64) for key in ("a", "b", "c")]
    return Weights.from_nodes(item["n"], *columns)


def multiplies_to_its_target(edge, entries):
    by_id = {e["id"]: e for e in entries}
    product = weights(by_id[edge["source"]]) * weights(edge["factor"])
    return canonical(product).id == edge["target"]


def pairs(found):
    return {(edge["source"], edge["target"]) for edge in found}


def sealed(data):
    return {**data, "digest": digest(data)}


@pytest.fixture(scope="module")
def catalog():
    return build_catalog(search(SearchSettings((3, 4))))


# ---- which edges there are -------------------------------------------------------------------------------------


@pytest.mark.parametrize("nu", [0, 3], ids=["z_F6", "nu=i"])
def test_z_syn_times_z_nu_in_the_catalog_of_roots_3_and_4(catalog, nu):
    source, target = canonical(z_syn()).id, canonical(z_syn() * z_nu(nu, 12)).id
    (edge,) = [e for e in catalog["graph"] if (e["source"], e["target"]) == (source, target)]
    assert edge["factor"]["order"] == 2
    assert canonical(weights(edge["factor"])).id == canonical(z_nu(nu, 12)).id


def test_z_xi_times_z_nu_of_order_4():
    """Their factors of order 2 annul too little to be entries of a catalog; given as such, both are found."""
    parts = [z_nu(2, 8), z_xi(1, 8)]
    entries = [record(w) for w in (*parts, parts[0] * parts[1])]
    found = edges(entries)
    assert pairs(found) == {(e["id"], entries[2]["id"]) for e in entries[:2]}
    assert all(multiplies_to_its_target(edge, entries) for edge in found)


def test_no_order_4_entry_has_a_factor_in_a_catalog(catalog):
    targets = {edge["target"] for edge in catalog["graph"]}
    assert not any(e["order"] == 4 and e["id"] in targets for e in catalog["entries"])


@pytest.mark.slow
@pytest.mark.parametrize("path", sorted(CATALOG.glob("roots-*.json")), ids=lambda path: path.stem)
def test_every_edge_of_the_shipped_entries_multiplies(path):
    entries = read_catalog(path)["entries"]
    found = edges(entries)
    assert bool(found) == ("-k" not in path.stem)  # sums of potentials are no homomorphisms
    assert all(multiplies_to_its_target(edge, entries) for edge in found)
    assert all(edge["factor"]["order"] == len(edge["factor"]["nodes"]) >= 2 for edge in found)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["roots-6", "roots-8"])
def test_no_edge_without_merging_is_missing(name):
    """Both factors are parts of the target that hold its first node: all pairs of such parts are tried."""
    entries = read_catalog(CATALOG / f"{name}.json")["entries"]
    ids = {e["id"] for e in entries}
    expected = set()
    for e in entries:
        whole, q = weights(e), e["order"]
        for size in (s for s in range(2, q) if q % s == 0):
            for x, y in ((x, y) for x in combinations(range(1, q), size - 1)
                         for y in combinations(range(1, q), q // size - 1) if not set(x) & set(y)):  # fmt: skip
                left, right = (Weights.from_nodes(whole.n, whole.a[i], whole.b[i], whole.c[i])
                               for i in ([0, *x], [0, *y]))  # fmt: skip
                product = left * right
                same = product.order == q and product.potential("abc").any() and canonical(product).id == e["id"]
                if same and (key := canonical(left).id) in ids:
                    expected.add((key, e["id"]))
    assert pairs(edges(entries)) == expected


@pytest.mark.slow
@given(solvable_nodes((4, 6, 12), 2, 4, 1), solvable_nodes((4, 6, 12), 2, 3, 1))
@quick
def test_both_factors_of_a_product_without_merging_are_found(x, y):
    left, right = weights_of(*x), weights_of(*y)
    product = left * right
    assume(left.order > 1 < right.order and product.order == left.order * right.order)
    entries = [record(w) for w in (left, right, product)]
    found = edges(entries)
    assert {(e["id"], entries[2]["id"]) for e in entries[:2]} <= pairs(found)
    assert all(multiplies_to_its_target(edge, entries) for edge in found)


@pytest.mark.slow
def test_a_product_with_merging_is_found_by_its_polynomials():
    pool = [p for a in range(6) for b in range(6) for p in all_polynomials(Generator(a, b, 6)) if p.order in (2, 3)]
    tried = 0
    for p, q in combinations(pool[::7], 2):
        product = p.weights() * q.weights()
        entries = [record(p.weights()), record(q.weights()), record(product, [p, q])]
        if product.order == p.order * q.order or len({e["id"] for e in entries}) < 3:
            continue
        tried += 1
        found = edges(entries)
        assert {(e["id"], entries[2]["id"]) for e in entries[:2]} <= pairs(found)
        assert all(multiplies_to_its_target(edge, entries) for edge in found)
        silent = [{**e, "polynomials": None} for e in entries]
        assert all(edge["factor"]["order"] * len(weights(next(e for e in silent if e["id"] == edge["source"])).a)
                   == product.order for edge in edges(silent))  # fmt: skip
    assert tried > 5


def test_entries_under_merged_conditions_have_no_edge(catalog):
    assert edges({**e, "character_order": "4"} for e in catalog["entries"]) == []


def test_three_factors_give_the_products_of_two():
    factors = [z_nu(1, 16), z_nu(3, 16), z_nu(6, 16)]
    product = ring_product(factors)
    assert product.order == 8
    entries = [record(w) for w in (*factors, factors[0] * factors[1], product)]
    found = pairs(edges(entries))
    assert {(e["id"], entries[4]["id"]) for e in entries[:4]} <= found
    assert {(e["id"], entries[3]["id"]) for e in entries[:2]} <= found


def test_the_order_of_the_entries_does_not_matter(catalog):
    entries = catalog["entries"]
    assert edges(entries) == edges(reversed(entries)) == edges([*entries, *entries]) == catalog["graph"]


def test_edges_never_lower_order_or_zero_set_without_merging(catalog):
    by_id = {e["id"]: e for e in catalog["entries"]}
    for edge in catalog["graph"]:
        source, target = by_id[edge["source"]], by_id[edge["target"]]
        assert source["order"] * edge["factor"]["order"] == target["order"]
        assert set(source["covers"]) <= set(target["covers"])
        assert float(source["cost"]) < float(target["cost"])


# ---- in the file -----------------------------------------------------------------------------------------------


def test_the_graph_follows_the_entries_and_verifies(catalog, tmp_path):
    keys = list(catalog)
    assert keys.index("graph") == keys.index("entries") + 1
    assert len(catalog["graph"]) == 3
    write_catalog(catalog, tmp_path / "c.json")
    report = verify_catalog(read_catalog(tmp_path / "c.json"))
    assert report.edges == 3
    assert "3 edges" in str(report)


def test_files_without_a_graph_stay_valid(catalog, tmp_path):
    old = sealed({key: value for key, value in catalog.items() if key != "graph"})
    write_catalog(old, tmp_path / "old.json")
    assert verify_catalog(read_catalog(tmp_path / "old.json")).edges == 0
    assert list(solution_graph(old).edges(data=True)) == list(solution_graph(catalog).edges(data=True))


def test_edges_may_be_dropped_but_not_falsified(catalog):
    assert verify_catalog(sealed({**catalog, "graph": catalog["graph"][1:]})).edges == 2


def factor(data, i=0):
    return data["graph"][i]["factor"]


def z_f6_times_itself(data):
    """True as a product, with merging: z_F6 is a group of directions. Yet an edge joins different entries."""
    e = next(e for e in data["entries"] if e["id"] == canonical(z_syn() * z_nu(0, 2)).id)
    made = {"order": e["order"], "n": e["n"], "nodes": e["nodes"]}
    data["graph"].append({"source": e["id"], "target": e["id"], "factor": made})


ATTACKS = {
    "a wrong c": lambda d: factor(d)["nodes"][1].update(c=[2 * x for x in factor(d)["nodes"][1]["c"]]),
    "a wrong direction": lambda d: factor(d)["nodes"][1].update(a=factor(d)["nodes"][1]["a"] ^ 1),
    "the factor of another target": lambda d: d["graph"][1].update(factor=copy.deepcopy(factor(d, 2))),
    "a node more": lambda d: factor(d)["nodes"].append({**factor(d)["nodes"][0], "b": 1}),
    "a wrong order": lambda d: factor(d).update(order=3),
    "a unit": lambda d: factor(d).update(order=1, nodes=factor(d)["nodes"][:1]),
    "no node": lambda d: factor(d).update(order=0, nodes=[]),
    "another n": lambda d: factor(d).update(n=2 * factor(d)["n"]),
    "an odd n": lambda d: factor(d).update(n=3),
    "coordinates without end": lambda d: factor(d)["nodes"][0].update(c=[10**10] * len(factor(d)["nodes"][0]["c"])),
    "an unknown source": lambda d: d["graph"][0].update(source="cogo1-n6-q3-0123456789abcdef"),
    "an unknown target": lambda d: d["graph"][0].update(target="cogo1-n6-q6-0123456789abcdef"),
    "another entry as target": lambda d: d["graph"][2].update(target=d["entries"][-1]["id"]),
    "the wrong way": lambda d: d["graph"][0].update(source=d["graph"][0]["target"], target=d["graph"][0]["source"]),
    "a self loop": lambda d: d["graph"][0].update(target=d["graph"][0]["source"]),
    "a true self loop": z_f6_times_itself,
    "a duplicate": lambda d: d["graph"].insert(0, copy.deepcopy(d["graph"][0])),
    "another order of edges": lambda d: d["graph"].reverse(),
    "a further key": lambda d: d["graph"][0].update(weight=1),
    "a key less": lambda d: factor(d).pop("n"),
    "null": lambda d: d.update(graph=None),
    "an object": lambda d: d.update(graph={}),
}


@pytest.mark.slow
@pytest.mark.parametrize("attack", ATTACKS)
def test_false_edges_are_refused(attack, catalog):
    data = copy.deepcopy(catalog)
    ATTACKS[attack](data)
    assert data != catalog
    with pytest.raises(Refused):
        verify_catalog(data)  # by the digest
    with pytest.raises(Refused, match="graph"):
        verify_catalog(sealed(data))


@pytest.mark.slow
def test_every_integer_of_an_edge_matters(catalog):
    tried = 0
    for i, edge in enumerate(catalog["graph"]):
        for j, node in enumerate(edge["factor"]["nodes"]):
            for key, k in [("a", None), ("b", None), *(("c", k) for k in range(len(node["c"])))]:
                data = copy.deepcopy(catalog)
                changed = factor(data, i)["nodes"][j]
                if k is None:
                    changed[key] += 1
                else:
                    changed[key][k] += 1
                tried += 1
                with pytest.raises(Refused, match="graph"):
                    verify_catalog(sealed(data))
    assert tried >= 20


# ---- for networkx and the command line -------------------------------------------------------------------------


def test_the_networkx_graph(catalog):
    graph = solution_graph(catalog)
    assert set(graph) == {e["id"] for e in catalog["entries"]}
    assert pairs(catalog["graph"]) == set(graph.edges)
    assert networkx.is_directed_acyclic_graph(graph)
    facts = graph.nodes[canonical(z_syn() * z_nu(0, 2)).id]
    assert (facts["order"], facts["n"], facts["covers"]) == (6, 6, "Rc+Rn+R*")
    assert facts["families"].split(", ")[0] == "nu*syn"
    assert abs(facts["cost"] - 3 * 6 ** (1 / 3)) < 1e-10
    for edge in catalog["graph"]:
        assert graph.edges[edge["source"], edge["target"]] == {"order": 2, "factor": edge["factor"]}


def test_several_catalogs_are_joined():
    catalogs = [read_catalog(CATALOG / f"roots-{name}.json") for name in ("6", "24")]
    graph = solution_graph(*catalogs)
    assert set(graph) == {e["id"] for data in catalogs for e in data["entries"]}
    entries = [e for data in catalogs for e in data["entries"]]
    assert set(graph.edges) == pairs(edges(entries)) > pairs(edges(catalogs[0]["entries"]))


def test_an_edge_to_nowhere_is_named(catalog):
    data = copy.deepcopy(catalog)
    ATTACKS["an unknown target"](data)
    with pytest.raises(VerificationError, match="0123456789abcdef"):
        solution_graph(data)


@pytest.fixture
def path(catalog, tmp_path):
    (tmp_path / "c.json").write_text(dumps(catalog))
    return tmp_path / "c.json"


def test_command_prints_a_table(catalog, path, capsys):
    assert main(["graph", "--catalog", str(path)]) == 0
    out = capsys.readouterr().out
    assert out.startswith("11 entries, 3 edges")
    assert out.count("3 x 2 = 6") == 3
    assert all(edge["source"] in out and edge["target"] in out for edge in catalog["graph"])


def test_command_writes_graphml(catalog, path, capsys):
    out = path.with_name("g.graphml")
    assert main(["graph", "--catalog", str(path), "--out", str(out)]) == 0
    first = out.read_bytes()
    assert main(["graph", "--catalog", str(path), "--out", str(out)]) == 0
    assert out.read_bytes() == first
    graph, expected = networkx.read_graphml(out), solution_graph(catalog)
    assert dict(graph.nodes(data=True)) == {
        key: {name: value for name, value in facts.items() if value != "" or name in graph.nodes[key]}
        for key, facts in expected.nodes(data=True)
    }
    for source, target, facts in expected.edges(data=True):
        edge = graph.edges[source, target]
        assert (edge["order"], json.loads(edge["factor"])) == (facts["order"], facts["factor"])


def test_command_json_is_node_link(catalog, path, capsys):
    out = path.with_name("g.json")
    assert main(["graph", "--catalog", str(path), "--json", "--out", str(out)]) == 0
    text = capsys.readouterr().out
    assert out.read_text() == text
    graph = networkx.node_link_graph(json.loads(text), edges="edges")
    assert networkx.utils.graphs_equal(graph, solution_graph(catalog))


@pytest.mark.parametrize(("name", "said"), [("g.txt", ".graphml or .json"), ("x/c.json/g.json", "cannot be written")])
def test_command_refuses_a_bad_out(name, said, path, capsys):
    out = path.parent / name.removeprefix("x/")
    assert main(["graph", "--catalog", str(path), "--out", str(out)]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    assert said in captured.err
    assert [p.name for p in path.parent.iterdir()] == ["c.json"]
