"""A review as one page that needs nothing else: no scripts, no other files, nothing from the network."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stillwatch.codescan.finding import Finding
    from stillwatch.codescan.patch.proposing import Patch
    from stillwatch.codescan.patch.reviewing import Review

_STYLE = """
:root { color-scheme: light dark; }
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin: 2.2rem 0 .3rem; }
.meta { color: GrayText; } .verified { color: #1a7f37; } .open { color: #b35900; }
pre { background: rgba(128,128,128,.12); overflow-x: auto; padding: .7rem; border-radius: 4px; }
.add { color: #1a7f37; } .del { color: #cf222e; }
table { border-collapse: collapse; } td { padding: .1rem .8rem .1rem 0; vertical-align: top; }
details { margin: .5rem 0; }
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def page(review: Review) -> str:
    """The review in HTML; all text of the code base is escaped."""
    return "".join(_parts(review))


def _parts(review: Review) -> Iterator[str]:
    patches = {patch.id: patch for patch in review.patches}
    reasons = {one.finding.fingerprint: one.why for one in review.without}
    verified = sum(patch.verified for patch in review.patches)
    yield '<!doctype html><html lang="en"><meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
    yield f"<title>Review of {escape(review.root)}</title><style>{_STYLE}</style><h1>Review of {escape(review.root)}</h1>"
    shown = sum(finding.proof == "run" for finding in review.findings)
    yield f"<p>{len(review.findings)} findings, {shown} of them shown by a run. {len(review.patches)} patches, {verified} verified. "
    yield f"{len(review.refuted)} suspicions were ruled out. {review.coverage.analysed} of {review.coverage.files} files were analysed.</p>"
    if review.cannot_run is not None:
        yield f'<p class="open">Nothing was run: {escape(review.cannot_run)}</p>'
    for finding in sorted(review.findings, key=lambda one: -one.confidence):
        yield from _finding(finding, patches.get(finding.fingerprint), reasons.get(finding.fingerprint))
    if review.refuted:
        yield "<h2>Ruled out</h2><table>"
        for finding in review.refuted:
            yield f"<tr><td>{escape(finding.rule)}<td>{_place(finding)}<td>{escape(finding.refuted or '')}"
        yield "</table>"
    yield "</html>"


def _place(finding: Finding) -> str:
    return f"{escape(finding.location.path)}:{finding.location.line}"


def _finding(finding: Finding, patch: Patch | None, reason: str | None) -> Iterator[str]:
    yield f"<h2>{escape(finding.message)}</h2>"
    yield f'<p class="meta">{escape(finding.rule)}, CWE-{finding.cwe}, {_place(finding)}, confidence {finding.confidence:.2f}, '
    yield f"known by {finding.proof}, id {finding.fingerprint}</p><pre>{escape(finding.code)}</pre>"
    if finding.why:
        yield f"<p>{'; '.join(map(escape, finding.why))}.</p>"
    if finding.proposal is not None:
        yield f'<p class="open">Proposed by {escape(finding.proposal.model)}, whose words are not to be trusted:</p>'
        yield f"<pre>{escape(finding.proposal.said)}</pre>"
    if finding.trace:
        yield "<details><summary>Flow of the data</summary><table>"
        for step in finding.trace:
            yield f"<tr><td>{escape(step.location.path)}:{step.location.line}<td>{escape(step.note)}"
        yield "</table></details>"
    if patch is None:
        yield f'<p class="open">No patch: {escape(reason or "its confidence is below what patches are made for")}.</p>'
        return
    state = (
        '<span class="verified">verified</span>'
        if patch.verified
        else '<span class="open">not verified</span>'
    )
    yield f"<p>Patch {patch.id}, {state}: {escape(patch.note)}.</p><pre>{''.join(map(_line, patch.diff.splitlines()))}</pre><table>"
    for check in patch.checks:
        kind = "verified" if check.outcome == "passed" else "open"
        yield f'<tr><td>{escape(check.name)}<td class="{kind}">{check.outcome}<td>{escape(check.why)}'
    yield "</table>"


def _line(line: str) -> str:
    kind = {"+": "add", "-": "del"}.get(line[:1])
    return f"{escape(line)}\n" if kind is None else f'<span class="{kind}">{escape(line)}</span>\n'
