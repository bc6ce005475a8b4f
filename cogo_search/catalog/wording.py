"""What an entry's record says, in words: scope, claim, factors, families."""

from __future__ import annotations

from typing import Any

from ..algebra.cyclotomic import format_root

METHOD_SCOPE = {
    "real": "all real weights",
    "weighted": "weighted nodes over mu_{n}",
    "aligned": "aligned nodes over mu_{n}",
    "product": "products of polynomials over roots {roots}",
}


def scope_text(scope: dict[str, Any]) -> str:
    """A scope in words: the class of weights, and what is minimised."""
    roots = ",".join(map(str, scope.get("roots", [])))
    text = METHOD_SCOPE[scope["weights"]].format(n=scope["n"], roots=roots)
    if scope.get("max_factors"):
        text += f", at most {scope['max_factors']} factor" + ("s" if scope["max_factors"] > 1 else "")
    return text


def claim_text(optimality: dict[str, Any], short: bool = False) -> str:
    """The claim with all that it speaks of: what is minimal, for which conditions, at which frequency, among what.

    ``short`` says the same in fewer words.
    """
    if optimality["claim"] != "minimal":
        return str(optimality["claim"])
    scope = optimality["scope"]
    quantity, frequency = scope["minimised"].replace("_", " "), scope["frequency"].removeprefix("one, ")
    if short:
        where = "generic k" if frequency == "generic" else frequency
        return f"minimal {quantity}, {scope['cover']}, {where}, {scope_text(scope)}"
    where = "a generic frequency" if frequency == "generic" else frequency
    return f"minimal {quantity} for {scope['cover']} at {where} among {scope_text(scope)}"


def factor_text(entry: dict[str, Any]) -> str:
    """Orders of the factors, or "irreducible": no product of smaller weights without merging of nodes."""
    if entry["character_order"] != "generic":
        return "-"  # sums of potentials are no homomorphisms
    if entry["factors"] is None:
        return "irreducible"
    return " x ".join(str(f["order"]) for f in entry["factors"])


def family_texts(entry: dict[str, Any]) -> list[str]:
    """Families with their parameters, most special first."""

    def parameter(name: str, value: int) -> str:
        if name.endswith("_sign"):
            return f"{name}={'-' if value else '+'}"
        return f"{name}={format_root(value, entry['n'])}"

    texts = []
    for family in entry["families"]:
        name, parameters = family["name"], family["parameters"]
        if name == "nu_i*w":
            texts.append(f"{name}(w: nodes {', '.join(str(v) for _, v in sorted(parameters.items()))})")
        else:
            texts.append(f"{name}({', '.join(parameter(k, v) for k, v in parameters.items())})")
    return texts
