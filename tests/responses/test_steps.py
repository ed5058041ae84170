import pytest
from answers import decision_of, facilities, request_of

from stillwatch.responses import treat, treat_answer


def test_tag_and_mark_speak_to_the_serving_side_only():
    treatment = treat(request_of("chat"), decision_of("mark"), "chat", facilities())
    assert treatment.forward["x-stillwatch-step"] == "mark"
    assert treatment.forward["x-stillwatch-campaign"] == "camp-1"
    other = treat(None, decision_of("mark", account_id="acc-b"), "chat", facilities())
    assert other.forward["x-stillwatch-mark"] == treatment.forward["x-stillwatch-mark"]
    named = treat(None, decision_of("mark", settings={"cohort": "red\r\nx: 1"}), "chat", facilities())
    assert named.forward["x-stillwatch-mark"] == "red??x: 1"


def test_reduce_surface_takes_away_and_limits():
    body = request_of("chat", n=4, logprobs=True, top_logprobs=5, seed=7, temperature=1.9, top_p=0.9)
    changed = treat(body, decision_of("reduce_surface"), "chat", facilities()).body
    assert changed == request_of("chat", n=1, temperature=1.0, top_p=0.9)
    plain = request_of("chat", temperature=0.3)
    assert treat(plain, decision_of("reduce_surface"), "chat", facilities()).body is plain
    asked = request_of("responses", include=["message.output_text.logprobs", "reasoning.encrypted_content"])
    changed = treat(asked, decision_of("reduce_surface"), "responses", facilities()).body
    assert changed["include"] == ["reasoning.encrypted_content"]


def test_reduce_surface_takes_what_was_given_all_the_same():
    choice = {"index": 0, "message": {"content": "a"}, "logprobs": {"content": [{"token": "a"}]}}
    body = {"choices": [choice, {**choice, "index": 1}], "usage": {"completion_tokens": 2}}
    changed = treat_answer(body, decision_of("reduce_surface"), "chat", facilities(), tools_offered=False)
    assert changed == {"choices": [{**choice, "logprobs": None}], "usage": {"completion_tokens": 2}}
    more = decision_of("reduce_surface", settings={"choices": 2})
    assert len(treat_answer(body, more, "chat", facilities(), tools_offered=False)["choices"]) == 2


def test_all_accounts_of_a_campaign_share_one_rate():
    lent = facilities()
    settings = {"per_minute": 6.0, "burst": 3.0}
    refusals = [
        treat(None, decision_of("cap_rate", account_id=f"acc-{n}", settings=settings), "chat", lent).refusal
        for n in range(5)
    ]
    assert [refusal.status if refusal else None for refusal in refusals] == [None, None, None, 429, 429]
    assert refusals[3].headers["retry-after"] == "10"
    other = decision_of("cap_rate", campaign_id="camp-2", settings=settings)
    assert treat(None, other, "chat", lent).refusal is None


def test_step_up_is_a_challenge_a_program_can_read():
    decision = decision_of("step_up", settings={"acr_values": "kyc-3 kyc-2", "max_age": 3600})
    refusal = treat(None, decision, "messages", facilities()).refusal
    assert refusal.status == 403
    challenge = refusal.headers["www-authenticate"]
    assert challenge.startswith('Bearer error="insufficient_user_authentication"')
    assert 'acr_values="kyc-3 kyc-2"' in challenge
    assert 'max_age="3600"' in challenge
    said = refusal.body["error"]["stillwatch"]
    assert (said["challenge"], said["acr_values"]) == ("insufficient_user_authentication", ["kyc-3", "kyc-2"])


@pytest.mark.parametrize(("given", "seconds"), [({}, 2.0), ({"seconds": 9}, 9.0), ({"seconds": 1e9}, 2.0)])
def test_hold_waits_within_its_bounds(given, seconds):
    assert treat(None, decision_of("hold", settings=given), "chat", facilities()).delay == seconds


def test_block_names_the_reason_and_no_appeal_the_rule_does_not_allow():
    refusal = treat(None, decision_of("block"), "chat", facilities()).refusal
    assert refusal.status == 403
    assert refusal.body["error"]["code"] == "campaign_member"
    assert "appeal" not in refusal.body["error"]["stillwatch"]
