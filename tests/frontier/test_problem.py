import numpy as np
import pytest

from cogo_search.frontier.problem import Problem
from cogo_search.frontier.symmetry import Ansaetze, Symmetry
from cogo_search.groups.abelian import Group
from cogo_search.networks.loss import direct
from cogo_search.networks.network import Setting

CASES = [
    ("5", "none", "with", "zero-mean", 6, 0),
    ("5", "neg,swap", "without", "zero-mean", 6, 0),
    ("5", "neg", "without", "zero-mean", 6, 5),
    ("2x3", "swap", "with", "one-hot", 6, 3),
    ("3", "shift", "with", "one-hot", 6, 0),
]


def problem(spec, name, trivial, target, width, index):
    symmetry = Symmetry(Group.parse(spec), name)
    return Problem(symmetry.group, Setting(trivial, target), Ansaetze(symmetry, trivial, width)[index])


def projected(p, theta):
    """The residual, by least squares on the grid as it stands."""
    d = p.group.order
    w = p.weights(theta[None])[0]
    squares = (w[:d, None] + w[None, d:]).reshape(d * d, -1) ** 2
    return (p.targets - squares @ np.linalg.lstsq(squares, p.targets, rcond=None)[0]).ravel()


def penalised(p, theta, penalty):
    """Residual and penalty * V for squares of norm 1, by least squares; a penalty for every node."""
    d = p.group.order
    w = p.weights(theta[None])[0]
    squares = (w[:d, None] + w[None, d:]).reshape(d * d, -1) ** 2
    squares = np.vstack([squares / np.linalg.norm(squares, axis=0), np.diag(penalty)])
    below = np.zeros((squares.shape[1], p.targets.shape[1]))
    targets = np.vstack([p.targets, below])
    return (targets - squares @ np.linalg.lstsq(squares, targets, rcond=None)[0]).ravel()


def differences(function, theta, step=1e-6):
    columns = []
    for k in range(theta.size):
        e = step * (np.arange(theta.size) == k).reshape(theta.shape)
        columns.append((function(theta + e) - function(theta - e)) / (2 * step))
    return np.array(columns).T


@pytest.mark.parametrize("case", CASES)
def test_normal_equations_are_those_of_finite_differences(case):
    p = problem(*case)
    state = p.evaluate(p.start(np.random.default_rng(1))[None], np.zeros((1, 6)))
    theta = state.theta[0]
    matrix, right = p.normal_equations(state)
    jacobian = differences(lambda t: projected(p, t), theta)
    assert np.allclose(matrix[0], jacobian.T @ jacobian, atol=1e-7 * np.abs(matrix).max())
    assert np.allclose(right[0], -jacobian.T @ projected(p, theta), atol=1e-8)


@pytest.mark.parametrize("case", CASES)
def test_normal_equations_with_a_penalty(case):
    p = problem(*case)
    penalty = np.repeat(0.1 + 0.2 * np.arange(len(p.sizes)), p.sizes)  # of every orbit its own
    state = p.evaluate(p.start(np.random.default_rng(1))[None], penalty[None])
    theta = state.theta[0]
    matrix, right = p.normal_equations(state)
    residual = penalised(p, theta, penalty)
    jacobian = differences(lambda t: penalised(p, t, penalty), theta)
    assert np.isclose(state.total[0], residual @ residual)
    assert np.allclose(matrix[0], jacobian.T @ jacobian, atol=1e-7 * np.abs(matrix).max())
    assert np.allclose(right[0], -jacobian.T @ residual, atol=1e-8)


@pytest.mark.parametrize("case", CASES)
def test_the_network_has_the_loss_of_its_cost_and_is_balanced(case):
    p = problem(*case)
    theta = p.start(np.random.default_rng(2))
    state = p.evaluate(theta[None], np.zeros((1, 6)))
    network = p.network(theta)
    assert np.isclose(direct(network, p.setting).loss, state.cost[0] / p.group.order)
    assert network.metadata["origin"] == "frontier"
    if p.setting.trivial == "without":
        assert np.allclose([network.W_a.mean(axis=0), network.W_b.mean(axis=0), network.V.mean(axis=0)], 0)


def test_starts_are_solved_alone_as_together():
    p = problem(*CASES[2])
    theta = np.stack([p.start(np.random.default_rng(i)) for i in range(5)])
    together = p.normal_equations(p.evaluate(theta, np.full((5, 6), 0.02)))
    alone = p.normal_equations(p.evaluate(theta[3:4], np.full((1, 6), 0.02)))
    assert all(np.allclose(x[3], y[0], rtol=1e-12, atol=1e-12) for x, y in zip(together, alone, strict=True))
