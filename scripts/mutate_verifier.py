"""Would the tests notice? Alter the verifier in one place after the other, and ask it what the tests ask.

Every comparison operator, every integer (one more) and every ``require(...)`` or ``agree(...)`` (left out) of
cogo_search/verifier is altered once. A mutant is killed if it judges one file otherwise than the verifier does: a file
that the tests hand to it, true or falsified, a shipped catalog, or a hostile file, its words included. What dies of an
exception, or takes ten times as long, is killed too.

The files are recorded once by running the tests (some minutes). Of each kind of verdict a few are asked first, the
quickest ones; no more than --seconds of them, and so a survivor is one that the whole suite may still catch.

    python scripts/mutate_verifier.py --list                         # how many mutants there are
    python scripts/mutate_verifier.py --module bounds --limit 50
    python scripts/mutate_verifier.py --sample 200 --seed 1          # goes on where it was interrupted
    python scripts/mutate_verifier.py --sample 200 --seed 1 --report # what is known, without running anything
"""

from __future__ import annotations

import argparse
import ast
import copy
import json
import os
import random
import re
import resource
import signal
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]

from amalgamate_verifier import PACKAGE, modules  # noqa: E402

ASKED = [
    "catalog/test_verify.py", "catalog/test_verify_weighted.py", "catalog/test_graph.py", "catalog/test_networks.py",
    "catalog/test_optimizers.py", "frontier/test_enclosure.py", "algebra/test_radicals.py",
]  # fmt: skip
DIRECT = ("verify_catalog", "check_network", "check_networks", "check_optimizer", "check_optimizers")
OPPOSITE = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
MEMORY = 3 << 30

# ---- mutants ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Mutant:
    """One place, and what is altered there."""

    module: str
    node: int  # its number in the order of ast.walk
    part: int  # which of a chain of comparisons
    kind: str  # comparison, integer, check; "cost" where an integer only says what work is estimated to take
    line: int
    column: int

    @property
    def name(self) -> str:
        """What stays the same while the module does."""
        return f"{self.module}.py:{self.line}:{self.column}:{self.kind}:{self.part}"

    def tree(self) -> ast.Module:
        """The module with this one alteration."""
        tree = parsed(self.module)
        node = list(ast.walk(tree))[self.node]
        if isinstance(node, ast.Compare):
            node.ops[self.part] = OPPOSITE[type(node.ops[self.part])]()
        elif isinstance(node, ast.Constant):
            node.value += 1
        elif isinstance(node, ast.Expr):
            node.value = ast.copy_location(ast.Constant(None), node.value)
        return ast.fix_missing_locations(tree)


def parsed(module: str) -> ast.Module:
    """A module without its imports of the others: all run in one namespace."""
    tree = ast.parse((PACKAGE / f"{module}.py").read_text(encoding="utf-8"))
    tree.body = [s for s in tree.body if not (isinstance(s, ast.ImportFrom) and s.level)]
    return tree


def mutants(module: str) -> Iterator[Mutant]:
    """All of a module, from top to bottom."""
    tree = parsed(module)
    texts = {id(inner) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for inner in ast.walk(node)}
    costs = {id(inner) for node in ast.walk(tree) if is_call(node, "spend", "reserve") for inner in ast.walk(node)}
    found = []
    for i, node in enumerate(ast.walk(tree)):
        if isinstance(node, ast.Compare):
            for part in range(len(node.ops)):
                found.append(Mutant(module, i, part, "comparison", node.lineno, node.col_offset))
        elif isinstance(node, ast.Constant) and type(node.value) is int and id(node) not in texts:
            kind = "cost" if id(node) in costs else "integer"
            found.append(Mutant(module, i, 0, kind, node.lineno, node.col_offset))
        elif isinstance(node, ast.Expr) and is_call(node.value, "require", "agree"):
            found.append(Mutant(module, i, 0, "check", node.lineno, node.col_offset))
    yield from sorted(found, key=lambda m: (m.line, m.column, m.part))


def is_call(node: ast.AST, *names: str) -> bool:
    """Is it a call of a function or method of one of these names?"""
    if not isinstance(node, ast.Call):
        return False
    function = node.func
    return getattr(function, "id", getattr(function, "attr", None)) in names


# ---- what is asked ---------------------------------------------------------------------------------------------


@dataclass
class Question:
    """A file and what the verifier says of it."""

    content: str | bytes
    deep: bool
    budget: float | None
    outcome: str
    words: str = ""  # occur in what is said
    seconds: float = 0.0
    like: str = ""  # what is said, without its numbers
    what: str = "verify_catalog"  # the function that is asked


def recorded(path: Path, slow: bool) -> list[Question]:
    """What the tests ask, from a file, or by running them; the hostile files and the shipped catalogs with it."""
    if not path.exists():
        record(path, slow)
    questions = [
        Question(text, deep, budget, outcome, "", seconds, like, what)
        for what, text, deep, budget, outcome, seconds, like in json.loads(path.read_text())
    ]
    for file in sorted((ROOT / "catalog").glob("*.json")):
        questions.append(Question(file.read_text(), False, None, "verified", "", 0.0, f"shipped {file.stem}"))
    return questions + hostile() + handmade()


def record(path: Path, slow: bool) -> None:
    """Run the tests and write what they ask of the functions in DIRECT, each question once."""
    import pytest

    from cogo_search import verifier
    from cogo_search.verifier import networks, optimizers

    asked: dict[tuple[str, str, bool, float | None], list[Any]] = {}

    def recording(what: str, function: Any) -> Any:
        def wrapped(data: Any, *rest: Any, **named: Any) -> Any:
            deep, _, budget = (*rest, None, None, None)[:3] if what == "verify_catalog" else (False, None, None)
            key = (what, json.dumps(data), bool(named.get("deep", deep)), named.get("budget", budget))
            begin = time.perf_counter()
            try:
                answer = function(data, *rest, **named)
            except (verifier.Refused, verifier.Unreadable, verifier.Undecided) as verdict:
                text = f"{type(verdict).__name__}: {verdict}"
                asked.setdefault(key, [type(verdict).__name__, time.perf_counter() - begin, shape_of(text)])
                raise
            asked.setdefault(key, ["verified", time.perf_counter() - begin, shape_of(f"{what} {answer}")])
            return answer

        return wrapped

    homes: tuple[Any, ...] = (verifier, networks, optimizers)
    places = [(home, what) for home in homes for what in DIRECT if hasattr(home, what)]
    before = {(home.__name__, what): getattr(home, what) for home, what in places}
    for home, what in places:
        setattr(home, what, recording(what, before[home.__name__, what]))
    try:
        slowly = ["--slow"] if slow else []
        code = pytest.main(["-q", *slowly, "-p", "no:cacheprovider", *(str(ROOT / "tests" / t) for t in ASKED)])
    finally:
        for home, what in places:
            setattr(home, what, before[home.__name__, what])
    if code:
        raise SystemExit("the tests fail without any mutant: mend that first")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([[*key, *value] for key, value in asked.items()]))


def shape_of(text: str) -> str:
    """A verdict without its numbers and ids: one of each is asked first."""
    return re.sub(r"[0-9]+", "#", re.sub(r"[0-9a-f]{16}|'.*?'", "@", text))[:300]


def hostile() -> list[Question]:
    """The hostile files, with the words that their verdicts must hold."""
    from tests.catalog.hostile_files import ATTACKS

    names = {"refused": "Refused", "unreadable": "Unreadable", "undecided": "Undecided", "verified": "verified"}
    return [
        Question(a.content(), False, a.budget, names[a.outcome], a.words, 0.0, f"hostile {name}")
        for name, a in ATTACKS.items()
        if not a.slow
    ]


def handmade() -> list[Question]:
    """The catalogs written by hand, each field falsified, with the digest that belongs to it."""
    from tests.catalog import test_verify as by_hand

    verifier, questions = namespace(None), []
    for make in by_hand.CATALOGS.values():
        original = make()
        for path, value in by_hand.walk(original):
            if path == ("digest",) or by_hand.in_other_generators(path):
                continue
            for wrong in by_hand.falsehoods(value):
                changed = by_hand.put(original, path, wrong)
                whole = path[-1] != "id" and all(isinstance(e["nodes"], list) for e in changed["entries"])
                begin = time.perf_counter()
                try:
                    outcome, text = "verified", str(verifier.verify_catalog(by_hand.seal(changed, whole)))
                except (verifier.Refused, verifier.Unreadable) as verdict:
                    outcome, text = type(verdict).__name__, str(verdict)
                seconds = time.perf_counter() - begin
                questions.append(
                    Question(json.dumps(changed), False, None, outcome, "", seconds, shape_of(f"{outcome} {text}"))
                )
    return questions


def answered(verifier: Any, question: Question, folder: Path) -> str:
    """The outcome, with "other words" behind it if those that must occur do not."""
    if isinstance(question.content, bytes):
        path = folder / f"question-{os.getpid()}.json"
        path.write_bytes(question.content)
        try:
            result = verifier.judge(str(path), question.deep, question.budget, lambda line: None)
        finally:
            path.unlink()
        text = result.get("reason") or str(result["report"])
        if "the verifier failed" in text:
            return "failed"
        outcome = str(result["outcome"])
        outcome = outcome if outcome == "verified" else outcome.capitalize()
        return outcome if question.words in text else f"{outcome}, other words"
    data, what = json.loads(question.content), getattr(verifier, question.what)
    try:
        if question.what == "verify_catalog":
            what(data, question.deep, None, question.budget)
        else:
            what(data, (lambda line: None) if question.what.endswith("s") else "here")
    except (verifier.Refused, verifier.Unreadable, verifier.Undecided) as verdict:
        return type(verdict).__name__
    return "verified"


def chosen(questions: list[Question], seconds: float, folder: Path) -> list[Question]:
    """The quickest of every kind of verdict, then the second of each, until they take so long; answers made sure of."""
    verifier, kinds = namespace(None), defaultdict(list)
    for question in questions:
        if not question.seconds:
            begin = time.perf_counter()
            answered(verifier, question, folder)
            question.seconds = time.perf_counter() - begin
        kinds[question.outcome, question.like].append(question)
    for kind in kinds.values():
        kind.sort(key=lambda q: q.seconds)
    out, spent = [], 0.0
    for rank in range(max(map(len, kinds.values()))):
        for question in sorted((kind[rank] for kind in kinds.values() if rank < len(kind)), key=lambda q: q.seconds):
            if question.seconds <= seconds / 4 and spent + question.seconds <= seconds:
                out.append(question)
                spent += question.seconds
    verifier = namespace(None)  # asked in this order, nothing remembered
    return [question for question in out if answered(verifier, question, folder) == question.outcome]


# ---- running a mutant ------------------------------------------------------------------------------------------

CODES: dict[str, CodeType] = {}


def namespace(mutant: Mutant | None) -> ModuleType:
    """All modules of the verifier in one namespace, one of them altered."""
    if not CODES:
        for module in modules():
            CODES[module.name] = compile(parsed(module.name), str(PACKAGE / f"{module.name}.py"), "exec")
    made = ModuleType("mutant")
    sys.modules["mutant"] = made
    for name, code in CODES.items():
        if mutant is not None and mutant.module == name:
            code = compile(mutant.tree(), str(PACKAGE / f"{name}.py"), "exec")
        exec(code, vars(made))
    return made


def tried(mutant: Mutant, questions: list[Question], seconds: float, folder: Path) -> tuple[str, str]:
    """(killed, survived or timeout, why), found in a process of its own."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        signal.alarm(round(10 * seconds) + 5)
        try:
            verdict = against(mutant, questions, folder)
        except BaseException as error:
            verdict = f"killed\t{type(error).__name__}"
        os.write(writing, verdict.encode("utf-8", "replace")[:2000])
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        verdict = pipe.read().decode("utf-8", "replace")
    os.waitpid(child, 0)
    status, _, why = (verdict or "killed\ttimeout").partition("\t")
    return status, why


def against(mutant: Mutant, questions: list[Question], folder: Path) -> str:
    """Ask until an answer is another one."""
    verifier = namespace(mutant)
    for question in questions:
        answer = answered(verifier, question, folder)
        if answer != question.outcome:
            return f"killed\t{question.outcome} -> {answer}: {question.like}"
    return "survived\t"


# ---- the command line ------------------------------------------------------------------------------------------


def main() -> int:
    """Try mutants, remember, report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--module", action="append", metavar="NAME", help="of these modules only")
    parser.add_argument("--kind", action="append", choices=("comparison", "integer", "cost", "check"))
    parser.add_argument("--limit", type=int, metavar="N", help="the first N of them")
    parser.add_argument("--sample", type=int, metavar="N", help="N of them, drawn at random")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=10.0, help="of questions for each mutant (default 10)")
    parser.add_argument("--until", type=float, metavar="S", help="begin no mutant after S seconds")
    parser.add_argument("--work", type=Path, default=ROOT / "build" / "mutations", help="recorded questions, results")
    parser.add_argument("--slow", action="store_true", help="record what the slow tests ask, too")
    parser.add_argument("--list", action="store_true", help="count the mutants")
    parser.add_argument("--report", action="store_true", help="print what is known of them")
    options = parser.parse_args()
    every = [m for module in modules() for m in mutants(module.name)]
    wanted = [m for m in every if m.module in (options.module or [m.module]) and m.kind in (options.kind or [m.kind])]
    if options.sample is not None:
        wanted = random.Random(options.seed).sample(wanted, min(options.sample, len(wanted)))
    wanted = wanted[: options.limit]
    if options.list:
        for (module, kind), number in sorted(Counter((m.module, m.kind) for m in wanted).items()):
            print(f"{module:16} {kind:10} {number}")
        print(f"{len(wanted)} mutants")
        return 0
    store = options.work / "results.json"
    known: dict[str, list[str]] = json.loads(store.read_text()) if store.exists() else {}
    left = [] if options.report else [m for m in wanted if m.name not in known]
    if left:
        questions = chosen(recorded(options.work / "questions.json", options.slow), options.seconds, options.work)
        print(f"{len(questions)} questions, {sum(q.seconds for q in questions):.1f} s; {len(left)} mutants", flush=True)
        begin = time.monotonic()
        for mutant in left:
            if options.until is not None and time.monotonic() - begin > options.until:
                break
            known[mutant.name] = list(tried(mutant, questions, options.seconds, options.work))
            new = store.with_suffix(".new")
            new.write_text(json.dumps(known, indent=0))
            new.replace(store)
    report(wanted, known)
    return 0


def report(wanted: list[Mutant], known: dict[str, list[str]]) -> None:
    """Figures by kind, and every survivor with its line."""
    done = [m for m in wanted if m.name in known]
    for kind in ("comparison", "integer", "check", "cost"):
        statuses = Counter(known[m.name][0] for m in done if m.kind == kind)
        print(f"{kind:10} {sum(statuses.values()):5} tried, {statuses['killed']:5} killed")
    for mutant in sorted(done, key=lambda m: (m.module, m.line, m.column)):
        if known[mutant.name][0] == "survived":
            path = PACKAGE / f"{mutant.module}.py"
            line = path.read_text(encoding="utf-8").splitlines()[mutant.line - 1].strip()
            node = list(ast.walk(copy.deepcopy(parsed(mutant.module))))[mutant.node]
            what = ast.unparse(node)[:60]
            print(f"{path.relative_to(ROOT)}:{mutant.line}:{mutant.column}: {mutant.kind} {what!r}: {line[:100]}")


if __name__ == "__main__":
    sys.exit(main())
