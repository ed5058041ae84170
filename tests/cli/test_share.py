"""`stillwatch share`, as a person types it: partners let in, served in a process of its own, pulled from."""

import json
import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[1] / "sharing" / "taxii"))
sys.path.append(str(Path(__file__).parents[1] / "gateways"))  # real servers on loopback

import httpx
from exchanged import TYPE, House, body, indicator
from served import served

from stillwatch import cases
from stillwatch.cli import main
from stillwatch.lab.served.process import free_port
from stillwatch.lab.served.servers import stillwatch_command
from stillwatch.sharing import taxii


@pytest.fixture
def run(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("STILLWATCH_STORE", f"sqlite:///{tmp_path}/cases.db")

    def run(*arguments):
        with pytest.raises(SystemExit) as left:
            main(list(arguments))
        said = capsys.readouterr()
        return left.value.code, said.out.strip(), said.err

    return run


def test_partners_are_let_in_served_and_pulled_from(run, tmp_path):
    code, collection, _ = run(
        "share", "collection", "findings", "--title", "Findings", "--reader", "lab", "--writer", "lab"
    )
    assert code == 0
    assert run("share", "collection", "findings", "--reader", "cloud") == (0, collection, "")
    assert run("share", "partner", "lab", "--tlp", "green")[0] == 0
    token = run("tokens", "add", "lab", "--scope", "pull", "--scope", "push")[1]
    port = free_port()
    server = stillwatch_command(["share", "serve", "--port", str(port)], port, tmp_path / "log")
    place = f"http://127.0.0.1:{port}/taxii2/default/collections/findings/"
    with server:
        headers = {"authorization": f"Bearer {token}", "accept": TYPE, "content-type": TYPE}
        objects = [indicator("green"), indicator("red"), {"type": "x"}]
        told = httpx.post(f"{place}objects/", content=body({"objects": objects}), headers=headers)
        assert (told.status_code, told.json()["failure_count"]) == (202, 1)
        unknown = httpx.get(f"http://127.0.0.1:{port}/metrics")
        assert (unknown.status_code, unknown.headers["content-type"]) == (404, TYPE)
        assert unknown.headers["x-content-type-options"] == "nosniff"
        code, said, _ = run(
            "share", "pull", f"http://127.0.0.1:{port}", "--out", str(tmp_path / "in"), "--token", token
        )
        assert (code, said) == (0, f"{tmp_path}/in/{collection}.jsonl  1 new  0 withdrawn")
        code, _, said = run("share", "pull", place, "--out", str(tmp_path / "in"), "--token", "swt_x")
        assert (code, "401" in said, "swt_x" in said) == (3, True, False)
        basic = ("--user", "lab", "--password", token, "--no-deletions")
        assert run("share", "pull", place, "--out", str(tmp_path / "again"), *basic)[0] == 0
    (line,) = (tmp_path / "in" / f"{collection}.jsonl").read_text().splitlines()
    assert json.loads(line) == {"object": objects[0]}
    log = (tmp_path / "log").read_text()
    assert "refused 1: its type is none that STIX allows" in log
    assert token not in log


def test_what_cannot_be_done_is_said(run, tmp_path):
    assert run("share", "collection", "findings")[0] == 2
    assert run("share", "collection", "Findings", "--title", "x")[0] == 2
    assert run("share", "collection", "a", "--title", "x", "--unmarked", "pink")[0] == 2
    both = ("--reader", "lab", "--no-more", "lab")
    assert run("share", "collection", "a", "--title", "x", *both)[0] == 2
    assert run("share", "partner", "lab", "--tlp", "pink")[0] == 2
    assert run("share", "partner", "lab", "--tlp", "green", "--certificate", "x")[0] == 2
    assert run("share", "pull", "ftp://x", "--out", str(tmp_path))[0] == 2
    assert (
        run("share", "pull", "http://127.0.0.1:9", "--out", str(tmp_path), "--certificate", "/none")[0] == 2
    )
    assert run("share", "serve", "--tenant", "a b", "--port", "0")[0] == 4
    assert run("share", "serve", "--certificate-header", "x", "--port", "0")[0] == 4
    proxy = ("--certificate-header", "x", "--certificate-proxy", "nowhere")
    assert run("share", "serve", *proxy, "--port", "0")[0] == 4


def test_a_partner_has_its_rights_taken(run, tmp_path):
    run("share", "collection", "findings", "--title", "Findings", "--reader", "lab")
    run("share", "collection", "findings", "--no-more", "lab")
    with cases.open_store(f"sqlite:///{tmp_path}/cases.db") as store:
        lab = taxii.Partner(name="lab", level=taxii.Level.GREEN, pulls=True, pushes=True)
        assert taxii.list_shelves(store.tenant(), lab) == []


@pytest.mark.parametrize(
    "words",
    [
        ["share", "serve"],
        ["share", "partner", "lab", "--tlp", "green"],
        ["share", "collection", "findings"],
        ["share", "pull", "http://127.0.0.1:9", "--out", "in"],
        ["bench", "taxii"],
        ["bench", "sharing"],
    ],
)
def test_without_the_extra_its_name_is_said(run, monkeypatch, words):
    monkeypatch.setattr("stillwatch.sharing.taxii.find_spec", lambda _: None)
    code, _, said = run(*words)
    assert (code, "pip install 'stillwatch[share]'" in said) == (4, True)


def test_a_bench_of_a_server_asks_one_clause_and_writes_the_scorecard(run, tmp_path):
    page, figures = tmp_path / "card.md", tmp_path / "figures.json"
    with cases.open_store(f"sqlite:///{tmp_path}/cases.db") as store:
        house = House(store.tenant("acme"))
        with served(taxii.taxii_app(taxii.Exchange(tenants={"acme": house.tenant}))) as url:
            words = ["--clause", "timestamps", "--page", str(page), "--json", str(figures)]
            code, said, _ = run("bench", "taxii", url, "--token", house.tokens["lab"], *words)
    assert (code, "timestamps" in said) == (0, True)
    assert "| `timestamps` | 2 |" in page.read_text()
    assert json.loads(figures.read_text())["holds"]
