"""Reading, writing and finding catalog files."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from ..algebra.cyclotomic import euler_phi
from ..errors import CatalogError, InputError, VerificationError
from ..storage import write_atomically

if TYPE_CHECKING:
    import jsonschema_rs

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


@lru_cache(maxsize=1)
def _validator() -> jsonschema_rs.Validator:
    """The format as a compiled validator: every command reads catalogs, and ten times slower would be felt."""
    import jsonschema_rs

    return jsonschema_rs.validator_for(schema())


def write_catalog(data: dict[str, Any], path: Path) -> None:
    """Write a catalog atomically: the old file stays until the new one is complete on disk.

    Raises jsonschema_rs.ValidationError, having written nothing, if the object is no catalog.
    """
    _validator().validate(data)
    write_atomically(path, dumps(data).encode("ascii"))


def read_catalog(path: Path) -> dict[str, Any]:
    """Read a catalog and check its version and digest.

    Raises CatalogError if it is unreadable, truncated, no catalog or of an unknown version,
    VerificationError if it was altered since it was written; ``verify`` tells more about it.
    """
    try:
        data = json.loads(path.read_text(encoding="ascii"))
    except OSError as error:
        raise CatalogError(f"catalog {path} cannot be read ({error.strerror}): check its name") from None
    except (ValueError, RecursionError) as error:  # not ASCII, not JSON, numbers of thousands of digits
        raise CatalogError(f"catalog {path} is truncated or not JSON ({error}): run enumerate again") from None
    if not isinstance(data, dict) or "schema_version" not in data:
        raise CatalogError(f"catalog {path} is no catalog (it has no schema_version): name another file")
    version = data["schema_version"]
    if type(version) is not int or version not in KNOWN_VERSIONS:
        raise CatalogError(f"catalog {path} has schema_version {version!r}, known is 1: upgrade cogo_search")
    try:
        wrong = next(_validator().iter_errors(data), None)
    except ValueError:  # half of a surrogate pair, which JSON can escape and no encoding can hold
        raise CatalogError(f"catalog {path} holds text that is no Unicode: run verify on it") from None
    if wrong is not None:
        place = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in wrong.instance_path)
        raise CatalogError(f"catalog {path} is malformed at ${place}: run verify on it")
    if data["digest"] != digest(data):
        raise VerificationError(f"catalog {path} was altered (its digest does not match): run verify on it")
    for entry in data["entries"]:
        n = entry["n"]
        if n % 2 or any(max(node["a"], node["b"]) >= n or len(node["c"]) != euler_phi(n) for node in entry["nodes"]):
            raise CatalogError(f"catalog {path}: the nodes of {entry['id']} do not fit n={n}: run verify on it")
    return cast(dict[str, Any], data)


def shipped_folders() -> tuple[Path, Path]:
    """Where the catalogs of the package are: a wheel's copy, a checkout's."""
    package = Path(__file__).resolve().parent
    return package / "data", package.parent.parent / "catalog"


def find_catalogs(path: Path | None) -> list[Path]:
    """The named catalog, else ./catalog/*.json and, after them, the ones installed with the package.

    Raises InputError if there is none.
    """
    if path is not None:
        return [path]
    local = sorted(Path("catalog").glob("*.json"))
    installed = next((found for folder in shipped_folders() if (found := sorted(folder.glob("*.json")))), [])
    own = {file.resolve() for file in local}
    if files := [*local, *(file for file in installed if file.resolve() not in own)]:
        return files
    raise InputError("no catalog found: run enumerate, or name one with --catalog FILE")
