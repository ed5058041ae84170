"""The evidence tree as nested disclosures: a claim, what was measured, what benign traffic gives, its weight."""

from stillwatch.records import Claim
from stillwatch.reports._writing.text import escaped
from stillwatch.reports._writing.words import figure
from stillwatch.reports.page.pieces import bar

OPEN = 1  # levels shown before anybody asks


def tree(evidence: Claim) -> str:
    return f'<div class="evidence">{_claim(evidence, max(evidence.strength, 1.0), 0)}</div>'


def _claim(claim: Claim, strongest: float, depth: int) -> str:
    head = f'<span class="claim">{escaped(claim.claim)}</span>{_weight(claim.strength, strongest)}'
    body = _measured(claim)
    if claim.children:
        branches = "".join(f"<li>{_claim(child, strongest, depth + 1)}</li>" for child in claim.children)
        body += f"<ul>{branches}</ul>"
    return f"<details{' open' if depth < OPEN else ''}><summary>{head}</summary>{body}</details>"


def _weight(strength: float, strongest: float) -> str:
    if strength <= 0:
        return '<span class="weight against">does not add</span>'
    picture = bar(strength / strongest, "strength")
    return (
        f'<span class="weight"><span class="odds">{escaped(f"+{strength:.1f} nats")}</span>{picture}</span>'
    )


def _measured(claim: Claim) -> str:
    sources = "".join(f"<code>{escaped(source, 60)}</code> " for source in claim.sources)
    rests = f"<div><dt>Rests on</dt><dd>{sources}</dd></div>" if sources else ""
    return (
        '<dl class="measured">'
        f"<div><dt>Measured</dt><dd>{escaped(figure(claim.value))}</dd></div>"
        f"<div><dt>Benign traffic gives</dt><dd>{escaped(figure(claim.expected_if_benign))}</dd></div>"
        f"<div><dt>Detector</dt><dd><code>{escaped(claim.detector, 80)}</code></dd></div>{rests}</dl>"
    )
