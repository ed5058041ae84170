"""The terminal summary: what is concluded, why, and what was out of sight, on one screen."""

import msgspec
from rich.console import Console

from stillwatch.records import Claim, Findings
from stillwatch.reports import evidence_tree, summary


def shown(renderable: object, width: int = 110) -> str:
    console = Console(width=width, color_system=None, record=True, file=None, quiet=False)
    with console.capture() as captured:
        console.print(renderable)
    return captured.get()


def test_it_says_what_why_and_what_not(findings: Findings):
    text = shown(summary(findings))
    assert "2 campaigns found in 1,204,112 exchanges by 41,877 accounts" in text
    assert "c-7f3a5be1" in text
    assert "1,482 accounts, 53,987 exchanges, 61.2 million tokens out" in text
    assert "alarm after 5 h 30 min, still running" in text
    assert "1 in 10,000 by chance" in text
    assert "work queue is dealt out" in text
    assert "1 rejected" in text
    assert "shared devices could not be tested" in text
    assert len(text.splitlines()) <= 40


def test_nothing_found_is_said_plainly(nothing: Findings):
    text = shown(summary(nothing), 300)
    assert "No campaign found" in text
    assert "312 linked groups of accounts were tested" in text


def test_many_campaigns_are_counted(findings: Findings):
    text = shown(summary(msgspec.structs.replace(findings, campaigns=findings.campaigns * 10)))
    assert "and 8 campaigns more in campaigns.json" in text


def test_no_text_commands_the_terminal(findings: Findings):
    claim = Claim(
        claim="\x1b[2J[bold]x[/bold]\u202e", detector="d", value="v", expected_if_benign="e", strength=3.0
    )
    campaign = msgspec.structs.replace(findings.campaigns[0], evidence=claim, campaign_id="\x1b]0;title\x07")
    text = shown(summary(msgspec.structs.replace(findings, campaigns=[campaign])), 200)
    assert r"\u001b[2J[bold]x[/bold]\u202e" in text
    assert "\x1b" not in text


def test_the_tree_is_cut_where_asked(findings: Findings):
    evidence = findings.campaigns[0].evidence
    whole, cut = shown(evidence_tree(evidence), 200), shown(evidence_tree(evidence, depth=1), 200)
    assert "start and stop together" in whole
    assert "start and stop together" not in cut
    assert "2 claims below" in cut


def test_numbers_are_told_once():
    told = Claim(
        claim="They start together 6.8 times", detector="d", value=6.8, expected_if_benign=1.0, strength=5.0
    )
    untold = msgspec.structs.replace(told, claim="They start together")
    assert shown(evidence_tree(told)).strip() == "They start together 6.8 times (+5.0 nats; d)"
    assert (
        shown(evidence_tree(untold)).strip() == "They start together (measured 6.8, benign 1; +5.0 nats; d)"
    )
