"""A view in sentences, made of its figures alone."""

from stillwatch.sharing.finding.model import CapabilityShare, Figure
from stillwatch.sharing.finding.view import View
from stillwatch.sharing.formats._projection.names import day_text

TITLE = "Model distillation campaign"
SHOWN = 3  # capabilities named in a sentence


def summary(view: View) -> str:
    """What happened: how many accounts took what, and when."""
    finding = view.finding
    cluster, haul, campaign = finding.cluster, finding.haul, finding.campaign
    accounts = number(cluster.accounts if cluster else None, "accounts") or "accounts of one operator"
    exchanges = number(haul.exchanges if haul else None, "exchanges")
    tokens = number(haul.tokens_out if haul else None, "tokens")
    taken = " and ".join(part for part in (exchanges, tokens) if part)
    parts = [f"One operator harvested a language model through {accounts}"]
    if taken:
        parts.append(f", taking {taken}")
    if haul and haul.capabilities:
        parts.append(f", for {mix(haul.capabilities)}")
    if campaign:
        parts.append(f", between {day_text(campaign.first_seen)} and {day_text(campaign.last_seen)}")
    return "".join(parts) + "."


def number(figure: Figure | None, of: str) -> str | None:
    """A figure with its unit; a bucketed one as the range it is."""
    if figure is None:
        return None
    if figure.below is not None:
        return f"{figure.value:,} to {figure.below:,} {of}"
    return f"{figure.value:,} {of}"


def mix(shares: list[CapabilityShare]) -> str:
    named = [f"{one.capability.replace('_', ' ')} ({_percent(one.share)})" for one in shares[:SHOWN]]
    return ", ".join(named)


def _percent(figure: Figure) -> str:
    if figure.below is not None:
        return f"{figure.value:.0%} to {figure.below:.0%}"
    return f"{figure.value:.0%}"


def error_sentence(view: View) -> str | None:
    """How often such a finding is wrong."""
    error = view.finding.error
    if error is None:
        return None
    bound = error.fdr.below if error.fdr.below is not None else error.fdr.value
    return (
        f"Of campaigns reported at this level, at most {bound:.1%} are expected to be none. The log e-value against"
        f" benign use is {error.log_e_value.value:.1f} nats."
    )
