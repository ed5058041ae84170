"""`report.html`: the findings for people, in one file that needs no network, no server and no other file.

Per campaign: the verdict in words, the timeline with model releases and bans, what it takes, the evidence as a
tree that opens to what was measured, the shared keys, the accounts (sortable, filterable, paged, saved as
CSV) and the fields the verdict rests on. Works with the keyboard alone, on a phone, in a dark room, on paper
and, but for sorting and paging, without script.

Every string of the log is cut, stripped of control and direction marks and escaped; a Content-Security-Policy
lets the page run its own script and style, known by their hashes, and load nothing.
"""

import hashlib
from base64 import b64encode
from importlib.resources import files
from pathlib import Path
from string import Template

from stillwatch.records import Findings
from stillwatch.reports._writing.interface import Report
from stillwatch.reports._writing.text import escaped
from stillwatch.reports._writing.verdict import headline
from stillwatch.reports.page.accounts import embedded, rows_of
from stillwatch.reports.page.campaign import section
from stillwatch.reports.page.overview import READING, blind_spots, overview

FILE = "report.html"


def write(findings: Findings, directory: Path) -> None:
    (directory / FILE).write_text(page(findings), encoding="utf-8", newline="\n")


def page(findings: Findings) -> str:
    """The whole page."""
    log, campaigns = findings.log, findings.campaigns
    rows = [rows_of(findings.members, campaign) for campaign in campaigns]
    sections = [section(number, campaign, log, rows[number]) for number, campaign in enumerate(campaigns)]
    style, script = _part("report.css"), _part("report.js")
    return Template(_part("report.html")).substitute(
        policy=_policy(style, script),
        title=escaped(headline(log, campaigns)),
        style=style,
        body="\n".join([overview(log, campaigns), *sections, blind_spots(log), READING]),
        rows=embedded(rows),
        script=script,
    )


def _part(name: str) -> str:
    return (files("stillwatch.reports.page") / name).read_text(encoding="utf-8")


def _policy(style: str, script: str) -> str:
    return (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'"
    )


def _hash(content: str) -> str:
    return "sha256-" + b64encode(hashlib.sha256(content.encode()).digest()).decode()


REPORT = Report(FILE, write)
