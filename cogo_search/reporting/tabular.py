"""A table as data, and as CSV, LaTeX and Markdown files, escaped for each."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from ..storage import write_atomically

#: Characters with a meaning in LaTeX, and what prints them.
LATEX = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    "±": r"$\pm$",
    **{character: "\\" + character for character in "&%$#_{}"},
}
#: Characters with a meaning in Markdown.
MARKDOWN = re.compile(r"[\\`*_{}\[\]<>#|&~!$]")
#: What spreadsheet programs may take for a formula; -1 and -nu^2 do no harm.
FORMULA = re.compile(r"[=+@\t\r\n]|-.*[^\w.^*/ -]")


@dataclass(frozen=True)
class Sheet:
    """A table: every cell is text. ``marked`` are the (row, column) of cells that differ from the printed paper."""

    name: str
    title: str
    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()
    marked: frozenset[tuple[int, int]] = frozenset()


def write_sheets(sheets: Iterable[Sheet], out: Path) -> list[Path]:
    """Write ``out``/NAME.csv, .tex and .md of every sheet; InputError if one cannot be written."""
    forms: dict[str, Callable[[Sheet], str]] = {".csv": as_csv, ".tex": as_latex, ".md": as_markdown}
    written = []
    for sheet in sheets:
        for suffix, form in forms.items():
            path = out / f"{sheet.name}{suffix}"
            write_atomically(path, form(sheet).encode())
            written.append(path)
    return written


def as_csv(sheet: Sheet) -> str:
    """Columns and rows. A cell that a spreadsheet program may take for a formula gets an apostrophe in front."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(sheet.columns)
    writer.writerows(["'" + cell if FORMULA.match(cell) else cell for cell in row] for row in sheet.rows)
    return text.getvalue()


def as_latex(sheet: Sheet) -> str:
    """A ``table`` with caption, marked cells in bold, notes below; needs no package."""
    lines = [r"\begin{table}", r"\caption{" + _latex(f"{sheet.title}. {sheet.caption}") + "}"]
    lines += [r"\begin{tabular}{" + "l" * len(sheet.columns) + "}", r"\hline"]
    lines += [" & ".join(map(_latex, sheet.columns)) + r" \\", r"\hline"]
    for i, row in enumerate(sheet.rows):
        cells = [_latex(cell) for cell in row]
        lines.append(
            " & ".join(rf"\textbf{{{c}}}" if (i, j) in sheet.marked else c for j, c in enumerate(cells)) + r" \\"
        )
    lines += [r"\hline", r"\end{tabular}", *(r"\par " + _latex(note) for note in sheet.notes), r"\end{table}"]
    return "\n".join(lines) + "\n"


def as_markdown(sheet: Sheet) -> str:
    """Title, caption, table with marked cells in bold, notes."""
    lines = [f"## {markdown_text(sheet.title)}", "", markdown_text(sheet.caption), ""]
    lines += ["| " + " | ".join(map(markdown_text, sheet.columns)) + " |", "| --- " * len(sheet.columns) + "|"]
    for i, row in enumerate(sheet.rows):
        cells = [markdown_text(cell) for cell in row]
        lines.append("| " + " | ".join(f"**{c}**" if (i, j) in sheet.marked else c for j, c in enumerate(cells)) + " |")
    for note in sheet.notes:
        lines += ["", markdown_text(note)]
    return "\n".join(lines) + "\n"


def _latex(text: str) -> str:
    return "".join(LATEX.get(character, character) for character in _line(text))


def markdown_text(text: str) -> str:
    """Any text as one line of Markdown that shows it."""
    return MARKDOWN.sub(lambda found: "\\" + found[0], _line(text))


def _line(text: str) -> str:
    """On one line, without characters that do not print."""
    return "".join(c if c.isprintable() else " " for c in text)
