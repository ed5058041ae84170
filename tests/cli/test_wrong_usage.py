"""What a wrong option is told: its own name, for all commands."""

import pytest

from stillwatch.cli import main


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["detect", "logs", "--out", "o", "--fdr", "2"], "--fdr"),
        (["detect", "logs", "--out", "o", "--fdr", "much"], "--fdr"),
        (["detect", "logs"], "Missing option '--out'"),
        (["detect", "--out", "o"], "Missing argument"),
        (["codescan", "app", "--fail-on", "80"], "--fail-on"),
        (["share", "preview", "d", "c"], "--to"),
        (["mark", "ids", "mint", "a", "--count", "0"], "--count"),
        (["detect", "--colour"], "--colour"),
    ],
)
def test_the_option_is_named(capsys, words, said):
    with pytest.raises(SystemExit) as left:
        main(words)
    told = capsys.readouterr().err
    assert (left.value.code, told.startswith("stillwatch: ")) == (2, True)
    assert said in told.splitlines()[0]
