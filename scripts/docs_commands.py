"""The reference of all commands as Markdown, from their argparse parsers: python scripts/docs_commands.py.

The site calls :func:`page` when it is built, so that the page is what ``--help`` says. Only public attributes of
argparse and ``parser._actions`` are read: subcommands of any depth are found.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator

from cogo_search.cli import build_parser

HEAD = """# Commands

What `python -m cogo_search COMMAND --help` prints, made from the same parsers. Data go to stdout, progress and errors
to stderr. Exit codes: 0 fine; 1 read, but not true or not decided; 2 bad arguments or unreadable; 130 interrupted.

"""

#: An option in running text.
OPTION = re.compile(r"(?<![\w`-])(--[a-z][a-z-]*)")


def subcommands(parser: argparse.ArgumentParser) -> Iterator[tuple[str, str, argparse.ArgumentParser]]:
    """Name, one-line help and parser of each subcommand."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            helps = {choice.dest: choice.help or "" for choice in action._choices_actions}
            for name, command in action.choices.items():
                yield name, helps.get(name, ""), command


def usage(action: argparse.Action) -> str:
    """How an argument is typed: ``--out FILE``, ``PATH ...``, ``{search,table}``."""
    value = action.metavar or (f"{{{','.join(map(str, action.choices))}}}" if action.choices else action.dest.upper())
    value = " ".join(value) if isinstance(value, tuple) else value
    if action.nargs == 0:
        value = ""
    elif action.nargs in ("+", "*"):
        value += " ..."
    return " ".join(part for part in (", ".join(action.option_strings), value) if part)


def cell(text: str) -> str:
    """Text of a table cell: options and names in code, nothing read as markup."""
    text = text.replace("%%", "%").replace("|", "\\|").replace("<", "&lt;")
    text = text.replace("*", "\\*")
    return OPTION.sub(r"`\1`", text)


def description(text: str) -> str:
    """A description with its paragraphs and commands as they are, nothing else read as markup."""
    parts = re.split(r"(`[^`]*`)", text.strip())
    return "".join(p if p.startswith("`") else OPTION.sub(r"`\1`", re.sub(r"([*<])", r"\\\1", p)) for p in parts)


def section(name: str, summary: str, parser: argparse.ArgumentParser, level: int = 2) -> str:
    """A command, its arguments, and its subcommands below it."""
    lines = [f"{'#' * level} {name}", "", description(parser.description or summary), ""]
    shown = [a for a in parser._actions if not isinstance(a, argparse._SubParsersAction | argparse._HelpAction)]
    shown = [a for a in shown if a.help != argparse.SUPPRESS]
    if shown:
        lines += ["| argument | meaning |", "| --- | --- |"]
        for action in shown:
            text = cell((action.help or "") % {**vars(action), "prog": parser.prog} if action.help else "")
            lines.append(f"| `{usage(action).replace('|', chr(92) + '|')}` | {text} |")
        lines.append("")
    parts = ["\n".join(lines)]
    parts += [section(f"{name} {n}", h, p, level + 1) for n, h, p in subcommands(parser)]
    return "\n".join(parts)


def page() -> str:
    """The page of all commands."""
    parser = build_parser()
    listed = list(subcommands(parser))
    table = ["| command | what it does |", "| --- | --- |"]
    table += [f"| [{name}](#{name}) | {cell(summary)} |" for name, summary, _ in listed]
    return HEAD + "\n".join(table) + "\n\n" + "\n".join(section(*command) for command in listed)


if __name__ == "__main__":
    print(page())
