"""Every family at random parameters, disguised: named, with its parameters; and the fits against plain minimisation."""

import numpy as np
import pytest
from scipy.optimize import minimize

from cogo_search.families.arrangements import factorize
from cogo_search.families.fitting import fits
from cogo_search.families.nu_i_w import fit as fit_weighted
from cogo_search.families.nu_i_w import project
from cogo_search.groups.abelian import Group
from cogo_search.matching.classify import TOLERANCE, classify
from cogo_search.matching.match import Options, match_network
from cogo_search.matching.spectrum import Block, balance
from tests.matching import synthetic


def block(z, k=1):
    return Block(k, np.arange(z.shape[1]), balance(z), (), z.shape[1])


def named(match):
    return match.family and match.family.family, {f.family for f in match.also}


@pytest.mark.slow
@pytest.mark.parametrize("name", synthetic.FAMILIES)
@pytest.mark.parametrize("noise", [0.0, 1e-4, 1e-3, 0.01])
def test_a_generating_family_is_always_among_the_matches(name, noise):
    rng = np.random.default_rng([3, len(name), round(noise * 1e4)])
    for _ in range(60):
        z, _ = synthetic.draw(name, rng)
        chosen, also = named(classify(block(synthetic.disguise(z, rng, noise)), {}))
        assert name in {chosen, *also}


def distance_to_specials(name, z):
    """The least distance from an exact member to any other parametric family."""
    return min(f.distance for f in fits(balance(z), factorize(balance(z), 0.3)) if f.family not in (name, "nu_i*w"))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["nu*syn", "nu_i*syn_ab", "rho_nu"])
@pytest.mark.parametrize("noise", [0.0, 1e-3, 5e-3])
def test_a_parametric_family_is_named_away_from_intersections(name, noise):
    """Five noise widths from every other family, in the matcher's own metric."""
    rng = np.random.default_rng([5, len(name), round(noise * 1e4)])
    tried = 0
    for _ in range(60):
        z, _ = synthetic.draw(name, rng)
        z = synthetic.disguise(z, rng)
        if distance_to_specials(name, z) < max(5 * noise, 1e-5):
            continue
        tried += 1
        noisy = z + noise * np.sqrt(np.mean(np.abs(z) ** 2)) * synthetic.turn(rng.random(z.shape)) * rng.rayleigh(
            np.sqrt(0.5), z.shape
        )
        assert named(classify(block(noisy), {}))[0] == name
    assert tried > 30


@pytest.mark.slow
def test_the_weighted_family_is_named_where_no_special_one_is_within_the_tolerance():
    rng = np.random.default_rng(8)
    tried = 0
    for _ in range(60):
        z = synthetic.disguise(synthetic.weighted(int(rng.choice([4, 6])), rng), rng)
        if distance_to_specials("", z) > TOLERANCE + 0.01 * 5:
            tried += 1
            assert named(classify(block(z), {}))[0] == "nu_i*w"
            noisy = synthetic.disguise(z, rng, 0.01)
            assert named(classify(block(noisy), {}))[0] == "nu_i*w"
    assert tried > 40


def reduced(name, parameters):
    """Parameters in the fundamental domain, by listing images (an independent way to reduce them)."""
    if name == "nu*syn":
        return [min((s * parameters[0] + j / 6) % 1 for s in (1, -1) for j in range(6))]
    if name == "nu_i*xi":
        return [min((s * parameters[0] + j / 4) % 1 for s in (1, -1) for j in range(4))]
    if name == "rho_nu":
        return [min((s * parameters[0] + j / 2) % 1 for s in (1, -1) for j in range(2))]
    return None


@pytest.mark.slow
@pytest.mark.parametrize("name", ["nu*syn", "nu_i*xi", "rho_nu"])
@pytest.mark.parametrize("noise", [0.0, 0.01])
def test_parameters_within_the_noise(name, noise):
    rng = np.random.default_rng([9, len(name)])
    for _ in range(40):
        z, parameters = synthetic.draw(name, rng)
        match = classify(block(synthetic.disguise(z, rng, noise)), {})
        fit = next(f for f in match.nearest if f.family == name)
        (value,) = fit.parameters.values()
        (wanted,) = reduced(name, parameters)
        # a phase of one noise width is noise / (2 pi) turns
        assert abs(value - wanted) < 1e-9 + 5 * noise / (2 * np.pi)


@pytest.mark.slow
def test_alpha_and_beta_within_the_noise_up_to_their_twelve_images():
    rng = np.random.default_rng(10)
    for noise in (0.0, 0.01):
        for _ in range(30):
            parameters = rng.random(2)
            z = synthetic.disguise(synthetic.parametric("nu_i*syn_ab", parameters), rng, noise)
            match = classify(block(z), {})
            fit = next(f for f in match.nearest if f.family == "nu_i*syn_ab")
            found = np.array([fit.parameters["alpha"], fit.parameters["beta"]])
            again = synthetic.parametric("nu_i*syn_ab", found)
            # the found parameters make the same network up to symmetries, whatever image was chosen
            near = classify(block(synthetic.disguise(again, rng)), {})
            refound = next(f for f in near.nearest if f.family == "nu_i*syn_ab")
            wrapped = np.abs(found - np.array([refound.parameters["alpha"], refound.parameters["beta"]]))
            assert np.all(np.minimum(wrapped, 0.25 - wrapped) < 1e-6)
            phases = [0.0, *parameters]
            images = [
                [(s * (phases[p[i]] - phases[p[0]])) % 0.25 for i in (1, 2)]
                for p in ((0, 1, 2), (0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0))
                for s in (1, -1)
            ]
            gaps = np.abs(np.array(images) - found)
            assert np.minimum(gaps, 0.25 - gaps).max(axis=1).min() < 1e-9 + 6 * noise / (2 * np.pi)


def nearest_by_minimisation(z, name, rng, starts):
    """The least distance over parameters, units and disguises fixed to the truth: plain numerical minimisation."""

    def residual(x):
        theta = x[:-6]
        y = x[-6:-3] + 1j * x[-3:]
        return float(np.sum(np.abs(z - synthetic.parametric(name, theta) * y[:, None]) ** 2))

    t = 2 if name == "nu_i*syn_ab" else 1
    best = min(
        minimize(residual, start, method="BFGS", options={"gtol": 1e-9}).fun
        for start in (np.concatenate([s, [1, 1, 1, 0, 0, 0]]) for s in starts)
    )
    assert t
    return np.sqrt(best / np.sum(np.abs(z) ** 2))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["nu*syn", "nu_i*syn_ab", "nu_i*xi"])
def test_distances_are_those_of_a_plain_minimisation(name):
    """The noise is small against every other arrangement, so the order of the nodes is known."""
    rng = np.random.default_rng([11, len(name)])
    for _ in range(5):
        theta = synthetic.random_parameters(name, rng)
        z = synthetic.parametric(name, theta)
        z = z + 0.03 * (rng.normal(size=z.shape) + 1j * rng.normal(size=z.shape))
        ours = next(f for f in fits(z, factorize(z, 0.3)) if f.family == name).distance
        plain = nearest_by_minimisation(z, name, rng, [theta])
        assert ours <= plain * 1.005
        assert ours >= plain * 0.9  # another arrangement may be nearer still, hardly


def test_fitted_models_are_members_and_as_far_as_they_say():
    rng = np.random.default_rng(12)
    for name in synthetic.FAMILIES:
        z, _ = synthetic.draw(name, rng)
        z = balance(synthetic.disguise(z, rng, 0.01))
        for fit in fits(z, factorize(z, 0.3)):
            assert np.isclose(np.linalg.norm(z - fit.model) / np.linalg.norm(z), fit.distance, atol=1e-9)
            if fit.distance < 0.05:
                for potential in ("Abc", "aBc", "ABc", "aac", "bbc", "AAc", "BBc"):
                    rows = {"a": fit.model[0], "b": fit.model[1], "c": fit.model[2]}
                    rows |= {"A": rows["a"].conj(), "B": rows["b"].conj()}
                    value = np.sum(rows[potential[0]] * rows[potential[1]] * rows[potential[2]])
                    assert abs(value) < 1e-8


def test_projection_meets_the_condition_and_is_nearest():
    rng = np.random.default_rng(13)
    for _ in range(20):
        w = synthetic.weighted(6, rng)[:, :3]
        start = w + 0.05 * (rng.normal(size=w.shape) + 1j * rng.normal(size=w.shape))
        near = project(start)
        assert abs(np.sum(near[0] * near[1] * near[2].conj())) < 1e-9
        assert np.linalg.norm(near - start) <= np.linalg.norm(w - start) * 1.02


def test_weighted_fit_of_random_nodes_is_far():
    rng = np.random.default_rng(14)
    z = balance(rng.normal(size=(3, 6)) + 1j * rng.normal(size=(3, 6)))
    assert fit_weighted(z).distance > 0.3


@pytest.mark.slow
@pytest.mark.parametrize("spec", ["7", "23", "71", "2x3", "4x4"])
@pytest.mark.parametrize("noise", [0.0, 0.01, 0.05])
def test_whole_networks_of_every_family(spec, noise):
    """At every frequency that has complex characters one family; up to 1 % noise it is among the matches."""
    rng = np.random.default_rng([15, Group.parse(spec).order, round(noise * 100)])
    group = Group.parse(spec)
    frequencies = [k for k, _ in group.conjugate_pairs]
    chosen = [synthetic.FAMILIES[int(i)] for i in rng.integers(len(synthetic.FAMILIES), size=len(frequencies))]
    made = {k: synthetic.draw(name, rng)[0] for k, name in zip(frequencies, chosen, strict=True)}
    disguised = {k: synthetic.disguise(z, rng, noise, positive_scales=False) for k, z in made.items()}
    record = match_network(synthetic.network(spec, disguised), Options({}, TOLERANCE if noise <= 0.01 else 0.1)).record
    by_k = {str(f["k"]): f for f in record["frequencies"]}
    for k, name in zip(frequencies, chosen, strict=True):
        f = by_k[str(group.frequency_name(k))]
        assert f["order"] == made[k].shape[1]
        assert name in {f["family"], *(a["family"] for a in f["also"])}


def test_the_unit_and_the_parameters_rebuild_the_nodes_of_xi():
    """y * canonical form at the reported parameters, up to the symmetries that the reduction uses."""
    rng = np.random.default_rng(16)
    for _ in range(20):
        z = balance(synthetic.disguise(synthetic.parametric("nu_i*xi", rng.random(1)), rng))
        fit = next(f for f in fits(z, factorize(z, 0.3)) if f.family == "nu_i*xi")
        assert np.isclose(abs(np.prod(fit.unit)) * 4, 1)  # r_kkk = 1 over four aligned nodes
        assert any(np.allclose(fit.unit * np.array([s, s, 1]), node) for node in z.T for s in (1, -1))
