"""What is decided about one call: the call as a gateway knows it, the verdict held ahead, and the step taken.

Gateways look verdicts up; nothing is detected while a customer waits.
"""

from collections.abc import Mapping
from typing import Literal, get_args

import msgspec

from stillwatch.records.wire import Micros

Step = Literal[
    "observe",
    "tag",
    "mark",
    "honey",
    "reduce_surface",
    "cap_rate",
    "strip_reasoning",
    "step_up",
    "hold",
    "block",
]
STEPS: tuple[Step, ...] = get_args(Step)
"""The ladder, mildest first. All but `block` are undone by taking the rule away."""

State = Literal["suspected", "open", "confirmed"]
"""Of a campaign: followed but not called, called by the error control, confirmed by a person."""

Route = Literal["chat", "messages", "responses", "completions", "gemini", "embeddings", "other"]
"""The wire format of a call: OpenAI Chat, Anthropic Messages, OpenAI Responses, Gemini, and what else there is."""


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """A call before it is answered. `None` stands for "the gateway does not know"."""

    account_id: str
    ts: Micros
    route: Route = "other"
    org_id: str | None = None
    api_key_id: str | None = None
    end_user_id: str | None = None
    session_id: str | None = None
    pathway: str | None = None
    model: str | None = None
    plan: str | None = None
    programme: str | None = None
    kyc_level: int | None = None
    stream: bool = False
    n_choices: int | None = None
    logprobs: int | None = None
    max_tokens: int | None = None
    temperature: float | None = None
    reasoning_effort: str | None = None
    n_turns: int | None = None
    n_tools: int | None = None
    n_tool_results: int | None = None
    n_images: int | None = None
    client_ip: str | None = None
    asn: int | None = None
    country: str | None = None
    user_agent: str | None = None
    ja4: str | None = None


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What is held against one account, computed ahead from the campaigns of the latest look."""

    campaign_id: str
    state: State
    probability: float  # that the campaign's operator runs this account
    log_e_value: float  # nats, of the campaign
    accounts: int  # of the campaign
    capability: str  # the one most of the campaign's exchanges take, or "" before it is known
    since: Micros  # when the account was first placed in the campaign
    active: bool  # the campaign has been seen of late
    case_id: str | None = None


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """The step taken on one call, and all that is needed to say why."""

    decision_id: str
    ts: Micros
    account_id: str
    step: Step
    rule_id: str | None = None  # None where no rule matched
    reason: str | None = None  # the rule's reason code
    message: str | None = None  # what the customer is told
    appeal: bool = False
    settings: Mapping[str, float | int | str | bool] = {}  # of the step: a rate, a delay, a level
    campaign_id: str | None = None  # the evidence
    case_id: str | None = None
    standing_id: str | None = (
        None  # the evidence of a decision on access grounds: what was asked of the account
    )
    policy_sha256: str = ""
    verdicts_version: int = 0
    expires_at: Micros | None = None
    shadow_rule_id: str | None = None  # the first rule in shadow mode that would have decided instead
    shadow_step: Step | None = None


Outcome = Literal["applied", "refused", "dry_run", "not_justified", "not_applied"]
"""What a gateway did with a decision: took the step, or refused the call by it; only looked (dry run); found no
reason or evidence in it, or that it had run out; or could not take the step, and why is in its own log."""


class TakenDecision(msgspec.Struct, frozen=True, kw_only=True):
    """A decision and what became of it, as a gateway hands it on: one line of a `decisions-*.jsonl` file."""

    decision: Decision
    exchange_id: str
    route: Route
    outcome: Outcome
    http_status: int | None = None  # of a refusal
    delay: float = 0.0  # seconds the call was held
