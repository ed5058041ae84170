"""What differs from one log to the next: every number here is drawn once per log from a range.

Weights fitted on one such setting would learn its habits. Over many seeds these do not stay put: how much
a provider records, how people pay, how large cohorts and operators are, how evenly an operator deals out
its work, when the log begins.
"""

import math
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random

DAY = 86_400.0
HOUR = 3_600.0
FIRST_MONDAY = datetime(2025, 3, 3, tzinfo=UTC).timestamp()
WEEKS_OF_STARTS = 80

MISSING = {
    "ja4": 0.25,
    "user_agent": 0.06,
    "accept_language": 0.45,
    "latency_ms": 0.3,
    "tokens_reasoning": 0.5,
    "tokens_cached": 0.6,
    "session_id": 0.45,
    "conversation_id": 0.4,
    "asn": 0.12,
    "country": 0.08,
    "stream": 0.3,
    "finish_reason": 0.2,
    "n_turns": 0.2,
    "n_tool_calls": 0.4,
    "n_tool_results": 0.4,
    "n_images": 0.5,
    "client_ip": 0.03,
    "api_key_id": 0.15,
    "tokens_in": 0.05,
}
MISSING_OF_ACCOUNT = {
    "phone_hash": 0.35,
    "phone_country": 0.3,
    "device_id": 0.35,
    "signup_ja4": 0.4,
    "kyc_country": 0.5,
    "kyc_level": 0.2,
    "referral": 0.2,
    "declared_country": 0.4,
    "email_hash": 0.1,
    "payment_bin": 0.15,
    "signup_asn": 0.15,
    "signup_ip": 0.08,
    "plan": 0.05,
}
PATHWAYS = {"app": 58.0, "api": 32.0, "cloud:bedrock": 4.0, "cloud:vertex": 3.0, "edu": 3.0}
PAYMENTS = {"credit": 60.0, "debit": 28.0, "virtual": 7.0, "prepaid": 5.0}


@dataclass(frozen=True)
class Setting:
    """The habits of one provider and its users; probabilities unless said."""

    start: float  # seconds since 1970, a Monday at midnight
    missing: dict[str, float]  # per field of an exchange, that an account's calls lack it
    missing_of_account: dict[str, float]
    pathways: dict[str, float]  # weights
    payments: dict[str, float]  # weights of ordinary customers
    app_users_who_pay: float
    invoices: float
    bins: list[str]
    bin_scale: float  # mean rank of a card's BIN: small where a few banks issue most cards
    volume: float  # times the usual number of calls of an innocent account
    failures: float
    answers: float  # accounts whose answers are logged
    late: float  # calls that arrive minutes to days after they were made

    def bin(self, rng: Random) -> str:
        return self.bins[min(len(self.bins) - 1, int(rng.expovariate(1 / self.bin_scale)))]


def draw(rng: Random) -> Setting:
    """One setting; the same generator state gives the same one."""
    return Setting(
        start=FIRST_MONDAY + 7 * DAY * rng.randrange(WEEKS_OF_STARTS),
        missing=_gaps(rng, MISSING),
        missing_of_account=_gaps(rng, MISSING_OF_ACCOUNT),
        pathways=_around(rng, PATHWAYS),
        payments=_around(rng, PAYMENTS),
        app_users_who_pay=rng.uniform(0.25, 0.75),
        invoices=rng.uniform(0.01, 0.12),
        bins=[str(rng.randrange(400_000, 560_000)) for _ in range(160)],
        bin_scale=rng.uniform(12, 45),
        volume=math.exp(rng.uniform(math.log(0.7), math.log(1.4))),
        failures=rng.uniform(0.005, 0.05),
        answers=rng.uniform(0.15, 0.75),
        late=rng.uniform(0.002, 0.03),
    )


def _gaps(rng: Random, usual: dict[str, float]) -> dict[str, float]:
    """Shares of missing values: all scaled alike, each once more by itself, and a few fields never logged."""
    level = rng.uniform(0.4, 1.5)
    return {
        field: 1.0 if rng.random() < 0.04 else min(0.95, share * level * rng.uniform(0.5, 1.6))
        for field, share in usual.items()
    }


def _around(rng: Random, weights: dict[str, float]) -> dict[str, float]:
    return {name: weight * rng.lognormvariate(0, 0.35) for name, weight in weights.items()}
