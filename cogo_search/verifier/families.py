"""The members of the named families, from their formulas."""

from __future__ import annotations

from .cyclotomic import combine, powers, rotate
from .meter import require
from .texts import shown
from .vocabulary import Element, Weight
from .weights import gather, potential, rho, ring_product, value_at

# Parameters (exponents of zeta_n) and what must divide n for i and exp(2 pi i/3) to exist.
FAMILIES = {"nu*syn": (("nu",), 3), "nu_i*syn_ab": (("alpha", "beta"), 12),
            "nu_i*xi": (("xi",), 4), "rho_nu": (("nu",), 2), "phi_psi": (("phi", "psi"), 4),
            "three_points": (("alpha", "alpha_sign", "beta", "beta_sign"), 2), "nu_i*w": ((), 4)}  # fmt: skip


def family_member(n: int, weight: Weight, name: str, parameters: dict[str, int], where: str) -> Weight:
    """The member of a named family: Eq. 6, 9, 11, and rho(u_nu) with S all the values of u_nu other than 1.

    ``nu_i*w`` takes w from the entry: the nodes that its parameters w0, w1, ... number. ``three_points``: with
    A = alpha^-2, B = beta^-2 and s, t = +-1, [1, 1, B - A], [alpha, s alpha, s (1 - B)], [beta, t beta, t (A - 1)].
    ``phi_psi``: the four nodes at 4k = 0, c in the proportion r : -r : -is : is with r sin 2phi = s sin 2psi.
    """
    require(name in FAMILIES, f"{where}: unknown family {shown(name)}")
    names, divisor = FAMILIES[name]
    if name == "nu_i*w":
        names = tuple(sorted(f"w{i}" for i in range(len(weight) // 2)))
    require(tuple(sorted(parameters)) == names, f"{where}: {name} has the parameters {names}")
    require(all(0 <= e < n for e in parameters.values()), f"{where}: parameters {parameters} are not below n = {n}")
    require(n % divisor == 0, f"{where}: {name} needs {divisor} to divide n = {n}")
    half, w, i, one = n // 2, n // 3, n // 4, powers(n)[0]
    if name == "nu_i*w":
        chosen, nodes = sorted(set(parameters.values())), list(weight.items())
        require(
            len(chosen) == len(names) and chosen[-1] < len(nodes), f"{where}: {name}: {chosen} are not half the nodes"
        )
        part = dict(nodes[j] for j in chosen)
        require(not any(potential(n, part, -1, -1)), f"{where}: {name}: sum ABc is not 0")
        return ring_product(n, part, gather(n, ((0, 0, one), (i, i + half, one))))
    p, q = parameters[names[0]], parameters[names[-1]]
    if name == "three_points":
        q = parameters["beta"]
        signs = [half * parameters[key] for key in ("alpha_sign", "beta_sign")]
        require(set(signs) <= {0, half}, f"{where}: {name}: a sign is neither 0 nor 1")
        c = [((1, -2 * q), (-1, -2 * p)), ((1, 0), (-1, -2 * q)), ((1, -2 * p), (-1, 0))]
        values = [combine(n, [(m, e + h) for m, e in terms]) for terms, h in zip(c, (0, *signs), strict=True)]
        return gather(n, ((0, 0, values[0]), (p, p + signs[0], values[1]), (q, q + signs[1], values[2])))
    if name == "phi_psi":
        x, y = (combine(n, [(1, 2 * e), (-1, -2 * e)]) for e in (p, q))
        ix, minus = rotate(n, x, i), half
        places = [
            (-p, i - p, y),
            (p, i + p, rotate(n, y, minus)),
            (-q, half - q, rotate(n, ix, minus)),
            (q, half + q, ix),
        ]
        return gather(n, places)

    def order_one(a: int, b: int, c: int) -> tuple[int, int, Element]:
        return a, b, powers(n)[c % n]

    def z_nu(e: int) -> Weight:
        return gather(n, (order_one(0, 0, 0), order_one(e, e + half, half - 2 * e)))

    if name == "rho_nu":
        return rho(n, p, p + half, tuple(sorted(set(value_at(n, p, p + half).values()) - {0})))
    if name == "nu_i*xi":
        return ring_product(n, z_nu(i), gather(n, (order_one(0, 0, 0), order_one(p, -i - p, i))))
    alpha, beta = (p, q) if name == "nu_i*syn_ab" else (0, 0)  # z_syn is the case alpha = beta = 1
    syn = gather(n, (order_one(0, 0, 0), order_one(w + alpha, w - alpha, w), order_one(beta - w, -w - beta, -w)))
    return ring_product(n, z_nu(i if name == "nu_i*syn_ab" else p), syn)
