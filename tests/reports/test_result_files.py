"""The files for programs: their goldens, the contract's schema, and reading back what was written.

Refresh the goldens with: STILLWATCH_GOLDENS=write .venv/bin/pytest tests/reports/test_result_files.py
"""

import json
import os
from importlib import import_module
from pathlib import Path

import jsonschema
import msgspec
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stillwatch.records import FLAGS, MEMBERS, Claim, Findings, StillwatchError, UnreadableInput
from stillwatch.reports import catalogue, load, write_all
from stillwatch.reports._writing.document import encode

GOLDENS = Path(__file__).parent / "goldens"
TIME = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$"}
SHARE = {"type": "number", "minimum": 0, "maximum": 1}
COUNT = {"type": "integer", "minimum": 0}
CLAIM = {
    "type": "object",
    "required": ["claim", "detector", "value", "expected_if_benign", "strength", "sources"],
    "properties": {"children": {"type": "array", "items": {"$ref": "#/$defs/claim"}}},
}
CAMPAIGN = {
    "campaign_id": {"type": "string", "minLength": 1},
    "first_seen": TIME,
    "last_seen": TIME,
    "detected_at": TIME,
    "active": {"type": "boolean"},
    "accounts": COUNT,
    "exchanges": COUNT,
    "tokens_in": COUNT,
    "tokens_out": COUNT,
    "capabilities": {"type": "array", "items": {"required": ["capability", "share"]}},
    "models": {"type": "array", "items": {"required": ["model", "share"]}},
    "log_e_value": {"type": "number"},
    "fdr": SHARE,
    "evidence": {"$ref": "#/$defs/claim"},
    "coverage": {"type": "object", "additionalProperties": SHARE},
}
DOCUMENT = {
    "$defs": {"claim": CLAIM},
    "type": "object",
    "required": ["schema", "log", "campaigns"],
    "properties": {
        "schema": {"const": "stillwatch.campaigns/1"},
        "campaigns": {"type": "array", "items": {"required": list(CAMPAIGN), "properties": CAMPAIGN}},
    },
}


def small(findings: Findings) -> Findings:
    """The same with a timeline and links a person can read in a diff."""
    campaigns = [
        msgspec.structs.replace(one, timeline=one.timeline[138:142], links=one.links[:3])
        for one in findings.campaigns
    ]
    return msgspec.structs.replace(findings, campaigns=campaigns)


@pytest.mark.parametrize("name", ["campaigns.json", "alarms.jsonl", "rejected.jsonl"])
def test_the_files_are_those_agreed_on(findings: Findings, tmp_path: Path, name: str):
    write_all(small(findings), tmp_path / "out")
    written = (tmp_path / "out" / name).read_bytes()
    golden = GOLDENS / name
    if os.environ.get("STILLWATCH_GOLDENS") == "write":
        golden.parent.mkdir(exist_ok=True)
        golden.write_bytes(written)
    assert written == golden.read_bytes()


def test_campaigns_keep_the_contract(findings: Findings):
    jsonschema.Draft202012Validator(DOCUMENT).validate(json.loads(encode(findings)))


def test_the_tables_keep_the_contract(findings: Findings, tmp_path: Path):
    write_all(findings, tmp_path / "out")
    assert pq.read_table(tmp_path / "out" / "members.parquet").equals(findings.members)
    assert pq.read_schema(tmp_path / "out" / "members.parquet").equals(MEMBERS)
    assert pq.read_schema(tmp_path / "out" / "flags.parquet").equals(FLAGS)


def test_alarms_are_in_event_time_order(findings: Findings, tmp_path: Path):
    write_all(findings, tmp_path / "out")
    lines = (tmp_path / "out" / "alarms.jsonl").read_text().splitlines()
    times = [json.loads(line)["ts"] for line in lines]
    assert times == sorted(times)
    assert len(times) == len(findings.alarms)


def test_what_was_written_reads_back(findings: Findings, tmp_path: Path):
    write_all(findings, tmp_path / "out")
    log, campaigns = load(tmp_path / "out")
    assert log == findings.log
    assert campaigns == findings.campaigns


def test_text_is_written_only_when_asked_for(findings: Findings):
    assert b"snippets" not in encode(findings)
    kept = msgspec.structs.replace(findings.campaigns[0], snippets=["Grade [NAME]'s answer"])
    document = json.loads(encode(msgspec.structs.replace(findings, campaigns=[kept])))
    assert document["campaigns"][0]["snippets"] == ["Grade [NAME]'s answer"]


def test_a_value_without_a_number_is_written_as_text(findings: Findings):
    odd = Claim(claim="c", detector="d", value=float("nan"), expected_if_benign=float("inf"), strength=1.0)
    campaign = msgspec.structs.replace(findings.campaigns[0], evidence=odd)
    document = json.loads(encode(msgspec.structs.replace(findings, campaigns=[campaign])))
    assert document["campaigns"][0]["evidence"]["value"] == "nan"
    assert document["campaigns"][0]["evidence"]["expected_if_benign"] == "inf"


def test_a_verdict_without_a_number_is_an_error(findings: Findings):
    campaign = msgspec.structs.replace(findings.campaigns[0], log_e_value=float("inf"))
    with pytest.raises(StillwatchError, match="not finite"):
        encode(msgspec.structs.replace(findings, campaigns=[campaign]))


@given(text=st.text(st.characters(), max_size=60))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_survives(nothing: Findings, text: str):
    """Half surrogate pairs included: the file stays UTF-8 and JSON."""
    written = encode(
        msgspec.structs.replace(nothing, log=msgspec.structs.replace(nothing.log, unseen=[text]))
    )
    assert json.loads(written.decode("utf-8"))["log"]["unseen"] == [text]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, r"No such file or directory \(errno 2\)"),
        (b"{", "not a stillwatch.campaigns/1 document"),
        (b'{"schema": "other/2"}', "its schema is 'other/2'"),
        (b'{"schema": "stillwatch.campaigns/1", "log": {}, "campaigns": 3}', "not a stillwatch.campaigns/1"),
    ],
)
def test_what_is_no_result_is_named(tmp_path: Path, content: bytes | None, reason: str):
    if content is not None:
        (tmp_path / "campaigns.json").write_bytes(content)
    with pytest.raises(UnreadableInput, match=reason):
        load(tmp_path)


def test_each_report_is_documented_by_its_module():
    for name, report in catalogue().items():
        text = import_module(f"stillwatch.reports.{name}").__doc__
        assert f"`{report.file}`" in text.splitlines()[0]
