"""Tables of group actions: well-formed, made of permutations, and closed under composition, or a clear refusal."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..algebra.cyclotomic import IntArray
from ..errors import InputError

Rows = Sequence[Sequence[int]] | IntArray

#: Most group elements, and most states, of an action: checking a table costs |G|^2 (|G| + |X|).
MAX_SIZE = 1024


def integers(name: str, table: Rows) -> IntArray:
    """A table as an array, or InputError."""
    rows = table.tolist() if isinstance(table, np.ndarray) else table
    if not isinstance(rows, list | tuple) or not all(isinstance(row, list | tuple) for row in rows):
        raise InputError(f"{name} is no table: give a list of rows, each a list of integers")
    if not rows or not rows[0]:
        raise InputError(f"{name} is empty: give one row for each acting group element")
    if max(len(rows), len(rows[0])) > MAX_SIZE:
        raise InputError(f"{name} has {len(rows)} rows of {len(rows[0])}: the most supported is {MAX_SIZE} of each")
    for g, row in enumerate(rows):
        if len(row) != len(rows[0]):
            raise InputError(
                f"{name} is ragged: row {g} has {len(row)} entries, row 0 has {len(rows[0])}; make them equal"
            )
        for x, value in enumerate(row):
            if not isinstance(value, int) or isinstance(value, bool):
                raise InputError(f"{name}[{g}][{x}] = {value!r} is not an integer: entries count from 0")
            if not 0 <= value < len(row):
                raise InputError(f"{name}[{g}][{x}] = {value} is outside 0..{len(row) - 1}: entries count from 0")
    return np.array(rows, dtype=np.int64)


def check_size(name: str, found: int, rows: int) -> None:
    """Raise InputError unless a group has as many elements as the action has rows."""
    if found != rows:
        raise InputError(f"{name} has {found} elements, the action has {rows} rows: give one row for each")


def check_permutations(name: str, rows: IntArray, what: str, n: int) -> None:
    """Raise InputError unless each row is a permutation of 0..n-1 (Lemma 5); ``what`` says of what."""
    if rows.shape[1] != n:
        raise InputError(f"{name} has {rows.shape[1]} columns: give one for each of the {n} {what}")
    if (wrong := np.argwhere(np.sort(rows, axis=1) != np.arange(n))).size:
        g = int(wrong[0, 0])
        missing = np.setdiff1d(np.arange(n), rows[g])[0]
        raise InputError(
            f"{name} row {g} = {short(rows[g])} is no permutation of the {what}: {missing} is missing; a group element "
            "maps them one-to-one (Lemma 5), list every image once"
        )


def compositions(rows: IntArray) -> IntArray:
    """The multiplication of the permutation group formed by distinct rows, shape (|G|, |G|), or InputError."""
    number: dict[bytes, int] = {}
    for g, row in enumerate(rows):
        if (h := number.setdefault(row.tobytes(), g)) != g:
            raise InputError(
                f"action rows {h} and {g} coincide, so the rows do not determine the acting group: give its "
                "multiplication table, or group, a spec such as 6 or 4x2 numbered as the rows"
            )
    if np.arange(rows.shape[1]).tobytes() not in number:
        raise InputError("action has no identity: one row must be 0, 1, 2, ...; add it, or give the whole group")
    table = np.empty((len(rows), len(rows)), dtype=np.int64)
    for g, row in enumerate(rows):
        for h, composed in enumerate(row[rows]):
            if (gh := number.get(composed.tobytes())) is None:
                raise InputError(
                    f"action is not closed under composition: row g={g} after row h={h} is {short(composed)} (x=0 goes "
                    f"to {composed[0]}), which is no row; give all elements of the group"
                )
            table[g, h] = gh
    return table


def short(states: IntArray) -> str:
    """A list of states for a message, cut after eight."""
    shown = ", ".join(map(str, states[:8].tolist()))
    return f"[{shown}, ... {len(states)} in all]" if len(states) > 8 else f"[{shown}]"
