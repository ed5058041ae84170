"""What decides calls in tests of gateways."""

from stillwatch.records import Decision


def deciding(step, **stated):
    """Decide the same about every call."""
    given = {"reason": "campaign_member", "campaign_id": "camp-1", "case_id": "case-1"} | stated

    def decide(call):
        return Decision(decision_id="dec-1", ts=call.ts, account_id=call.account_id, step=step, **given)

    return decide
