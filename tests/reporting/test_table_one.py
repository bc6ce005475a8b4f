import csv
import io
import json
import re

import pytest

from cogo_search.algebra.potentials import ZEROABLE
from cogo_search.algebra.table_one import PRINTED, table_one
from cogo_search.cli import main

W = {"1": 1, "-1": -1, "i": 1j, "-i": -1j, "w3": -0.5 + 3**0.5 / 2 * 1j, "w3^2": -0.5 - 3**0.5 / 2 * 1j}


def test_every_named_generator_of_the_paper_is_there_and_agrees_with_print():
    rows = {row["symbol"]: row for row in table_one((3, 4)) if row["symbol"]}
    assert set(rows) == set(PRINTED)
    for symbol in set(PRINTED) - {"u_nu"}:
        assert rows[symbol]["differs"] == {}


def test_the_errata_of_the_u_nu_row_are_marked():
    row = table_one((3, 4))[-1]
    assert set(row["differs"]) == {"Abc", "aBc", "AAc", "BBc", "degree", "order"}
    assert (row["degree"], row["order"]) == (5, 6)


@pytest.mark.parametrize("nu", ["i", "w3", "-1", "w3^2"])
def test_the_symbolic_row_specialises_to_numbers(nu):
    """Values at a concrete nu, from the definition of the potentials in complex arithmetic."""
    row, v = table_one((3, 4))[-1], W[nu]
    a, b, c = v, -v, -(v**-2)
    letters = {"a": a, "b": b, "c": c, "A": complex(a).conjugate(), "B": complex(b).conjugate()}
    for name in ZEROABLE:
        expected = 1
        for letter in name:
            expected *= letters[letter]
        sign, _, power = re.fullmatch(r"(-?)(nu\^?|1)(-?[0-9]*)", row["values"][name]).groups()
        exponent = int(power or 1) if "nu" in row["values"][name] else 0
        assert abs((-1 if sign else 1) * complex(v) ** exponent - expected) < 1e-12


def test_values_of_generators_in_complex_arithmetic():
    for row in table_one((3, 4))[:-1]:
        a, b, c = (W[x] for x in row["generator"])
        letters = {"a": a, "b": b, "c": c, "A": complex(a).conjugate(), "B": complex(b).conjugate()}
        assert abs(a * b * c - 1) < 1e-12
        for name in ZEROABLE:
            product = 1
            for letter in name:
                product *= letters[letter]
            assert abs(product - W[row["values"][name]]) < 1e-12
            assert (name in row["ones"]) == (abs(product - 1) < 1e-9)


def test_number_of_rows_json_and_csv(capsys):
    assert main(["table", "--roots", "3,4", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert len(rows) == 25
    assert main(["table", "--roots", "3,4", "--csv"]) == 0
    lines = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert len(lines) == 25
    assert [line["symbol"] for line in lines] == [row["symbol"] for row in rows]
    assert "Abc=nu^2" in lines[-1]["printed_differently"]


def test_printed_table_marks_and_explains(capsys):
    assert main(["table", "--roots", "3,4"]) == 0
    out = capsys.readouterr().out
    assert "nu^-2!" in out
    assert "printed 10, computed 6" in out
    assert "[w3, w3, w3]" in out
