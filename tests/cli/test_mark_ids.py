import json
import stat

import pytest
from typer.testing import CliRunner

from stillwatch.cli.mark import app
from stillwatch.records import InvalidConfiguration, UnreadableInput, UsageError

RUN = CliRunner()


def run(*arguments, given=None):
    return RUN.invoke(app, ["ids", *map(str, arguments)], input=given)


@pytest.fixture
def keys(tmp_path):
    return tmp_path / "keys.json"


def test_ids_are_minted_and_say_whose_they_are(keys, tmp_path):
    made = run("mint", "acct-1", "--organisation", "acme", "--count", 2, "--keys", keys)
    assert made.exit_code == 0, made.output
    assert stat.S_IMODE(keys.stat().st_mode) == 0o600
    first, second = made.output.split()
    accounts, organisations = tmp_path / "accounts", tmp_path / "organisations"
    accounts.write_text("acct-0\nacct-1\n")
    organisations.write_text("acme\n")
    read = run("verify", first, "--keys", keys, "--accounts", accounts, "--organisations", organisations)
    assert read.exit_code == 0, read.output
    said = json.loads(read.output)
    assert (said["outcome"], said["account"], said["organisation"]) == ("valid", "acct-1", "acme")
    several = run(
        "verify", "--keys", keys, given=f"{second}\n\n{second[:-1]}\nnonsense\né\n".encode() + b"\xff\n"
    )
    assert several.exit_code == 1
    outcomes = [json.loads(line)["outcome"] for line in several.output.splitlines()]
    assert outcomes == ["valid", "truncated", "unknown_form", "not_ascii", "not_ascii"]


def test_keys_are_turned_over_and_no_secret_is_shown(keys):
    old = run("mint", "a", "--keys", keys).output.strip()
    assert run("rotate", "--keys", keys).output == "key 1 mints; before it, key 0\n"
    assert run("verify", old, "--keys", keys).exit_code == 0
    assert run("rotate", "--keys", keys, "--retire", 0).exit_code == 0
    assert json.loads(run("verify", old, "--keys", keys).output)["outcome"] == "retired_key"
    shown = run("keys", "--keys", keys).output
    assert [line.split()[0] for line in shown.splitlines()] == ["0", "1", "2"]
    assert "retired" in shown.splitlines()[0]
    assert "verifies" in shown.splitlines()[1]
    assert "mints" in shown.splitlines()[2]
    ring = json.loads(keys.read_text())
    assert not any(key["secret"] and key["secret"] in shown for key in ring["keys"])


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["mint", "a", "--prefix", "xyz_"], UsageError),
        (["verify", "x"], InvalidConfiguration),
        (["rotate"], InvalidConfiguration),
    ],
)
def test_what_cannot_be_done(arguments, error, keys):
    assert isinstance(run(*arguments, "--keys", keys).exception, error)
    assert not keys.exists()


def test_names_that_cannot_be_read(keys, tmp_path):
    run("mint", "a", "--keys", keys)
    assert isinstance(
        run("verify", "x", "--keys", keys, "--accounts", tmp_path / "none").exception, UnreadableInput
    )


def test_keys_that_are_not_there_have_a_next_step(keys):
    for words in (["verify", "call_x"], ["rotate"]):
        told = str(run(*words, "--keys", keys).exception)
        assert "those that minted the ids" in told
        assert f"stillwatch mark ids mint ACCOUNT --keys {keys}" in told
        assert "made on first use" not in run(words[0], "--help").output
    assert not keys.exists()
