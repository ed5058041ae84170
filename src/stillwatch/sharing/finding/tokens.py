"""Tokens of accounts: keyed hashes under a secret that never leaves, remade for each recipient and epoch by the gate."""

import hmac
from collections.abc import Iterable
from datetime import UTC, datetime
from hashlib import sha256

from stillwatch.features.key import SketchKey
from stillwatch.records import Micros
from stillwatch.sharing.finding.model import MatchToken
from stillwatch.sharing.finding.transforms import KEYED
from stillwatch.sharing.finding.view import Keys

INSIDE = "unreleased"  # the key id of tokens that no recipient has seen


def release_keys(key: SketchKey, at: Micros) -> Keys:
    """What the gate keys tokens with at a time: derived from the operator's secret, and other each quarter."""
    return Keys(_derived(key, "release"), epoch_of(at))


def epoch_of(at: Micros) -> str:
    """The quarter of a year, such as 2026-q1."""
    day = datetime.fromtimestamp(at / 1_000_000, UTC)
    return f"{day.year}-q{(day.month + 2) // 3}"


def account_tokens(key: SketchKey, accounts: Iterable[str]) -> list[MatchToken]:
    """One token an account, in the order of the tokens, which says nothing of that of the accounts."""
    secret = _derived(key, "accounts")
    made = (
        hmac.new(secret, one.encode("utf-8", errors="backslashreplace"), sha256).hexdigest()
        for one in accounts
    )
    return [MatchToken(suite=KEYED, key_id=INSIDE, value=value) for value in sorted(made)]


def _derived(key: SketchKey, purpose: str) -> bytes:
    return hmac.new(key.secret, f"stillwatch sharing/{purpose}".encode(), sha256).digest()
