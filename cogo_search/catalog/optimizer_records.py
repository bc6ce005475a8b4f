"""Whole networks in a catalog's ``optimizers``."""

from __future__ import annotations

from math import prod
from typing import Any

from ..errors import InputError
from ..verifier import Refused, check_optimizer
from .catalog_files import digest


def add_optimizer(data: dict[str, Any], record: dict[str, Any]) -> dict[str, Any]:
    """The catalog with the record in its place, digest included; one of equal name, group and setting is replaced.

    Raises InputError if the verifier would refuse the record: it is too large to be checked, or false.
    """
    try:
        check_optimizer(record, f"{record['name']} on {record['group']}")
    except Refused as refusal:
        raise InputError(f"--add-to: the verifier would refuse this network ({refusal}): write it with --out") from None
    kept = [o for o in data["optimizers"] if _identity(o) != _identity(record)]
    added = {**data, "optimizers": sorted([*kept, record], key=_sort_key)}
    return {**added, "digest": digest(added)}


def _identity(o: dict[str, Any]) -> tuple[str, ...]:
    return o["group"], o["trivial"], o["target"], o["name"]


def _sort_key(o: dict[str, Any]) -> tuple[Any, ...]:
    return prod(map(int, o["group"].split("x"))), o["group"], o["trivial"], o["target"], o["order"], o["name"]
