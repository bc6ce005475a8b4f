"""What the site (mkdocs.yml) needs besides Markdown: generated pages, formulas as MathML, and subscripts.

* ``reference/commands.md`` is made from the argparse parsers (:mod:`docs_commands`).
* CHANGELOG.md, CONTRIBUTING.md and benchmarks/*.md, which live outside docs/, become pages of the site.
* ``$...$`` and ``$$...$$`` become MathML at build time, so that no page needs a script for its formulas.
* On each page the first use of a word of :data:`WORDS` leads to the glossary, whose sentence shows on hovering.
* ``R_c``, ``mu_12``, ``v_j``, ``r_kkk`` in prose get subscripts and Greek letters; code stays as it is.
"""

from __future__ import annotations

import html
import re
import sys
from functools import cache
from pathlib import Path
from typing import Any

from latex2mathml.converter import convert
from mkdocs.structure.files import File

ROOT = Path(__file__).resolve().parent.parent

#: Files outside docs/ that are pages of the site.
OUTSIDE = ("CHANGELOG.md", "CONTRIBUTING.md", "benchmarks/RESULTS.md", "benchmarks/RESULTS-gpu.md")
#: Words that are linked, by their anchor in docs/glossary.md.
WORDS = {
    "aligned": "aligned nodes?|aligned", "weighted": "weighted nodes?", "carrier": "carriers?", "gauge": "gauges?",
    "pseudo-1": "pseudo-1", "formal-order": "formal order", "semi-ring": "semi-ring", "generator": "generators?",
    "cover": "zero sets?", "generic": "generic", "orbit": "orbits?", "certificate": "certificates?",
    "potential": "potentials?", "lemma-1": "Lemma 1", "null": "nulls|null rate|null distributions?",
    "recipe": "recipes?", "hit": "near miss(?:es)?", "trivial": "trivial character",
    "family": "named famil(?:y|ies)", "canonical": "canonical form", "merged": "merged conditions",
    "snapshot": "snapshots?", "enclosure": "Krawczyk's test", "frontier": "width frontier",
}  # fmt: skip
NAMES = "mu", "zeta", "nu", "xi", "rho", "phi", "Phi", "alpha", "beta", "tau"
GREEK = {name: f"&{name};" for name in NAMES} | {"sum": "&Sigma;"}
#: What the typesetting of prose leaves alone: fences, indented code, code spans, formulas, links' targets, tags.
KEPT = re.compile(
    r"(^```.*?^```[^\n]*$|(?:^(?: {4}|\t)[^\n]*\n?)+|``.+?``|`(?:[^`\n]|\n(?!\s*\n))+`"
    r"|\$\$.+?\$\$|\$[^$\n]+\$|!\[[^\]]*\]\([^)]*\)|\]\([^)]*\)|<[^>\n]+>)",
    re.S | re.M,
)
SUBSCRIPT = re.compile(
    r"(?<![\w\\])([A-Za-z\u03b1-\u03c9\u2113]|mu|zeta|rho|phi|Phi|alpha|beta|nu|tau|sum)"
    r"\\?_(\\?\*|[A-Za-z0-9\u03b1-\u03c9]{1,4})(?![A-Za-z0-9_]|\\_|\*\w)"
)
BRACED = re.compile(r"(?<=[A-Za-z;])_\{([^{}\n]*)\}")
SUPERSCRIPT = re.compile(r"(?<=[\w)\]>|])\^(\{[^}\n]*\}|\([^()\n]*\)|\\?\*|-?[A-Za-z0-9]+)")


def on_files(files: Any, config: Any) -> Any:
    """Add the pages that live elsewhere."""
    for name in OUTSIDE:
        files.append(File.generated(config, name, content=(ROOT / name).read_text(encoding="utf-8")))
    return files


def commands() -> str:
    """The reference of commands, from their parsers."""
    sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]  # mkdocs restores sys.path after it has loaded a hook
    from docs_commands import page

    return page()


def on_page_markdown(markdown: str, page: Any, config: Any, files: Any) -> str:
    """Links into the repository lead to the site's pages; formulas of prose get subscripts."""
    source = page.file.src_uri
    if source == "reference/commands.md":
        markdown = commands()
    if source in OUTSIDE:
        markdown = re.sub(r"\]\((?:\.\./)?docs/", "](" + "../" * source.count("/"), markdown)
    else:
        markdown = re.sub(r"\]\(((?:\.\./)+)((?:benchmarks/|CHANGELOG|CONTRIBUTING))", _inside(source), markdown)
    parts = KEPT.split(markdown)
    return "".join(part if i % 2 else typeset(part) for i, part in enumerate(parts))


def _inside(source: str) -> Any:
    """Links that climb out of docs/ climb one step less: there the site has its root."""

    def replaced(match: re.Match[str]) -> str:
        up = max(0, match[1].count("../") - 1)
        return "](" + "../" * min(up, source.count("/")) + match[2]

    return replaced


def typeset(text: str) -> str:
    """R_c as R with a subscript, mu_12 with a Greek letter, h^2 with a superscript."""

    def replaced(match: re.Match[str]) -> str:
        below = "&#42;" if match[2].endswith("*") else GREEK.get(match[2], match[2])
        return f"{GREEK.get(match[1], match[1])}<sub>{below}</sub>"

    def raised(match: re.Match[str]) -> str:
        above = match[1].strip("{}()\\").replace("*", "&#42;")
        return f"<sup>{above}</sup>"

    text = BRACED.sub(r"<sub>\1</sub>", SUBSCRIPT.sub(replaced, text))
    return SUPERSCRIPT.sub(raised, text)


@cache
def glossary() -> dict[str, str]:
    """The sentences of the glossary as plain text, by anchor."""
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    found = re.findall(r'<a id="([^"]+)"></a>\*\*.*?\*\*: (.*?)(?=\n\* |\n\n|\Z)', text, re.S)
    plain = {key: re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", " ".join(value.split())) for key, value in found}
    marked = re.compile(r"\*(\w[^*`]*)\*(?!\w)|[`\\]")
    return {key: marked.sub(r"\1", value).replace('"', "&quot;") for key, value in plain.items()}


def linked(content: str, glossary_url: str) -> str:
    """The first use of each word of the glossary as a link, outside of headings, links, code and formulas."""
    parts = re.split(
        r"(<(?:a|h\d|code|pre|math|figcaption|th)\b.*?</(?:a|h\d|code|pre|math|figcaption|th)>|<[^>]+>)",
        content,
        flags=re.S,
    )
    for anchor, word in WORDS.items():
        pattern = re.compile(rf"(?<![\w-])({word})(?![\w-])")
        link = rf'<a class="word" href="{glossary_url}#{anchor}" title="{glossary()[anchor]}">'
        for i in range(0, len(parts), 2):
            match = pattern.search(parts[i])
            if match:
                parts[i : i + 1] = [parts[i][: match.start()], f"{link}{match[1]}</a>", parts[i][match.end() :]]
                break
    return "".join(parts)


def on_page_content(content: str, page: Any, config: Any, files: Any) -> str:
    """Words of the glossary as links, formulas as MathML."""
    if page.file.src_uri not in ("glossary.md", "CHANGELOG.md", "reference/commands.md", "reference/face.md"):
        target = files.get_file_from_path("glossary.md")
        content = linked(content, target.url_relative_to(page.file))
    content = re.sub(
        r'<span class="arithmatex">\\\((.*?)\\\)</span>', lambda m: convert(html.unescape(m[1])), content, flags=re.S
    )
    return re.sub(
        r'<div class="arithmatex">\s*\\\[(.*?)\\\]\s*</div>',
        lambda m: f'<div class="formula">{convert(html.unescape(m[1]), display="block")}</div>',
        content,
        flags=re.S,
    )
