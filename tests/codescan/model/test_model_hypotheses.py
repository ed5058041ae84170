"""What a model says is held against the code; nothing it says is believed, and nothing that was found changes."""

import json
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scripted_endpoint import asker, serving, suspicion

from stillwatch.codescan import formats
from stillwatch.codescan.model import hypotheses
from stillwatch.codescan.model.consulting import consulted
from stillwatch.codescan.model.plain import plain
from stillwatch.codescan.scan import scan
from stillwatch.codescan.setting_aside import Baseline

APP = """\
import os
import sqlite3
from flask import Flask, request
from elsewhere import fetched, owner_of

app = Flask(__name__)

@app.route("/user")
def user():
    name = fetched("name")
    rows = sqlite3.connect("x.db").execute("select * from users where name = '" + name + "'")
    return {"rows": rows.fetchall()}

@app.route("/known")
def known():
    os.system("ls " + request.args["folder"])
    return {}

@app.route("/order/<number>")
def order(number):
    # nobody asks whose it is
    return {"order": owner_of(number)}
"""


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    folder = tmp_path_factory.mktemp("code")
    (folder / "app.py").write_text(APP)
    (folder / "other.py").write_text("import os\n\ndef run(command):\n    os.system(command)\n")
    return scan(folder, workers=1)


def asked(found, *said, **options):
    with serving(
        lambda one: {"hypotheses": list(said) if "app.py" in one.task and "def user" in one.task else []}
    ) as script:
        return consulted(found, asker(script.address), **options)


def new(made, found):
    return [finding for finding in made.findings if finding not in found.findings]


def test_a_call_the_scanner_knows_can_be_run_and_another_cannot(found):
    made = asked(
        found,
        suspicion("app.py", 10, 11, key="name"),
        suspicion("app.py", 20, 22, rule=None, cwe=639, input="path", key="number"),
    )
    injection, business = new(made, found)
    assert injection.confidence == hypotheses.SUPPORTED
    assert injection.sink == "sqlite3.Connection.execute"
    assert [entry.handler for entry in injection.entries] == ["user"]
    assert [(one.kind, one.key, one.location.line) for one in injection.inputs] == [("query", "name", 10)]
    assert business.confidence == hypotheses.BARE
    assert (business.rule, business.cwe) == (hypotheses.OTHER, 639)
    assert business.inputs == business.entries == ()
    assert business.function == "order"


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (suspicion("other.py", 3, 4), "another file"),
        (suspicion("../../etc/passwd", 1, 1), "another file"),
        (suspicion("app.py", 10, 12_000), "no call on the line"),
        (suspicion("app.py", 12_000, 11), "no code on the line"),
        (suspicion("app.py", 21, 22), "no code on the line"),
        (suspicion("app.py", 10, 9), "no call on the line"),
        (suspicion("app.py", 10, 0), "not of the form"),
        (suspicion("app.py", 10, 11, key="nosuchname"), "name of its input"),
        (suspicion("app.py", 10, 11, key="name = "), "name of its input"),
        (suspicion("app.py", 10, 11, rule="nothing-of-ours"), "no such rule"),
        (suspicion("app.py", 10, 11, rule=None), "names no weakness"),
        (suspicion("app.py", 10, 11, input="argument"), "not of the form"),
        (suspicion("app.py", 10, 11, confidence=1.0), "not of the form"),
        (suspicion("app.py", 10, 11, proof="run"), "not of the form"),
        (suspicion("app.py", 10, 11, why="y" * 5_000), "not of the form"),
        (suspicion("app.py", 16, 16, rule="command-injection"), "it is known"),
        ("app.py:11", "not of the form"),
    ],
)
def test_what_does_not_hold_against_the_code_is_dropped_and_counted(found, said, why):
    made = asked(found, said)
    assert made.findings == found.findings
    (reason,) = made.coverage.consulted.dropped
    assert why in reason


def test_one_place_is_proposed_once_and_too_many_are_cut(found):
    made = asked(found, *[suspicion("app.py", 10, 11)] * 30)
    assert len(new(made, found)) == 1
    assert made.coverage.consulted.dropped == {
        hypotheses.KNOWN: hypotheses.ANSWERS_LIMIT - 1,
        f"beyond {hypotheses.ANSWERS_LIMIT} in one answer": 30 - hypotheses.ANSWERS_LIMIT,
    }


def test_what_was_ruled_out_or_set_aside_is_not_brought_back(tmp_path):
    (tmp_path / "app.py").write_text(
        APP.replace(
            '"ls " + request.args["folder"])',
            '"ls " + request.args["folder"])  # stillwatch: ignore[command-injection] ours',
        )
        + "\n@app.route('/clean')\ndef clean():\n    os.system('ls ' + str(int(request.args['n'])).zfill(3))\n    return {}\n"
    )
    found = scan(tmp_path, workers=1)
    assert found.findings == ()
    assert len(found.set_aside) == 1
    line = next(iter(found.refuted), None)
    said = [suspicion("app.py", 16, 16, rule="command-injection", key="folder")]
    if line is not None:
        said.append(suspicion("app.py", 26, line.location.line, rule="command-injection"))
    made = asked(found, *said)
    assert made.findings == ()
    assert made.refuted == found.refuted
    assert made.set_aside == found.set_aside


def test_a_baseline_sets_hypotheses_aside_too(found):
    (first,) = new(asked(found, suspicion("app.py", 10, 11)), found)
    made = asked(found, suspicion("app.py", 10, 11), baseline=Baseline((first.fingerprint,)))
    assert made.findings == found.findings
    assert [finding.set_aside for finding in made.set_aside] == ["in the baseline"]


def test_a_comment_sets_a_hypothesis_aside_too(tmp_path):
    (tmp_path / "app.py").write_text(
        APP.replace('name + "\'")', 'name + "\'")  # stillwatch: ignore[sql-injection] ours')
    )
    found = scan(tmp_path, workers=1)
    made = asked(found, suspicion("app.py", 10, 11))
    assert made.findings == found.findings
    assert [finding.set_aside for finding in made.set_aside] == ["ours"]


def test_the_files_sent_are_the_same_each_time_and_the_most_open_first(found):
    with serving(lambda _asked: {"hypotheses": []}) as script:
        consulted(found, asker(script.address, calls=1))
        consulted(found, asker(script.address, calls=1), only={"other.py"})
    assert ["user" in one.task for one in script.asked] == [True, False]


def test_large_files_are_not_sent(tmp_path):
    (tmp_path / "app.py").write_text(APP + f"\nTEXT = '''{'filling ' * 10_000}'''\n")
    found = scan(tmp_path, workers=1)
    with serving(lambda _asked: {"hypotheses": []}) as script:
        made = consulted(found, asker(script.address))
    assert script.asked == []
    assert made.coverage.consulted.dropped == {"a file of more than 60,000 bytes is not sent": 1}


def test_the_models_words_are_bounded_and_marked_in_every_output(found):
    why = (
        "[click](https://evil.example) \x1b]0;owned\x07 <script>alert(1)</script> \u202egnp.exe "
        + "x" * 3_000
    )
    made = asked(found, suspicion("app.py", 10, 11, why=why))
    (finding,) = new(made, found)
    said = finding.proposal.said
    assert len(said) <= hypotheses.SAID_LIMIT
    assert said.isprintable()
    for text in ("[click]", "<script>", "\u202e"):
        assert text not in said
    log = json.loads(formats.catalogue()["sarif"](made))
    (result,) = [one for one in log["runs"][0]["results"] if one["properties"].get("proposedBy")]
    assert "evil" not in json.dumps(result["message"])
    assert result["properties"]["modelSaid"] == said
    assert result["properties"]["confidence"] < 0.5
    assert json.loads(formats.catalogue()["json"](made))["coverage"]["consulted"]["hypotheses"] == 1


ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=3),
    max_leaves=6,
)
LINES = st.integers(-2, 30)
NEARLY = st.fixed_dictionaries(
    {
        "file": st.sampled_from(["app.py", "other.py", "", "/etc/passwd"]) | st.text(max_size=10),
        "source_line": LINES | ANYTHING,
        "sink_line": LINES,
        "input": st.sampled_from(["query", "form", "header", "cookie", "path", "body", "file", "model"]),
        "why": st.text(max_size=50),
    },
    optional={
        "rule": st.sampled_from(["sql-injection", "command-injection", "weak-hash", "x"]) | st.none(),
        "cwe": st.sampled_from([78, 89, 639]) | st.none() | ANYTHING,
        "key": st.sampled_from(["name", "folder", "{}"]) | st.none(),
        "confidence": st.floats(0, 1),
        "refuted": st.text(max_size=4),
    },
)


@settings(max_examples=150, deadline=None)
@given(st.lists(NEARLY | ANYTHING, max_size=6))
def test_no_answer_makes_a_sure_finding(found, said):
    unreached = tuple(one for one in found.unreached if one.location.path == "app.py")
    known = tuple(one for one in found.findings if one.location.path == "app.py")
    subject = hypotheses.Subject("app.py", APP, APP, unreached, known)
    raw = hypotheses.read(json.dumps({"hypotheses": said}))
    dropped = Counter()
    made = hypotheses.findings(subject, raw, "m", dropped)
    assert len(made) + dropped.total() == len(said)
    for finding in made:
        assert finding.confidence < 0.5
        assert finding.proof == "pattern"
        assert finding.proposal is not None
        assert finding.location.path == "app.py"
        assert finding.refuted is None
        assert not any(
            one.rule == finding.rule and one.location.line == finding.location.line for one in known
        )


@given(st.text(max_size=400), st.integers(5, 60))
def test_plain_text_is_short_and_shown_as_it_is(text, limit):
    shown = plain(text, limit)
    assert len(shown) <= limit
    assert shown.isprintable()
    assert not set(shown) & set("`[]<>|*_\\")
