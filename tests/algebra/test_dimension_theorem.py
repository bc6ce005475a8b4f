"""All 20 equations of all conditions are independent at every solution (docs/catalog.md): exact and random examples.

The Jacobian here is another one than the package's: in Re a, Im a, Re b, Im b, Re c, Im c of every node, over the
rational numbers or floats. Full rank modulo a prime proves full rank.
"""

import itertools
import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import least_squares

from cogo_search.algebra.cyclotomic import to_complex
from cogo_search.catalog.entry import Entry
from cogo_search.terminal.entry import facts

ALL = ["abc", "Abc", "aBc", "ABc", "aAc", "bBc", "aac", "bbc", "AAc", "BBc"]
ROOT = Path(__file__).resolve().parents[2] / "catalog"
P = 2**61 - 1
HALF = Fraction(1, 2)


def entries(*covers, order="generic"):
    files = [json.loads(path.read_text())["entries"] for path in sorted(ROOT.glob("*.json"))]
    found = [e for e in itertools.chain(*files) if e["covers"] == list(covers) and e["character_order"] == order]
    assert found
    return found


def forms(names):
    """Each sum of potentials as a complex quadratic form in (Re a, Im a, Re b, Im b): Gaussian integers (Re, Im)."""
    letters = {"a": ((1, 0), (0, 1), (0, 0), (0, 0)), "b": ((0, 0), (0, 0), (1, 0), (0, 1))}
    letters |= {x.upper(): tuple((re, -im) for re, im in form) for x, form in letters.items()}
    for name in names:
        real, imaginary = np.zeros((2, 4, 4), dtype=object)
        for part in name.split("+"):
            for (i, (p, q)), (j, (r, s)) in itertools.product(*(enumerate(letters[x]) for x in part[:2])):
                real[i, j] += p * r - q * s
                imaginary[i, j] += p * s + q * r
        yield real + real.T, imaginary + imaginary.T  # twice the form: its gradient is this matrix times w


def equations(names, w, c):
    """Values and Jacobian of the real and imaginary parts of sum_j c_j form(w_j); w (q, 4), c (q, 2), any numbers."""
    values, rows = [], []
    for real, imaginary in forms(names):
        at = [(v @ real @ v * HALF, v @ imaginary @ v * HALF) for v in w]
        values.append(sum(x * p - y * q for (p, q), (x, y) in zip(at, c, strict=True)))
        values.append(sum(x * q + y * p for (p, q), (x, y) in zip(at, c, strict=True)))
        real_row, imaginary_row = [], []
        for (p, q), (x, y), v in zip(at, c, w, strict=True):
            real_row += [*((x * real - y * imaginary) @ v), p, -q]
            imaginary_row += [*((x * imaginary + y * real) @ v), q, p]
        rows += [real_row, imaginary_row]
    return values, rows


def rank_modulo_p(rows):
    rows = [[x.numerator * pow(x.denominator, -1, P) % P for x in map(Fraction, row)] for row in rows]
    rank = 0
    for column in range(len(rows[0])):
        pivot = next((r for r in range(rank, len(rows)) if rows[r][column]), None)
        if pivot is None:
            continue
        rows[rank], rows[pivot] = rows[pivot], rows[rank]
        inverse = pow(rows[rank][column], -1, P)
        for r in range(rank + 1, len(rows)):
            if times := rows[r][column] * inverse % P:
                rows[r] = [(x - times * y) % P for x, y in zip(rows[r], rows[rank], strict=True)]
        rank += 1
    return rank


def times(x, y):
    return x[0] * y[0] - x[1] * y[1], x[0] * y[1] + x[1] * y[0]


def polynomial_in_u(m, n):
    """rho(u), u = [nu, -nu, -nu^-2], nu = (m + i n)^2/(m^2 + n^2): six nodes over Q(i), no roots of unity."""
    one, size = (Fraction(1), Fraction(0)), Fraction(m * m + n * n)
    nu = ((m * m - n * n) / size, 2 * m * n / size)
    back = (nu[0], -nu[1])
    square, fourth = times(back, back), times(times(back, back), times(back, back))
    negative = [(-x, -y) for x, y in (one, square, fourth)]
    coefficients = [one]
    for x, y in [square, fourth, *negative]:  # the values of the nine conditions at u
        shifted = [(Fraction(0), Fraction(0)), *coefficients]
        less = [*(times((-x, -y), old) for old in coefficients), (Fraction(0), Fraction(0))]
        coefficients = [(p[0] + q[0], p[1] + q[1]) for p, q in zip(shifted, less, strict=True)]
    w, c, a, power = [], [], one, one
    for position, coefficient in enumerate(coefficients):
        sign = (-1) ** position
        w.append([a[0], a[1], sign * a[0], sign * a[1]])
        c.append(times(coefficient, power))
        a, power = times(a, nu), times(power, (-square[0], -square[1]))
    return np.array(w, dtype=object), c


def test_catalog_entries_of_all_conditions_are_regular():
    """5q - 23 beyond symmetries over all real weights, whatever the order; 5q - 11 for Rc alone."""
    for covers, constant in ((("Rc", "Rn", "R*"), 23), (("Rc",), 11)):
        for entry in entries(*covers):
            assert entry["dimension"]["real"] == 5 * entry["order"] - constant
            assert "real" in entry["dimension"]["regular"]
    assert {e["order"] for e in entries("Rc", "Rn", "R*")} == {6, 8}


@pytest.mark.parametrize(("m", "n"), [(2, 1), (3, 2), (4, 1), (7, 3)])
def test_exact_solutions_away_from_roots_of_unity_are_regular(m, n):
    """Also with aAc + bBc = 0 in place of R_n: the zero loss of one frequency."""
    w, c = polynomial_in_u(m, n)
    values, rows = equations(ALL, w, c)
    assert values[0:2] != [0, 0] and not any(values[2:])
    assert rank_modulo_p(rows) == 20
    merged = [name for name in ALL if name not in ("aAc", "bBc")] + ["aAc+bBc"]
    assert rank_modulo_p(equations(merged, w, c)[1]) == 18


@pytest.mark.slow
@pytest.mark.parametrize(("q", "names"), [(6, ALL), (7, ALL), (6, [*ALL[:4], *ALL[6:], "aAc+bBc"])])
def test_random_solutions_are_regular(q, names):
    """Levenberg-Marquardt from random weights; floats tell a gap, they decide no claim."""
    rng, found = np.random.default_rng(q), 0
    target = np.eye(1, 2 * len(names))[0]

    def at(x, part):
        nodes = x.reshape(q, 6)
        return equations(names, list(nodes[:, :4]), list(nodes[:, 4:]))[part]

    def residual(x):
        return np.array(at(x, 0), dtype=float) - target

    def jacobian(x):
        return np.array(at(x, 1), dtype=float)

    for _ in range(40):
        result = least_squares(
            residual, rng.standard_normal(6 * q), jacobian, max_nfev=100, xtol=1e-15, ftol=1e-15, gtol=1e-15
        )
        if result.cost > 1e-24:
            continue
        found += 1
        singular = np.linalg.svd(jacobian(result.x), compute_uv=False)
        assert len(singular) == 2 * len(names) and singular[-1] > 1e-4 * singular[0]
        if found == 3:
            return
    raise AssertionError("too few solutions found")


def test_where_the_statement_ends():
    """Equations depend for Rc+Rn where all b = a, and for Rc+R* at order 4, where |t| > 1/2 as has to be."""
    for entry in entries("Rc", "Rn"):
        diagonal = all(node["a"] == node["b"] for node in entry["nodes"])
        assert diagonal == ("real" not in entry["dimension"]["regular"])
        assert entry["dimension"]["real"] == {(3, True): 2, (4, True): 7, (4, False): 5}[entry["order"], diagonal]
    for entry in entries("Rc", "R*"):
        total = to_complex(np.sum([node["c"] for node in entry["nodes"]], axis=0), entry["n"])
        r_kkk = sum(
            to_complex(np.array(v["c"]), entry["n"]) * np.exp(2j * np.pi * (v["a"] + v["b"]) / entry["n"])
            for v in entry["nodes"]
        )
        t = abs(total / r_kkk)
        assert (entry["order"] > 4) == ("real" in entry["dimension"]["regular"])
        assert t > 0.5 + 1e-9 or entry["order"] > 4


def test_what_show_says_of_dimensions():
    """A family is claimed only where the number is a dimension; else the text says at most."""
    known = entries("Rc", "Rn") + entries("Rc", "Rn", "R*")
    texts = {entry["id"]: dict(facts(Entry(entry)))["dimension"] for entry in known}
    assert texts["cogo1-n8-q4-8c4eab5c0544cd97"] == "at most 7 over all real weights; at most 6 over |a| = |b| = 1"
    assert texts["cogo1-n4-q4-687cb0967a211a93"].startswith("5 over all real weights (a family without a name); 4 over")
    for entry in entries("Rc", "Rn", "R*"):
        assert texts[entry["id"]].startswith(f"{5 * entry['order'] - 23} over all real weights")
