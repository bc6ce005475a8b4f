"""The command line: a verdict on one line for each file."""

from __future__ import annotations

import argparse
import io
import json
import math
import sys
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Any, NoReturn

from .catalogs import verify_catalog
from .meter import BUDGET, Refused, Undecided, Unreadable, require
from .texts import named, one_line, shown
from .vocabulary import Log

MAX_BYTES = 1 << 25  # of a file


def no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object without repeated keys: of two values, readers might believe either."""
    keys = Counter(key for key, _ in pairs)
    require(len(keys) == len(pairs), f"duplicate key {shown(keys.most_common(1)[0][0] if keys else '')}")
    return dict(pairs)


def no_constant(text: str) -> Any:
    """NaN and Infinity are no JSON, though many programs write them."""
    raise Refused(f"{text} is no number")


def load(path: str) -> Any:
    """Parse a file strictly."""
    try:
        with Path(path).open("rb") as file:
            content = file.read(MAX_BYTES + 1)
        require(len(content) <= MAX_BYTES, f"larger than {MAX_BYTES} bytes")
        return json.loads(content, object_pairs_hook=no_duplicates, parse_constant=no_constant)
    except OSError as error:
        raise Unreadable(f"cannot be read ({error.strerror or error}); name a catalog file") from error
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise Unreadable(f"is no complete JSON ({error}); fetch or generate the file again") from error
    except RecursionError:
        raise Refused("nested too deeply") from None
    except ValueError as error:  # integers of more than 4300 digits
        raise Refused(str(error)) from error


VERDICTS = {"verified": "verified, ", "refused": "REFUSED: ", "undecided": "", "unreadable": ""}
EXIT_CODES = {"verified": 0, "refused": 1, "undecided": 1, "unreadable": 2}


def judge(path: str, deep: bool, budget: float | None, say: Log) -> dict[str, Any]:
    """The outcome for one file: with its report if it is verified, else with the reason, on one line.

    Whatever is wrong with one file, the others have their turn.
    """
    reason: str
    try:
        return {"file": path, "outcome": "verified", "report": verify_catalog(load(path), deep, say, budget)}
    except Refused as refusal:
        outcome, reason = "refused", str(refusal)
    except Unreadable as error:
        outcome, reason = "unreadable", str(error)
    except Undecided as limit:
        outcome, reason = "undecided", str(limit)
    except MemoryError:
        outcome, reason = "undecided", "not decided: out of memory"
    except Exception as error:  # a fault of the verifier's own, which must not pass for a verdict
        outcome, reason = "undecided", f"not decided: the verifier failed ({type(error).__name__}); please report this"
    return {"file": path, "outcome": outcome, "reason": one_line(reason)}


def flat(result: dict[str, Any]) -> dict[str, Any]:
    """A result as JSON."""
    report = result.get("report")
    return {key: value for key, value in result.items() if key != "report"} | (asdict(report) if report else {})


def millions(text: str) -> float:
    """A positive number of million steps."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 < value < math.inf:
        raise argparse.ArgumentTypeError(f"{text!r} is no positive number of million steps")
    return value


class Arguments(argparse.ArgumentParser):
    """Arguments may be names of files, too, where a shell fills in ``*``: what is said of them is escaped."""

    def error(self, message: str) -> NoReturn:
        """Usage and the reason; ends with 2."""
        super().error(one_line(message))


def main(argv: list[str], verified: Log | None = None) -> int:
    """Verify the files, and call ``verified`` with the name of each that is true.

    0: all good; 1: some refused or not decided; 2: bad arguments or unreadable; 130: interrupted.
    """
    parser = Arguments(prog="verify", description="Check catalogs independently of their producer.")
    parser.add_argument("files", nargs="+", metavar="FILE", help="a catalog (JSON)")
    parser.add_argument("--deep", action="store_true", help="also enumerate small cases again (finds dropped entries)")
    parser.add_argument(
        "--budget", type=millions, metavar="N", help=f"million steps at most (default: {BUDGET} a megabyte of the file)"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON list instead of a line per file")
    try:
        options = parser.parse_args(argv)
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else 2
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    results = []

    def say(line: str) -> None:
        print(one_line(line), file=sys.stderr, flush=True)

    try:
        for path in options.files:
            results.append(judge(path, options.deep, options.budget, say))
            if verified is not None and results[-1]["outcome"] == "verified":
                verified(path)
            if not options.json:
                refusal = results[-1].get("reason")
                verdict = VERDICTS[results[-1]["outcome"]] + (refusal or str(results[-1]["report"]))
                stream = sys.stderr if results[-1]["outcome"] == "unreadable" else sys.stdout
                print(f"{named(path)}: {verdict}", file=stream, flush=True)
    except KeyboardInterrupt:
        say("interrupted")
        return 130
    if options.json:
        print(json.dumps([flat(result) for result in results], indent=1))
    return max(EXIT_CODES[result["outcome"]] for result in results)
