"""The pages that say how to share: every command in them, run as it is written, but for addresses, tokens and times."""

import json
import shlex
import shutil
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from stillwatch import cases
from stillwatch.lab.partners import Partners
from stillwatch.lab.served.process import Served, free_port
from stillwatch.lab.served.servers import stillwatch_command
from stillwatch.records import Micros
from stillwatch.reports import load
from stillwatch.sharing import finding as sharing

sys.path.append(str(Path(__file__).parent / "taxii"))
from exchanged import body, indicator

pytestmark = pytest.mark.slow

PAGES = Path(__file__).parents[2] / "docs" / "how-to"
DETECT = "stillwatch detect logs --out result"  # what the fixture `found` did
TODAY = datetime.now(UTC).strftime("%Y-%m-%dT00:00:00Z")
LABS = ("lab-a", "lab-b", "lab-c")


def blocks(page, *kinds):
    """The fenced blocks of these kinds."""
    found, kind = [], None
    for line in (PAGES / page).read_text(encoding="utf-8").splitlines(keepends=True):
        if line.startswith("```"):
            kind = line[3:].strip() if kind is None else None
            if kind in kinds:
                found.append("")
        elif kind in kinds:
            found[-1] += line
    return found


def commands(page):
    """The lines of all shell blocks."""
    lines = "".join(blocks(page, "", "bash")).splitlines()
    return [line for line in lines if line.startswith(("stillwatch ", "export "))]


@pytest.fixture
def typed(stillwatch, monkeypatch):
    """Run a line of a page in the current directory, with some of its words replaced; its output."""

    def run(line, *, code=0, **replaced):
        for old, new in replaced.pop("words", {}).items():
            line = line.replace(old, str(new))
        words = shlex.split(line)
        if words[0] == "export":
            monkeypatch.setenv(*words[1].split("=", 1))
            return ""
        into = None
        if ">" in words:
            words, into = words[: words.index(">")], words[-1]
        found, out, err = stillwatch(*words[1:])
        assert found == code, (line, out, err)
        if into:
            Path(into).write_text(out)
        return out

    return run


@pytest.fixture
def taxii(stillwatch, tmp_path):
    """A server with the collection `for-other-lab`, and its owner's token."""
    store = ("--store", f"sqlite:///{tmp_path}/taxii.db")
    stillwatch(
        "share", "collection", "for-other-lab", "--title", "x", "--reader", "us", "--writer", "us", *store
    )
    stillwatch("share", "partner", "us", "--tlp", "red", *store)
    token = stillwatch("tokens", "add", "us", "--scope", "pull", "--scope", "push", *store)[1].strip()
    port = free_port()
    server = stillwatch_command(["share", "serve", "--port", str(port), *store], port, tmp_path / "share.log")
    with server:
        yield f"http://127.0.0.1:{port}", token


def lab(place, found, name):
    """A lab's directory, with its log and what it found."""
    place.mkdir(exist_ok=True)
    for folder in ("logs", "result"):
        shutil.copytree(found / name / folder, place / folder)
    return place


def test_share_findings(typed, taxii, found, tmp_path, monkeypatch):
    labs = Partners()
    labs.write(tmp_path)
    place = lab(tmp_path / "lab-a", found, "a")
    monkeypatch.chdir(place)
    policy, said = blocks("share-findings.md", "yaml")
    Path("release.yaml").write_text(policy)
    Path("said.yaml").write_text(said)
    url, token = taxii
    lines = commands("share-findings.md")
    words = {
        "https://taxii.example.com": url,
        "swt_…": token,
        "3c45930a4f53f8f5": sharing.Folder(Path("result")).digest,
    }
    assert lines.pop(0) == DETECT
    with labs.evaluating(tmp_path):
        for line in lines:
            releases = list(Path("result").glob("releases/*"))
            words["FINDING"] = releases[0].name.split(".")[0] if releases else "FINDING"
            more = " --said said.yaml --format json" if "preview" in line else ""
            out = typed(line + more, words=words)
            if "preview" in line:
                assert {"template_sketches", "match_tokens"} <= json.loads(out)["view"]["finding"].keys()
            if "recompute" in line:
                assert "rows" in out or "p50" in out
    Path("partner.json").write_bytes(next(iter(Path("for-other-lab").glob("*.stix.json"))).read_bytes())
    names = {}
    for example in blocks("share-findings.md", "python"):
        exec(compile(example, "share-findings.md", "exec"), names)
    assert names["received"].objects
    key = sharing.PublicKey(**json.loads(Path("example-lab.jwk").read_bytes()))
    (signed,) = Path("for-other-lab").glob("*.stix.json.jws")
    names["genuine"](
        Path("partner.json").read_bytes(), signed.read_text(), key, Micros(time.time_ns() // 1000)
    )


def test_exchange_over_taxii(typed, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    key = sharing.new_key(Micros(1)).public
    Path("lab-b.jwk").write_text(json.dumps({name: getattr(key, name) for name in key.__struct_fields__}))
    lines = commands("exchange-over-taxii.md")
    serve = next(line for line in lines if "share serve" in line)
    for line in lines[: lines.index(serve)]:
        typed(line)
    typed('stillwatch share collection inbox --title "Inbox" --writer lab-b --reader lab-b')
    port, token = free_port(), Path("lab-b.token").read_text().strip()
    words = shlex.split(serve.replace("8731", str(port)))[1:]
    with stillwatch_command(words, port, tmp_path / "share.log"):
        url = f"http://127.0.0.1:{port}/"
        for line in lines[lines.index(serve) + 1 :]:
            if "bench" not in line:
                typed(line, words={"https://lab-b.example/": url, "swt_…": token})
        (example,) = blocks("exchange-over-taxii.md", "python")
        example = example.replace("https://lab-b.example/", url).replace("swt_…", token)
        exec(compile(example.replace('b"{…}"', repr(body(indicator("green")))), "page", "exec"), {})
    assert json.loads(Path("from-lab-b/partner.json").read_text())["name"] == "lab-b"


def test_write_a_brief(typed, found, tmp_path, monkeypatch):
    pytest.importorskip("weasyprint", exc_type=ImportError)
    monkeypatch.chdir(lab(tmp_path / "lab-a", found, "a"))
    for text in blocks("write-a-brief.md", 'toml title="statement.toml"'):
        Path("statement.toml").write_text(text)
    with cases.open_store("sqlite:///stillwatch-cases.db") as store:
        members = pq.read_table("result/members.parquet")
        (case_id,) = cases.upsert_findings(store.tenant(), load(Path("result"))[1], members).opened
    for line in commands("write-a-brief.md"):
        typed(line, words={"CASE": case_id})
    assert Path("brief.html").read_text().startswith("<!")
    assert Path("brief.pdf").read_bytes().startswith(b"%PDF")


def test_match_with_partners(typed, taxii, found, tmp_path, monkeypatch):
    page = "match-with-partners.md"
    # Of the two logs the first one's sketches are carried by 20 accounts of the other, so it is the partner here.
    places = {"lab-a": lab(tmp_path / "lab-a", found, "b"), "lab-b": lab(tmp_path / "lab-b", found, "a")}
    places["lab-c"] = tmp_path / "lab-c"
    places["lab-c"].mkdir()
    lines = {
        line.split()[1 + (line.split()[1] == "share")]: line
        for line in commands(page)
        if "export" not in line
    }
    assert lines["detect"] == DETECT
    ports = {name: free_port() for name in LABS}

    def at(name, command, **words):
        monkeypatch.chdir(places[name])
        code = words.pop("code", 0)
        return typed(lines[command], code=code, words=words)

    members = [
        at(name, "identity", **{"lab-a": name}) + f'number = {at_}\nurl = "http://127.0.0.1:{ports[name]}"\n'
        for at_, name in enumerate(LABS, 1)
    ]
    head = blocks(page, "toml")[0].partition("[[members]]")[0]
    for place in places.values():
        (place / "roster.toml").write_text(head + "\n".join(members))
    for name in LABS:
        at(name, "deal", **{"lab-a": name, "2026-10-01T00:00:00Z": TODAY})
        for other in places.values():
            if other != places[name]:
                shutil.copy(places[name] / f"{name}.dealing", other)
    assert len({at(name, "join").rpartition("Z")[0] for name in LABS}) == 1
    servers = []
    try:
        for name in LABS:
            words = shlex.split(lines["evaluate"].replace("8740", str(ports[name])))[1:]
            command = [sys.executable, "-c", "from stillwatch.cli import main; main()", *words]
            servers.append(Served(command, ports[name], tmp_path / f"{name}.log", folder=places[name]))
            servers[-1].start()
        at("lab-a", "tokens")
        at("lab-b", "tokens", **{"lab-a.json": "lab-b.json"})
        shutil.copy(places["lab-b"] / "lab-b.json", places["lab-a"])
        _pushed(typed, taxii, places["lab-b"], monkeypatch)
        shutil.copy(places["lab-b"] / "lab-b.jwk", places["lab-a"])
        monkeypatch.chdir(places["lab-a"])
        monkeypatch.setenv("STILLWATCH_PEER_TOKEN", taxii[1])
        typed("stillwatch share collection x --title x --store sqlite:///cases.db")  # makes the store
        for line in commands(page)[list(lines).index("tokens") + 1 :]:
            if " pull " in line or " match " in line:
                typed(line, code=" match " in line, words={"https://lab-b.example/": taxii[0]})
        assert "lab-b" in Path("result/partners.json").read_text()
        assert any("lab-a" in at(name, "usage") for name in LABS)
    finally:
        for server in servers:
            server.stop()


def _pushed(typed, taxii, place, monkeypatch):
    """Lab B's campaign in the collection, and its public key."""
    monkeypatch.chdir(place)
    Path("release.yaml").write_text(blocks("share-findings.md", "yaml")[0])
    monkeypatch.setenv("STILLWATCH_PEER_TOKEN", taxii[1])
    pushes = [line for line in commands("share-findings.md") if "https://taxii.example.com" in line]
    typed(pushes[0], words={"https://taxii.example.com": taxii[0]})
    typed("stillwatch share key result > lab-b.jwk")
