"""Whether a call shows the key that its account has registered. A gateway asks this once a call, from memory.

What is compared is the thumbprint: of the key in a DPoP proof (RFC 9449), or of the client certificate (RFC 8705). Where
an access token is shown, its `cnf` may say which one instead.
"""

from collections.abc import Mapping
from threading import Lock

import msgspec

from stillwatch.access.verification.proof import SKEW, Key
from stillwatch.access.verification.protocols import dpop, mtls
from stillwatch.access.verification.refusal import Refused
from stillwatch.records import Micros

MOST = 1_000_000  # proofs remembered; some 200 MB
LONGEST = dpop.WINDOW + 2 * SKEW  # after which a proof that was taken once is too late for certain
ALGORITHMS = "ES256 EdDSA PS256 RS256"  # told to clients; more are taken


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """What a call shows. `token` is the API key or access token; `certificate` the header of the proxy."""

    method: str
    url: str
    token: str
    proofs: tuple[str, ...] = ()  # every DPoP header there was
    certificate: str | None = None


class Bound(msgspec.Struct, frozen=True):
    """What the calls of an account must show; both empty where nothing was registered."""

    jkt: frozenset[str] = frozenset()
    x5t: frozenset[str] = frozenset()


class Unproved(Refused):
    """A call that does not show its account's key, and what to answer: 401 with this header (RFC 9449, section 7.1)."""

    def __init__(self, refused: Refused, challenge: str, nonce: str | None = None) -> None:
        super().__init__(refused.reason, str(refused))
        self.challenge = challenge
        self.nonce = nonce  # for the header DPoP-Nonce


class SeenProofs:
    """Proofs that were used, as long as they would hold. Any thread may ask."""

    def __init__(self, most: int = MOST) -> None:
        self._seen: dict[str, Micros] = {}
        self._lock = Lock()
        self._most = most

    def first(self, shown: dpop.Shown, now: Micros) -> bool:
        """Whether this proof is new. A memory that is full takes nothing: a proof forgotten could be used again."""
        name = f"{shown.jkt} {shown.jti}"
        with self._lock:
            while self._seen and next(iter(self._seen.values())) <= now:  # the oldest stand first
                del self._seen[next(iter(self._seen))]
            if name in self._seen:
                return False
            if len(self._seen) >= self._most:
                raise Refused("unreachable", "too many calls at once to tell which come twice")
            self._seen[name] = Micros(now + LONGEST)
            return True


class CallKeys:
    """The keys of all accounts, as they were when it was made. Make a new one to know of keys registered since."""

    def __init__(
        self,
        keys: Mapping[str, Bound],
        *,
        nonces: dpop.Nonces | None = None,
        seen: SeenProofs | None = None,
    ) -> None:
        """With `nonces`, a proof must carry one of ours. `seen` outlasts one set of keys."""
        self._keys = keys
        self._nonces = nonces
        self.seen = seen or SeenProofs()

    def bound(self, account_id: str) -> Bound:
        return self._keys.get(account_id, Bound())

    def check(self, account_id: str, call: Call, now: Micros) -> bool:
        """True where the call shows a key of the account, False where it has none. Raises Unproved."""
        bound = self.bound(account_id)
        if not bound.jkt and not bound.x5t:
            return False
        try:
            if call.certificate is not None and bound.x5t:
                check_certificate(bound, mtls.from_header(call.certificate), now)
            else:
                self._check_proof(bound, call, now)
        except Refused as refused:
            raise self._unproved(bound, refused, now) from refused
        return True

    def _check_proof(self, bound: Bound, call: Call, now: Micros) -> None:
        if not bound.jkt:
            raise Refused("mismatch", "the call came without a client certificate")
        if len(call.proofs) != 1:  # section 4.3, check 1
            raise Refused("malformed", "the call needs one DPoP header")
        nonces = self._nonces
        shown = dpop.check(
            call.proofs[0],
            method=call.method,
            url=call.url,
            now=now,
            token=call.token,
            check_nonce=None if nonces is None else lambda given: nonces.check(given, now),
        )
        if shown.jkt not in bound.jkt:
            raise Refused("mismatch", "the proof was made with another key than the account's")
        if not self.seen.first(shown, now):
            raise Refused("replayed", "the proof was used before")

    def _unproved(self, bound: Bound, refused: Refused, now: Micros) -> Unproved:
        if not bound.jkt:
            return Unproved(refused, 'Bearer error="invalid_token"')  # RFC 8705, section 3
        nonce = None if self._nonces is None else self._nonces.issue(now)
        error = "use_dpop_nonce" if isinstance(refused, dpop.WrongNonce) else "invalid_dpop_proof"
        return Unproved(refused, f'DPoP error="{error}", algs="{ALGORITHMS}"', nonce)


def check_certificate(bound: Bound, shown: mtls.Presented, now: Micros) -> None:
    """Raises Refused."""
    mtls.check_dates(shown, now)
    if shown.thumbprint not in bound.x5t:
        raise Refused("mismatch", "the client certificate is another than the account's")


def bound_keys(keys: list[Key]) -> dict[str, Bound]:
    """Registered keys by account."""
    out: dict[str, Bound] = {}
    for one in keys:
        held = out.get(one.account_id, Bound())
        if one.kind == "dpop":
            out[one.account_id] = Bound(held.jkt | {one.key_id}, held.x5t)
        elif one.kind == "mtls":
            out[one.account_id] = Bound(held.jkt, held.x5t | {one.key_id})
    return out


def confirmed(claims: Mapping[str, object]) -> Bound:
    """What a token's `cnf` binds it to (RFC 7800): `jkt` (RFC 9449, section 6) or `x5t#S256` (RFC 8705, section 3.1)."""
    cnf = claims.get("cnf")
    said = cnf if isinstance(cnf, Mapping) else {}
    jkt, x5t = said.get("jkt"), said.get("x5t#S256")
    return Bound(
        frozenset([jkt] if isinstance(jkt, str) else []), frozenset([x5t] if isinstance(x5t, str) else [])
    )
