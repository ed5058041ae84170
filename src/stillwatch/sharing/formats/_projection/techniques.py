"""MITRE ATLAS techniques of a distillation campaign, each with what in a view speaks for it.

Ids and names as in ATLAS 5.6 (atlas-data, Apache-2.0); AML.CS0056 is the public case with the same steps.
"""

from typing import NamedTuple

from stillwatch.sharing.finding.model import Figure
from stillwatch.sharing.finding.view import View
from stillwatch.sharing.formats._projection.sentences import mix, number

VERSION = "5.6.0"
RESOURCES, ACCESS, EXFILTRATION, IMPACT = "AML.TA0003", "AML.TA0000", "AML.TA0010", "AML.TA0011"


class Technique(NamedTuple):
    """One step of a procedure."""

    tactic: str
    technique: str
    name: str
    description: str


def procedure(view: View) -> list[Technique]:
    """The steps in the order of the public case; a step that nothing in the view speaks for is left out."""
    finding = view.finding
    cluster, haul = finding.cluster, finding.haul
    accounts = number(_of(cluster, "accounts"), "accounts")
    steps: list[Technique | None] = [
        _proxies(view),
        Technique(
            RESOURCES,
            "AML.T0065",
            "LLM Prompt Crafting",
            f"The requests share fixed texts and cover {mix(haul.capabilities)} without repeating an item.",
        )
        if haul and haul.capabilities
        else None,
        Technique(
            ACCESS,
            "AML.T0040",
            "AI Model Inference API Access",
            f"The model's interface was used through {accounts} under one operator's control."
            + _concurrent(_of(cluster, "concurrent")),
        )
        if accounts
        else None,
        _extraction(view),
        Technique(
            IMPACT,
            "AML.T0048.004",
            "AI Intellectual Property Theft",
            f"Answers that carry the model's capabilities were taken: {mix(haul.capabilities)}.",
        )
        if haul and haul.capabilities
        else None,
    ]
    return [step for step in steps if step is not None]


def _of(part: object, name: str) -> Figure | None:
    found = getattr(part, name, None)
    return found if isinstance(found, Figure) else None


def _proxies(view: View) -> Technique | None:
    """Accounts of one operator that come through many networks or clients, or a provider that a person named."""
    finding = view.finding
    controlled = [one.detector for one in finding.evidence if one.strength > 0]
    if finding.providers:
        said = "A person named the provider of the accounts."
    elif "control" in controlled:
        said = (
            "The accounts act as one: the evidence of common control stands without that of what they took."
        )
    elif finding.cluster and finding.cluster.accounts:
        said = "The accounts were opened and run for one operator, who stays out of sight behind them."
    else:
        return None
    return Technique(RESOURCES, "AML.T0008.005", "AI Service Proxies", said)


def _concurrent(figure: Figure | None) -> str:
    at_once = number(figure, "accounts")
    return f" Up to {at_once} worked at once." if at_once else ""


def _extraction(view: View) -> Technique | None:
    haul = view.finding.haul
    parts = [
        text
        for text in (
            number(haul.exchanges, "exchanges") if haul else None,
            number(haul.tokens_out, "tokens of answers") if haul else None,
        )
        if text
    ]
    if not parts:
        return None
    said = f"The model was queried at scale to train another model on its answers: {' and '.join(parts)}."
    return Technique(EXFILTRATION, "AML.T0024.002", "Extract AI Model", said)
