"""Closed-form gradients against autograd on the definition, for cyclic and product groups and any split."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from cogo_search.groups.abelian import Group  # noqa: E402
from cogo_search.networks.network import Network, spectrum  # noqa: E402
from cogo_search.training.config import Settings  # noqa: E402
from cogo_search.training.engine import arithmetic  # noqa: E402
from cogo_search.training.gradients import Objective, costs  # noqa: E402
from cogo_search.training.task import make_task  # noqa: E402

GROUPS = ["2", "3", "5", "6", "8", "2x3", "2x2x2", "3x3", "4x2", "23"]


def naive(weights, task):
    """The mean over training pairs of || P (o - onehot) ||^2, as it is written."""
    a, b, v = weights
    d = task.group.order
    x1, x2, x = (torch.from_numpy(part) for part in task.split(task.train))
    o = (a[x1] + b[x2]) ** 2 @ v.T
    residual = o - torch.eye(d, dtype=weights.dtype)[x]
    residual = residual - residual.mean(dim=1, keepdim=True)
    return (residual**2).sum() / len(x)


def closed_form(task, weights, **options):
    """(loss, gradient) of one network."""
    loss, gradient = Objective([task], **options)(weights[None])
    return loss[0], gradient[0]


def random_weights(d, q, seed=0):
    return torch.from_numpy(np.random.default_rng(seed).normal(size=(3, d, q)) / 2)


@pytest.mark.parametrize("form", ["grid", "gram"])
@pytest.mark.parametrize("fraction", ["0.9", "1", "0.3"])
@pytest.mark.parametrize("spec", GROUPS)
def test_loss_and_gradient_equal_autograd(spec, fraction, form):
    task = make_task(Settings(spec, train_fraction=fraction))
    for q in (1, 3, 12):
        weights = random_weights(task.group.order, q, q).requires_grad_()
        expected = naive(weights, task)
        (slope,) = torch.autograd.grad(expected, weights)
        loss, gradient = closed_form(task, weights.detach(), form=form, dtype=torch.float64)
        assert abs(loss - expected) <= 1e-10 * abs(expected)
        assert (gradient - slope).norm() <= 1e-10 * slope.norm()


@pytest.fixture
def engine_arithmetic():
    """One thread, as the engine computes: several share a product out otherwise for a batch than for one network."""
    with arithmetic():
        yield


@pytest.mark.usefixtures("engine_arithmetic")
@pytest.mark.parametrize("form", ["grid", "gram"])
@pytest.mark.parametrize(("spec", "fraction"), [("5", "0.9"), ("2x4", "0.5"), ("11", "1")])
def test_a_batch_of_other_splits_is_each_network_alone(spec, fraction, form):
    """Against autograd in double precision; bit for bit against the network alone in single precision."""
    tasks = [make_task(Settings(spec, seed=seed, train_fraction=fraction)) for seed in range(4)]
    weights = torch.stack([random_weights(tasks[0].group.order, 16, seed) for seed in range(4)])
    losses, gradients = Objective(tasks, form=form, dtype=torch.float64)(weights)
    single = Objective(tasks, form=form)(weights.float())
    for number, task in enumerate(tasks):
        own = weights[number].clone().requires_grad_()
        expected = naive(own, task)
        (slope,) = torch.autograd.grad(expected, own)
        assert abs(losses[number] - expected) <= 1e-10 * abs(expected)
        assert (gradients[number] - slope).norm() <= 1e-10 * slope.norm()
        alone = closed_form(task, weights[number].float(), form=form)
        assert all(torch.equal(batched[number], value) for batched, value in zip(single, alone, strict=True))


@pytest.mark.usefixtures("engine_arithmetic")
@pytest.mark.parametrize("form", ["grid", "gram"])
def test_what_is_not_finite_stays_in_its_network(form):
    tasks = [make_task(Settings("7", seed=seed)) for seed in range(3)]
    weights = torch.stack([random_weights(7, 16, seed).float() for seed in range(3)])
    weights[1, 0, 3, 2], weights[1, 2, 1, 5] = float("nan"), float("inf")
    losses, gradients = Objective(tasks, form=form)(weights)
    assert not torch.isfinite(losses[1])
    for number in (0, 2):
        alone = closed_form(tasks[number], weights[number], form=form)
        assert torch.equal(losses[number], alone[0]) and torch.equal(gradients[number], alone[1])


@pytest.mark.parametrize("form", ["grid", "gram"])
def test_padding_has_no_gradient(form):
    """Nodes that are zero get exactly zero, and change nobody else's gradient beyond rounding."""
    task = make_task(Settings("2x4"))
    weights = torch.cat([random_weights(8, 16).float(), torch.zeros(3, 8, 16)], dim=2)
    gradient = closed_form(task, weights, form=form)[1]
    assert not gradient[:, :, 16:].any()
    alone = closed_form(task, weights[:, :, :16].contiguous(), form=form)[1]
    assert (gradient[:, :, :16] - alone).norm() <= 1e-6 * alone.norm()


@pytest.mark.parametrize("spec", ["23", "4x6"])
def test_float32_forms_are_within_rounding(spec):
    task = make_task(Settings(spec))
    d = task.group.order
    weights = random_weights(d, 64) / 2
    exact = closed_form(task, weights, form="grid", dtype=torch.float64)[1]
    for form in ("grid", "gram"):
        gradient = closed_form(task, weights.float(), form=form)[1]
        assert (gradient.double() - exact).norm() <= 4e-7 * exact.norm(), form


def eq_3(weights, group, parts):
    """The named terms of Eq. 3 from z on k != 0, as printed, plus (d - 1)/d."""
    a, b, v = (torch.fft.fft(x - x.mean(dim=0), dim=0) / group.order for x in weights)
    c = 2 * group.order * v.conj()  # 2d ifft(V)
    d = group.order
    total = torch.tensor((d - 1) / d, dtype=torch.float64)
    for k in range(1, d):
        r = torch.einsum("xj,yj,j->xy", a, b, c[k])
        total = total - 2 * r[k, k].real / d + (r.abs() ** 2).sum() / d
        sums = []
        for p in (a, b):
            squares = torch.stack([sum(p[x] * p[(m - x) % d] for x in range(d)) for m in range(d)])
            sums.append(squares @ c[k])
        if parts != "first-two":
            total = total + (sums[0][0] + sums[1][0]).abs() ** 2 / (4 * d)
        if parts == "full":
            total = total + sum((s[1:].abs() ** 2).sum() for s in sums) / (4 * d)
    return total


@pytest.mark.parametrize("parts", ["full", "no-rstar", "first-two"])
@pytest.mark.parametrize("d", [3, 4, 6, 7])
def test_parts_of_equation_3(d, parts):
    group = Group((d,))
    task = make_task(Settings(str(d), train_fraction="1", snapshots=(0,)))
    weights = random_weights(d, 5)
    weights = weights - weights.mean(dim=1, keepdim=True)
    weights.requires_grad_()
    expected = eq_3(weights, group, parts)
    (slope,) = torch.autograd.grad(expected, weights)
    loss, gradient = closed_form(task, weights.detach(), loss=parts, dtype=torch.float64)
    assert abs(loss - expected) < 1e-10 * expected
    gradient = gradient - gradient.mean(dim=1, keepdim=True)  # Eq. 3 knows zero-mean weights only
    assert (gradient - slope).norm() < 1e-10 * slope.norm()


@pytest.mark.parametrize("parts", ["no-rstar", "first-two"])
def test_parts_see_zero_mean_weights_only(parts):
    task = make_task(Settings("2x4", train_fraction="1"))
    weights = random_weights(8, 6).requires_grad_()
    loss, gradient = closed_form(task, weights.detach(), loss=parts, dtype=torch.float64)
    assert float(gradient.mean(dim=1).abs().max()) < 1e-14
    centred = weights.detach() - weights.detach().mean(dim=1, keepdim=True)
    assert abs(closed_form(task, centred, loss=parts, dtype=torch.float64)[0] - loss) < 1e-12
    network = Network(task.group, *centred.numpy())
    z = spectrum(network)
    r = np.einsum("xj,yj,kj->kxy", z[0], z[1], z[2])[1:]
    first = (np.abs(r) ** 2).sum() - 2 * sum(r[k - 1, k, k].real for k in range(1, 8)) + 7
    if parts == "first-two":
        assert abs(first / 8 - loss) < 1e-12


def test_the_gram_form_is_chosen_for_large_groups_and_few_nodes():
    assert costs(23, 512, 53)[0] < costs(23, 512, 53)[1]
    grid, gram = costs(127, 252, 1613)
    assert gram < grid / 2
