"""Table 1 over any roots of unity, with the cells that differ from the printed paper."""

from __future__ import annotations

from typing import Any

from ..algebra.cyclotomic import format_root
from ..algebra.generators import Generator, enumerate_generators
from ..algebra.polynomials import maximal_polynomial
from ..algebra.potentials import ZEROABLE

#: The cells of Table 1 as printed, in our columns: its column a b c-bar is conjugated to ABc.
#: Values are roots of unity as text, degree and order integers; "-" where the paper has a dash.
_W, _W2 = "w3", "w3^2"
PRINTED: dict[str, tuple[list[str], str, str]] = {
    "1": (["1"] * 9, "-", "-"),
    "1~": (["1"] * 9, "-", "-"),
    "one": (["1"] * 3 + ["-1"] * 6, "1", "2"),
    "syn": ([_W, _W, _W2, _W, _W, "1", "1", _W2, _W2], "2", "3"),
    "3c": ([_W, _W2, "1", "1", "1", _W2, _W, _W, _W2], "2", "3"),
    "3a": (["1", _W, _W, _W2, _W2, _W2, _W, _W2, "1"], "2", "3"),
    "4c": (["-1", "-1", "1", "1", "1", "-1", "-1", "-1", "-1"], "1", "2"),
    "4a": (["1", "-1", "-1", "-i", "-i", "-i", "i", "-i", "i"], "3", "4"),
    "u_nu": (["nu^2", "nu^2", "nu^-4", "-nu^-2", "-nu^-2", "-1", "-1", "-nu^4", "-nu^4"], "9", "10"),
}
EXPLANATIONS = {
    "values": "the paper prints the conjugate of the value at [nu, -nu, -nu^-2]",
    "degree": "the nine conditions take only five values at generic nu (the paper counts conjugates apart)",
    "order": "degree 5 and distinct directions: six nodes, covering every condition with one generator",
}


def table_one(roots: tuple[int, ...], closure: bool = False) -> list[dict[str, Any]]:
    """Rows of Table 1: the paper's generators in its order, the others over the roots, u_nu symbolically.

    Each row is ``{symbol, generator, exponents, n, values, ones, polynomial, degree, order, differs}``;
    ``differs`` maps a column to ``{printed, computed, why}``. ``ABc`` is the conjugate of the paper's third
    column.
    """
    named = {symbol: place for place, symbol in enumerate(PRINTED)}
    generators = sorted(enumerate_generators(roots, closure), key=lambda u: (named.get(u.symbol, len(named)), u))
    return [*map(_row, generators), _symbolic_row()]


def _row(u: Generator) -> dict[str, Any]:
    polynomial = maximal_polynomial(u)
    values = {name: format_root(e, u.n) for name, e in u.values.items()}
    row = {
        "symbol": u.symbol,
        "generator": [format_root(e, u.n) for e in (u.a, u.b, u.c)],
        "exponents": [u.a, u.b, u.c],
        "n": u.n,
        "values": values,
        "ones": [name for name, e in u.values.items() if e == 0],
        "polynomial": str(polynomial) if polynomial else "-",
        "degree": polynomial.degree if polynomial else None,
        "order": polynomial.order if polynomial else None,
    }
    return {**row, "differs": _differences(u.symbol, row)}


def _symbolic_row() -> dict[str, Any]:
    """u_nu = [nu, -nu, -nu^-2] for generic nu: values as (sign, power of nu)."""
    from ..algebra.potentials import EXPONENTS

    monomials = {}
    for name in ZEROABLE:
        i, j = EXPONENTS[name]
        monomials[name] = ((-1) ** (j % 2) * -1, i + j - 2)
    distinct = sorted(set(monomials.values()), key=lambda m: (m[1], m[0]))
    # Distinct powers of u_nu have distinct directions and no coefficient vanishes at generic nu.
    row = {
        "symbol": "u_nu",
        "generator": ["nu", "-nu", "-nu^-2"],
        "exponents": None,
        "n": None,
        "values": {name: _monomial(*m) for name, m in monomials.items()},
        "ones": [name for name, m in monomials.items() if m == (1, 0)],
        "polynomial": " ".join(_symbolic_factors(set(distinct))),
        "degree": len(distinct),
        "order": len(distinct) + 1,
    }
    return {**row, "differs": _differences("u_nu", row)}


def _symbolic_factors(roots: set[tuple[int, int]]) -> list[str]:
    """The factors u - s, a pair of opposite roots as u^2 - s^2."""
    factors = []
    for sign, power in sorted(roots, key=lambda m: -m[1]):
        if (-sign, power) not in roots:
            factors.append(f"(u {'+' if sign < 0 else '-'} {_monomial(1, power)})")
        elif sign > 0:
            factors.append(f"(u^2 - {_monomial(1, 2 * power)})")
    return factors


def _monomial(sign: int, power: int) -> str:
    if power == 0:
        return "1" if sign > 0 else "-1"
    return ("" if sign > 0 else "-") + ("nu" if power == 1 else f"nu^{power}")


def _differences(symbol: str, row: dict[str, Any]) -> dict[str, dict[str, str]]:
    if symbol not in PRINTED:
        return {}
    values, degree, order = PRINTED[symbol]
    printed = {**dict(zip(ZEROABLE, values, strict=True)), "degree": degree, "order": order}
    computed = {
        **row["values"],
        "degree": "-" if row["degree"] is None else str(row["degree"]),
        "order": "-" if row["order"] is None else str(row["order"]),
    }
    return {
        column: {
            "printed": printed[column],
            "computed": computed[column],
            "why": EXPLANATIONS.get(column, EXPLANATIONS["values"]),
        }
        for column in printed
        if printed[column] != computed[column]
    }
