"""The family of two nodes that annul R_n: recognised under its symmetries, fitted with its phase."""

import random

import numpy as np
import pytest

import cogo_search as cogo
from cogo_search.algebra.canonical import canonical
from cogo_search.families.membership import families
from tests.golden import make_golden as oracle
from tests.matching import synthetic
from tests.strategies import weights_of


@pytest.mark.parametrize(("n", "x"), [(8, 1), (12, 2), (12, 5), (20, 3)])
def test_a_disguised_member_is_recognised_and_annuls_r_n(n, x):
    nodes = [(0, 0, oracle.zeta(n, 0)), (x, n // 2 - x, oracle.zeta(n, n // 2))]
    solution = canonical(weights_of(n, oracle.scrambled(random.Random(x), n, nodes)))
    assert {"aAc", "bBc"} <= set(solution.weights().zero_set)
    assert [record["name"] for record in families(solution)] == ["opposite_pair"]
    (a, b, c), other = nodes
    assert families(canonical(weights_of(n, [(a, b, 2 * c), other]))) == []


@pytest.mark.parametrize("noise", [0.0, 0.01])
def test_match_names_the_member_with_its_phase(noise):
    turn = 0.09
    x = np.exp(2j * np.pi * turn)
    z = synthetic.disguise(
        synthetic.nodes([1, 1, 1], [x, -1 / x, -1]), np.random.default_rng(2), noise, positive_scales=False
    )
    network = synthetic.network("7", {1: z})
    (match,) = cogo.match(network)
    assert match[0].k == 1 and match[0].family == "opposite_pair"
    assert match[0].parameters["x"] == pytest.approx(turn, abs=1e-6 + noise)
