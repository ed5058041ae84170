"""What is written when something was proved: proof, key, link, used challenge and entry of the audit, all or none."""

import secrets
from collections.abc import Mapping, Sequence

import msgspec
from sqlalchemy.engine import Connection

from stillwatch.access.verification import kept
from stillwatch.access.verification.challenges import use_challenge
from stillwatch.access.verification.keyed import Keyed
from stillwatch.access.verification.methods import Given, NewKey
from stillwatch.access.verification.nonces import seen, use_nonce
from stillwatch.access.verification.office import Office
from stillwatch.access.verification.proof import Key, Proof, Subject
from stillwatch.access.verification.refusal import Refused
from stillwatch.cases.audit import append_many
from stillwatch.cases.entry import Draft, canonical
from stillwatch.cases.store import Tenant
from stillwatch.records import Micros

ID = 8  # random bytes of a proof's id
OURS = "stillwatch"  # who makes an entry that no person or vendor stands for


class Once(msgspec.Struct, frozen=True):
    """Something that counts once, and how long that is remembered."""

    purpose: str
    nonce: str
    lives: int


class Ledger:
    """Writes for one tenant."""

    def __init__(self, tenant: Tenant, office: Office) -> None:
        self.keyed = Keyed(office.key, tenant.name)
        self._tenant = tenant
        self._office = office

    def check_new(self, once: Once, now: Micros) -> None:
        """Raises Refused where this was taken before, so that it costs no attempt."""
        with self._tenant.reading() as connection:
            if seen(self._tenant, connection, once.purpose, once.nonce, now):
                raise Refused("replayed", "this was taken before")

    def keep(
        self,
        method: str,
        given: Given,
        account_id: str,
        now: Micros,
        *,
        challenge_id: str | None = None,
        once: Once | None = None,
        by: str | None = None,
        text: str | None = None,
    ) -> Proof:
        """Raises Refused; of a key that another account holds, the link between the two is kept all the same."""
        proof = self._proof(method, given, account_id, now, by)
        with self._tenant.writing() as connection:
            if once is not None:
                until = Micros(now + once.lives)
                use_nonce(self._tenant, connection, once.purpose, once.nonce, now=now, until=until)
            if challenge_id is not None:
                use_challenge(self._tenant, connection, challenge_id, now)
            taken = given.key is not None and self._is_taken(connection, given.key, proof)
            if not taken:
                self._write(connection, given, proof, text)
        if taken:
            raise Refused("already_registered", "the key is registered already; each account needs its own")
        return proof

    def enter(
        self,
        connection: Connection,
        kind: str,
        accounts: Sequence[str],
        facts: Mapping[str, object],
        *,
        by: str = OURS,
        text: str | None = None,
    ) -> None:
        """Write an entry of the audit."""
        draft = Draft(kind=kind, by=by, facts=facts, text=text, accounts=accounts)
        append_many(self._tenant, connection, [draft])

    def _proof(self, method: str, given: Given, account_id: str, now: Micros, by: str | None) -> Proof:
        """Raises Refused where it would have ended already."""
        made_at = now if given.made_at is None else given.made_at
        ends = self._office.rules.lasts(given.kind, made_at)
        expires = ends if given.until is None else min(ends, given.until)
        if expires <= now:
            raise Refused("expired", f"a proof of this kind from that date has ended: {given.kind}")
        return Proof(
            proof_id=f"proof-{secrets.token_hex(ID)}",
            account_id=account_id,
            kind=given.kind,
            method=method,
            made_at=made_at,
            expires_at=expires,
            by=by or given.by or OURS,
            provenance=given.provenance,
            subjects=sorted(set(given.subjects)),
        )

    def _is_taken(self, connection: Connection, key: NewKey, proof: Proof) -> bool:
        """Whether a key has its account already. Another that shows it too is remembered: that is the link."""
        holder = kept.holder_of(self._tenant, connection, key.kind, key.key_id, self._print(key))
        if holder is None:
            return False
        same = holder == proof.account_id
        if not same:
            shown: Sequence[Subject] = proof.subjects
            kept.see(self._tenant, connection, proof.account_id, shown, proof.made_at)
        self.enter(connection, "key_shown_again", [proof.account_id], {"key": key.kind, "same_account": same})
        return True

    def _write(self, connection: Connection, given: Given, proof: Proof, text: str | None) -> None:
        kept.put_proof(self._tenant, connection, proof)
        if given.key is not None:
            new = Key(
                account_id=proof.account_id,
                proof_id=proof.proof_id,
                created_at=proof.made_at,
                **msgspec.structs.asdict(given.key),
            )
            kept.put_key(self._tenant, connection, new, self._print(given.key))
        if given.used is not None:
            kept.move_counter(self._tenant, connection, *given.used)
        facts = {
            "proof_id": proof.proof_id,
            "proof": proof.kind,
            "method": proof.method,
            "made_at": proof.made_at,
            "expires_at": proof.expires_at,
            "provenance": self.keyed.token("provenance", canonical(proof.provenance)),
        }
        self.enter(connection, "proof_added", [proof.account_id], facts, by=proof.by, text=text)

    def _print(self, key: NewKey) -> str:
        return self.keyed.token("print", key.kind, key.public)
