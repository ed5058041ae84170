"""The page: hostile text stays text, nothing is loaded, and an empty result says what was tested."""

import base64
import hashlib
import json
import re
from html.parser import HTMLParser

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stillwatch.records import Campaign, Claim, Findings, HappenedEvent, Share, SharedKey
from stillwatch.reports.html import page
from stillwatch.reports.page.timeline import COLUMNS, columns

VOID = {"meta", "input", "br"}
HOSTILE = [
    "</script><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onload='alert(1)",
    "<!--<script>",
    "]]><svg onload=alert(1)>",
    "${alert(1)} $title $$ {{7*7}}",
    "\x00\x1b[31mred\x07\r\n",
    "\u202egnp.exe\u2066\u200b\ufeff",
    "\ud800 half a pair",
    "\u2028\u2029",
    "k" * 10_000,
    "&lt;b&gt; &amp;",
    "",
]
hostile = st.one_of(st.sampled_from(HOSTILE), st.text(st.characters(), max_size=40))


class Outline(HTMLParser):
    """Every element and attribute of a page; fails on tags that do not nest."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.raw: dict[str, str] = {}

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] in {"script", "style"}:
            kind = self.elements[-1][1].get("type", self.open[-1])
            self.raw[kind] = self.raw.get(kind, "") + data


def outline(text: str) -> Outline:
    found = Outline()
    found.feed(text)
    found.close()
    assert found.open == []
    return found


def shape(found: Outline) -> list[tuple[str, list[str]]]:
    return [(tag, sorted(attributes)) for tag, attributes in found.elements]


def everywhere(text: str, number: Campaign) -> Campaign:
    """The campaign with `text` in every field that holds text."""
    claim = Claim(
        claim=text, detector=text, value=text, expected_if_benign=text, strength=2.0, sources=[text]
    )
    claim.children = [msgspec.structs.replace(claim)]
    return msgspec.structs.replace(
        number,
        campaign_id=text,
        capabilities=[Share(text, 1.0)],
        models=[Share(text, 1.0)],
        evidence=claim,
        coverage={text: 0.1},
        timeline=[msgspec.structs.replace(step, models={text: 3}) for step in number.timeline[:2]],
        shared_keys=[SharedKey(text, text, 3, 1, 2.0)],
        links=[(text, text, 1.0)],
        snippets=[text],
    )


def filled(findings: Findings, text: str) -> Findings:
    first = findings.campaigns[0]
    utf8 = text.encode("utf-8", "replace").decode()
    members = findings.members.slice(0, 1)
    members = members.set_column(0, "account_id", [[utf8]]).set_column(1, "campaign_id", [[utf8]])
    log = msgspec.structs.replace(
        findings.log,
        unseen=[text],
        coverage={text: 0.5},
        events=[HappenedEvent(first.timeline[0].start, text, text)],
    )
    return msgspec.structs.replace(findings, log=log, campaigns=[everywhere(utf8, first)], members=members)


@given(text=hostile)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_hostile_text_stays_text(findings: Findings, text: str):
    """Whatever the strings of a log say, the page has the same elements and attributes."""
    quiet, loud = outline(page(filled(findings, "name"))), outline(page(filled(findings, text)))
    assert shape(loud) == shape(quiet)
    assert loud.raw["script"] == quiet.raw["script"]
    assert json.loads(loud.raw["application/json"])
    assert "<" not in loud.raw["application/json"]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_mark_that_hides_or_reorders_text_is_left(findings: Findings, text: str):
    written = page(filled(findings, text))
    assert not re.search(
        "[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]", written
    )
    assert "k" * 1000 not in written


def test_the_page_loads_nothing_and_runs_only_its_own(findings: Findings):
    text = page(findings)
    found = outline(text)
    policy = next(attributes["content"] for _, attributes in found.elements if "http-equiv" in attributes)
    for part in ("script", "style"):
        digest = base64.b64encode(hashlib.sha256(found.raw[part].encode()).digest()).decode()
        assert f"{part}-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'")
    attributes = {name for _, pairs in found.elements for name in pairs}
    assert not {name for name in attributes if name.startswith("on")}
    assert not attributes & {"src", "style", "srcset", "action"}
    assert all(pairs["href"].startswith("#") for _, pairs in found.elements if "href" in pairs)


def test_every_anchor_leads_somewhere(findings: Findings):
    found = outline(page(findings))
    ids = [pairs["id"] for _, pairs in found.elements if "id" in pairs]
    assert len(ids) == len(set(ids))
    referred = [pairs["href"][1:] for _, pairs in found.elements if "href" in pairs]
    referred += [pairs["aria-labelledby"] for _, pairs in found.elements if "aria-labelledby" in pairs]
    assert set(referred) <= set(ids)


def test_the_verdict_is_in_words(findings: Findings):
    text = page(findings)
    assert "one operator runs 1,482 accounts" in text
    assert "58% reasoning traces" in text
    assert "5 h 30 min later" in text
    assert "1 in 10,000" in text
    assert "device_id (0%), ja4 (12%)" in text


def test_all_rows_are_in_the_page(findings: Findings):
    rows = json.loads(outline(page(findings)).raw["application/json"])
    assert [len(table) for table in rows] == [1482, 64]


def test_an_empty_result_says_what_was_tested_and_what_was_not(nothing: Findings):
    text = page(nothing)
    assert "No campaign found in 1,204,112 exchanges by 41,877 accounts" in text
    assert "312 linked groups of accounts were tested" in text
    assert "shared devices could not be tested" in text
    assert "does not show that none is there" in text


def test_the_timeline_keeps_every_exchange(findings: Findings):
    steps = findings.campaigns[0].timeline
    drawn, _ = columns(steps)
    assert len(drawn) <= COLUMNS
    assert sum(column.models.total() for column in drawn) == sum(step.exchanges for step in steps)
