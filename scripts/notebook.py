"""The notebook of the documentation: docs/notebook.ipynb, and docs/notebook.md for the site, with what its cells show.

Cells are run here one after another in one namespace, as a notebook runs them; what the last line of a cell shows (its
HTML where it has some), what is printed and what is drawn is kept. Nothing of Jupyter is needed.
"""

from __future__ import annotations

import argparse
import ast
import base64
import contextlib
import io
import json
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs"

#: Text, or code between ``` fences.
CELLS = [
    "# From generators to what my network learned\n\n"
    "A network with quadratic activation learns modular addition. At every frequency its hidden nodes form a small "
    "exact structure. This notebook builds such structures, proves which are the smallest, trains networks and reads "
    "off which of the structures they hold. Every cell is what one would type; "
    "[download it](notebook.ipynb).",
    "## One node, and how nodes combine\n\n"
    "A node is a triple [a, b, c] of complex numbers, here of absolute value 1. Weights are sums of nodes; the product "
    "multiplies every node of one by every node of the other. A *potential* is a sum over nodes of a monomial such as "
    "conj(a) b c; nine of them must vanish, and they are homomorphisms: those of a product are the products.",
    '```\nimport cogo_search as cogo\n\nu = cogo.Weights.node("w3", "w3")\nu.potentials()\n```',
    "The polynomial u² + u + 1 in this generator has three nodes, and seven of the nine vanish:",
    "```\nthree = u**2 + u + 1\nthree.zero_set\n```",
    "The generator [1, -1, -1] adds what is missing. The product has six nodes and all nine potentials vanish:",
    "```\ntwo = cogo.Weights.node(1, -1) + 1\nsix = two * three\nprint(six.order, six.zero_set)\nsix\n```",
    "There are 24 such generators over the third and fourth roots of unity (Table 1 of the paper):",
    "```\ncogo.generator_table([3, 4])\n```",
    "## All of them, and which are minimal\n\n"
    "A search enumerates all products and all other choices of nodes over the roots, and proves a lower bound for each "
    "wanted set of zeros. The verifier recomputes everything with independent code.",
    "```\ncat = cogo.search([3, 4])\ncat\n```",
    "```\nbool(cogo.verify(cat))\n```",
    "The solution above is one of the entries, found here by its canonical form:",
    "```\nfrom cogo_search.algebra.canonical import canonical\n\ncat[canonical(six).id]\n```",
    "## A whole network\n\n"
    "One solution at every frequency is a network of exactly zero loss. Entries of order 4 leave a constant that one "
    "entry of order 6 carries. No real weights of any shape do with fewer nodes than the bound, the second number.",
    '```\nnet = cogo.construct(23, recipe="f4/6")\nprint(net.loss(), cogo.frontier.bound(23).width)\nnet\n```',
    "## What gradient descent finds\n\n"
    "Three networks with 64 hidden nodes on addition modulo 13, trained as in the paper but for the weight decay and "
    "the number of epochs, in memory:",
    "```\nruns = cogo.train(13, hidden=64, weight_decay=5e-4, seeds=[1, 2, 3], epochs=3000)\nruns\n```",
    "Which structure is at which frequency, with the relative distance of the trained nodes from it:",
    "```\nmatches = cogo.match(runs, catalog=cat)\nmatches[0]\n```",
    "How the loss fell:",
    "```\nimport matplotlib.pyplot as plt\n\nfor run in runs:\n"
    '    plt.semilogy(run.metrics["epoch"], run.metrics["train_loss"], label=run.name)\n'
    'plt.legend(), plt.xlabel("epoch"), plt.ylabel("training loss")\n```',
    "The nodes of one frequency, on the circles of a, b and c:",
    "```\nmatches[0].blocks[0]\n```",
    "All three against the catalog: how often each entry was hit, and what would be expected by chance.",
    "```\ncogo.compare(matches, catalog=cat)\n```",
]


class Shown:
    """What one cell showed: printed text, the last value as text and perhaps HTML, and a drawing."""

    def __init__(self) -> None:
        self.printed, self.text, self.html, self.png = "", "", "", ""

    def outputs(self) -> list[dict[str, Any]]:
        """As a notebook keeps them."""
        kept: list[dict[str, Any]] = []
        if self.printed:
            kept.append({"output_type": "stream", "name": "stdout", "text": self.printed.splitlines(keepends=True)})
        if self.text:
            data = {"text/plain": self.text} | ({"text/html": self.html} if self.html else {})
            kept.append({"output_type": "execute_result", "metadata": {}, "data": data, "execution_count": None})
        if self.png:
            kept.append({"output_type": "display_data", "metadata": {}, "data": {"image/png": self.png}})
        return kept


def run(source: str, names: dict[str, Any]) -> Shown:
    """Run a cell in a namespace."""
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    shown, printed = Shown(), io.StringIO()
    body = ast.parse(source).body
    last = body.pop() if isinstance(body[-1], ast.Expr) else None
    with contextlib.redirect_stdout(printed):
        exec(compile(ast.Module(body, []), "cell", "exec"), names)
        value = None if last is None else eval(compile(ast.Expression(last.value), "cell", "eval"), names)
    shown.printed = printed.getvalue()
    if plt.get_fignums():
        buffer = io.BytesIO()
        plt.gcf().set_size_inches(6, 3.2)
        plt.savefig(buffer, format="png", dpi=90, bbox_inches="tight", metadata={"Software": None})
        plt.close("all")
        shown.png = base64.b64encode(buffer.getvalue()).decode()
    elif value is not None:
        shown.text = repr(value)
        shown.html = value._repr_html_() if hasattr(value, "_repr_html_") else ""
    return shown


def code_of(cell: str) -> str | None:
    """The code of a cell, None for text."""
    return cell.removeprefix("```\n").removesuffix("\n```") if cell.startswith("```\n") else None


def execute() -> list[tuple[str, Shown | None]]:
    """Every cell with what it showed."""
    names: dict[str, Any] = {}
    return [(cell, None if code_of(cell) is None else run(code_of(cell) or "", names)) for cell in CELLS]


def notebook(cells: list[tuple[str, Shown | None]]) -> str:
    """The .ipynb file."""
    made = []
    for number, (cell, shown) in enumerate(cells):
        source = (code_of(cell) or cell).splitlines(keepends=True)
        common = {"id": f"cell-{number}", "metadata": {}, "source": source}
        if shown is None:
            made.append({"cell_type": "markdown", **common})
        else:
            made.append({"cell_type": "code", **common, "execution_count": None, "outputs": shown.outputs()})
    kernel = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    return json.dumps({"cells": made, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}, indent=1) + "\n"


def page(cells: list[tuple[str, Shown | None]]) -> str:
    """The page of the site."""
    parts = []
    for cell, shown in cells:
        code = code_of(cell)
        parts.append(cell if code is None else f"```python\n{code}\n```")
        if shown is None:
            continue
        if shown.printed:
            parts.append(f"```text\n{shown.printed.rstrip()}\n```")
        if shown.png:
            parts.append(f'<img alt="what the cell draws" src="data:image/png;base64,{shown.png}">')
        elif shown.html:
            parts.append(f'<div class="cell-output">{shown.html}</div>')
        elif shown.text:
            parts.append(f"```text\n{shown.text}\n```")
    return "\n\n".join(parts) + "\n"


def main() -> None:
    """Run the cells and write both files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER)
    folder = parser.parse_args().folder
    cells = execute()
    (folder / "notebook.ipynb").write_text(notebook(cells))
    (folder / "notebook.md").write_text(page(cells))


if __name__ == "__main__":
    main()
