"""The page: figures that recompute, three redactions, hostile text that stays text.

Goldens are renewed by `STILLWATCH_RENEW=1 pytest tests/sharing/brief/test_brief_page.py -k golden`.
"""

import os
import re
import tempfile
import time
from itertools import pairwise
from pathlib import Path

import pytest
from brief_composed import HOUR, START, campaign, compose, material_of, stated
from brief_outline import Outline
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stillwatch.records import HappenedEvent, Share
from stillwatch.sharing import brief
from stillwatch.sharing.brief.doings import Doings
from stillwatch.sharing.brief.statement import Ask, Statement

GOLDENS = Path(__file__).parent / "goldens"
READERS = list(brief.AUDIENCES.values())
PUBLIC, PARTNER, AUTHORITY = READERS
STATEMENT = Statement(
    beneficiary=[stated()],
    provider=[stated(name="Example Accounts", marking="amber", likelihood="very likely")],
    ask=[Ask(text="Tell us of the same cards."), Ask(text="Say nothing yet.", marking="red")],
    contact="abuse@example.com",
)
DOINGS = Doings(
    state="confirmed",
    opened_at=START + 10 * HOUR,
    campaign_ids=["campaign-001", "campaign-002"],
    reviewers=2,
    changes=[(START + 20 * HOUR, "case_confirmed")],
    steps={"cap_rate": 4321, "block": 3},
)
secrets = st.text("bcdfghjkmnpqrstvwxz", min_size=10, max_size=16)
few = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def whole(out):
    return material_of(out, statement=STATEMENT, doings=DOINGS)


@pytest.mark.parametrize("readers", READERS, ids=lambda one: one.name)
def test_the_page_is_the_golden(whole, readers):
    digest = re.compile(r"[0-9a-f]{64}")  # Parquet names its writer's version
    made = digest.sub("DIGEST", re.sub(r"sha256-[^']*", "sha256-STYLE", brief.page(whole, readers)))
    golden = GOLDENS / f"{readers.name}.html"
    if os.environ.get("STILLWATCH_RENEW"):
        golden.write_text(made, encoding="utf-8", newline="\n")
    assert made == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("readers", READERS, ids=lambda one: one.name)
def test_every_figure_has_a_query_that_gives_it_again(out, whole, readers):
    outline = Outline(brief.page(whole, readers))
    again = brief.registry(material_of(out, statement=STATEMENT, doings=DOINGS))
    assert len(outline.figures) > 100
    for attributes, text in outline.figures:
        value = again[attributes["data-query"]].value(readers)
        assert value == float(attributes["value"])
        assert text.strip()
    assert [text for text in outline.bare() if re.search(r"\d", text)] == []


@pytest.mark.parametrize("readers", READERS, ids=lambda one: one.name)
def test_every_link_leads_somewhere_on_the_page(whole, readers):
    outline = Outline(brief.page(whole, readers))
    ids = [attributes["id"] for _, attributes in outline.elements if "id" in attributes]
    links = [attributes["href"] for _, attributes in outline.elements if "href" in attributes]
    assert len(ids) == len(set(ids))
    assert {link.removeprefix("#") for link in links} <= set(ids)


@pytest.mark.parametrize("readers", READERS, ids=lambda one: one.name)
def test_the_page_can_be_read_without_seeing_it(whole, readers):
    outline = Outline(brief.page(whole, readers))
    levels = [int(tag[1]) for tag, _ in outline.elements if re.fullmatch(r"h\d", tag)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert all(attributes.get("scope") for tag, attributes in outline.elements if tag == "th")
    pictures = [attributes for tag, attributes in outline.elements if tag == "svg"]
    assert pictures
    assert all(one["role"] == "img" and one["aria-label"] for one in pictures)
    tags = [tag for tag, _ in outline.elements]
    assert tags.count("caption") == tags.count("table")
    assert ("html", {"lang": "en"}) in outline.elements
    assert "script" not in tags


@few
@given(secret=secrets)
def test_nobody_is_told_what_a_file_holds_of_customers(secret):
    with tempfile.TemporaryDirectory() as room:
        material = material_of(compose(Path(room), secret))
        for readers in READERS:
            assert secret not in brief.page(material, readers)


@few
@given(secret=secrets)
def test_the_public_is_told_no_name_at_all(secret):
    named = [
        campaign(1, 41, secret, campaign_id=secret, models=[Share(f"ft:{secret}", 1.0)]),
        campaign(2, 12, secret, campaign_id=f"{secret}@example.com"),
    ]
    statement = Statement(
        beneficiary=[stated(name=secret, basis=secret, by=secret, marking="green")],
        ask=[Ask(text=secret)],
    )
    events = [HappenedEvent(START + 140 * HOUR, "model_release", f"fine-tune of {secret}")]
    with tempfile.TemporaryDirectory() as room:
        out = compose(Path(room), secret, named, events=events)
        assert secret not in brief.page(material_of(out, statement=statement), PUBLIC)


def test_the_public_gets_rounded_counts_and_months(material):
    told = {query: one.value(PUBLIC) for query, one in brief.registry(material).items()}
    assert told["campaign.1.accounts"] == 41
    assert told["campaign.2.accounts"] == 10  # of 7
    assert told["total.exchanges"] == 140  # of 144
    assert told["log.exchanges"] == 1_200_000
    page = Outline(brief.page(material, PUBLIC)).all_text()
    assert "at most 10" in page
    assert "March 2026" in page
    assert not re.search(r"\b\d{1,2} (Mar|March) 2026", page)
    assert "atlas" not in page


def test_a_partner_gets_exact_counts(material):
    told = {query: one.value(PARTNER) for query, one in brief.registry(material).items()}
    assert told["campaign.2.accounts"] == 7
    assert told["total.tokens_out"] == 48 * 4_567_891
    page = Outline(brief.page(material, PARTNER)).all_text()
    assert "TLP:AMBER" in page
    assert "campaign-001" in page
    assert "2 Mar 2026" in page


def test_names_reach_those_for_whom_a_person_marked_them(whole):
    pages = [Outline(brief.page(whole, readers)).all_text() for readers in READERS]
    assert ["Example Systems" in page for page in pages] == [False, False, True]
    assert ["Example Accounts" in page for page in pages] == [False, True, True]
    assert ["Say nothing yet." in page for page in pages] == [False, False, True]
    assert "likely (55% to 80%), moderate confidence" in " ".join(pages[2].split())
    assert all("Assessed; not for these readers." in page for page in pages[:2])


def test_without_a_person_nobody_is_accused(material):
    for readers in READERS:
        page = Outline(brief.page(material, readers)).all_text()
        assert page.count("Not assessed.") == 2


def test_what_was_done_is_counted_without_names(whole):
    page = Outline(brief.page(whole, AUTHORITY)).all_text()
    assert "cap rate (4,321) and block (3)" in page
    assert "confirmed by a person on 3 Mar 2026" in page
    assert "at most 10" in Outline(brief.page(whole, PUBLIC)).all_text()


HOSTILE = st.sampled_from(
    [
        "</style><script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "' onload='alert(1)",
        "<!--",
        "$body ${digest} $$",
        "\x00\x1b[31m",
        "\u202egnp.exe\u200b",
        "\ud800",
        "k" * 5000,
        "",
    ]
)


@few
@given(text=HOSTILE)
def test_hostile_text_stays_text(text):
    readable = text.encode("utf-8", "replace").decode()
    found = [campaign(1, 12, "x", campaign_id=readable, models=[Share(readable, 1.0)])]
    statement = Statement(beneficiary=[stated(name=readable, basis=readable, by=readable)], contact=readable)
    events = [HappenedEvent(START + 9 * HOUR, "model_release", readable)]
    with tempfile.TemporaryDirectory() as room:
        material = material_of(compose(Path(room), "x", found, events=events), statement=statement)
        for readers in READERS:
            outline = Outline(brief.page(material, readers))
            tags = {tag for tag, _ in outline.elements}
            assert tags <= {
                *("html", "head", "meta", "title", "style", "body", "header", "main", "section", "div"),
                *("h1", "h2", "p", "ul", "li", "dl", "dt", "dd", "table", "caption", "thead", "tbody", "tr"),
                *("th", "td", "a", "data", "abbr", "cite", "code", "bdi", "span", "time", "sup"),
                *("figure", "figcaption", "svg", "rect", "line", "text"),
            }
            names = {name for _, attributes in outline.elements for name in attributes}
            assert not any(name.startswith("on") or name in {"src", "style"} for name in names)


def test_a_result_without_campaigns_says_what_was_tested(tmp_path):
    material = material_of(compose(tmp_path, campaigns=[]))
    page = Outline(brief.page(material, PARTNER)).all_text()
    assert "No campaign was found in 1,204,112 exchanges of 41,877 accounts." in page
    assert "does not show that none is there" in page
    assert "Training fed" not in page.partition("Annex")[0]


def test_many_campaigns_go_on_in_the_annex(tmp_path):
    found = [campaign(number, 12, "x") for number in range(1, 13)]
    page = brief.page(material_of(compose(tmp_path, campaigns=found)), PARTNER)
    first, _, annex = page.partition('class="annex"')
    assert "campaign-008" in first
    assert "campaign-009" not in first
    assert "campaign-012" in annex


def test_counts_that_disagree_are_named(tmp_path):
    found = [campaign(1, 12, "x", exchanges=999)]
    material = material_of(compose(tmp_path, campaigns=found))
    assert brief.registry(material)["campaign.1.exchanges"].value(PARTNER) == 36
    assert "the stated counts are not those of the rows" in brief.page(material, PARTNER)


def test_a_page_takes_less_than_three_seconds_of_work(out):
    start = time.process_time()
    brief.page(material_of(out), PARTNER)
    assert time.process_time() - start < 3
