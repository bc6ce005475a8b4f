"""Catalog files that hold whole networks alone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..errors import InputError
from ..verifier import NOTHING, Refused
from .build import SCHEMA_VERSION
from .catalog_files import digest
from .network_records import check_record


def networks_catalog(records: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """A catalog of these networks, sorted, digest included; no search, no entries. ``write_catalog`` writes it.

    Raises InputError if the verifier would refuse a record, or if two have one id.
    """
    keyed: dict[tuple[Any, ...], dict[str, Any]] = {}
    for record in records:
        try:
            key = check_record(record)
        except Refused as refusal:
            raise InputError(f"the verifier would refuse a network ({refusal}): leave it out") from None
        if key in keyed:
            raise InputError(f"network {record['id']} is given twice: give it once")
        keyed[key] = record
    data: dict[str, Any] = {
        "schema_version": SCHEMA_VERSION,
        "search": NOTHING,
        "generators": [],
        "minimal": [],
        "entries": [],
        "graph": [],
        "optimizers": [],
        "networks": [keyed[key] for key in sorted(keyed)],
    }
    return {"schema_version": SCHEMA_VERSION, "digest": digest(data), **data}
