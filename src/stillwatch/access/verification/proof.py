"""What is known of an account: proofs, each with its date, end, method and provenance, and the keys it has shown."""

import msgspec

from stillwatch.records import Micros

SECOND = 1_000_000
MINUTE = 60 * SECOND
DAY = 86_400 * SECOND
SKEW = MINUTE  # by which honest clocks differ; hosts that keep time differ by far less


class Subject(msgspec.Struct, frozen=True, kw_only=True, order=True):
    """What a proof is about, as a keyed token: the same thing shown by two accounts gives the same token."""

    kind: str
    token: str


class Proof(msgspec.Struct, frozen=True, kw_only=True):
    """Something an account has proved. It counts from its date to its end, unless it was revoked."""

    proof_id: str
    account_id: str
    kind: str
    method: str
    made_at: Micros
    expires_at: Micros
    by: str  # the person, vendor or part of Stillwatch that vouches for it
    provenance: dict[str, object]  # where it comes from; no document and no name
    subjects: list[Subject] = []
    revoked_at: Micros | None = None

    def counts(self, now: Micros) -> bool:
        """A date further ahead than clocks differ is no date: the proof waits until it comes."""
        return self.revoked_at is None and self.made_at - SKEW <= now < self.expires_at


class Key(msgspec.Struct, frozen=True, kw_only=True):
    """A public key that an account holds."""

    kind: str
    key_id: str  # a credential id, or the thumbprint by which calls are bound
    account_id: str
    public: str  # Base64 of a COSE key, or nothing where the thumbprint is all that is compared
    counter: int
    facts: dict[str, object]
    proof_id: str
    created_at: Micros
    revoked_at: Micros | None = None


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """Accounts that have shown the same thing. `of` accounts have shown any of its kind, so that chance can be told."""

    kind: str
    token: str
    accounts: list[str]
    of: int
