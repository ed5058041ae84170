"""The cohort that a campaign's answers are marked as: one name for gateways, serving side, cases and tests."""

from hashlib import blake2b

from stillwatch.records.decision import Decision


def cohort_of(decision: Decision) -> str:
    """16 hexadecimal digits that are the same for all accounts of a campaign, and name it to nobody else."""
    source = str(decision.campaign_id or decision.case_id)
    return blake2b(source.encode("utf-8", "surrogatepass"), digest_size=8, person=b"mark").hexdigest()
