"""`ID.atlas.yaml`: a case study in the form of MITRE ATLAS, to submit or to keep beside AML.CS0056.

Carries: name, summary, date of the alarm, the procedure as tactics and techniques of ATLAS 5.6, reporter, target, and
the actor where a person named one and the recipient may know it. A technique that nothing in the view speaks for is
left out. Its id is AML.CS9999: numbers are given out by MITRE.
Cannot say: what the takers did with the answers. The harms to society and to users that the public case lists are not
to be seen in traffic.
"""

from datetime import UTC, datetime

import yaml

from stillwatch.sharing.finding.view import View
from stillwatch.sharing.formats._projection.interface import Form
from stillwatch.sharing.formats._projection.names import slug
from stillwatch.sharing.formats._projection.sentences import TITLE, error_sentence, summary
from stillwatch.sharing.formats._projection.techniques import procedure

UNNUMBERED = "AML.CS9999"
REFERENCES = [
    {
        "title": "ATLAS case study AML.CS0056",
        "url": "https://atlas.mitre.org/studies/AML.CS0056",
    }
]


def files(view: View) -> dict[str, bytes]:
    finding = view.finding
    seen = finding.campaign.detected_at if finding.campaign else finding.created
    study: dict[str, object] = {
        "id": UNNUMBERED,
        "name": _name(view),
        "object-type": "case-study",
        "summary": " ".join(part for part in (_withdrawn(view), summary(view), error_sentence(view)) if part),
        "incident-date": datetime.fromtimestamp(seen / 1_000_000, UTC).date(),
        "incident-date-granularity": "DATE",
        "procedure": [
            {"tactic": step.tactic, "technique": step.technique, "description": step.description}
            for step in procedure(view)
        ],
        "reporter": view.producer.name,
        "target": _target(view),
        "case-study-type": "incident",
        "references": REFERENCES,
    }
    if finding.operators:
        study["actor"] = ", ".join(f"{one.name} ({one.likelihood})" for one in finding.operators)
    text = yaml.safe_dump(study, sort_keys=False, explicit_start=True, width=100, allow_unicode=True)
    return {f"{slug(view)}.atlas.yaml": text.encode()}


def _name(view: View) -> str:
    haul = view.finding.haul
    if haul is None or not haul.capabilities:
        return TITLE
    return f"{TITLE} for {haul.capabilities[0].capability.replace('_', ' ')}"


def _target(view: View) -> str:
    models = ", ".join(one.model for one in view.finding.models)
    return f"{view.producer.name}: {models}" if models else view.producer.name


def _withdrawn(view: View) -> str | None:
    return "This report was withdrawn by its reporter." if view.revoked else None


FORM = Form(files)
