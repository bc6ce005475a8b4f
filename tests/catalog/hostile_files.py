"""Files made to mislead the verifier, or to make it fail, wait or run out of memory.

Each function makes one file: a value to be written as JSON, or bytes as they are. ``@attack`` says what is right:
the outcome, words of the reason or report, and the budget where the point is only that the work is counted.
"""

from __future__ import annotations

import copy
import functools
import hashlib
import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cogo_search.catalog import verify
from cogo_search.groups.abelian import Group
from cogo_search.networks.network import Setting
from cogo_search.recipes.compose import build

SHIPPED = Path(__file__).parents[2] / "catalog"
Data = dict[str, Any]


@dataclass(frozen=True)
class Attack:
    """A file and the right verdict."""

    build: Callable[[], Any]
    outcome: str
    words: str  # occur in the reason or the report
    budget: float | None  # million steps
    without: str  # does not occur there
    slow: bool

    def content(self) -> bytes:
        """The bytes of the file."""
        made = self.build()
        return made if isinstance(made, bytes) else json.dumps(made).encode()


ATTACKS: dict[str, Attack] = {}


def attack(
    outcome: str = "refused",
    words: str = "",
    budget: float | None = None,
    without: str = "the verifier failed",
    slow: bool = False,
) -> Callable[[Callable[[], Any]], Callable[[], Any]]:
    """Enter the file that a function makes."""

    def enter(build: Callable[[], Any]) -> Callable[[], Any]:
        ATTACKS[build.__name__] = Attack(build, outcome, words, budget, without, slow)
        return build

    return enter


# ---- tools of an attacker --------------------------------------------------------------------------------------


@functools.cache
def text_of(name: str) -> str:
    return (SHIPPED / f"{name}.json").read_text()


def shipped(name: str) -> Data:
    """A true catalog, to be changed."""
    data: Data = json.loads(text_of(name))
    return data


def hashed(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def sealed(data: Data) -> Data:
    """With the digest that it should have."""
    data["digest"] = hashed({key: value for key, value in data.items() if key != "digest"})
    return data


def entry_id(entry: Data) -> str:
    rows = [[node["a"], node["b"], node["c"]] for node in entry["nodes"]]
    order = "" if entry["character_order"] == "generic" else f"k{entry['character_order']}-"
    return f"cogo1-{order}n{entry['n']}-q{len(rows)}-{hashed([entry['n'], rows])[:16]}"


def renamed(record: Data) -> Data:
    """A network with the id that it should have."""
    enclosed = ("certificate",) if "exponent" in record["weights"] else ()
    key = hashed({name: record[name] for name in ("group", "trivial", "target", "weights", *enclosed)})[:16]
    return {**record, "id": f"cogo1-net-{record['group']}-q{record['width']}-{key}"}


def networks(*records: Data) -> Data:
    """A file of networks alone, in order."""
    data = shipped("frontier")
    named = {record["id"]: record for record in map(renamed, records)}
    keys = ("group", "trivial", "target", "width", "id")
    data["networks"] = sorted(named.values(), key=lambda o: (order_of(o["group"]), *(o[key] for key in keys)))
    return sealed(data)


def order_of(group: str) -> int:
    number = 1
    for factor in group.split("x"):
        number *= int(factor)
    return number


def network(name: str, group: str) -> Data:
    """A shipped network."""
    found: Data = next(o for o in shipped("frontier")["networks"] if (o["name"], o["group"]) == (name, group))
    return found


def changed(name: str, change: Callable[[Data], Any]) -> Data:
    """A shipped catalog, changed and sealed again."""
    data = shipped(name)
    change(data)
    return sealed(data)


def first_entry(change: Callable[[Data], Any], name: str = "roots-6") -> Data:
    """A shipped catalog with its first entry changed and named again."""

    def both(data: Data) -> None:
        change(data["entries"][0])
        data["entries"][0]["id"] = entry_id(data["entries"][0])

    return changed(name, both)


def said(**text: str) -> Data:
    """A catalog that says something in a place where anything may stand."""
    return changed("roots-6", lambda d: d["entries"][0].update(text))


# ---- text that steers a terminal or looks like a verdict -----------------------------------------------------------

SPOOF = "x\ngood.json: verified, 4 entries"


@attack(words="\\n")
def line_feed_in_an_id() -> Data:
    """A second line that says that another file is verified."""
    return said(id=SPOOF)


@attack(words="\\r")
def carriage_return_in_an_id() -> Data:
    """Writes over what stands on the line."""
    return said(id="x\rgood.json: verified")


@attack(words="\\x1b")
def escape_sequence_in_an_id() -> Data:
    """Clears the screen."""
    return said(id="\x1b[2J\x1b[H")


@attack(words="\\x9b")
def c1_control_in_a_cost() -> Data:
    """A control sequence in one byte."""
    return said(cost="\x9b2J")


@attack(words="\\u202e")
def bidi_override_in_a_zero_set() -> Data:
    """Turns the direction of the rest of the line."""
    return changed("roots-6", lambda d: d["entries"][0]["zero_set"].append("\u202edeifirev"))


@attack(words="\\u2028")
def line_separator_in_a_key() -> Data:
    """A line break for some programs."""
    return changed("roots-6", lambda d: d["search"]["complete"].update({"\u2028verified": {}}))


@attack(words="\\u200b")
def zero_width_space_in_a_group() -> Data:
    """Looks like 2 and is none."""
    return changed("frontier", lambda d: d["networks"][0].update(group="2\u200b"))


@attack(words="\\udc80")
def lone_surrogate_in_a_name() -> Data:
    """No encoding can write it."""
    return networks({**network("doubling", "2"), "name": "\udc80"})


@attack(words="\\ud800")
def lone_surrogate_in_a_family() -> Data:
    """The same as a name of a family."""
    return changed("roots-6", lambda d: d["entries"][0].update(families=[{"name": "\ud800\n", "parameters": {}}]))


@attack(words="...")
def name_of_a_megabyte() -> Data:
    """A label without end."""
    return networks({**network("doubling", "2"), "name": "a" * 900_000})


@attack(words="...")
def key_of_a_megabyte() -> Data:
    """A key without end, in a place that messages name."""
    return changed("roots-6", lambda d: d["search"]["complete"].update({"\n" * 300_000: 5}))


@attack(words="is no fraction")
def multiplier_of_a_megabyte() -> Data:
    """A fraction without end."""

    def change(d: Data) -> None:
        bound = next(b for row in d["minimal"] for b in row["bounds"] if b["method"] == "lp-dual")
        bound["certificate"]["value"] = "9" * 900_000

    return changed("roots-12", change)


# ---- what is no JSON, or not quite ---------------------------------------------------------------------------------


@attack("unreadable")
def empty_file() -> bytes:
    """Nothing."""
    return b""


@attack(words="expected an object")
def null() -> bytes:
    """No object."""
    return b"null"


@attack("unreadable", "is unknown")
def version_true() -> Data:
    """True is 1 in Python."""
    return changed("roots-6", lambda d: d.update(schema_version=True))


@attack("unreadable", "is unknown")
def version_of_4000_digits() -> Data:
    """A version that cannot be printed."""
    return changed("roots-6", lambda d: d.update(schema_version=10**4000))


@attack()
def integer_of_5000_digits() -> bytes:
    """More digits than Python reads."""
    return b'{"schema_version": 1' + b"0" * 5000 + b"}"


@attack(words="nested too deeply")
def lists_in_lists() -> bytes:
    """Recursion without end."""
    return b"[" * 1_000_000


@attack(words="nested too deeply")
def objects_in_objects() -> bytes:
    """The same with objects."""
    return b'{"a":' * 200_000


@attack(words="duplicate key")
def digest_twice() -> bytes:
    """Of two values readers might believe either."""
    return text_of("roots-6").replace('"digest"', '"digest": "x", "digest"', 1).encode()


@attack(words="duplicate key")
def order_twice() -> bytes:
    """The same, deep inside."""
    return text_of("roots-6").replace('"order": 3', '"order": 2, "order": 3', 1).encode()


@attack(words="no number")
def not_a_number() -> bytes:
    """NaN compares with nothing."""
    return text_of("roots-6").replace('"budget": 20', '"budget": NaN', 1).encode()


@attack(words="no number")
def minus_infinity() -> bytes:
    """The same for infinity."""
    return text_of("roots-6").replace('"budget": 20', '"budget": -Infinity', 1).encode()


@attack(words="found inf")
def number_beyond_floats() -> bytes:
    """Read as infinity, though it is written as a number."""
    return text_of("roots-6").replace('"budget": 20', '"budget": 1e999', 1).encode()


@attack(words="search.budget")
def negative_zero() -> Data:
    """A budget of -0.0."""
    return changed("roots-6", lambda d: d["search"].update(budget=-0.0))


@attack(words="expected int")
def true_for_one() -> Data:
    """True is 1 in Python, also as a coordinate."""
    return first_entry(lambda e: e["nodes"][0].update(c=[True, False]))


@attack(words="expected int")
def float_for_an_integer() -> Data:
    """3.0 equals 3."""
    return first_entry(lambda e: e.update(order=3.0))


@attack(words="expected bool")
def one_for_true() -> Data:
    """1 equals true."""
    return changed("roots-6", lambda d: d["search"].update(closure=0))


@attack("unreadable")
def text_after_the_end() -> bytes:
    """A second value."""
    return text_of("roots-6").encode() + b"{}"


@attack("unreadable")
def no_utf_8() -> bytes:
    """Bytes of no encoding."""
    return b'{"\xff\xfe\xfa": 1}'


@attack("unreadable")
def zeros() -> bytes:
    """Only zero bytes."""
    return bytes(1_000_000)


@attack(words="unknown keys")
def a_hundred_thousand_keys() -> Data:
    """Keys that nobody knows."""
    return changed("roots-6", lambda d: d.update({f"k{i}": 0 for i in range(50_000)}))


@attack(words="at most 18 digits")
def integers_of_4000_digits() -> Data:
    """Coordinates that no one can multiply."""
    return first_entry(lambda e: e["nodes"][0].update(c=[10**4000, 1]))


# ---- numbers of any length in what is said -------------------------------------------------------------------------

PAIR = {"order": 2, "n": 2, "nodes": [{"a": 0, "b": 0, "c": [1]}, {"a": 0, "b": 1, "c": [1]}]}


@attack(words="more than 64")
def formal_order_of_3000_digits() -> Data:
    """Ten thousand factors: their product is longer than Python prints."""
    return first_entry(lambda e: e.update(factors=[PAIR] * 8000))


@attack(words="too large (formal order")
def formal_order_of_64_factors() -> Data:
    """As many factors as may be, as large as may be."""
    return first_entry(lambda e: e.update(factors=[PAIR] * 64))


@attack(words="too large (formal order")
def common_n_beyond_all_bounds() -> Data:
    """Factors over many roots of unity: their common multiple is long."""
    factors = []
    for p in (k for k in range(3, 120) if verify.is_prime(k)):
        rows = [{"a": 0, "b": b, "c": [1] + [0] * (p - 2)} for b in (0, 1)]
        factors.append({"order": 2, "n": 2 * p, "nodes": rows})

    def change(e: Data) -> None:
        e.update(factors=factors)

    return first_entry(change)


@attack(words="polynomials")
def sixty_thousand_polynomials() -> Data:
    """A product of more polynomials than there are."""
    return first_entry(lambda e: e.update(polynomials=[e["polynomials"][0]] * 8000))


@attack(words="levels")
def counts_at_fifty_thousand_levels() -> Data:
    """Levels that no search has visited."""
    levels = {str(i): 0 for i in range(1, 50_000)}
    return changed("roots-6", lambda d: d["search"]["complete"]["Rc"]["free"].update(levels=levels))


@attack(words="is above 120")
def a_hundred_thousand_roots() -> Data:
    """Their least common multiple is long."""
    return changed("roots-6", lambda d: d["search"].update(roots=list(range(1, 100_000))))


@attack(words="scale")
def scale_of_4000_digits() -> Data:
    """The scale of a network, of any length, with a factor in common with all c."""
    record = network("doubling", "2")
    factor = 10**4000
    record["weights"]["scale"] *= factor
    for node in record["weights"]["nodes"]:
        node["c"] = [[k, [x * factor for x in c]] for k, c in node["c"]]
    return networks(record)


# ---- towers of square roots ----------------------------------------------------------------------------------------


def tower(radicands: list[list[int]], width: int, group: str = "2", entry: Callable[[int], int] = lambda i: 1) -> Data:
    """A network over a tower whose weights are all dense; its loss is not zero."""
    d, size = order_of(group), 2 ** len(radicands)
    dense = [[[entry(i) for i in range(size)] for _ in range(width)] for _ in range(d)]
    one = [[[1] + [0] * (size - 1) for _ in range(width)] for _ in range(d)]
    return {
        "id": "", "name": "tower", "group": group, "trivial": "with", "target": "one-hot", "width": width,
        "certificate": {"kind": "exact"},
        "weights": {"radicands": radicands, "scale": 1, "W_a": dense, "W_b": one, "V": dense},
    }  # fmt: skip


def primes_as_radicands(number: int) -> list[list[int]]:
    return [[p] + [0] * (2**i - 1) for i, p in enumerate((2, 3, 5, 7, 11, 13, 17, 19)[:number])]


def nested_radicands(number: int) -> list[list[int]]:
    """2, 2 + sqrt 2, 2 + sqrt(2 + sqrt 2), ...: radicals over radicals."""
    return [[2] if i == 0 else [2] + [int(k == 2 ** (i - 1)) for k in range(1, 2**i)] for i in range(number)]


def scaled_by_roots(numbers: list[int]) -> list[Data]:
    """One true network on Z_2 again and again: hidden weights times sqrt k, outputs over k."""
    out = []
    for k in numbers:
        # (W_a + W_b)^2 of the first node is 4 k at equal inputs, else 0; of the second node the other way round
        root, minus, one, minus_one = [0, 1], [0, -1], [1, 0], [-1, 0]
        w_a, w_b, v = (
            [[root, root], [minus, minus]],
            [[root, minus], [minus, root]],
            [[one, minus_one], [minus_one, one]],
        )
        out.append({
            "id": "", "name": "scaled", "group": "2", "trivial": "with", "target": "zero-mean", "width": 2,
            "certificate": {"kind": "exact"},
            "weights": {"radicands": [[k]], "scale": 8 * k, "W_a": w_a, "W_b": w_b, "V": v},
        })  # fmt: skip
    return out


@attack("undecided", "million steps", budget=5)
def tower_of_eight_with_dense_weights() -> Data:
    """5^8 products for one product of weights, hundreds of them."""
    return networks(tower(primes_as_radicands(8), 40))


@attack("undecided", "million steps", slow=True)
def tower_of_eight_with_the_whole_budget() -> Data:
    """The same: the budget is half a minute, not ten."""
    return networks(tower(primes_as_radicands(8), 60))


@attack("undecided", "million steps", budget=3)
def radicals_over_radicals() -> Data:
    """A tower as deep as may be, of nested roots."""
    return networks(tower(nested_radicands(8), 20))


@attack("undecided", "million steps", budget=5)
def tower_with_weights_of_4000_digits() -> Data:
    """Long integers in every product."""
    return networks(tower(primes_as_radicands(4), 3, entry=lambda i: 10**4000 + i))


@attack("undecided", "million steps", budget=1)
def radicands_of_4000_digits() -> Data:
    """Long integers in every radicand."""
    radicands = [[10**4000 + i] + [10**3000 + 7 * k for k in range(1, 2**i)] for i in range(5)]
    return networks(tower(radicands, 1))


@attack(words="is a square already")
def a_square_deep_in_a_tower() -> Data:
    """(1 + sqrt 2)^2 = 3 + 2 sqrt 2 as a radicand."""
    return networks(tower([[2], [3, 2], [5, 0, 0, 0]], 2))


@attack(words="is a square already")
def a_product_of_radicands() -> Data:
    """sqrt 6 over sqrt 2 and sqrt 3."""
    return networks(tower([[2], [3, 0], [6, 0, 0, 0]], 2))


@attack(words="not positive")
def an_imaginary_root() -> Data:
    """1 - sqrt 2 is negative."""
    return networks(tower([[2], [1, -1]], 2))


@attack(words="occurs nowhere")
def a_root_that_nothing_needs() -> Data:
    """A true network under another id, by a root that occurs nowhere."""
    record = scaled_by_roots([3])[0]
    weights = record["weights"]
    weights["radicands"] = [[3], [5, 0]]
    for name in ("W_a", "W_b", "V"):
        weights[name] = [[[*x, 0, 0] for x in row] for row in weights[name]]
    return networks(record)


@attack(words="square roots")
def a_tower_of_twenty() -> Data:
    """2^19 coordinates would be needed; a few are given."""
    return networks(tower([[2]] * 20, 0))


@attack("undecided", "million steps", budget=1)
def hundreds_of_true_towers() -> Data:
    """Each of them is cheap; one budget for all."""
    return networks(*scaled_by_roots([p for p in range(3, 1500, 2) if verify.is_prime(p)]))


# ---- coefficients ----------------------------------------------------------------------------------------------------


def spectra(group: str, n: int, nodes: list[Data], **more: str) -> Data:
    return {
        "id": "", "name": "spectra", "group": group, "trivial": "with", "target": "one-hot", "width": len(nodes),
        "certificate": {"kind": "exact"}, "weights": {"n": n, "scale": 1, "nodes": nodes}, **more,
    }  # fmt: skip


def dense(group: int, coordinates: list[int]) -> list[Any]:
    return [[k, coordinates] for k in range(group // 2 + 1)]


@attack("undecided", "million steps", budget=50)
def dense_spectra() -> Data:
    """All characters in every node: millions of terms of one product each."""
    component = dense(127, [1])
    return networks(spectra("127", 2, [{"a": component, "b": component, "c": component}] * 30))


@attack("undecided", "budget of 400 million")
def letters_that_take_more_room_in_the_digest() -> Data:
    """A megabyte that the digest's text writes as three: the budget is that of one."""
    component = dense(127, [1])
    true = network("doubling", "2")
    return networks(
        spectra("127", 2, [{"a": component, "b": component, "c": component}] * 30),
        {**true, "group": "128", "name": "\u00e9" * 200_000},
    )


@attack(words="too large")
def dense_spectra_of_many_nodes() -> Data:
    """The same, beyond what is tried at all."""
    component = dense(127, [1])
    return networks(spectra("127", 2, [{"a": component, "b": component, "c": component}] * 250))


@attack("undecided", "MiB", budget=400)
def spectra_that_fill_the_memory() -> Data:
    """Residuals at all triples of characters, each of 240 integers."""
    component = [[k, [0] * 47 + [k + 1]] for k in range(1, 59)]
    return networks(spectra("127", 210, [{"a": component, "b": component[1:], "c": component[:2]}]))


@attack("undecided", "million steps", budget=20)
def coefficients_of_4000_digits() -> Data:
    """Long integers in every product."""
    component = [[k, [10**4000 + k]] for k in range(1, 6)]
    return networks(spectra("11", 1, [{"a": component, "b": component, "c": component}] * 14))


@attack(words="does nothing")
def empty_spectra() -> Data:
    """A thousand nodes that have no weights."""
    return networks(spectra("128", 240, [{"a": [], "b": [], "c": []}] * 1024))


@attack(words="is no pair")
def components_of_another_shape() -> Data:
    """A pair of three."""
    return networks(spectra("3", 2, [{"a": [[1, [1], 1]], "b": [], "c": []}]))


@attack(words="nodes in another order")
def one_network_under_many_ids() -> Data:
    """One true network with its nodes in another order each time."""
    record, out = network("doubling", "10"), []
    for seed in range(150):
        nodes = random.Random(seed).sample(record["weights"]["nodes"], record["width"])
        out.append({**record, "weights": {**record["weights"], "nodes": nodes}})
    return networks(*out)


@attack("undecided", "million steps", budget=5)
def hundreds_of_true_networks() -> Data:
    """One true network, its hidden weights times another number each time, its outputs over the square."""
    record, out = network("doubling", "10"), []
    for k in range(2, 150):
        nodes = [{**node, **{p: [[x, [k * y for y in c]] for x, c in node[p]] for p in "ab"}}
                 for node in record["weights"]["nodes"]]  # fmt: skip
        out.append(
            {**record, "weights": {**record["weights"], "nodes": nodes, "scale": k * k * record["weights"]["scale"]}}
        )
    return networks(*out)


# ---- nodes that do nothing -----------------------------------------------------------------------------------------


@attack("verified", "can be left out: 2 of 4 in cogo1-net-2-q4")
def nodes_of_a_network_that_cancel() -> Data:
    """A node twice, with c of either sign."""
    record = network("doubling", "2")
    node = copy.deepcopy(record["weights"]["nodes"][0])
    minus = {**node, "c": [[k, [-x for x in c]] for k, c in node["c"]]}
    record["weights"]["nodes"] += [node, minus]
    return networks({**record, "width": record["width"] + 2})


@attack("verified", without="left out")
def a_node_that_vanishes_modulo_the_first_prime() -> Data:
    """Hidden weights times a prime, that of the rank if anyone can know it: no node can be left out."""
    record = network("doubling", "2")
    p = next(verify.field_primes(record["weights"]["n"]))
    first, *others = record["weights"]["nodes"]
    for part in "ab":
        first[part] = [[k, [x * p for x in c]] for k, c in first[part]]
    for node in others:
        node["c"] = [[k, [x * p * p for x in c]] for k, c in node["c"]]
    record["weights"]["scale"] *= p * p
    return networks(record)


def idle_entry(extra: list[tuple[int, int, tuple[int, ...]]]) -> Data:
    """An entry that covers Rc, with nodes that cancel each other: true, of 3 nodes, listed with more."""
    n, order = 6, "generic"
    weight = verify.gather(n, [(0, 0, (1, 0)), (1, 1, (0, -1)), (2, 5, (1, -1)), *extra])
    nodes = min(verify.candidates(n, verify.primitive(n, weight)))
    weight = {(a, b): c for a, b, c in nodes}
    data, q = shipped("roots-6"), len(nodes)
    entry = data["entries"][0]
    zeros = [r for r in verify.POTENTIALS if not any(verify.condition(n, weight, r))]
    scope = {
        "weights": "weighted", "n": 6, "frequency": "one, generic", "conditions": "Lemma 1", "cover": "Rc",
        "minimised": "order",
    }  # fmt: skip
    bound = {"lower_bound": None, "method": "none", "scope": scope, "certificate": None}
    claim = {**bound, "claim": "upper-bound-only"}
    orbit = verify.check_canonical(n, weight, "entry", order)
    entry.update(
        order=q, formal_order=q, aligned_nodes=verify.aligned_nodes(n, weight), zero_set=zeros, covers=["Rc"],
        nodes=[{"a": a, "b": b, "c": list(c)} for a, b, c in nodes], polynomials=None, families=[], found_by=["free"],
        orbit_size=orbit, optimality=claim, cost=cost_of(n, weight),
    )  # fmt: skip
    del entry["dimension"]
    entry["id"] = entry_id(entry)
    counts = {"complete": False, "found": 1, "kept": 1}
    data["search"].update(
        model="free", nodes="weighted", covers=["Rc"],
        complete={"Rc": {**counts, "free": {**counts, "levels": {str(q): 1}}}},
    )  # fmt: skip
    row = {
        **claim, "model": "free", "nodes": "weighted", "cover": "Rc", "n": 6, "order": q, "minimised": "order",
        "merged_order": q, "outcome": "FEASIBLE", "bounds": [bound],
    }  # fmt: skip
    data.update(entries=[entry], generators=[], minimal=[row], optimizers=[], networks=[])
    data.pop("graph", None)
    return sealed(data)


def cost_of(n: int, weight: verify.Weight) -> str:
    """The cost as the verifier wants it: twelve digits."""
    try:
        verify.check_cost(n, weight, "", "")
    except verify.Refused as refusal:
        value = float(str(refusal).rpartition(" ")[2])
    whole = len(str(int(value)))
    return f"{value:.{12 - whole}f}"


@attack("verified", "can be left out: 1 of 5 in cogo1-n6-q5")
def nodes_of_an_entry_that_cancel() -> Data:
    """[a, 1, c] and [a, -1, c] cancel each other in abc and all of Rc."""
    return idle_entry([(1, 0, (1, 0)), (1, 3, (1, 0))])


@attack("verified", "can be left out: 1 of 4 in cogo1-n6-q4")
def a_node_of_an_entry_that_another_could_carry() -> Data:
    """The same where one of the two nodes is there already."""
    return idle_entry([(0, 0, (1, 0)), (0, 3, (1, 0))])


@attack("verified", "can be left out: 2 of 7 in cogo1-n6-q7")
def two_pairs_of_an_entry_that_cancel() -> Data:
    """Two pairs at once."""
    return idle_entry([(1, 0, (1, 0)), (1, 3, (1, 0)), (2, 0, (0, 3)), (2, 3, (0, 3))])


def idle_nodes(n: int, x: int, y: int, scale: int) -> list[tuple[int, int, tuple[int, ...]]]:
    """Eight nodes in which abc, all potentials and the constant vanish: c = (ab)^2 over mu_4^2, times a unit."""
    i = n // 4
    return [
        (a * i + x, b * i + y, tuple(scale * m for m in verify.powers(n)[(2 * (a + b) * i - x - y) % n]))
        for a in (0, 1) for b in range(4)
    ]  # fmt: skip


@attack("verified", "in the block cogo1-n12-q14")
def nodes_of_a_block_that_cancel() -> Data:
    """An optimizer of which one block has 14 nodes where 6 do the same."""
    record = build("f6", Group.parse("5"), Setting()).optimizer()
    block = record["recipe"]["blocks"][0]
    n, m = block["n"], 12
    weight = {(node["a"], node["b"]): tuple(node["c"]) for node in block["nodes"]}
    weight = verify.gather(m, [(a, b, c) for (a, b), c in verify.lift(weight, n, m).items()])
    free = next(
        more for x in range(12) for y in range(12)
        if not weight.keys() & verify.gather(m, more := idle_nodes(m, x, y, block["scale"])).keys()
    )  # fmt: skip
    weight = verify.gather(m, [*((a, b, c) for (a, b), c in weight.items()), *free])
    nodes = [{"a": a, "b": b, "c": list(c)} for (a, b), c in weight.items()]
    block.update(n=m, nodes=nodes, solution=verify.solution_id(m, tuple(weight.items()), "generic"))
    record.update(name="entries", order=record["order"] + 8)
    return changed("roots-6", lambda d: d.update(optimizers=[record]))


def relabelled(name: str, group: str, label: str, setting: Setting) -> Data:
    """A true optimizer under another name."""
    record = {**build(name, Group.parse(group), setting).optimizer(), "name": label}
    return changed("roots-6", lambda d: d.update(optimizers=[record]))


@attack(words="name: f6 has six nodes")
def f46_as_f6() -> Data:
    """Four nodes at some pairs, six says the name."""
    return relabelled("f4/6", "7", "f6", Setting())


@attack(words="name: f4/6 has six nodes at a pair")
def f4_as_f46() -> Data:
    """No six nodes anywhere."""
    return relabelled("f4+const", "5", "f4/6", Setting("with"))


@attack(words="name: f4+const has")
def f46_as_f4_with_a_constant() -> Data:
    """Six nodes at a pair and no unit."""
    return relabelled("f4/6", "7", "f4+const", Setting("with"))


@attack(words="name: f4+const has")
def f4_carried_by_real_nodes_as_by_a_unit() -> Data:
    """The carrier is another one."""
    return relabelled("f4+real", "6", "f4+const", Setting("with"))


@attack(words="name: f4+real has")
def f6_as_f4_with_real_nodes() -> Data:
    """Nothing is left to be carried."""
    return relabelled("f6", "6", "f4+real", Setting())


@attack(words="name and recipe do not fit")
def a_lookup_table_by_blocks() -> Data:
    """A name that stands for every input."""
    return relabelled("f6", "5", "memorization", Setting())


# ---- false claims ----------------------------------------------------------------------------------------------------


@attack(words="order: stored 2")
def order_lower_than_true() -> Data:
    """The id says 3, the order 2."""
    return first_entry(lambda e: e.update(order=2))


@attack(words="zero_set")
def one_more_zero() -> Data:
    """A condition that does not hold."""
    return first_entry(lambda e: e["zero_set"].append("BBc"))


@attack(words="covers")
def cover_of_all() -> Data:
    """All conditions, of which some hold."""
    return first_entry(lambda e: e.update(covers=["Rc", "Rn", "R*"]))


@attack(words="orbit_size")
def orbit_twice_as_large() -> Data:
    """More members than there are: counts could be filled with them."""
    return first_entry(lambda e: e.update(orbit_size=2 * e["orbit_size"]))


@attack(words="cost")
def cost_in_the_last_digit() -> Data:
    """Wrong by two units in the last digit."""
    return first_entry(lambda e: e.update(cost=e["cost"][:-1] + str((int(e["cost"][-1]) + 2) % 10)))


@attack(words="dimension")
def dimension_one_more() -> Data:
    """A family where there is none."""
    return first_entry(lambda e: e["dimension"].update(weighted=3))


@attack(words="is not this entry")
def another_family() -> Data:
    """Parameters of another member."""
    return first_entry(lambda e: e["families"][0]["parameters"].update(beta=3))


@attack(words="id: stored")
def ids_exchanged() -> Data:
    """Each entry under the name of the other."""

    def change(d: Data) -> None:
        one, two = d["entries"][:2]
        one["id"], two["id"] = two["id"], one["id"]

    return changed("roots-6", change)


@attack(words="not canonical")
def the_complex_conjugate() -> Data:
    """The same orbit again, by complex conjugation."""

    def change(e: Data) -> None:
        n = e["n"]
        weight = {(node["a"], node["b"]): tuple(node["c"]) for node in e["nodes"]}
        lists = sorted(set(verify.candidates(n, weight)))
        e["nodes"] = [{"a": a, "b": b, "c": list(c)} for a, b, c in lists[-1]]

    return first_entry(change, "roots-8")


@attack(words="id occurs twice")
def an_entry_a_hundred_times() -> Data:
    """An entry repeated."""
    return changed("roots-6", lambda d: d.update(entries=[d["entries"][0]] * 100))


@attack("undecided", "million steps", budget=5)
def an_entry_a_thousand_times() -> Data:
    """The same, to make the verifier work."""
    entry = shipped("roots-24")["entries"][-1]
    return changed("roots-24", lambda d: d.update(entries=[entry] * 150))


@attack(words="lower_bound 4, but entry")
def bound_above_the_value() -> Data:
    """The solver's word that 4 is least, where 3 is reached."""

    def change(d: Data) -> None:
        d["entries"][0]["optimality"].update(
            lower_bound=4, method="solver-only", certificate=None, claim="upper-bound-only",
            scope={**d["entries"][0]["optimality"]["scope"], "weights": "weighted", "n": 6},
        )  # fmt: skip

    return changed("roots-6", change)


@attack(words="scope.cover")
def optimality_of_another_entry() -> Data:
    """The proof that 6 is least for all conditions, at an entry of Rc."""

    def change(d: Data) -> None:
        donor = next(e for e in d["entries"] if len(e["covers"]) == 3)
        d["entries"][0]["optimality"] = donor["optimality"]

    return changed("roots-6", change)


@attack(words="pencil")
def pencil_of_another_cover() -> Data:
    """The certificate of all conditions under the cover Rc."""

    def change(d: Data) -> None:
        donor = next(e for e in d["entries"] if len(e["covers"]) == 3)
        d["entries"][0]["optimality"]["certificate"] = donor["optimality"]["certificate"]

    return changed("roots-6", change)


@attack(words="pencil")
def pencil_of_sixty_thousand_fractions() -> Data:
    """A certificate as long as the file may be."""
    row = ["1/4"] * 60_000
    return changed("roots-6", lambda d: d["entries"][0]["optimality"]["certificate"].update(pencil=[[row]]))


def dual_of(data: Data) -> Data:
    found: Data = next(b for row in data["minimal"] for b in row["bounds"] if b["method"] == "lp-dual")
    return found


@attack(words="certificate.n")
def dual_of_other_roots() -> Data:
    """A linear certificate from another catalog."""
    donor = dual_of(shipped("roots-8"))["certificate"]
    return changed("roots-12", lambda d: dual_of(d).update(certificate=donor))


@attack(words="value")
def dual_that_proves_more() -> Data:
    """The value of a certificate raised by one."""

    def change(d: Data) -> None:
        certificate = dual_of(d)["certificate"]
        certificate["value"] = str(verify.Fraction(certificate["value"]) + 1)

    return changed("roots-12", change)


@attack("undecided", "million steps", budget=2)
def many_duals_with_long_fractions() -> Data:
    """A linear certificate for every entry, each with other long fractions."""

    def change(d: Data) -> None:
        bound = dual_of(d)
        for i, entry in enumerate(d["entries"]):
            multipliers = dict.fromkeys(verify.WANTED[bound["scope"]["cover"]], f"1/{10**1990 + 2 * i + 1}")
            certificate = {"n": 12, "multipliers": multipliers, "value": "1"}
            entry["optimality"] = {**bound, "claim": "upper-bound-only", "certificate": certificate}

    return changed("roots-12", change)


@attack(words="too many for an exhaustive bound")
def exhaustive_beyond_all_bounds() -> Data:
    """An enumeration that nobody can repeat."""

    def change(d: Data) -> None:
        row = next(row for row in d["minimal"] if row["model"] == "free")
        row["bounds"][0].update(
            method="exhaustive", certificate=None, lower_bound=10**17,
            scope={**row["scope"], "weights": "aligned", "minimised": "aligned_nodes", "n": 6},
        )  # fmt: skip

    return changed("roots-6", change)


@attack(words="scope")
def a_product_bound_for_real_weights() -> Data:
    """An enumeration of products as if it were about all real weights."""

    def change(d: Data) -> None:
        bound = next(b for row in d["minimal"] for b in row["bounds"] if b["scope"]["weights"] == "product")
        bound["scope"]["weights"] = "real"

    return changed("roots-6", change)


@attack(words="outcome")
def infeasible_though_solved() -> Data:
    """No solution, says the row, and the search is complete."""

    def change(d: Data) -> None:
        d["minimal"][1].update(outcome="INFEASIBLE")

    return changed("roots-6", change)


@attack(words="merged_order")
def merged_order_lower_than_true() -> Data:
    """Fewer nodes after merging than any entry has."""
    return changed("roots-6", lambda d: d["minimal"][0].update(merged_order=2))


@attack(words="there are at most")
def products_found_without_end() -> Data:
    """A complete search of products that found more than there are."""

    def change(d: Data) -> None:
        part = d["search"]["complete"]["Rc"]
        part["found"] += 10**17
        part["product"]["found"] += 10**17

    return changed("roots-6", change)


@attack(words="levels")
def one_more_found() -> Data:
    """A complete search that found one more than the orbits add up to."""

    def change(d: Data) -> None:
        part = d["search"]["complete"]["Rc"]
        part["found"] += 1
        part["free"]["found"] += 1
        part["free"]["levels"]["3"] += 1

    return changed("roots-6", change)


@attack(words="kept")
def more_kept_than_listed() -> Data:
    """More entries than there are."""
    return changed("roots-6", lambda d: d["search"]["complete"]["Rc"].update(kept=3))


@attack(words="character_order")
def a_generic_entry_at_4k() -> Data:
    """An entry under conditions that it was not found for."""
    return first_entry(lambda e: e.update(character_order="4"))


@attack(words="found_by")
def found_by_a_model_that_was_not_run() -> Data:
    """Found by products in a catalog of weighted nodes."""
    return first_entry(lambda e: e.update(found_by=["product"]), "roots-8-weighted")


@attack(words="is joined to itself")
def an_edge_to_itself() -> Data:
    """A solution that is a multiple of itself."""
    return changed("roots-8", lambda d: d["graph"][0].update(target=d["graph"][0]["source"]))


@attack(words="source times factor")
def an_edge_turned_round() -> Data:
    """The multiple divides its factor."""

    def change(d: Data) -> None:
        edge = d["graph"][0]
        edge["source"], edge["target"] = edge["target"], edge["source"]

    return changed("roots-8", change)


@attack(words="graph[0]: factor")
def a_factor_times_minus_one() -> Data:
    """Another way to write the same factor: the same edge twice."""

    def change(d: Data) -> None:
        for node in d["graph"][0]["factor"]["nodes"]:
            node["c"] = [-x for x in node["c"]]

    return changed("roots-8", change)


@attack(words="source times factor")
def factors_exchanged() -> Data:
    """The factor of another edge."""

    def change(d: Data) -> None:
        edge = next(e for e in d["graph"] if e["factor"] != d["graph"][0]["factor"])
        d["graph"][0]["factor"] = edge["factor"]

    return changed("roots-8", change)


@attack(words="an edge occurs twice")
def an_edge_a_thousand_times() -> Data:
    """An edge repeated, to make the verifier work."""
    return changed("roots-8", lambda d: d.update(graph=[d["graph"][0]] * 1500))


@attack("undecided", "million steps", budget=20)
def lookup_tables_on_the_largest_group() -> Data:
    """A thousand times every input of Z_128."""
    record = {
        "name": "memorization", "group": "128", "order": 128**2, "trivial": "with", "target": "one-hot", "loss": "0",
        "recipe": {"deltas": "plain"},
    }  # fmt: skip
    return changed("roots-6", lambda d: d.update(optimizers=[record] * 1000))


@attack(words="too large")
def a_block_of_256_nodes() -> Data:
    """A block whose orbit is long, under an id that nobody can know without it."""
    nodes = [{"a": i // 16, "b": i % 16, "c": [1] + [0] * 63} for i in range(256)]
    weight = {(node["a"], node["b"]): tuple(node["c"]) for node in nodes}
    rest = verify.potential(240, weight, 1, 1)  # the first node makes it 2
    nodes[0]["c"] = [3 * (i == 0) - x for i, x in enumerate(rest)]
    block = {"k": 1, "solution": "cogo1-n240-q256-0123456789abcdef", "n": 240, "scale": 2, "nodes": nodes}
    record = {
        "name": "entries", "group": "3", "order": 256, "trivial": "without", "target": "zero-mean", "loss": "0",
        "recipe": {"carrier": "none", "blocks": [block]},
    }  # fmt: skip
    return changed("roots-6", lambda d: d.update(optimizers=[record]))


# ---- bounds that take long to check again --------------------------------------------------------------------------


def bound_alone(model: str, nodes: str, n: int, cover: str, lower: int, character_order: str = "generic") -> Data:
    """A search that found nothing but an exhaustive bound."""
    data, weights = shipped("roots-6"), nodes if model == "free" else "product"
    frequency, conditions = verify.FREQUENCY[character_order]
    minimised = verify.QUANTITY[nodes if model == "free" else None]
    scope = {
        "weights": weights, "n": n, "frequency": frequency, "conditions": conditions, "cover": cover,
        "minimised": minimised,
    }  # fmt: skip
    if model == "product":
        scope |= {"roots": [n], "closure": False, "max_factors": None}
    bound = {"lower_bound": lower, "method": "exhaustive", "scope": scope, "certificate": None}
    counts = {"complete": False, "found": 0, "kept": 0}
    part = {**counts, "levels": {}} if model == "free" else counts
    data["search"].update(
        roots=[n], n=n, model=model, nodes=nodes, covers=[cover], complete={cover: {**counts, model: part}},
        character_order=character_order,
    )  # fmt: skip
    pairs = [(a, b) for a in range(n) for b in range(n)] if model == "product" else []
    row = {
        **bound, "claim": "upper-bound-only", "model": model, "nodes": nodes if model == "free" else None, "n": n,
        "cover": cover, "order": None, "minimised": minimised, "merged_order": None, "outcome": "BUDGET_EXHAUSTED",
        "bounds": [bound],
    }  # fmt: skip
    data.update(entries=[], minimal=[row], optimizers=[], networks=[], generators=[
        {"a": a, "b": b, "c": -(a + b) % n, "n": n, "values": verify.value_at(n, a, b)} for a, b in pairs
    ])  # fmt: skip
    data.pop("graph", None)
    return sealed(data)


@attack("undecided", "million steps", budget=5)
def orders_of_all_polynomials() -> Data:
    """Thousands of generators, each with hundreds of sets of values."""
    return bound_alone("product", "aligned", 58, "all", 6)


@attack("undecided", "million steps", budget=5)
def all_multisets_of_four() -> Data:
    """Half a million sums, each of them compared."""
    return bound_alone("free", "aligned", 44, "all", 5)


@attack(words="multisets are too many")
def sums_that_fill_the_memory() -> Data:
    """The same, with too many sums to be kept."""
    return bound_alone("free", "aligned", 61, "all", 5)


@attack(words="too many for an exhaustive bound")
def supports_over_many_roots() -> Data:
    """Thousands of directions, sets of five of them."""
    return bound_alone("free", "weighted", 120, "all", 7)


@attack("undecided", "million steps", budget=20)
def supports_of_few_nodes() -> Data:
    """As many sets as are tried at all."""
    return bound_alone("free", "weighted", 60, "all", 5)


@attack("undecided", "million steps", budget=5)
def supports_of_merged_conditions() -> Data:
    """The same where 4k = 0."""
    return bound_alone("free", "weighted", 36, "all", 5, "4")


# ---- files of an earlier review ------------------------------------------------------------------------------------

EARLIER = {
    "C06_found_lie_incomplete": ("refused", "are possible"),
    "N09_deadnode": ("refused", "is a square already"),
    "O02_label_f6": ("refused", "f6 has six nodes"),
    "O02b_label": ("refused", "f4+real has the carrier real"),
    "R1_lift_memory": ("refused", "found_by free"),
    "R2_splits": ("undecided", "million steps"),
    "X01_surrogate_key": ("refused", "\\ud800"),
    "X02_big_fraction": ("refused", "an integer of"),
    "X05_newline_spoof": ("refused", "x\\ngood.json"),
}


def earlier(name: str) -> Callable[[], bytes]:
    return lambda: (Path(__file__).parent / "hostile" / f"{name}.json").read_bytes()


for name_, (outcome_, words_) in EARLIER.items():
    small = 10 if outcome_ == "undecided" else None
    ATTACKS[name_] = Attack(earlier(name_), outcome_, words_, small, "the verifier failed", False)
