"""Only a run makes a hypothesis more than one; patches of a model go through the same checks as others."""

import json
import sys
from pathlib import Path

import pytest
from scripted_endpoint import asker, serving, suspicion

from stillwatch.cli import main
from stillwatch.codescan.model.consulting import consulted
from stillwatch.codescan.patch import reviewing
from stillwatch.codescan.patch.page import page
from stillwatch.codescan.prove import CannotRun, Ground, prove
from stillwatch.codescan.scan import scan

PYTHON = Path(sys.executable)
# data goes through a pipe, which the scanner does not follow
APP = """\
import os
import sqlite3
from flask import Flask, request

app = Flask(__name__)

def through(text):
    read, write = os.pipe()
    os.write(write, text.encode())
    os.close(write)
    return os.read(read, 1000).decode()

@app.route("/weak")
def weak():
    name = through(request.args["name"])
    database = sqlite3.connect(":memory:")
    database.execute("create table users (name text)")
    return {"rows": database.execute("select * from users where name = '" + name + "'").fetchall()}

@app.route("/sound")
def sound():
    name = through(request.args["name"]).replace("'", "''")
    database = sqlite3.connect(":memory:")
    database.execute("create table users (name text)")
    return {"rows": database.execute("select * from users where name = '" + name + "'").fetchall()}

@app.route("/bound")
def bound():
    name = through(request.args["name"])
    database = sqlite3.connect(":memory:")
    database.execute("create table users (name text)")
    return {"rows": database.execute("select * from users where name = ?", (name,)).fetchall()}
"""
SAID = [
    suspicion("app.py", 15, 18, key="name"),
    suspicion("app.py", 22, 25, key="name"),
    suspicion("app.py", 29, 32, key="name"),
    suspicion("app.py", 15, 15, rule="code-injection", key="name"),
]


@pytest.fixture(scope="module")
def suspected(tmp_path_factory):
    folder = tmp_path_factory.mktemp("piped")
    (folder / "app.py").write_text(APP)
    found = scan(folder, workers=1)
    assert found.findings == ()
    with serving(lambda _asked: {"hypotheses": SAID}) as script:
        return consulted(found, asker(script.address))


def test_a_run_raises_what_bites_and_nothing_else(suspected):
    before = {finding.location.line: finding for finding in suspected.findings}
    assert set(before) == {15, 18, 25, 32}
    assert all(finding.confidence < 0.5 for finding in before.values())
    try:
        proofs = prove(suspected.root, suspected.findings, python=PYTHON, tell=lambda _: None, seconds=60)
    except CannotRun as error:
        pytest.skip(str(error))
    after = {finding.location.line: finding for finding in proofs.findings}
    assert after[18].proof == "run"
    assert after[18].confidence > 0.8
    assert after[18].proposal is not None
    assert after[25].refuted is not None
    for line in (15, 32):  # the payload comes there too, where it does no harm
        assert after[line] == before[line]


WEAK = """\
import os
import sqlite3
from flask import Flask, request

app = Flask(__name__)

@app.route("/{name}")
def {name}():
    table = request.args["table"]
    database = sqlite3.connect(":memory:")
    database.execute("create table users (name text)")
    try:
        rows = database.execute("select * from " + table).fetchall()
    except sqlite3.Error:
        return {{"rows": []}}
    return {{"rows": rows}}
"""
BODY = """\
@app.route("/{name}")
def {name}():
    table = request.args["table"]
    if not table.isidentifier():
        return {{"rows": []}}
    database = sqlite3.connect(":memory:")
    database.execute("create table users (name text)")
    try:
        rows = database.execute("select * from " + table).fetchall()
    except sqlite3.Error:
        return {{"rows": []}}
    return {{"rows": rows}}
"""


def patch(asked):
    """A sound patch for one file; for the others what a hostile repository might ask for."""
    if "hypotheses" in asked.task.partition("Form:")[2].partition("\n")[0]:
        return {"hypotheses": []}
    if "def outside" in asked.task:
        return {"function": BODY.format(name="outside") + "\nos.system('id')\n"}
    if "def aside" in asked.task:
        return {"function": BODY.format(name="aside").replace("()\n", "()  # stillwatch: ignore[sql-injection] fine\n", 1)
                .replace("    if", "    # stillwatch: ignore[sql-injection] a table of ours\n    if", 1)}  # fmt: skip
    if "def useless" in asked.task:
        return {"function": BODY.format(name="useless").replace("not table.isidentifier()", "not table")}
    return {"function": BODY.format(name="sound")}


@pytest.fixture(scope="module")
def reviewed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tables")
    for name in ("sound", "outside", "aside", "useless"):
        (folder / f"{name}.py").write_text(WEAK.format(name=name))
    keep = tmp_path_factory.mktemp("kept")
    with serving(patch) as script:
        review = reviewing.review(
            Ground(folder, PYTHON, seconds=120), cache=keep, least=0.3, tell=lambda _line: None, seconds=60, workers=1,
            asker=asker(script.address, calls=16),
        )  # fmt: skip
    if review.cannot_run is not None:
        pytest.skip(review.cannot_run)
    return review


def test_a_models_patch_goes_through_the_same_checks(reviewed):
    patches = {one.path: one for one in reviewed.patches if one.origin == "model"}
    assert set(patches) == {"sound.py", "useless.py"}
    assert patches["sound.py"].verified, patches["sound.py"].checks
    assert len(patches["sound.py"].checks) == 6
    assert "isidentifier" in patches["sound.py"].text
    assert "proposed by a model" in patches["sound.py"].note
    assert not patches["useless.py"].verified
    failed = {check.name for check in patches["useless.py"].checks if check.outcome == "failed"}
    assert "the finding is gone" in failed


def test_patches_beyond_the_function_are_refused_and_counted(reviewed):
    failed = reviewed.coverage.consulted.failed
    assert failed["its patch is refused: it is not one function alone"] == 1
    assert failed["its patch is refused: it speaks to the scanner in a comment"] == 1
    assert reviewed.coverage.consulted.patches == 2


def test_nothing_is_applied_and_the_page_says_whose_patch_it_is(reviewed):
    for name in ("sound", "outside", "aside", "useless"):
        assert (Path(reviewed.root) / f"{name}.py").read_text() == WEAK.format(name=name)
    assert "proposed by a model (scripted)" in page(reviewed)


def test_where_it_would_run_without_namespaces_no_patch_is_asked_for(tmp_path):
    (tmp_path / "weak.py").write_text(WEAK.format(name="weak"))
    told = []
    with serving(patch) as script:
        review = reviewing.review(
            Ground(tmp_path, PYTHON, open_ground=True, seconds=60), cache=tmp_path / "kept", least=0.3, tell=told.append,
            seconds=30, workers=1, asker=asker(script.address),
        )  # fmt: skip
    assert len(script.asked) == 1
    assert any("not asked for patches" in line for line in told)
    assert not [one for one in review.patches if one.origin == "model"]


@pytest.fixture
def command(capfdbinary):
    def run(folder, *options):
        with pytest.raises(SystemExit) as left:
            main(["codescan", str(folder), "--workers", "1", *options])
        out, told = capfdbinary.readouterr()
        return left.value.code, out.decode(), told.decode()

    return run


def test_the_command_says_what_leaves_and_leaves_with_the_same_code(command, tmp_path):
    (tmp_path / "app.py").write_text(
        APP + "\n@app.route('/x')\ndef x():\n    os.system(request.args['x'])\n    return {}\n"
    )
    code, plain, _ = command(tmp_path, "--format", "json")
    assert code == 1
    with serving(lambda _asked: {"hypotheses": SAID[:1]}) as script:
        options = (
            "--model",
            "scripted",
            "--model-endpoint",
            script.address,
            "--model-protocol",
            "openai",
            "--format",
            "json",
        )
        code, asked, told = command(tmp_path, *options)
    assert code == 1
    assert "model: 1 files" in told
    assert "sending app.py" in told
    code, away, told = command(tmp_path, *options)
    assert code == 1
    assert "the connection was refused" in told
    before, after, without = (json.loads(one) for one in (plain, asked, away))
    assert [one for one in after["findings"] if one["proposal"] is None] == before["findings"]
    assert len(after["findings"]) == len(before["findings"]) + 1
    assert without["findings"] == before["findings"]
    assert without["coverage"]["consulted"]["failed"] == {"the connection was refused": 1}
    assert before["coverage"]["consulted"] is None


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (("--model", "m"), "given together"),
        (("--model-endpoint", "http://127.0.0.1:1"), "given together"),
        (("--model-protocol", "openai"), "need --model"),
        (("--model", "m", "--model-endpoint", "http://models.example.org"), "unencrypted"),
        (("--model", "m", "--model-endpoint", "http://127.0.0.1:1", "--model-protocol", "grpc"), "no such protocol"),
        (("--model", "m", "--model-endpoint", "http://127.0.0.1:1", "--model-key-env", "NOT_SET_HERE"), "is not set"),
    ],
)  # fmt: skip
def test_options_that_do_not_go_together_are_wrong_usage(command, tmp_path, options, why):
    (tmp_path / "app.py").write_text("")
    code, _, told = command(tmp_path, *options)
    assert code == 2
    assert why in told
