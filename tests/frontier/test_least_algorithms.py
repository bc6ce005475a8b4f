"""Bilinear algorithms of least length for R^s x C^p are one for each field beside the others (docs/frontier.md)."""

import json
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import least_squares

from cogo_search.groups.abelian import Group
from cogo_search.networks.network import Setting
from cogo_search.networks.width_bounds import lower_bound, rank_bound

CATALOG = Path(__file__).resolve().parents[2] / "catalog" / "frontier.json"


def multiplication(s, p):
    """The structure tensor (x, y, result) of R^s x C^p, and the field of every coordinate."""
    tensor, fields = np.zeros((s + 2 * p,) * 3), [*range(s), *np.repeat(np.arange(s, s + p), 2)]
    for i in range(s):
        tensor[i, i, i] = 1
    for i in range(s, s + 2 * p, 2):
        tensor[i, i, i] = tensor[i, i + 1, i + 1] = tensor[i + 1, i, i + 1] = 1
        tensor[i + 1, i + 1, i] = -1
    return tensor, np.array(fields)


def algorithm(tensor, length, rng):
    """Forms f, g and elements w of shape (3, length, n) with sum f g w = tensor, from a random start; else None."""
    n = len(tensor)

    def residual(x):
        return (np.einsum("ji,jk,jl->ikl", *x.reshape(3, length, n)) - tensor).ravel()

    found = least_squares(residual, rng.standard_normal(3 * length * n), xtol=1e-15, ftol=1e-15, gtol=1e-15)
    return found.x.reshape(3, length, n) if found.cost < 1e-24 else None


@pytest.mark.slow
@pytest.mark.parametrize(("s", "p"), [(2, 0), (0, 1), (1, 1), (2, 1), (0, 2)])
def test_least_algorithms_split(s, p):
    """Whatever a search finds, each product is in one field, one for R, three for C."""
    tensor, fields = multiplication(s, p)
    rng, found = np.random.default_rng(s + 10 * p), 0
    for _ in range(60):
        parts = algorithm(tensor, s + 3 * p, rng)
        if parts is None:
            continue
        found += 1
        # The share of the square of every form and element that is in each field: (3, products, fields).
        shares = np.stack([np.sum(parts[:, :, fields == i] ** 2, axis=2) for i in range(s + p)], axis=2)
        shares /= shares.sum(axis=2, keepdims=True)
        assert np.abs(shares - shares.round()).max() < 1e-8
        assert (shares.round() == shares.round()[0]).all()
        assert shares.round()[0].sum(axis=0).tolist() == [1] * s + [3] * p
        if found == 3:
            return
    raise AssertionError("too few algorithms found")


def test_the_shipped_networks_of_that_width_split():
    """In integers: nodes of a network of s + 3p nodes have one frequency each, beside constants."""
    networks = [r for r in json.loads(CATALOG.read_text())["networks"] if "n" in r["weights"]]
    least = []
    for record in networks:
        group, setting = Group.parse(record["group"]), Setting(record["trivial"], record["target"])
        if record["target"] == "one-hot" or record["width"] > rank_bound(group, setting):
            continue
        assert lower_bound(group, setting).width == record["width"]
        least.append(record["group"])
        for node in record["weights"]["nodes"]:
            characters = [{k for k, _ in node[part] if k} for part in "abc"]
            assert characters[0] == characters[1] == characters[2] and len(characters[0]) == 1
    assert least == ["3", "3x3"]
