"""The desk: begins and completes proofs, says which level an account holds, and takes proofs back.

What is shown is judged without a lock on the store, since a provider or a name server may take seconds. What follows is
written in one transaction with its entry in the audit: the challenge is used, or nothing has happened.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from stillwatch.access.verification import kept
from stillwatch.access.verification.calls import Bound, bound_keys
from stillwatch.access.verification.challenges import Wanted, add_challenges, check_open, try_challenge
from stillwatch.access.verification.ledger import Ledger, Once
from stillwatch.access.verification.levels import Lacking, LevelHeld, lacking, level_held
from stillwatch.access.verification.methods import Answering, Asking, Given, Method, catalogue
from stillwatch.access.verification.methods._proving.interface import Answer, Asked
from stillwatch.access.verification.methods.identity_vendor import Told
from stillwatch.access.verification.methods.recorded import Record
from stillwatch.access.verification.office import Office
from stillwatch.access.verification.proof import Key, Link, Proof
from stillwatch.access.verification.protocols import webhook
from stillwatch.access.verification.refusal import Refused
from stillwatch.cases.store import Tenant
from stillwatch.records import Micros, UsageError

VENDOR = "identity_vendor"
RECORDED = "recorded"
EVENTS_KEPT = 3 * webhook.WINDOW  # ids of events; after one window ahead and one back they are late


class Begun(msgspec.Struct, frozen=True, kw_only=True):
    """A challenge, as it is shown to who asked for it."""

    challenge_id: str
    expires_at: Micros
    shown: dict[str, Any]


class VerificationDesk:
    """The verification of one tenant's accounts. Cheap to make; any thread may use it.

    `now` may be given to every method; without it, it is the clock of the store.
    """

    def __init__(self, tenant: Tenant, office: Office) -> None:
        office.prepare(tenant)
        self.tenant = tenant
        self.office = office
        self._ledger = Ledger(tenant, office)

    def begin(self, method: str, asked: Asked | Mapping[str, object], *, now: Micros | None = None) -> Begun:
        """Ask an account to show something. Raises Refused, or InvalidConfiguration where settings are missing."""
        now = self._now(now)
        opening = _method(method).opening
        if opening is None:
            raise UsageError(f"{method} has no beginning: it is entered by a person")
        with self.office.counting(method):
            said = _read(asked, opening.takes)
            asking = Asking(
                asked=said, settings=self.office.settings, keyed=self._ledger.keyed, keys=self._keys, now=now
            )
            begun = opening.begin(asking)
        with self.office.counting(method), self.tenant.writing() as connection:
            check_open(self.tenant, connection, said.account_id, method, now)
            wanted = Wanted(
                account_id=said.account_id,
                method=method,
                state=begun.state,
                lives=opening.lives,
                attempts=opening.attempts,
            )
            (challenge,) = add_challenges(self.tenant, connection, [wanted], now)
            facts = {"challenge_id": challenge.challenge_id, "method": method}
            self._ledger.enter(connection, "proof_begun", [said.account_id], facts)
        return Begun(challenge_id=challenge.challenge_id, expires_at=challenge.expires_at, shown=begun.shown)

    def complete(
        self, method: str, answer: Answer | Mapping[str, object], *, now: Micros | None = None
    ) -> Proof:
        """Judge an answer and keep what it proves. Raises Refused."""
        now = self._now(now)
        found = _method(method)
        if found.signed or found.opening is None:
            raise UsageError(f"{method} is not completed by whom it is asked of")
        with self.office.counting(method):
            said = _read(answer, found.completes)
            challenge = try_challenge(
                self.tenant, said.challenge_id, method=method, account_id=said.account_id, now=now
            )
            given = self._judge(found, said, challenge.account_id, challenge.state, now)
            return self._ledger.keep(method, given, challenge.account_id, now, challenge_id=said.challenge_id)

    def record(self, record: Record | Mapping[str, object], *, by: str, now: Micros | None = None) -> Proof:
        """Keep what a person vouches for. Raises Refused."""
        now = self._now(now)
        if not by.strip():
            raise UsageError("a record needs the name of the person who enters it")
        with self.office.counting(RECORDED):
            said = _read(record, Record)
            given = self._judge(_method(RECORDED), said, said.account_id, {}, now)
            return self._ledger.keep(RECORDED, given, said.account_id, now, by=by, text=said.note)

    def receive(
        self, vendor: str, headers: Mapping[str, str], body: bytes, *, now: Micros | None = None
    ) -> Proof:
        """Take a vendor's signed event. Raises Refused; its `reason` says whether it was forged, late or came twice."""
        now = self._now(now)
        with self.office.counting(VENDOR):
            verifier = self.office.settings.verifier(vendor)
            if verifier is None:
                raise Refused("forged", "no signature of this vendor fits the event")  # nor is there one
            event_id = webhook.verify(verifier, headers, body, now)
            self._ledger.check_new(once := Once(f"{VENDOR} {vendor}", event_id, EVENTS_KEPT), now)
            said = webhook.event_of(body).data
            challenge = try_challenge(self.tenant, said.reference, method=VENDOR, account_id=None, now=now)
            told = Told(vendor=vendor, event_id=event_id, said=said)
            given = self._judge(_method(VENDOR), told, challenge.account_id, challenge.state, now)
            return self._ledger.keep(
                VENDOR, given, challenge.account_id, now, challenge_id=said.reference, once=once
            )

    def revoke(self, proof_id: str, *, by: str, reason: str, now: Micros | None = None) -> list[Proof]:
        """Take a proof back, with the key it stands for and what was proved with that. Raises NotThere."""
        now = self._now(now)
        if not by.strip() or not reason.strip():
            raise UsageError("to revoke a proof, say who does it and why")
        with self.tenant.writing() as connection:
            ended = kept.revoke_proof(self.tenant, connection, proof_id, now)
            for one in ended:
                facts = {"proof_id": one.proof_id, "proof": one.kind}
                self._ledger.enter(connection, "proof_revoked", [one.account_id], facts, by=by, text=reason)
            return ended

    def forget(self, account_id: str, *, by: str, reason: str) -> int:
        """Delete all that is kept of an account here; returns how many proofs went. `redact` does it for the audit."""
        if not by.strip() or not reason.strip():
            raise UsageError("to forget an account, say who does it and why")
        with self.tenant.writing() as connection:
            gone = kept.forget(self.tenant, connection, account_id)
            self._ledger.enter(connection, "verification_forgotten", [], {"proofs": gone}, by=by, text=reason)
            return gone

    def proofs(self, account_id: str) -> list[Proof]:
        """All proofs of an account, expired and revoked ones as well, the oldest first."""
        with self.tenant.reading() as connection:
            return kept.proofs_of(self.tenant, connection, [account_id]).get(account_id, [])

    def level_of(self, account_id: str, now: Micros | None = None) -> LevelHeld:
        """The level an account holds, the proofs it rests on, and when it falls."""
        return level_held(self.office.rules, self.proofs(account_id), self._now(now))

    def levels_of(self, accounts: Sequence[str], now: Micros | None = None) -> dict[str, LevelHeld]:
        """The levels of many accounts, read at once."""
        now = self._now(now)
        with self.tenant.reading() as connection:
            found = kept.proofs_of(self.tenant, connection, accounts)
        return {one: level_held(self.office.rules, found.get(one, []), now) for one in accounts}

    def holders(self, now: Micros | None = None) -> dict[str, LevelHeld]:
        """The levels of all accounts that have proved anything which holds."""
        now = self._now(now)
        with self.tenant.reading() as connection:
            accounts = kept.holders(self.tenant, connection, now)
        return self.levels_of(accounts, now)

    def lacking(self, account_id: str, level: int, now: Micros | None = None) -> list[Lacking]:
        """What an account has still to prove for a level."""
        return lacking(self.office.rules, self.proofs(account_id), level, self._now(now))

    def links(self, kinds: Sequence[str] | None = None) -> list[Link]:
        """Accounts that have shown the same key, attestation, identity, domain or address."""
        with self.tenant.reading() as connection:
            return kept.links(self.tenant, connection, kinds)

    def bound_keys(self) -> dict[str, Bound]:
        """The keys that calls of each account must show, for `CallKeys` in a gateway."""
        with self.tenant.reading() as connection:
            return bound_keys(kept.keys_of(self.tenant, connection, None))

    def _now(self, now: Micros | None) -> Micros:
        return self.tenant.clock() if now is None else now

    def _keys(self, accounts: Sequence[str], kind: str) -> list[Key]:
        with self.tenant.reading() as connection:
            return kept.keys_of(self.tenant, connection, accounts, kind)

    def _judge(
        self, method: Method, answer: object, account_id: str, state: dict[str, Any], now: Micros
    ) -> Given:
        return method.complete(
            Answering(
                answer=answer,
                account_id=account_id,
                state=state,
                settings=self.office.settings,
                keyed=self._ledger.keyed,
                keys=self._keys,
                now=now,
            )
        )


def _method(name: str) -> Method:
    """Raises UsageError."""
    found = catalogue().get(name)
    if found is None:
        raise UsageError(f"there is no method {name[:80]!r}; there are: {', '.join(sorted(catalogue()))}")
    return found


def _read(said: object, wanted: type[msgspec.Struct]) -> Any:
    """Raises Refused."""
    if isinstance(said, wanted):
        return said
    try:
        return msgspec.convert(said, wanted)
    except msgspec.ValidationError as error:
        raise Refused("malformed", str(error)[:300]) from error
