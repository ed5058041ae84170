"""What a provider records: drawn once for each log, field by field."""

from random import Random

EXCHANGE_FIELDS = {  # odds that a provider never records a field, and that it does so at times only
    "org_id": (0.3, 0.3),
    "api_key_id": (0.1, 0.2),
    "end_user_id": (0.3, 0.5),
    "session_id": (0.35, 0.3),
    "conversation_id": (0.2, 0.3),
    "system": (0.08, 0.15),
    "tools": (0.12, 0.2),
    "n_tool_calls": (0.2, 0.2),
    "n_tool_results": (0.2, 0.2),
    "n_images": (0.2, 0.1),
    "n_turns": (0.1, 0.2),
    "max_tokens": (0.12, 0.2),
    "temperature": (0.12, 0.2),
    "n_choices": (0.4, 0.2),
    "logprobs": (0.5, 0.2),
    "stream": (0.3, 0.2),
    "reasoning_effort": (0.3, 0.3),
    "response": (0.6, 0.6),
    "tokens_reasoning": (0.3, 0.3),
    "tokens_cached": (0.35, 0.2),
    "finish_reason": (0.15, 0.1),
    "error_type": (0.2, 0.1),
    "latency_ms": (0.2, 0.2),
    "client_ip": (0.12, 0.3),
    "asn": (0.15, 0.3),
    "country": (0.1, 0.3),
    "user_agent": (0.12, 0.3),
    "ja4": (0.4, 0.4),
    "accept_language": (0.3, 0.2),
    "replayed_ids": (0.3, 0.2),
    "http_status": (0.05, 0.1),
}
ACCOUNT_FIELDS = {
    "org_id": (0.2, 0.3),
    "plan": (0.1, 0.1),
    "email_domain": (0.1, 0.3),
    "email_hash": (0.5, 0.2),
    "phone_country": (0.3, 0.5),
    "phone_hash": (0.4, 0.5),
    "payment_fp": (0.12, 0.25),
    "payment_kind": (0.12, 0.2),
    "payment_country": (0.2, 0.3),
    "payment_bin": (0.35, 0.3),
    "signup_ip": (0.15, 0.3),
    "signup_asn": (0.2, 0.2),
    "signup_country": (0.15, 0.2),
    "signup_ja4": (0.5, 0.3),
    "device_id": (0.3, 0.5),
    "referral": (0.4, 0.3),
    "kyc_level": (0.3, 0.2),
    "kyc_country": (0.5, 0.3),
    "declared_country": (0.3, 0.3),
    "owner_countries": (0.8, 0.5),
    "status": (0.1, 0.1),
    "created_at": (0.03, 0.05),
}
AT_LEAST = 0.8  # recorded of one of two fields, where neither was
BAN_NOTES = ["terms", "payment dispute", "abuse", "automated review", "chargeback", "policy"]


class Recording:
    """Shares of calls and accounts that carry each field, and the forms of ids."""

    def __init__(self, rng: Random) -> None:
        self.exchanges = {name: _share(rng, *odds) for name, odds in EXCHANGE_FIELDS.items()}
        if not self.exchanges["client_ip"] and not self.exchanges["asn"]:
            self.exchanges["client_ip"] = AT_LEAST
        self.accounts = {name: _share(rng, *odds) for name, odds in ACCOUNT_FIELDS.items()}
        if not self.accounts["payment_fp"] and not self.accounts["payment_bin"]:
            self.accounts["payment_bin"] = AT_LEAST
        self.as_messages = rng.choice([0, 0, 0, 0.15, 0.4])
        self.answers_are_exchanges = rng.random() < 0.4
        self.exchange_form = rng.choice(["ex_%s", "req_%s", "%s", "gen-%s"])
        self.account_form = rng.choice(["acc_%s", "acct-%s", "u%s", "%s"])
        self.ban_notes = rng.sample(BAN_NOTES, 3)
        self.versioned = rng.random() < 0.5


def _share(rng: Random, absent: float, partial: float) -> float:
    if rng.random() < absent:
        return 0.0
    return rng.uniform(0.45, 0.95) if rng.random() < partial else 1.0
