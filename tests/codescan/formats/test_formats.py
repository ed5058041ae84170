"""What a scan is written as."""

import json

import pytest
from cvss import CVSS4

from stillwatch.codescan import checks, formats
from stillwatch.codescan.scan import scan
from stillwatch.codescan.setting_aside import Baseline
from stillwatch.codescan.severity import severity

WEAK = """from flask import Flask, request

app = Flask(__name__)


@app.route("/run")
def start():
    code = request.args["q"]
    return str(eval(code))


@app.route("/quoted")
def quoted():
    return str(eval(repr(request.args["q"])))
"""


@pytest.fixture(scope="module")
def scanned(tmp_path_factory):
    root = tmp_path_factory.mktemp("code")
    (root / "app.py").write_text(WEAK)
    (root / "binary.py").write_bytes(b"\0")
    return scan(root)


def test_every_rule_has_a_vector_that_can_be_scored():
    for rule in checks.catalogue():
        assert CVSS4(rule.cvss).base_score > 0
        assert severity(rule.cvss) != "none"


def test_sarif_says_what_code_hosts_need(scanned):
    log = json.loads(formats.catalogue()["sarif"](scanned))
    (run,) = log["runs"]
    results = {
        result["locations"][0]["physicalLocation"]["region"]["startLine"]: result for result in run["results"]
    }
    found = results[9]
    rule = run["tool"]["driver"]["rules"][found["ruleIndex"]]
    assert (log["version"], run["columnKind"]) == ("2.1.0", "unicodeCodePoints")
    assert found["ruleId"] == rule["id"] == "code-injection"
    assert rule["properties"]["tags"] == ["security", "external/cwe/cwe-094"]
    assert float(rule["properties"]["security-severity"]) > 9
    assert found["partialFingerprints"]["stillwatch/v1"] == scanned.findings[0].fingerprint
    steps = found["codeFlows"][0]["threadFlows"][0]["locations"]
    assert [step["location"]["physicalLocation"]["region"]["startLine"] for step in steps] == [8, 9]
    assert "suppressions" not in found
    (notification,) = run["invocations"][0]["toolExecutionNotifications"]
    assert "NUL" in notification["message"]["text"]
    assert run["invocations"][0]["executionSuccessful"] is False


def test_what_was_ruled_out_is_written_with_the_reason(scanned):
    log = json.loads(formats.catalogue()["sarif"](scanned))
    suppressed = [result for result in log["runs"][0]["results"] if "suppressions" in result]
    assert ["payloads" in result["suppressions"][0]["justification"] for result in suppressed] == [True]


def test_json_is_the_whole_scan(scanned):
    whole = json.loads(formats.catalogue()["json"](scanned))
    assert whole["schema"] == "stillwatch.codescan/1"
    assert [finding["rule"] for finding in whole["findings"]] == ["code-injection"]
    assert whole["findings"][0]["inputs"][0]["key"] == "q"
    assert whole["findings"][0]["entries"][0]["route"] == "/run"
    assert len(whole["refuted"]) == 1
    assert whole["coverage"]["skipped"][0]["path"] == "binary.py"


def test_what_is_set_aside_is_written_as_such(scanned):
    aside = scan(scanned.root, baseline=Baseline((scanned.findings[0].fingerprint,)))
    log = json.loads(formats.catalogue()["sarif"](aside))
    reasons = [result["suppressions"][0]["justification"] for result in log["runs"][0]["results"]]
    assert "in the baseline" in reasons


def test_openvex_is_about_dependencies_alone(scanned):
    document = json.loads(formats.catalogue()["openvex"](scanned))
    assert document["@context"] == "https://openvex.dev/ns/v0.2.0"
    assert document["statements"] == []
