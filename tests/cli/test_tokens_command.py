"""`stillwatch tokens`, as a person types it."""

import pytest

from stillwatch.cases import api
from stillwatch.cli import main


@pytest.fixture
def run(tmp_path, capsys):
    def run(*arguments):
        with pytest.raises(SystemExit) as left:
            main(["tokens", *arguments, "--store", f"sqlite:///{tmp_path}/cases.db"])
        said = capsys.readouterr()
        return left.value.code, said.out, said.err

    return run


def test_a_token_is_made_listed_and_revoked(run, tmp_path):
    code, text, said = run(
        "add", "ana", "--scope", "read", "--scope", "decide", "--days", "2", "--as", "root"
    )
    assert (code, text[:4]) == (0, "swt_")
    token_id = said.split(",")[0]
    with api.open_store(f"sqlite:///{tmp_path}/cases.db") as store:
        assert api.find_token(store.tenant(), text.strip()).owner == "ana"
    listed = run("list")[1]
    assert f"{token_id}  ana  read,decide  until" in listed
    assert text.strip() not in listed
    assert run("revoke", token_id)[0] == 0
    assert "revoked" in run("list")[1]


def test_what_cannot_be_done_is_said(run):
    assert run("list")[0] == 3
    assert run("add", "ana", "--scope", "all")[0] == 2
    assert run("add", "ana")[0] == 2
    assert run("add", " ", "--scope", "read")[0] == 2
    assert run("revoke", "token-0")[0] == 2
