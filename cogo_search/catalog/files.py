"""Reading, writing and finding catalog files."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

from ..errors import CatalogError, InputError
from ..files import write_atomically

#: Versions of the format that this package reads.
KNOWN_VERSIONS = (1,)


def digest(data: dict[str, Any]) -> str:
    """SHA-256 of the catalog without its ``digest``, as compact ASCII JSON with sorted keys."""
    rest = {key: value for key, value in data.items() if key != "digest"}
    return hashlib.sha256(json.dumps(rest, sort_keys=True, separators=(",", ":")).encode("ascii")).hexdigest()


def dumps(data: dict[str, Any]) -> str:
    """The text of a catalog file: one line for each row, entry and generator, so that diffs are readable."""
    parts = []
    for key, value in data.items():
        if isinstance(value, list) and value:
            lines = ",\n  ".join(json.dumps(item) for item in value)
            parts.append(f" {json.dumps(key)}: [\n  {lines}\n ]")
        else:
            parts.append(f" {json.dumps(key)}: {json.dumps(value)}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


@lru_cache(maxsize=1)
def schema() -> dict[str, Any]:
    """The JSON Schema of the format."""
    text = Path(__file__).with_name("schema.json").read_text(encoding="ascii")
    return cast(dict[str, Any], json.loads(text))


def write_catalog(data: dict[str, Any], path: Path) -> None:
    """Write a catalog atomically: the old file stays until the new one is complete on disk.

    Raises jsonschema.ValidationError, having written nothing, if the object is no catalog.
    """
    import jsonschema

    jsonschema.Draft202012Validator(schema()).validate(data)
    write_atomically(path, dumps(data).encode("ascii"))


def read_catalog(path: Path) -> dict[str, Any]:
    """Read a catalog and check its version and digest.

    Raises CatalogError if it is unreadable, truncated, of an unknown version, or altered: ``verify``
    tells more about it.
    """
    try:
        data = json.loads(path.read_text(encoding="ascii"))
    except OSError as error:
        raise CatalogError(f"catalog {path} cannot be read ({error.strerror}): check --catalog") from None
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise CatalogError(f"catalog {path} is truncated or not JSON ({error}): run enumerate again") from None
    if not isinstance(data, dict) or data.get("schema_version") not in KNOWN_VERSIONS:
        version = data.get("schema_version") if isinstance(data, dict) else None
        raise CatalogError(f"catalog {path} has schema_version {version!r}, known is 1: upgrade cogo_search")
    if data.get("digest") != digest(data):
        raise CatalogError(f"catalog {path} was altered (its digest does not match): run verify on it")
    return cast(dict[str, Any], data)


def find_catalogs(path: Path | None) -> list[Path]:
    """The named catalog, else ./catalog/*.json, else the ones installed with the package.

    Raises InputError if there is none.
    """
    if path is not None:
        return [path]
    local = sorted(Path("catalog").glob("*.json"))
    if local:
        return local
    package = Path(__file__).resolve().parent
    for folder in (package / "data", package.parent.parent / "catalog"):  # a wheel's copy, a checkout's
        if installed := sorted(folder.glob("*.json")):
            return installed
    raise InputError("no catalog found: run enumerate, or name one with --catalog FILE")
