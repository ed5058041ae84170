"""`stillwatch share`: a preview, a push, a revocation and a recomputation, as on a command line."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from made_up import account, write_run

from stillwatch import cases
from stillwatch.cli import main
from stillwatch.reports import load

SAID = """operators:
  - name: Lab X
    likelihood: likely
    confidence: moderate
    provenance: {person: a.person, at: 2026-03-10T00:00:00Z, basis: payment trail, statement: Cards of one issuer}
"""


@pytest.fixture
def run(tmp_path):
    return write_run(tmp_path / "run")


@pytest.fixture
def share(capsys):
    def command(name, *arguments):
        with pytest.raises(SystemExit) as left:
            main(["share", name, *map(str, arguments)])
        out, err = capsys.readouterr()
        return left.value.code, out, err

    return command


def pushing(run, tmp_path, recipient, *more):
    store = f"sqlite:///{tmp_path}/store.db"
    named = (
        run,
        "campaign-001",
        "--to",
        recipient,
        "--into",
        tmp_path / "out",
        "--reason",
        "why",
        "--as",
        "me",
    )
    return (*named, "--store", store, *more)


def test_a_preview_shows_what_leaves_and_what_stays(share, run, tmp_path):
    said = tmp_path / "said.yaml"
    said.write_text(SAID)
    code, out, _ = share("preview", run, "campaign-001", "--to", "partner", "--said", said)
    assert code == 0
    assert "account_count" in out
    assert "operators" in out
    assert "no row of the policy lets it go" in " ".join(out.split())
    code, out, _ = share("preview", run, "campaign-001", "--to", "public", "--format", "json")
    document = json.loads(out)
    assert document["barred"].startswith("the finding is TLP:AMBER")
    assert document["view"]["finding"]["cluster"]["accounts"]["below"] == 50
    assert not (tmp_path / "out").exists()


def test_a_preview_says_what_is_missing_for_partners_to_match_by(share, run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def missing(*more):
        code, out, _ = share("preview", run, "campaign-001", "--format", "json", *more)
        assert code == 0
        return {one["field"]: one["because"] for one in json.loads(out)["dropped"]}

    assert "share identity" in missing("--to", "partner")["template_sketches"]
    assert "names no field" in missing("--to", "partner")["match_tokens"]
    assert "drops it" in missing("--to", "public")["template_sketches"]
    code, _, err = share("preview", run, "campaign-001", "--to", "partner", "--identity", "none")
    assert (code, "no identity there" in " ".join(err.split())) == (4, True)


def test_what_people_cleared_is_not_shared_by_leaving_the_case_out(share, run, tmp_path):
    document = json.loads((run / "campaigns.json").read_text())
    document["log"] = dict.fromkeys(("files", "exchanges", "repeats", "rejected", "accounts"), 0) | {
        "first_ts": None,
        "last_ts": None,
        "coverage": {},
        "events": [],
    }
    document["campaigns"][0]["evidence"] |= {"sources": []}
    (run / "campaigns.json").write_text(json.dumps(document))
    pushed = pushing(run, tmp_path, "partner")
    with cases.open_store(f"sqlite:///{tmp_path}/store.db") as store:
        mine, (_, campaigns) = store.tenant(), load(run)
        (case_id,) = cases.upsert_findings(mine, campaigns, pq.read_table(run / "members.parquet")).opened
        cases.clear(mine, case_id, [account(3)], by="a.person", reason="a school")
        assert share("push", *pushed)[0] == 0
        (copy,) = (run / "releases").iterdir()
        finding = json.loads(copy.read_text())["finding"]
        assert len(finding["account_tokens"]) == finding["cluster"]["accounts"]["value"] == 39
        query = finding["cluster"]["accounts"]["query"]
        made = ("recompute", query, "--out", run, "--store", f"sqlite:///{tmp_path}/store.db")
        assert json.loads(share(*made)[1])["rows"] == [[39]]
        cases.dismiss(mine, case_id, by="a.person", reason="a benchmark")
    code, _, err = share("push", *pushed)
    assert (code, "people cleared all accounts of campaign-001" in " ".join(err.split())) == (2, True)


def test_a_person_states_no_tokens(share, run, tmp_path):
    """An account could stand where a token stands."""
    said = tmp_path / "said.yaml"
    said.write_text("match_tokens: [{suite: ristretto255-SHA512, key_id: k, value: customer-0001}]")
    code, _, err = share("preview", run, "campaign-001", "--to", "partner", "--said", said)
    assert (code, "match_tokens" in err) == (4, True)


def test_a_push_writes_signed_files_and_a_copy_by_which_it_is_revoked(share, run, tmp_path):
    code, out, err = share("push", *pushing(run, tmp_path, "partner"))
    assert code == 0
    files = out.split()
    assert len(files) == 16
    assert all(Path(one).exists() for one in files)
    copy = next((run / "releases").iterdir())
    assert copy.name in err
    again = tmp_path / "again"
    store = f"sqlite:///{tmp_path}/store.db"
    code, out, _ = share("revoke", copy, "--into", again, "--reason", "wrong", "--as", "me", "--store", store)
    assert code == 0
    bundle = json.loads(next(again.glob("*.stix.json")).read_text())
    assert any(one.get("revoked") for one in bundle["objects"])


def test_what_is_refused_leaves_no_file(share, run, tmp_path):
    code, _, err = share("push", *pushing(run, tmp_path, "public"))
    assert code == 2
    assert "may hold TLP:CLEAR at most" in err
    assert not (tmp_path / "out").exists()
    code, _, err = share("push", *pushing(run, tmp_path, "public", "--form", "stx"))
    assert (code, "no form 'stx'" in err) == (2, True)
    assert share("push", *pushing(run, tmp_path, "public", "--tlp", "clear"))[0] == 0


def test_a_figure_is_made_again(share, run):
    _, out, _ = share("preview", run, "campaign-001", "--to", "partner", "--format", "json")
    figure = json.loads(out)["view"]["finding"]["haul"]["exchanges"]
    code, out, _ = share("recompute", figure["query"], "--out", run)
    answer = json.loads(out)
    assert code == 0
    assert (answer["rows"], answer["sha256"]) == ([[figure["value"]]], figure["result_sha256"])
    assert "SELECT" in answer["sql"]
    code, _, err = share(
        "recompute", figure["query"][:-1] + "0x"[figure["query"].endswith("0")], "--out", run
    )
    assert code == 2
    assert "have changed since" in err
    assert share("recompute", "nothing", "--out", run)[0] == 2


def test_the_public_key_is_printed_without_the_private_one(share, run):
    code, out, _ = share("key", run)
    document = json.loads(out)
    assert code == 0
    assert {"kty", "crv", "x", "kid", "nbf", "exp"} <= set(document)
    assert "d" not in document


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("operators: [{name: Lab X, likelihood: likely, confidence: low}]", "provenance"),
        (SAID.replace("payment trail", "language"), "basis"),
        (SAID.replace("likely", "sure"), "likelihood"),
        ("operators: [", ":1: not YAML"),
        ("prompts: [x]", "prompts"),
    ],
)
def test_what_people_say_is_typed(share, run, tmp_path, text, reason):
    said = tmp_path / "said.yaml"
    said.write_text(text)
    code, _, err = share("preview", run, "campaign-001", "--to", "partner", "--said", said)
    assert code == 4
    assert reason in err
    assert "said.yaml" in err


def test_unknown_names_are_said(share, run, tmp_path):
    assert share("preview", run, "campaign-9", "--to", "partner")[0] == 2
    assert share("preview", run, "campaign-001", "--to", "nobody")[0] == 2
    assert share("preview", tmp_path, "campaign-001", "--to", "partner")[0] == 3
    assert share("preview", run, "campaign-001", "--to", "partner", "--tlp", "white")[0] == 2
    assert share("revoke", tmp_path / "none.json", "--into", tmp_path, "--reason", "x")[0] == 3


@pytest.mark.parametrize("absent", ["rfc8785", "sqlalchemy", "cryptography"])
def test_a_missing_package_is_named_with_its_extra(run, absent):
    code = f"import sys; sys.modules[{absent!r}] = None; from stillwatch.cli import main; main(sys.argv[1:])"
    command = [sys.executable, "-c", code, "share", "preview", str(run), "campaign-001", "--to", "partner"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 4
    assert "pip install 'stillwatch[share]'" in done.stderr


def test_no_command_ends_in_a_traceback_without_the_extra(run, tmp_path):
    """In a core install: all packages of the extra are missing."""
    wanted = ["cryptography", "httpx", "yaml", "rbcl", "rfc8785", "sqlalchemy", "starlette", "uvicorn"]
    to, into = ["--to", "partner"], ["--into", "there", "--reason", "x"]
    (tmp_path / "release.json").write_text("{}")
    commands = [
        ["preview", str(run), "campaign-001", *to],
        ["push", str(run), "campaign-001", *to, *into],
        ["revoke", "release.json", *into],
        ["key", "."],
        ["recompute", "members/campaign-001/run", "--out", str(run)],
        ["identity", "me"],
        ["deal", "2026q4", "--out", "dealing"],
        ["join", "release.json"],
        ["evaluate"],
        ["tokens", "log", "--findings", str(run), "--out", "out"],
        ["match", "log", "--out", "out", "--pulled", "there"],
        ["match", "log", "--out", "out", "--pulled", "there", "--store", "sqlite:///cases.db"],
        ["collection", "findings"],
        ["partner", "lab", "--tlp", "green"],
        ["pull", "http://127.0.0.1:9", "--out", "in"],
        ["serve"],
    ]
    code = (
        f"import sys; sys.modules.update(dict.fromkeys({wanted!r}))\n"
        "from stillwatch.cli import main\n"
        f"for words in {commands!r}:\n"
        "    try: main(['share', *words])\n"
        "    except SystemExit as left: print(words[0], left.code)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        cwd=tmp_path,
    )
    told = [line for line in done.stderr.splitlines() if line]
    assert len(done.stdout.splitlines()) == len(commands), done.stderr
    assert "internal error" not in done.stderr
    assert not [line for line in told if "pip install 'stillwatch[" not in line], told
    assert {line.split()[1] for line in done.stdout.splitlines()} == {"4"}, (done.stdout, told)
