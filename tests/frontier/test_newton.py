import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from cogo_search.catalog.network_records import numbers
from cogo_search.errors import InputError
from cogo_search.frontier import newton
from cogo_search.frontier.enclosure import describe, enclosure_record
from cogo_search.frontier.equations import Equations
from cogo_search.frontier.newton import solve
from cogo_search.groups.abelian import Group
from cogo_search.networks.network import TENSORS, Network, Setting
from cogo_search.networks.network_files import write_network
from cogo_search.recipes.compose import build

from .test_enclosure import largest_residual

CATALOG = Path(__file__).resolve().parents[2] / "catalog" / "frontier.json"
#: One of each kind: singular zeros, families, an isolated curve, one-hot; scripts/frontier_certify.py takes all.
SOME = [
    record
    for record in json.loads(CATALOG.read_text())["networks"]
    if record["group"] in ("3", "4", "5", "2x2") and record["width"] < 10
]


def copies(network):
    """Rounded to float32 and float16, and with noise of 1e-5."""
    weights = [getattr(network, name) for name in TENSORS]
    rng = np.random.default_rng(5)
    changed = [[w.astype(t).astype(float) for w in weights] for t in ("float32", "float16")]
    changed.append([w + 1e-5 * rng.standard_normal(w.shape) for w in weights])
    return [Network(network.group, *w) for w in changed]


def exactly(solution):
    return [[[Fraction(int(x), 1 << solution.bits) for x in row] for row in rows] for rows in solution.weights]


def check(network, setting):
    """Solve in two precisions; the zeros agree, and the plain equations hold to the last digit of either."""
    less, more = solve(network, setting, 120), solve(network, setting, 1000)
    assert less.converged and more.converged
    ours, finer = exactly(less), exactly(more)
    pairs = zip(np.array(ours, dtype=object).ravel(), np.array(finer, dtype=object).ravel(), strict=True)
    assert max(abs(x - y) for x, y in pairs) < Fraction(1, 10**30)
    one_hot = setting.target == "one-hot"
    assert largest_residual(finer, network.group, one_hot) < Fraction(1, 10**290)
    return more


@pytest.mark.slow
@pytest.mark.parametrize("record", SOME, ids=lambda r: r["id"])
def test_copies_of_certified_networks_lead_to_zeros(record):
    network, setting = numbers(record), Setting(record["trivial"], record["target"])
    for copy in copies(network):
        assert check(copy, setting).shift < 5e-3


@pytest.mark.slow
@pytest.mark.parametrize("spec", ["5", "7"])
@pytest.mark.parametrize("noise", [0.0, 1e-3])
def test_the_recipe_of_the_paper_leads_to_zeros(spec, noise):
    """At 5 it is singular, and the equations deflated once are so again: the start is moved by a share that is told."""
    setting = Setting("without")
    network = build("f4/6", Group.parse(spec), setting).assemble()
    rng = np.random.default_rng(1)
    noisy = [w * (1 + noise * rng.standard_normal(w.shape)) for w in (network.W_a, network.W_b, network.V)]
    solution = check(Network(network.group, *noisy), setting)
    assert solution.shift < 1e-2 and (solution.kernel > 0) == (spec == "5")


@pytest.mark.slow
def test_a_flat_direction_hides_no_miss(monkeypatch):
    """Newton's method alone leaves this network where float64 has it, 1e-16 from a zero: that is not converged."""
    record = next(r for r in SOME if r["id"] == "cogo1-net-5-q8-720921c8f97c5435")
    network, setting = numbers(record), Setting("with")
    assert solve(network, setting).kernel > 0
    monkeypatch.setattr(newton, "KERNELS", (0,))
    monkeypatch.setattr(newton, "NUDGES", (0.0,))
    solution = solve(network, setting)
    assert not solution.converged and 0 < solution.residual < 1e-12
    with pytest.raises(InputError, match=r"failed from these weights.*no statement about whether a solution is near"):
        enclosure_record("x", solution)
    assert describe(solution, 30, None, "failed")["dimension_at_most"] is None


def test_slopes_are_exact():
    """The derivative of a cubic along a line, from five of its values."""
    equations = Equations(Group.parse("2x2"), Setting("without"), 3)
    rng = np.random.default_rng(0)
    w, free = (rng.integers(-9, 10, size).astype(object) for size in ((3, 4, 3), len(equations.free)))
    direction = equations.directions(free)
    assert not direction.sum(axis=1).any()
    along = [equations.residual(w + t * direction, 1) for t in (-2, -1, 1, 2)]
    derivative = (along[0] - 8 * along[1] + 8 * along[2] - along[3]) // 12
    assert (equations.slope(w, direction) == derivative).all()
    floats = equations.jacobian(w.astype(float)) @ free.astype(float)
    np.testing.assert_allclose(floats, equations.slope(w, direction).astype(float))


@pytest.mark.slow
def test_the_command_says_what_failed_and_what_it_found(tmp_path, capsys):
    from cogo_search.cli import main

    record = next(r for r in SOME if r["id"].startswith("cogo1-net-5-q8") and r["trivial"] == "without")
    network = numbers(record)
    weights = [getattr(network, name) for name in TENSORS]
    rng = np.random.default_rng(2)
    setting = {"trivial": "without", "target": "zero-mean"}
    files = {
        "float32.npz": [w.astype(np.float32) for w in weights],
        "noise.npz": [w + 1e-5 * rng.standard_normal(w.shape) for w in weights],
        "far.npz": [w + 3 * rng.standard_normal(w.shape) for w in weights],
    }
    for name in ("float32.npz", "noise.npz"):
        write_network(Network(network.group, *files[name], metadata=setting), tmp_path / name)
        assert main(["frontier", "certify", str(tmp_path / name)]) == 1
        output = capsys.readouterr().out
        assert "have rank 87" in output and "of dimension 1 at most" in output and "failed" not in output
    far = [w - w.mean(axis=0) for w in files["far.npz"]]
    write_network(Network(network.group, *far, metadata=setting), tmp_path / "far.npz")
    assert main(["frontier", "certify", str(tmp_path / "far.npz")]) == 1
    output = capsys.readouterr().out
    assert "not proved: Newton's method failed" in output and "no solution" not in output
    write_network(Network(network.group, *files["far.npz"], metadata=setting), tmp_path / "far.npz")
    assert main(["frontier", "certify", str(tmp_path / "far.npz")]) == 2
    assert "hold the trivial character" in capsys.readouterr().err
