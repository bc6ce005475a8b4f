"""From `enumerate` to "which of them did my network learn": the commands of docs/tutorial.md, one after the other.

Run as `python scripts/tutorial.py FOLDER`; the folder need not exist. Half a minute on 2 cores.
"""

import re
import shlex
import subprocess
import sys
from pathlib import Path

TUTORIAL = Path(__file__).resolve().parent.parent / "docs" / "tutorial.md"


def commands(text: str) -> list[str]:
    """The lines of all blocks of shell commands in a Markdown text."""
    return [line for block in re.findall(r"```sh\n(.*?)```", text, re.S) for line in block.splitlines()]


def main(folder: Path) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    for command in commands(TUTORIAL.read_text(encoding="utf-8")):
        print(f"$ {command}", flush=True)
        words = [sys.executable if word == "python" else word for word in shlex.split(command)]
        code = subprocess.run(words, cwd=folder, check=False).returncode
        if code:
            return code
    return 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("name one folder to work in: python scripts/tutorial.py FOLDER")
    sys.exit(main(Path(sys.argv[1])))
