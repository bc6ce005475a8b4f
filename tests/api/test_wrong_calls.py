"""Wrong calls of the face: the package's own exceptions, one line with the argument, its value and the way out."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

import cogo_search as cogo

CATALOG = Path(__file__).resolve().parents[2] / "catalog" / "roots-3-4.json"
ONES = np.ones((5, 4))


def module_of_another_kind():
    torch = pytest.importorskip("torch")
    return torch.nn.Sequential(torch.nn.Embedding(7, 4), torch.nn.Linear(4, 7))


WRONG = {
    "a group of order 1": (lambda: cogo.Group(1), "group=1"),
    "a group that is no group": (lambda: cogo.Group("Z5"), "'Z5'"),
    "a group of nothing": (lambda: cogo.Group(()), "group=()"),
    "a group that is too large": (lambda: cogo.Group("100x100"), "10000"),
    "a group of words": (lambda: cogo.Group(["a"]), "['a']"),
    "roots that are text": (lambda: cogo.generators("3,4"), "'3,4'"),
    "roots that are no integers": (lambda: cogo.search([3.5]), "3.5"),
    "no roots": (lambda: cogo.search([]), "roots"),
    "a root of order 0": (lambda: cogo.generator_table([0]), "0"),
    "a root beyond the limit": (lambda: cogo.generators(10**6), "1000000"),
    "an unknown cover": (lambda: cogo.search(3, cover="everything"), "everything"),
    "an unknown model": (lambda: cogo.search(3, model="fast"), "'fast'"),
    "a budget below 1": (lambda: cogo.search(3, budget=0), "budget=0"),
    "merged conditions of products": (lambda: cogo.search(4, model="product", character_order="4"), "free"),
    "a node off the circle": (lambda: cogo.Weights.node(2, 1), "roots of unity"),
    "a float as a number": (lambda: cogo.Weights.node(1, 0.5), "0.5"),
    "weights times text": (lambda: cogo.Weights.node(1, 1) * "x", "'x'"),
    "a negative power": (lambda: cogo.Weights.node(1, 1) ** -1, "-1"),
    "an element that is none": (lambda: cogo.Element.of("pi"), "'pi'"),
    "a missing catalog": (lambda: cogo.load_catalog("nowhere.json"), "nowhere.json"),
    "a catalog that is a number": (lambda: cogo.load_catalog(3), "path=3"),
    "an ambiguous id": (lambda: cogo.load_catalog(CATALOG)["n6"], "ambiguous"),
    "an unknown id": (lambda: cogo.load_catalog(CATALOG)["zzz"], "'zzz'"),
    "an index that is a float": (lambda: cogo.load_catalog(CATALOG)[1.5], "1.5"),
    "an unknown family": (lambda: cogo.load_catalog(CATALOG).filter(family="mine"), "'mine'"),
    "an unknown cover of a filter": (lambda: cogo.load_catalog(CATALOG).filter(cover="mine"), "'mine'"),
    "a filter by an order that is text": (lambda: cogo.load_catalog(CATALOG).filter(order="6"), "order='6'"),
    "a filter by several covers": (lambda: cogo.load_catalog(CATALOG).filter(cover=["Rc"]), "['Rc']"),
    "a catalog saved as a number": (lambda: cogo.load_catalog(CATALOG).save(5), "path=5"),
    "entries as a catalog": (lambda: cogo.match(cogo.construct(5), catalog=cogo.load_catalog().entries), "Entries("),
    "a verification of nothing": (lambda: cogo.verify(7), "7"),
    "an unknown recipe": (lambda: cogo.construct(5, recipe="f5"), "'f5'"),
    "a recipe that is a number": (lambda: cogo.construct(5, recipe=6), "recipe=6"),
    "a recipe that the group forbids": (lambda: cogo.construct(5, recipe="f4+real"), "f4+real"),
    "an impossible setting": (lambda: cogo.construct(5, target="one-hot"), "one-hot"),
    "an unknown setting": (lambda: cogo.construct(5, trivial="maybe"), "'maybe'"),
    "a frequency beyond the group": (lambda: cogo.construct(5, order6_frequencies=[9]), "9"),
    "one frequency where a list is meant": (lambda: cogo.construct(7, order6_frequencies=2), "[2]"),
    "frequencies as text": (lambda: cogo.construct(17, order6_frequencies="12"), "order6_frequencies='12'"),
    "a frequency that is none": (lambda: cogo.construct(7, order6_frequencies=[None]), "None"),
    "entries at no frequency": (lambda: cogo.construct(7, recipe=cogo.load_catalog(CATALOG)[-1], at="x"), "at='x'"),
    "entries at frequencies of a recipe": (lambda: cogo.construct(5, at={1: "n6"}), "f4/6"),
    "order-6 frequencies of an entry": (
        lambda: cogo.construct(5, recipe=cogo.load_catalog(CATALOG)[-1], order6_frequencies=[1]),
        "order6_frequencies",
    ),
    "entries beside weights": (lambda: cogo.construct(5, recipe=cogo.Weights.node(1, 1), at={1: "n6"}), "weights"),
    "a network into a folder": (lambda: cogo.construct(5).save("."), "must end in"),
    "a catalog into no place": (lambda: cogo.search(3, cover="Rc").save("/proc/c.json"), "path=/proc/c.json"),
    "arrays with NaN": (lambda: cogo.load_network((np.full((5, 4), np.nan, np.float16), ONES, ONES)), "NaN"),
    "arrays of integers": (lambda: cogo.load_network((np.ones((5, 4), int), ONES, ONES)), "int64"),
    "arrays that do not fit": (lambda: cogo.load_network((ONES, ONES, np.ones((6, 3)))), "(6, 3)"),
    "ragged lists": (lambda: cogo.load_network(([[1.0], [1.0, 2.0]], ONES, ONES)), "W_a"),
    "a vector": (lambda: cogo.load_network((np.ones(5), ONES, ONES)), "(5,)"),
    "a module of another kind": (lambda: cogo.load_network(module_of_another_kind()), "map"),
    "a state dict of nothing": (lambda: cogo.load_network({}), "tensors"),
    "a number as a network": (lambda: cogo.load_network(3), "int"),
    "a class of modules": (lambda: cogo.match(type(module_of_another_kind())), "instance"),
    "networks where one is meant": (lambda: cogo.load_network((cogo.construct(5),) * 3), "3 networks"),
    "networks by name": (lambda: cogo.match({"one": cogo.construct(5)}), "1 networks"),
    "an epoch that is text": (lambda: cogo.match(cogo.construct(5), epoch="last"), "'last'"),
    "a missing file": (lambda: cogo.match("nowhere.npz"), "nowhere.npz"),
    "nothing to match": (lambda: cogo.match([]), "no network"),
    "a tolerance beyond the nulls": (lambda: cogo.match(cogo.construct(5), tolerance=2), "tolerance=2"),
    "a tolerance that is text": (lambda: cogo.match(cogo.construct(5), tolerance="small"), "'small'"),
    "unknown rules": (lambda: cogo.match(cogo.construct(5), rules="mine"), "'mine'"),
    "a tolerance of the paper's rules": (lambda: cogo.match("x", rules="paper", tolerance=0.1), "0.1"),
    "another group than the network's": (lambda: cogo.match(cogo.construct(5), group=7), "7"),
    "no hidden nodes": (lambda: cogo.train(5, hidden=0), "hidden=0"),
    "hidden nodes that are text": (lambda: cogo.train(5, hidden="many"), "'many'"),
    "a learning rate that is none": (lambda: cogo.train(5, lr=float("nan")), "nan"),
    "no groups": (lambda: cogo.train([]), "group=[]"),
    "no group at all": (lambda: cogo.train(None), "None"),
    "runs of nothing": (lambda: cogo.load_runs(None), "out=None"),
    "an unknown device": (lambda: cogo.train(5, device="tpu"), "'tpu'"),
    "resuming nothing": (lambda: cogo.train(5, resume=True), "resume"),
    "a folder that holds no runs": (lambda: cogo.load_runs("."), "config.json"),
    "an unknown snapshot": (lambda: cogo.train(5, hidden=4, epochs=10)[0].snapshot(3), "epoch=3"),
    "no width": (lambda: cogo.frontier.search(5, 0, trivial="with", target="zero-mean"), "width=0"),
    "too few digits": (lambda: cogo.frontier.certify(cogo.construct(5), digits=3), "digits=3"),
    "a group beyond the table": (lambda: cogo.frontier.table(group=11), "11"),
    "a report into a file": (lambda: cogo.report(CATALOG), "no folder"),
    "a report into a network": (lambda: cogo.report(cogo.construct(5)), "out="),
    "a report on a value": (lambda: cogo.report("new", catalog=cogo.load_catalog(CATALOG)), "save(FILE)"),
    "a report on runs in memory": (
        lambda: cogo.report("new", runs=cogo.train(5, hidden=4, epochs=2)),
        "train(..., out=",
    ),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_call_is_one_line_that_names_the_value(what, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    call, named = WRONG[what]
    with pytest.raises(cogo.CogoError) as refused:
        call()
    message = str(refused.value)
    assert named in message and "\n" not in message and len(message) < 600
    assert not list(tmp_path.iterdir())


def test_weights_without_r_kkk_are_no_solution():
    weights = cogo.Weights.node(1, 1) + cogo.Weights.node(1, 1, -1)
    assert weights.order == 0
    cancelled = cogo.Weights.node(1, 1) + cogo.Weights.node("i", 1, "i") - 0
    with pytest.raises(cogo.InputError, match="r_kkk"):
        cogo.construct(5, recipe=cancelled)


def test_weights_are_a_recipe_where_they_solve_everything():
    entry = cogo.load_catalog(CATALOG).filter(order=6, cover="all")[0]
    assert cogo.construct(5, recipe=entry.weights * cogo.Weights.node("w5", "w5")).loss() < 1e-24
    with pytest.raises(cogo.InputError):
        cogo.construct(5, recipe=cogo.Weights.node(1, 1))


def test_turns_are_fractions():
    entry = cogo.load_catalog(CATALOG).filter(order=6, cover="all")[0]
    network = cogo.construct(5, recipe=entry, at={1: (entry, (Fraction(1, 8), 0))}, catalog=CATALOG)
    assert network.loss() < 1e-24
