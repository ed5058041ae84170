"""What people and the error control say about a campaign: an opinion, notes, and the attack patterns it follows."""

from collections.abc import Iterator

from stillwatch.sharing.finding.words import Status
from stillwatch.sharing.formats._projection.names import time_text
from stillwatch.sharing.formats._projection.sentences import error_sentence
from stillwatch.sharing.formats._projection.stix.objects import Maker, Object
from stillwatch.sharing.formats._projection.techniques import procedure

OPINIONS: dict[Status, tuple[str, str]] = {
    "suspected": ("neutral", "Followed; the error control has not called it a campaign."),
    "open": ("agree", "Called by the error control; no person has confirmed it."),
    "confirmed": ("strongly-agree", "A person has confirmed it."),
}
TAKEN_BACK = ("strongly-disagree", "The producer has taken the finding back.")


def opinion(make: Maker, campaign: Object) -> Object:
    """The producer's own view; partners add theirs."""
    said, why = TAKEN_BACK if make.view.revoked else OPINIONS[make.view.finding.status]
    return make.domain("opinion", "own", opinion=said, explanation=why, object_refs=[campaign["id"]])


def notes(make: Maker, campaign: Object) -> Iterator[Object]:
    sentence = error_sentence(make.view)
    if sentence is not None:
        yield make.domain(
            "note", "error", abstract="How sure this is", content=sentence, object_refs=[campaign["id"]]
        )
    for remark in make.view.finding.remarks:
        yield make.domain(
            "note",
            f"remark/{remark.at}/{remark.statement}",
            abstract=f"Remark of {time_text(remark.at)}",
            content=remark.statement,
            authors=[remark.person],
            object_refs=[campaign["id"]],
        )


def patterns(make: Maker, campaign: Object) -> Iterator[Object]:
    for step in procedure(make.view):
        found = make.domain(
            "attack-pattern",
            step.technique,
            name=step.name,
            description=step.description,
            external_references=[{"source_name": "mitre-atlas", "external_id": step.technique}],
        )
        yield found
        yield make.relation(campaign, "uses", found)
