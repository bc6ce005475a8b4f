"""Members of the named families written down from the paper's formulas, then disguised; whole networks of them."""

import numpy as np

from cogo_search.groups.abelian import Group
from cogo_search.networks.network import from_spectrum

W = np.exp(2j * np.pi / 3)
FAMILIES = ("nu*syn", "nu_i*syn_ab", "nu_i*xi", "rho_nu", "nu_i*w")


def times(x, y):
    """The ring product of two lists of nodes (3, p), (3, r)."""
    return (x[:, :, None] * y[:, None, :]).reshape(3, -1)


def nodes(*triples):
    return np.array(triples, dtype=complex).T


def nu_plus_one(nu):
    return nodes([1, 1, 1], [nu, -nu, -(nu**-2)])


def turn(t):
    return np.exp(2j * np.pi * t)


def parametric(name, parameters):
    """A member at phases given in turns, before any disguise."""
    u = [turn(t) for t in parameters]
    if name == "nu*syn":
        return times(nu_plus_one(u[0]), nodes([1, 1, 1], [W] * 3, [W**2] * 3))
    if name == "nu_i*syn_ab":
        alpha, beta = u
        return times(nu_plus_one(1j), nodes([1, 1, 1], [W * alpha, W / alpha, W], [beta / W, 1 / (W * beta), 1 / W]))
    if name == "nu_i*xi":
        return times(nu_plus_one(1j), nodes([1, 1, 1], [u[0], -1j / u[0], 1j]))
    # rho_nu: multiply (u - s) out over the values s, by powers of u with their coefficients
    nu = u[0]
    coefficients = np.poly([-1, nu**-2, -(nu**-2), nu**-4, -(nu**-4)])[::-1]
    powers = [np.array([nu**j, (-nu) ** j, (-(nu**-2)) ** j * coefficients[j]]) for j in range(6)]
    return np.array(powers).T


def weighted(order, rng):
    """z_{nu=i} * w for random w with sum a b conj(c) = 0: the last c is solved for."""
    half = order // 2
    while True:
        w = rng.normal(size=(3, half)) + 1j * rng.normal(size=(3, half))
        rest = np.sum(w[0, :-1] * w[1, :-1] * w[2, :-1].conj())
        w[2, -1] = -(rest / (w[0, -1] * w[1, -1])).conjugate()
        sizes = np.abs(np.prod(w, axis=0))
        if sizes.min() > 0.1 * sizes.max() and abs(np.prod(w, axis=0).sum()) > 0.3 * sizes.sum():
            return times(nu_plus_one(1j), w)


def random_parameters(name, rng):
    return rng.random(2 if name == "nu_i*syn_ab" else 1)


def draw(name, rng):
    """A random member: (nodes, parameters or None)."""
    if name == "nu_i*w":
        return weighted(int(rng.choice([4, 6])), rng), None
    parameters = random_parameters(name, rng)
    if name == "rho_nu":  # away from r_kkk = 0, where nothing is solved
        parameters = (rng.integers(4) + 0.5 + rng.uniform(-0.4, 0.4, 1)) / 8
    return parametric(name, parameters), parameters


def disguise(z, rng, noise=0.0, positive_scales=True):
    """Unit, order of nodes, pseudo-1 signs, swap, conjugation, r_kkk = 1, node gauges, then relative complex noise."""
    q = z.shape[1]
    y = turn(rng.random(3))
    if positive_scales:
        y = y * np.exp(rng.normal(size=3) * 0.2)
    z = z * y[:, None]
    z = z[:, rng.permutation(q)]
    sign = rng.choice([1, -1], q)
    z = z * np.stack([sign, sign, np.ones(q)])
    if rng.random() < 0.5:
        z = z[[1, 0, 2]]
    if rng.random() < 0.5:
        z = z.conj()
    z[2] /= np.sum(np.prod(z, axis=0))
    t = (np.abs(z[2]) ** 2 / np.abs(z[0] * z[1])) ** (1 / 6)
    z = z * np.stack([t, t, t**-2])
    size = np.sqrt(np.mean(np.abs(z) ** 2))
    return z + noise * size * (rng.normal(size=z.shape) + 1j * rng.normal(size=z.shape)) / np.sqrt(2)


def network(spec, blocks, metadata=None):
    """A network with the given nodes {k: (3, q)} and nothing else."""
    group = Group.parse(spec)
    total = sum(z.shape[1] for z in blocks.values())
    z = np.zeros((3, group.order, total), dtype=complex)
    first = 0
    for k, block in blocks.items():
        columns = slice(first, first + block.shape[1])
        z[:, k, columns] = block
        z[:, int(group.multiple(-1, k)), columns] = block.conj()
        first += block.shape[1]
    return from_spectrum(group, z, metadata)
