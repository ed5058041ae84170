import pytest
from answers import decision_of, facilities, request_of

from stillwatch.responses import treat, treat_answer


def test_tag_and_mark_speak_to_the_serving_side_only():
    treatment = treat(request_of("chat"), decision_of("mark"), "chat", facilities())
    assert treatment.forward["x-stillwatch-step"] == "mark"
    assert treatment.forward["x-stillwatch-campaign"] == "camp-1"
    other = treat(None, decision_of("mark", account_id="acc-b"), "chat", facilities())
    assert other.forward["x-stillwatch-mark"] == treatment.forward["x-stillwatch-mark"]
    named = treat(None, decision_of("tag", settings={"label": "red\r\nx: 1"}), "chat", facilities())
    assert named.forward["x-stillwatch-tag"] == "red??x: 1"


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
    more = decision_of("reduce_surface", settings={"max_choices": 2})
    assert len(treat_answer(body, more, "chat", facilities(), tools_offered=False)["choices"]) == 2


def test_all_accounts_of_a_campaign_share_one_rate():
    lent = facilities()
    settings = {"per_minute": 18.0}
    refusals = [
        treat(None, decision_of("cap_rate", account_id=f"acc-{n}", settings=settings), "chat", lent).refusal
        for n in range(5)
    ]
    assert [refusal.status if refusal else None for refusal in refusals] == [None, None, None, 429, 429]
    assert refusals[3].headers["retry-after"] == "4"
    other = decision_of("cap_rate", campaign_id="camp-2", settings=settings)
    assert treat(None, other, "chat", lent).refusal is None
    alone = decision_of("cap_rate", settings=settings | {"shared_by": "account"})
    assert treat(None, alone, "chat", lent).refusal is None


def test_reduce_surface_limits_the_length_where_the_rule_says_so():
    limited = decision_of("reduce_surface", settings={"max_tokens": 100})
    assert treat(request_of("chat"), limited, "chat", facilities()).body["max_completion_tokens"] == 100
    assert treat(request_of("messages"), limited, "messages", facilities()).body["max_tokens"] == 64
    asked = request_of("responses", max_output_tokens=4096)
    assert treat(asked, limited, "responses", facilities()).body["max_output_tokens"] == 100


def test_step_up_is_a_challenge_a_program_can_read():
    refusal = treat(None, decision_of("step_up", settings={"level": 3}), "messages", facilities()).refusal
    assert refusal.status == 403
    challenge = refusal.headers["www-authenticate"]
    assert challenge.startswith('Bearer error="insufficient_user_authentication"')
    assert 'acr_values="kyc-3"' in challenge
    said = refusal.body["error"]["stillwatch"]
    assert (said["challenge"], said["acr_values"]) == ("insufficient_user_authentication", ["kyc-3"])


@pytest.mark.parametrize(("given", "seconds"), [({}, 2.0), ({"seconds": 9}, 9.0), ({"seconds": 1e9}, 2.0)])
def test_hold_waits_within_its_bounds(given, seconds):
    assert treat(None, decision_of("hold", settings=given), "chat", facilities()).delay == seconds


def test_block_names_the_reason_and_no_appeal_the_rule_does_not_allow():
    refusal = treat(None, decision_of("block"), "chat", facilities()).refusal
    assert refusal.status == 403
    assert refusal.body["error"]["code"] == "campaign_member"
    assert "appeal" not in refusal.body["error"]["stillwatch"]
