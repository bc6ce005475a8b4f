"""Potentials of logits: against the sums written out, Theorem 1, Parseval, and models that do not compute the task."""

from __future__ import annotations

import cmath
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cogo_search.groups.abelian import Group
from cogo_search.networks.logit_potentials import logit_potentials
from cogo_search.networks.logit_transform import CLASSES, centred, classes, coefficients, transform
from cogo_search.networks.loss import slices
from cogo_search.networks.network import Network

SMALL = ["2", "3", "4", "5", "6", "2x3", "2x2", "3x3", "2x4", "7"]


def random_logits(group, seed=0):
    return np.random.default_rng(seed).normal(size=(group.order,) * 3)


def onehot(group):
    found = np.zeros((group.order,) * 3)
    for x1, x2 in product(range(group.order), repeat=2):
        found[x1, x2, group.add(x1, x2)] = 1
    return found


def character(factors, k, x):
    return cmath.exp(2j * cmath.pi * sum(a * b / n for a, b, n in zip(k, x, factors, strict=True)))


def by_hand(group, logits):
    """C[k1, k2, k] as the sum is written, over digits; k != 0 only."""
    phi = np.array([[character(group.factors, k, x) for x in group.elements] for k in group.elements])
    found = np.einsum("abc,pa,qb,rc->pqr", logits, phi.conj(), phi.conj(), phi) / group.order**2
    found[:, :, 0] = 0
    return found


def place(group, k, k1, k2):
    """The class of (k1, k2) by the words of the definition, on digits."""

    def times(t, c):
        return tuple(t * a % n for a, n in zip(c, group.factors, strict=True))

    zero = times(0, k)
    one = [k2 if k1 == zero else k1] if zero in (k1, k2) else []
    if (k1, k2) == (k, k):
        return "task"
    if k1 in (k, times(-1, k)) and k2 in (k, times(-1, k)):
        return "cross"
    if k1 == k2 == zero:
        return "constant"
    if one and one[0] in (times(2, k), times(-2, k)):
        return "one_at_2k"
    if one and one[0] in (k, times(-1, k)):
        return "one_at_k"
    return "one_elsewhere" if one else "other"


@pytest.mark.parametrize("spec", SMALL)
def test_coefficients_and_classes_are_those_written_out(spec):
    group = Group(spec)
    logits = centred(random_logits(group))
    expected = by_hand(group, logits)
    over_y = np.conj(group.fft(np.moveaxis(logits, 2, 0)))
    elements = group.elements
    for part in transform(group, logits):
        assert np.allclose(coefficients(group, over_y[part.k]), expected[:, :, part.k], atol=1e-13)
        sums = dict.fromkeys(CLASSES, 0.0)
        for k1, k2 in product(range(group.order), repeat=2):
            sums[place(group, elements[part.k], elements[k1], elements[k2])] += abs(expected[k1, k2, part.k]) ** 2
        assert part.squares == pytest.approx(sums, abs=1e-13)
        assert part.task == pytest.approx(expected[part.k, part.k, part.k], abs=1e-13)
    named = {part.k for part in transform(group, logits)}
    negative = {int(group.multiple(-1, k)) for k in named}
    assert named | negative == set(range(1, group.order))


@pytest.mark.parametrize(
    ("spec", "k", "counts"),
    [
        ("7", 1, {"task": 1, "cross": 3, "constant": 1, "one_at_2k": 4, "one_at_k": 4, "one_elsewhere": 4}),
        ("2", 1, {"task": 1, "constant": 1, "one_at_k": 2}),
        ("3", 1, {"task": 1, "cross": 3, "constant": 1, "one_at_2k": 4}),
        ("4", 1, {"task": 1, "cross": 3, "constant": 1, "one_at_2k": 2, "one_at_k": 4}),
        ("4", 2, {"task": 1, "constant": 1, "one_at_k": 2, "one_elsewhere": 4}),
        ("6", 2, {"task": 1, "cross": 3, "constant": 1, "one_at_2k": 4, "one_elsewhere": 6}),
    ],
)
def test_small_orders_are_places_that_coincide(spec, k, counts):
    group = Group(spec)
    found = np.bincount(classes(group, k).ravel(), minlength=len(CLASSES))
    expected = counts | {"other": group.order**2 - sum(counts.values())}
    assert dict(zip(CLASSES, found.tolist(), strict=True)) == dict.fromkeys(CLASSES, 0) | expected


@pytest.mark.parametrize("spec", ["5", "6", "2x3", "4"])
def test_of_a_quadratic_network_they_are_theorem_1s_sums(spec):
    group = Group(spec)
    network = Network(group, *np.random.default_rng(1).normal(size=(3, group.order, 9)))
    over_y = np.conj(group.fft(np.moveaxis(centred(network.outputs()), 2, 0)))
    for k, _, residual in slices(network):
        residual[k, k] += 1  # C/2 of Theorem 1
        assert np.allclose(coefficients(group, over_y[k]), residual, atol=1e-12)


@given(st.sampled_from(SMALL), st.integers(0, 2**32 - 1), st.sampled_from([1e-30, 1e-3, 1.0, 1e20]))
@settings(max_examples=30, deadline=None)
def test_shares_add_up_to_the_variance(spec, seed, scale):
    group = Group(spec)
    logits = scale * random_logits(group, seed)
    found = logit_potentials(logits, group)
    assert sum(found.shares.values()) == pytest.approx(1, abs=1e-12)
    assert sum(row.output_share for row in found.frequencies) == pytest.approx(1, abs=1e-12)
    assert sum(row.share for row in found.frequencies) == pytest.approx(found.shares["task"], abs=1e-12)
    assert found.variance == pytest.approx(float(np.mean(np.sum(centred(logits) ** 2, axis=2))), rel=1e-12)


@pytest.mark.parametrize("spec", SMALL)
def test_the_exact_optimum_is_the_task_alone(spec):
    group = Group(spec)
    offset = np.random.default_rng(2).normal(size=(group.order, group.order, 1))  # the same for every y: unseen
    found = logit_potentials(onehot(group) + offset, group)
    assert [row.size for row in found.frequencies] == pytest.approx([1] * len(found.frequencies), abs=1e-12)
    assert [row.phase for row in found.frequencies] == pytest.approx([0] * len(found.frequencies), abs=1e-12)
    assert found.shares["task"] == pytest.approx(1, abs=1e-12)
    assert found.full.accuracy == found.kept.accuracy == 1 and found.removed.accuracy == 0
    assert found.full.least_margin == pytest.approx(1) and found.removed.mean_margin == 0
    assert found.notes == () and found.least_frequencies is not None


def test_ties_are_not_right_and_the_least_number_breaks_them():
    """On 2x2 each character alone leaves a tie of two answers, two of them leave none."""
    group = Group("2x2")
    found = logit_potentials(onehot(group), group)
    assert [row.kept.accuracy for row in found.ablation] == [0, 1, 1] and found.least_frequencies == 2
    assert [row.kept.least_margin for row in found.ablation] == pytest.approx([0, 0.5, 1])


def test_ablation_is_that_of_logits_made_by_hand():
    group = Group("7")
    logits = centred(random_logits(group, 5) + 2 * onehot(group))
    found = logit_potentials(logits, group)
    whole = by_hand(group, logits)
    phi = group.characters
    order = sorted(found.frequencies, key=lambda row: -row.size)
    kept = np.zeros_like(logits)
    answer = np.array([[group.add(x1, x2) for x2 in range(7)] for x1 in range(7)])

    def margins(o):
        right = np.take_along_axis(o, answer[:, :, None], 2)[:, :, 0]
        others = o.copy()
        np.put_along_axis(others, answer[:, :, None], -np.inf, 2)
        return right - others.max(axis=2)

    for step, row in zip(found.ablation, order, strict=True):
        for k in (row.k, (-row.k) % 7):
            kept += (whole[k, k, k] * np.einsum("a,b,c->abc", phi[k], phi[k], phi[k].conj())).real / 7
        assert step.k == row.k
        for part, o in ((step.kept, kept), (step.removed, logits - kept)):
            assert part.accuracy == np.mean(margins(o) > 1e-12)
            assert part.mean_margin == pytest.approx(margins(o).mean())
            assert part.least_margin == pytest.approx(margins(o).min())
    assert found.full.mean_margin == pytest.approx(margins(logits).mean())
    assert found.kept == found.ablation[-1].kept and found.removed == found.ablation[-1].removed


def test_shifted_answers_keep_the_sizes_and_have_no_accuracy():
    """o[x1, x2, y + 1]: every |C_kkk| is 1 and the phases are all wrong."""
    group = Group("11")
    found = logit_potentials(np.roll(onehot(group), 1, axis=2), group)
    assert found.shares["task"] == pytest.approx(1)
    assert [row.phase for row in found.frequencies] == pytest.approx([k / 11 for k in range(1, 6)])
    assert found.kept.accuracy == found.full.accuracy == 0 and found.least_frequencies is None
    assert "accuracy is 0.0% on group 11" in found.notes[0]


def test_negated_answers_are_cross_terms():
    """o[x1, x2, -y] stands at (-k, -k)."""
    group = Group("2x5")
    negative = group.multiple(-1, np.arange(10))
    found = logit_potentials(onehot(group)[:, :, negative], group)
    for row in found.frequencies:
        assert row.leaks["cross"] is None if row.character_order > 2 else row.leaks["cross"] == pytest.approx(0)
    assert found.shares["cross"] == pytest.approx(8 / 9) and found.shares["task"] == pytest.approx(1 / 9)


def test_permuted_answers_are_other_frequencies():
    group = Group("13")
    permuted = onehot(group)[:, :, np.random.default_rng(3).permutation(13)]
    found = logit_potentials(permuted, group)
    assert found.shares["other"] > 0.5 and found.shares["task"] < 0.2 and found.full.accuracy < 0.5
    assert found.notes


def test_functions_of_one_input_and_constants_are_named():
    group = Group("9")
    x = np.arange(9)
    wave = np.cos(2 * np.pi * (2 * x[:, None, None] - x) / 9) + 0 * x[None, :, None]
    constant = np.cos(2 * np.pi * 3 * x / 9) + np.zeros((9, 9, 1))
    found = logit_potentials(onehot(group) + wave, group)
    assert found.frequencies[0].leaks["one_at_2k"] == pytest.approx(9 / 2)
    assert sum(found.shares[name] for name in ("task", "one_at_2k")) == pytest.approx(1)
    found = logit_potentials(onehot(group) + constant, group)
    assert found.frequencies[2].leaks["constant"] == pytest.approx(9 / 2)


def test_another_group_of_the_same_order_is_told_by_its_accuracy():
    logits = onehot(Group("4x2"))
    assert logit_potentials(logits, Group("4x2")).notes == ()
    other = logit_potentials(logits, Group("8"))
    assert other.full.accuracy == 0.75 and "another group" in other.notes[0]
