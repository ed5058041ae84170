"""What operators who know detectors do: switches that combine, applied to an operator's plan."""

from dataclasses import replace

from stillwatch.lab.operators.plan import Cover, Operator
from stillwatch.records import UsageError

EVASIONS = {
    "fresh_cards": "every account pays with a card of its own, of a kind and prefix that are usual in its country",
    "residential": "every account calls from access networks of its own instead of hosting blocks",
    "paraphrase": "no fixed wording: every request and system prompt is phrased anew",
    "human_hours": "every account keeps a person's hours and weekends",
    "topic_pinning": "the harvest is parted by topic, so that each account has topics of its own",
    "volume_jitter": "accounts differ in volume as people do",
    "signup_spread": "accounts were created over more than a year",
    "cover_traffic": "a third of each account's exchanges is innocent chat in a voice of its own",
}
AWARE = "aware"
COVER = Cover(share=0.33, spread=0.1)


def chosen(names: tuple[str, ...]) -> frozenset[str]:
    """Return the switches meant by names on a command line; `aware` means all of them."""
    unknown = set(names) - set(EVASIONS) - {AWARE}
    if unknown:
        raise UsageError(f"unknown evasion {min(unknown)!r}; known: {', '.join([*EVASIONS, AWARE])}")
    return frozenset(EVASIONS) if AWARE in names else frozenset(names)


def disguised(operator: Operator, evasions: frozenset[str]) -> Operator:
    """Return the operator's plan with the switches that change the plan itself."""
    enrolment = operator.enrolment
    if "fresh_cards" in evasions:
        enrolment = replace(enrolment, cards=0)
    if "residential" in evasions:
        enrolment = replace(enrolment, network="access")
    if "signup_spread" in evasions:
        enrolment = replace(enrolment, bursts=0, devices=1)
    rhythm = replace(operator.rhythm, kind="own_hours") if "human_hours" in evasions else operator.rhythm
    cover = COVER if "cover_traffic" in evasions and operator.cover.share < COVER.share else operator.cover
    return replace(
        operator,
        enrolment=enrolment,
        rhythm=rhythm,
        cover=cover,
        paraphrases=operator.paraphrases or "paraphrase" in evasions,
    )
