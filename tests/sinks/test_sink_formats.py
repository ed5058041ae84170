"""What is sent: goldens of each format, the OCSF schema, and hostile text in every field.

Refresh the goldens with: STILLWATCH_GOLDENS=write .venv/bin/pytest tests/sinks/test_sink_formats.py
"""

import json
import os
import re
import unicodedata
from functools import cache
from pathlib import Path

import jsonschema
import ocsf_json_schema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from notices import HOSTILE, hostile_notices, notice

from stillwatch.records.product import VERSION
from stillwatch.sinks import told
from stillwatch.sinks._delivery import record
from stillwatch.sinks._delivery.cef import cef
from stillwatch.sinks._delivery.detection_finding import detection_finding, ocsf_line
from stillwatch.sinks.apprise import text
from stillwatch.sinks.syslog import frame
from stillwatch.sinks.webhook import body

GOLDENS = Path(__file__).parent / "goldens"
KINDS = ("opened", "grew", "pivoted", "replaced", "quiet")
FORMATS = {
    "jsonl": lambda notice: record.encoded(told(notice)),
    "webhook": body,
    "ocsf": ocsf_line,
    "cef": lambda notice: cef(notice).encode(),
    "line": lambda notice: record.line(notice)[:-1],
}
OCSF_REQUIRED = {  # as looked up in ocsf-schema 1.8.0: class detection_finding and the objects used here
    "": {
        "activity_id",
        "category_uid",
        "class_uid",
        "finding_info",
        "metadata",
        "severity_id",
        "time",
        "type_uid",
    },
    "metadata": {"product", "version"},
    "finding_info": {"uid"},
}


@cache
def schema():
    embedded = ocsf_json_schema.OcsfJsonSchemaEmbedded(ocsf_json_schema.get_ocsf_schema("1.8.0"))
    found = embedded.get_class_schema("detection_finding")
    return jsonschema.validators.validator_for(found)(found)


@pytest.mark.parametrize("name", FORMATS)
def test_golden(name):
    plain = notice(
        case_id=None, link_base=None, kind="quiet", log_e_value=float("inf"), summary="a|b=c\\d\n\u202ee"
    )
    made = b"\n".join(FORMATS[name](one) for one in (notice(), plain)) + b"\n"
    made = made.replace(VERSION.encode(), b"VERSION")
    path = GOLDENS / f"{name}.txt"
    if os.environ.get("STILLWATCH_GOLDENS") == "write":
        path.write_bytes(made)
    assert made == path.read_bytes()


@pytest.mark.parametrize("kind", KINDS)
def test_a_detection_finding_meets_the_schema(kind):
    event = json.loads(ocsf_line(notice(kind=kind)))
    schema().validate(event)
    assert event["type_uid"] == event["class_uid"] * 100 + event["activity_id"]
    for where, required in OCSF_REQUIRED.items():
        assert required <= set(event[where] if where else event)


@pytest.mark.parametrize("missing", sorted(OCSF_REQUIRED[""]))
def test_the_schema_would_notice(missing):
    event = json.loads(ocsf_line(notice()))
    del event[missing]
    assert not schema().is_valid(event)


@given(hostile_notices)
def test_hostile_text_meets_the_ocsf_schema(notice):
    schema().validate(json.loads(ocsf_line(notice)))


@given(hostile_notices)
def test_no_text_ends_a_line_or_leaves_ascii(notice):
    for name in ("jsonl", "webhook", "ocsf", "line"):
        made = FORMATS[name](notice)
        assert made.isascii()
        assert made.decode().isprintable(), name
        json.loads(made)


@given(hostile_notices)
def test_json_carries_every_text_as_it_was_but_halves_of_pairs(notice):
    said = json.loads(FORMATS["jsonl"](notice))
    for name, given_text in (
        ("campaign_id", notice.alarm.campaign_id),
        ("summary", notice.alarm.summary),
        ("tenant", notice.tenant),
        ("case_id", notice.case_id),
    ):
        assert said[name] == given_text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


@given(hostile_notices)
def test_a_line_reads_back(notice):
    first = record.read(record.line(notice))
    assert record.read(record.line(first)) == first
    assert first.alarm.accounts == notice.alarm.accounts
    assert first.written_at == notice.written_at


@given(st.binary(max_size=80) | HOSTILE.map(lambda said: json.dumps({"ts": said}).encode()))
def test_other_lines_are_refused_with_one_kind_of_error(data):
    with pytest.raises(ValueError, match=r"."):
        record.read(data)


def parse_cef(said):
    """Header fields and extension, by the rules of the format."""
    parts = re.split(r"(?<!\\)\|", said.replace("\\\\", "\0"), maxsplit=7)
    header = [part.replace("\\|", "|").replace("\0", "\\") for part in parts[:7]]
    keys = list(re.finditer(r"(?:^| )([A-Za-z0-9]+)=", re.sub(r"\\=", "\1\1", parts[7])))
    masked, fields = re.sub(r"\\=", "\1\1", parts[7]), {}
    for at, key in enumerate(keys):
        end = keys[at + 1].start() if at + 1 < len(keys) else len(masked)
        fields[key[1]] = masked[key.end() : end].replace("\1\1", "=").replace("\0", "\\")
    return header, fields


@given(hostile_notices)
def test_cef_keeps_its_fields_apart(notice):
    said = cef(notice)
    assert not any(unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for letter in said)
    header, fields = parse_cef(said)
    assert header[:3] == ["CEF:0", "Stillwatch", "stillwatch"]
    assert header[6] in {"3", "5", "8"}
    assert fields["cn1"] == str(notice.alarm.accounts)
    assert fields["cs2Label"] == "tenant"
    assert set(fields) <= {
        *(
            "end",
            "rt",
            "externalId",
            "msg",
            "request",
            "cn1",
            "cn1Label",
            "cn2",
            "cn2Label",
            "cfp1",
            "cfp1Label",
        ),
        *(f"cs{number}{label}" for number in range(1, 5) for label in ("", "Label")),
    }


@given(hostile_notices)
def test_a_syslog_header_has_its_seven_fields(notice):
    made = frame(notice, b"PAYLOAD")
    assert made.isascii()
    assert re.fullmatch(rb"<13[0-9]>1 \S+Z [!-~]+ stillwatch [0-9]+ [!-~]{1,32} - PAYLOAD", made)


@given(hostile_notices)
def test_a_message_to_a_person_mentions_and_links_nothing_of_the_log(notice):
    title, said = text(notice)
    shown = title + "".join(line for line in said.split("\n") if line.startswith(("tenant", "case")))
    assert "\n" not in title
    assert not set("@<>`") & set(shown)
    assert "](" not in shown
    assert said.count("\n") == 4 - (notice.link is None)


def test_a_notice_has_no_place_for_a_prompt():
    """Whoever adds a field must ask whether it could carry text of a customer."""
    assert set(told(notice())) == {
        *("alarm_id", "ts", "campaign_id", "kind", "accounts", "exchanges_so_far", "log_e_value", "summary"),
        *("tenant", "watch", "written_at", "case_id", "link"),
    }


def test_a_link_leads_to_the_case_and_before_it_to_the_campaign():
    assert notice().link == "https://stillwatch.example.com/cases/case-12"
    assert (
        notice(case_id=None, campaign_id="a/b?c").link == "https://stillwatch.example.com/campaigns/a%2Fb%3Fc"
    )
    assert notice(link_base=None).link is None


def test_what_opened_is_created_and_all_else_updates_the_same_finding():
    opened, grew = (detection_finding(notice(kind=kind)) for kind in ("opened", "grew"))
    assert (opened["activity_id"], grew["activity_id"]) == (1, 2)
    assert opened["finding_info"]["uid"] == grew["finding_info"]["uid"] == "acme/production/c-7f3a"
    elsewhere = detection_finding(notice(watch="production/c-7f3a", campaign_id=""))
    assert elsewhere["finding_info"]["uid"] != opened["finding_info"]["uid"]
