"""The three records of the file contract, defined once: field, type, meaning.

Every Arrow schema and every decoder in the project is derived from these classes. `None` stands for
"the source does not say": a field is never invented.
"""

from typing import NewType

import msgspec

Micros = NewType("Micros", int)
"""A UTC time in microseconds since 1970-01-01T00:00:00Z."""


class Turn(msgspec.Struct, frozen=True):
    """One turn of a conversation; content parts other than text are left out."""

    role: str
    content: str | None = None


class Exchange(msgspec.Struct, frozen=True, kw_only=True):
    """One API call: a request and its answer."""

    exchange_id: str
    ts: Micros
    account_id: str
    org_id: str | None = None
    api_key_id: str | None = None
    end_user_id: str | None = None
    session_id: str | None = None
    conversation_id: str | None = None
    pathway: str | None = None
    model: str | None = None
    system: str | None = None
    prompt: str | None = None
    messages: list[Turn] | None = None
    tools: list[str] | None = None
    n_tool_calls: int | None = None
    n_tool_results: int | None = None
    n_images: int | None = None
    n_turns: int | None = None
    max_tokens: int | None = None
    temperature: float | None = None
    n_choices: int | None = None
    logprobs: int | None = None  # top log-probabilities asked for; True counts as 1
    stream: bool | None = None
    reasoning_effort: str | None = None
    response: str | None = None
    tokens_in: int | None = None
    tokens_out: int | None = None
    tokens_reasoning: int | None = None
    tokens_cached: int | None = None
    finish_reason: str | None = None
    http_status: int | None = None
    error_type: str | None = None
    latency_ms: float | None = None
    client_ip: str | None = None
    asn: int | None = None
    country: str | None = None
    user_agent: str | None = None
    ja4: str | None = None
    accept_language: str | None = None
    replayed_ids: list[str] | None = None
    account_handle: str | None = None  # what minted ids call this account
    continued_id: str | None = None  # the newest id of the history, where it was minted for somebody else
    continued_handle: str | None = None  # what minted ids call the account it was minted for
    continued_at: Micros | None = None  # when it was minted


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """One version of an account; the last one valid at a time holds then."""

    account_id: str
    valid_from: Micros | None = None
    created_at: Micros | None = None
    org_id: str | None = None
    plan: str | None = None
    programme: str | None = None
    email_domain: str | None = None
    email_hash: str | None = None
    phone_country: str | None = None
    phone_hash: str | None = None
    phone_kind: str | None = None
    payment_fp: str | None = None
    payment_kind: str | None = None
    payment_country: str | None = None
    payment_bin: str | None = None
    signup_ip: str | None = None
    signup_asn: int | None = None
    signup_country: str | None = None
    signup_ja4: str | None = None
    device_id: str | None = None
    referral: str | None = None
    kyc_level: int | None = None
    kyc_country: str | None = None
    declared_country: str | None = None
    owner_countries: dict[str, float] | None = None
    status: str | None = None
    status_at: Micros | None = None
    status_reason: str | None = None
    authorised_distillation: bool | None = None


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """A thing the provider knows happened."""

    ts: Micros
    kind: str
    model: str | None = None
    account_id: str | None = None
    note: str | None = None
