"""Draw the null distributions of the matcher again: cogo_search/matching/null.json (about three minutes)."""

import json
import sys
from pathlib import Path

from cogo_search.matching import nulls
from cogo_search.storage import write_atomically

SAMPLES, SEED = 10000, 0


def main() -> None:
    drawn = nulls.draw(int(sys.argv[1]) if len(sys.argv) > 1 else SAMPLES, SEED)
    rows = [
        {
            "kind": n.kind,
            "order": n.order,
            "family": n.family,
            "samples": n.samples,
            "distances": [round(d, 6) for d in n.distances],
        }
        for n in drawn
    ]
    lines = ",\n  ".join(json.dumps(row) for row in rows)
    path = Path(nulls.__file__).with_name("null.json")
    write_atomically(path, f'{{"seed": {SEED}, "nulls": [\n  {lines}\n]}}\n'.encode())


if __name__ == "__main__":
    main()
