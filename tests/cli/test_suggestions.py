"""What was mistyped: one line that names the near one."""

import pytest

from cogo_search.cli import main
from cogo_search.errors import near


def errors(arguments, capsys):
    try:
        code = main(arguments)
    except SystemExit as left:
        code = left.code
    text = capsys.readouterr()
    assert (code, text.out, text.err.count("\n")) == (2, "", 1)
    return text.err


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("enumerte --roots 3", "enumerate"),
        ("ENUMERATE", "enumerate"),
        ("--verison", "--version"),
        ("construct --group 7 --recpie f6", "--recipe"),
        ("construct --group 7 --minimal --recpie=f6", "--recipe"),
        ("list --familly nu*syn", "--family"),
        ("list --family nu*sny", "nu*syn"),
        ("list --cover rc+rster", "rc+rstar"),
        ("construct --group 7 --recipe f4/5", "f4/6"),
        ("construct --group 7 --recipe memorisation", "memorization"),
        ("construct --group 7 --recipe f6 --trivial wihtout", "without"),
        ("construct --group 7 --recipe entry:n6-q6-a7", "n6-q6-a6"),
        ("show n6-q6-b6", "n6-q6-a6"),
        ("frontier certfy net.npz", "certify"),
        ("frontier search --group 5 --width 8 --trivial wih --target zero-mean", "with"),
        ("train statsu runs", "status"),
        ("match net.npz --rules papr", "paper"),
    ],
)
def test_the_near_one_is_named(typed, meant, capsys):
    assert f"; did you mean {meant}?" in errors(typed.split(), capsys)


@pytest.mark.slow
@pytest.mark.parametrize(
    "typed",
    ["zzz", "show zzzzzz", "list --family zzz", "list --zzz", "list --order x", "enumerate", "enumerate --root"],
)
def test_nothing_is_named_where_nothing_is_near(typed, capsys):
    assert "did you mean" not in errors(typed.split(), capsys)


def test_a_command_names_itself_and_escapes_what_was_typed(capsys):
    text = errors(["list", "--famly\x1b[2J\n", "x"], capsys)
    assert text.startswith("cogo_search list: error: unrecognized arguments: --famly\\x1b[2J\\n x")
    assert "did you mean --family?" in text


def test_upper_case_is_near():
    assert near("NU*SYN", ["nu_i*xi", "nu*syn"]) == "; did you mean nu*syn?"
