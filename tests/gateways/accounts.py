"""Accounts against which verdicts stand, one for each step, and the policy that takes it."""

from stillwatch.policy.publish import publish, rows
from stillwatch.records import Micros, Verdict

STEPS = {
    "block": "step: block, reviewers: [Ana], appeal: true, message: This account is suspended.",
    "cap": "step: cap_rate, settings: {per_minute: 0.01}",
    "hold": "step: hold, settings: {seconds: 1}",
    "tag": "step: tag",
    "reduce": "step: reduce_surface",
    "strip": "step: strip_reasoning",
}
POLICY = "rules:\n" + "".join(
    f"""  - {{id: {name}, mode: enforce, when: 'verdict.campaign_id == "camp-{name}"', reason: is_{name}, {step}}}\n"""
    for name, step in STEPS.items()
)


def verdict(name):
    return Verdict(
        campaign_id=f"camp-{name}",
        state="confirmed",
        probability=0.99,
        log_e_value=20.0,
        accounts=40,
        capability="coding",
        since=Micros(1_772_000_000_000_000),
        active=True,
    )


def publish_verdicts(folder, account=lambda name: f"acc-{name}"):
    """Put the policy and the verdicts into a folder; `account` is what a gateway calls an account by its step."""
    (folder / "policy.yaml").write_text(POLICY)
    publish(folder / "verdicts", rows((account(name), verdict(name)) for name in STEPS), 1)
