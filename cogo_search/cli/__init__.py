"""The command line. Each command is one module with ``configure(parser)`` and ``run(arguments) -> int``.

Exit codes: 0 fine; 1 parsed, but does not verify; 2 bad arguments, unreadable, truncated or unknown
version; 130 interrupted. stdout carries data only; progress and errors go to stderr.
"""

from __future__ import annotations

import argparse
import io
import os
import re
import signal
import sys
import threading
from typing import Any, NoReturn

from .. import __version__
from ..errors import CogoError, VerificationError, choose, near
from ..escaping import one_line
from . import (
    action,
    compare,
    construct,
    evaluate,
    export,
    frontier,
    graph,
    match,
    potentials,
    report,
    show,
    table,
    train,
    verify,
)
from . import enumerate as enumerate_command
from . import list as list_command

COMMANDS = {
    "enumerate": (enumerate_command, "search solutions over roots of unity, prove the minima, write a catalog"),
    "table": (table, "the generators over given roots with their potentials (Table 1 of the paper)"),
    "verify": (verify, "re-check catalog files with independent code"),
    "show": (show, "everything known about one catalog entry"),
    "list": (list_command, "the entries of a catalog, filtered"),
    "graph": (graph, "which entries of a catalog are products of which"),
    "construct": (construct, "build a whole network of zero loss on an Abelian group"),
    "action": (action, "build an optimizer for a group-action task given as a table"),
    "train": (train, "train networks by gradient descent; status of runs"),
    "evaluate": (evaluate, "loss, accuracy, potentials and orders of a network file"),
    "potentials": (potentials, "what the logits of any model hold of the task, frequency by frequency"),
    "export": (export, "write a snapshot of a run as whole matrices: .safetensors, .npz or .pt"),
    "match": (match, "name the algebraic solution at every frequency of trained networks"),
    "frontier": (frontier, "search networks of zero loss with few hidden nodes"),
    "compare": (compare, "many trained networks against the catalog and the paper's Table 2"),
    "report": (report, "figures, tables and one page from catalogs and runs"),
}


#: Exit code after Ctrl-C.
INTERRUPTED = 130


class Parser(argparse.ArgumentParser):
    """argparse with one-line errors, which name what was probably meant."""

    typed: tuple[str, ...] = ()

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Parse, as argparse does; a command whose arguments are not all known says so itself."""
        self.typed = tuple(sys.argv[1:] if args is None else args)
        parsed, unknown = super().parse_known_args(args, namespace)
        if unknown and self._subparsers is None:
            self.error(f"unrecognized arguments: {' '.join(unknown)}")
        return parsed, unknown

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        """Refuse what is not among the choices."""
        if action.choices is not None and value not in action.choices:
            names = [str(choice) for choice in action.choices]
            message = f"{value!r} is unknown: {choose(value, names)}"
            raise argparse.ArgumentError(action, message)

    def error(self, message: str) -> NoReturn:
        """Print one line and exit 2."""
        line = one_line(message + ("" if "did you mean" in message else self._option_meant()))
        self.exit(2, f"{self.prog}: error: {line} (see {self.prog} --help)\n")

    def _option_meant(self) -> str:
        """The option that the first unknown one of those typed is near to."""
        known = self._option_string_actions
        for word in self.typed:
            name = word.partition("=")[0]
            if word == "--" or (self._subparsers and not word.startswith("-")):
                break  # what follows are the arguments of a command
            if name.startswith("--") and not any(option.startswith(name) for option in known):
                return near(name, [option for option in known if option.startswith("--")])
        return ""


def build_parser() -> argparse.ArgumentParser:
    """The parser with every command."""
    parser = Parser(
        prog="cogo_search",
        description="Search, prove, catalog and verify exact global optimizers of 2-layer quadratic networks.",
    )
    parser.add_argument("--version", action="version", version=f"cogo_search {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=Parser)
    for name, (module, summary) in COMMANDS.items():
        command = commands.add_parser(
            name, help=summary, description=module.__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
        )
        module.configure(command)
        command.set_defaults(run=module.run)
    return parser


def main(argv: list[str] | None = None) -> int:
    """Run one command and return its exit code."""
    interrupted = threading.Event()

    def interrupt(*_: object) -> None:
        interrupted.set()
        raise KeyboardInterrupt

    for stream in (sys.stdout, sys.stderr):  # what a terminal cannot show is escaped, as names of files may be
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    if threading.current_thread() is threading.main_thread():
        previous = signal.signal(signal.SIGINT, interrupt)
        try:
            return _main(argv)
        except Exception:  # an interrupted import of a compiled module surfaces as ImportError
            if not interrupted.is_set():
                raise
            return _interrupted()
        finally:
            signal.signal(signal.SIGINT, previous)
    return _main(argv)


def command_line() -> int:
    """The program: :func:`main`, after which an interrupted process is deaf to further signals while it ends."""
    code = main()
    if code == INTERRUPTED:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    return code


def as_typed(message: str, arguments: argparse.Namespace) -> str:
    """A message of the library that names an argument, ``total=7 is ...``, with the option that it was typed as.

    >>> as_typed("max_order=7 is too large", argparse.Namespace(max_order=7))
    '--max-order 7 is too large'
    """
    named = re.match(r"([a-z][a-z0-9_]*)=", message)
    if named is not None and hasattr(arguments, named[1]):
        message = f"--{named[1].replace('_', '-')} {message[named.end() :]}"
    if hasattr(arguments, "map"):  # of foreign files: said in the middle of a line, after the file's name
        from ..reading.state_dicts import MAPPING

        message = message.replace(MAPPING, "--map W_a=KEY --map W_b=KEY --map V=KEY")
        message = re.sub(r"(?<![\w-])mapping (?=W_[ab]=|V=|names)", "--map ", message)
        message = re.sub(r"(?<![\w-])(group|activation|epoch)=(?=\S)", r"--\1 ", message)
    return message


def _interrupted() -> int:
    print("cogo_search: interrupted", file=sys.stderr)
    return INTERRUPTED


def _main(argv: list[str] | None) -> int:
    arguments = argparse.Namespace()
    try:
        arguments = build_parser().parse_args(argv)
        code = int(arguments.run(arguments))
        sys.stdout.flush()
        return code
    except CogoError as error:
        print(f"cogo_search: error: {one_line(as_typed(str(error), arguments))}", file=sys.stderr)
        return 1 if isinstance(error, VerificationError) else 2
    except KeyboardInterrupt:
        return _interrupted()
    except BrokenPipeError:  # the reader of stdout has gone: `... | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        print(f"cogo_search: error: cannot write to stdout ({error.strerror})", file=sys.stderr)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 2
