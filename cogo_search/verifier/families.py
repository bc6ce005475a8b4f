"""The members of the named families, from their formulas."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .cyclotomic import combine, powers, rotate
from .meter import require
from .texts import shown
from .vocabulary import Element, Weight
from .weights import gather, potential, rho, ring_product, value_at

Parameters = dict[str, int]  # exponents of zeta_n, unless a family says otherwise


def one(n: int, a: int, b: int, c: int) -> tuple[int, int, Element]:
    """A node whose a, b and c are roots of unity."""
    return a, b, powers(n)[c % n]


def z_nu(n: int, e: int) -> Weight:
    """[1, 1, 1] + [nu, -nu, -nu^-2] for nu = zeta_n^e."""
    return gather(n, (one(n, 0, 0, 0), one(n, e, e + n // 2, n // 2 - 2 * e)))


def z_syn(n: int, alpha: int, beta: int) -> Weight:
    """The three nodes by cube roots of unity, moved by alpha and beta."""
    w = n // 3
    return gather(n, (one(n, 0, 0, 0), one(n, w + alpha, w - alpha, w), one(n, beta - w, -w - beta, -w)))


def nu_syn(n: int, p: Parameters, weight: Weight, where: str) -> Weight:
    """Eq. 6."""
    return ring_product(n, z_nu(n, p["nu"]), z_syn(n, 0, 0))


def nu_i_syn(n: int, p: Parameters, weight: Weight, where: str) -> Weight:
    """Eq. 9."""
    return ring_product(n, z_nu(n, n // 4), z_syn(n, p["alpha"], p["beta"]))


def nu_i_xi(n: int, p: Parameters, weight: Weight, where: str) -> Weight:
    """Eq. 11."""
    xi, i = p["xi"], n // 4
    return ring_product(n, z_nu(n, i), gather(n, (one(n, 0, 0, 0), one(n, xi, -i - xi, i))))


def rho_nu(n: int, p: Parameters, weight: Weight, where: str) -> Weight:
    """rho_S(u_nu) with S all the values of u_nu other than 1."""
    a, b = p["nu"], p["nu"] + n // 2
    return rho(n, a, b, tuple(sorted(set(value_at(n, a, b).values()) - {0})))


def phi_psi(n: int, p: Parameters, weight: Weight, where: str) -> Weight:
    """Four nodes at 4k = 0, c in the proportion r : -r : -is : is with r sin 2phi = s sin 2psi."""
    phi, psi, i, half = p["phi"], p["psi"], n // 4, n // 2
    x, y = (combine(n, [(1, 2 * e), (-1, -2 * e)]) for e in (phi, psi))
    ix = rotate(n, x, i)
    nodes = ((-phi, i - phi, y), (phi, i + phi, rotate(n, y, half)),
             (-psi, half - psi, rotate(n, ix, half)), (psi, half + psi, ix))  # fmt: skip
    return gather(n, nodes)


def three_points(n: int, p: Parameters, weight: Weight, where: str) -> Weight:
    """[1, 1, B - A], [alpha, s alpha, s (1 - B)], [beta, t beta, t (A - 1)]: A = alpha^-2, B = beta^-2, s, t = +-1."""
    a, b, half = p["alpha"], p["beta"], n // 2
    s, t = half * p["alpha_sign"], half * p["beta_sign"]
    require({s, t} <= {0, half}, f"{where}: three_points: a sign is neither 0 nor 1")
    c = [((1, -2 * b), (-1, -2 * a)), ((1, s), (-1, -2 * b + s)), ((1, -2 * a + t), (-1, t))]
    first, second, third = (combine(n, terms) for terms in c)
    return gather(n, ((0, 0, first), (a, a + s, second), (b, b + t, third)))


def nu_i_w(n: int, p: Parameters, weight: Weight, where: str) -> Weight:
    """z_nu at nu = i times w, taken from the entry: the nodes that w0, w1, ... number, half of them."""
    chosen, nodes, i = sorted(set(p.values())), list(weight.items()), n // 4
    half = len(chosen) == len(p) and chosen[-1] < len(nodes)
    require(half, f"{where}: nu_i*w: {chosen} are not half the nodes")
    part = dict(nodes[j] for j in chosen)
    require(not any(potential(n, part, -1, -1)), f"{where}: nu_i*w: sum ABc is not 0")
    return ring_product(n, part, gather(n, (one(n, 0, 0, 0), one(n, i, i + n // 2, 0))))


@dataclass(frozen=True)
class Family:
    """A named family: its parameters, what must divide n for i and exp(2 pi i/3) to exist, its members."""

    parameters: tuple[str, ...]  # none: w0, w1, ... for half the nodes of the entry
    divisor: int
    member: Callable[[int, Parameters, Weight, str], Weight]


FAMILIES = {
    "nu*syn": Family(("nu",), 3, nu_syn),
    "nu_i*syn_ab": Family(("alpha", "beta"), 12, nu_i_syn),
    "nu_i*xi": Family(("xi",), 4, nu_i_xi),
    "rho_nu": Family(("nu",), 2, rho_nu),
    "phi_psi": Family(("phi", "psi"), 4, phi_psi),
    "three_points": Family(("alpha", "alpha_sign", "beta", "beta_sign"), 2, three_points),
    "nu_i*w": Family((), 4, nu_i_w),
}


def family_member(n: int, weight: Weight, name: str, parameters: Parameters, where: str) -> Weight:
    """The member of a named family that the parameters choose, for an entry of these nodes."""
    require(name in FAMILIES, f"{where}: unknown family {shown(name)}")
    family = FAMILIES[name]
    names = family.parameters or tuple(sorted(f"w{i}" for i in range(len(weight) // 2)))
    require(tuple(sorted(parameters)) == names, f"{where}: {name} has the parameters {names}")
    require(all(0 <= e < n for e in parameters.values()), f"{where}: parameters {parameters} are not below n = {n}")
    require(n % family.divisor == 0, f"{where}: {name} needs {family.divisor} to divide n = {n}")
    return family.member(n, parameters, weight, where)
