"""Proofs, what they are about, and keys, as rows; and the links between accounts that follow from them."""

import json
from collections.abc import Iterable
from typing import Any

import msgspec
import sqlalchemy as sql
from sqlalchemy.engine import Connection, Row

from stillwatch.access.verification.proof import Key, Link, Proof, Subject
from stillwatch.access.verification.refusal import Refused
from stillwatch.access.verification.schema import challenges, keys, proofs, subjects
from stillwatch.cases.entry import canonical
from stillwatch.cases.rows import in_parts
from stillwatch.cases.store import Tenant
from stillwatch.records import Micros, NotThere

KEY = "key"  # the kind of subject that is a public key


def put_proof(tenant: Tenant, connection: Connection, proof: Proof) -> None:
    row = msgspec.structs.asdict(proof) | {"tenant": tenant.name, "provenance": canonical(proof.provenance)}
    del row["subjects"]
    connection.execute(proofs.insert().values(**row))
    see(tenant, connection, proof.account_id, proof.subjects, proof.made_at, proof.proof_id)


def see(
    tenant: Tenant,
    connection: Connection,
    account_id: str,
    seen: Iterable[Subject],
    now: Micros,
    proof_id: str = "",
) -> None:
    """Remember that an account has shown something, once."""
    for one in sorted(set(seen)):
        row = {
            "tenant": tenant.name,
            "kind": one.kind,
            "token": one.token,
            "account_id": account_id,
            "proof_id": proof_id,
        }
        same = sql.and_(*(subjects.c[name] == value for name, value in row.items()))
        if connection.execute(sql.select(subjects.c.kind).where(same)).first() is None:
            connection.execute(subjects.insert().values(**row, seen_at=now))


def proofs_of(tenant: Tenant, connection: Connection, accounts: Iterable[str]) -> dict[str, list[Proof]]:
    """All proofs of some accounts, expired and revoked ones as well, the oldest first."""
    out: dict[str, list[Proof]] = {}
    for part in in_parts(accounts):
        about: dict[str, list[Subject]] = {}
        wanted = sql.select(subjects).where(tenant.mine(subjects), subjects.c.account_id.in_(part))
        for row in connection.execute(wanted.order_by(subjects.c.kind, subjects.c.token)):
            about.setdefault(row.proof_id, []).append(Subject(kind=row.kind, token=row.token))
        wanted = sql.select(proofs).where(tenant.mine(proofs), proofs.c.account_id.in_(part))
        for row in connection.execute(wanted.order_by(proofs.c.made_at, proofs.c.proof_id)):
            out.setdefault(row.account_id, []).append(_proof(row, about.get(row.proof_id, [])))
    return out


def holders(tenant: Tenant, connection: Connection, now: Micros) -> list[str]:
    """Accounts that have a proof which is not revoked and has not ended."""
    live = proofs.c.revoked_at.is_(None) & (proofs.c.expires_at > now)
    wanted = sql.select(proofs.c.account_id).where(tenant.mine(proofs), live).distinct()
    return list(connection.execute(wanted.order_by(proofs.c.account_id)).scalars())


def revoke_proof(tenant: Tenant, connection: Connection, proof_id: str, now: Micros) -> list[Proof]:
    """End a proof; where it stands for a key, the key and all that was proved with it. Raises NotThere.

    Once revoked it stays so. Returns what ended now.
    """
    this = tenant.mine(proofs) & (proofs.c.proof_id == proof_id)
    account_id = connection.execute(sql.select(proofs.c.account_id).where(this)).scalar()
    if account_id is None:
        raise NotThere(f"there is no proof {proof_id!r}")
    of_account = proofs_of(tenant, connection, [account_id])[account_id]
    (asked,) = (one for one in of_account if one.proof_id == proof_id)
    shown = {one for one in asked.subjects if one.kind == KEY}
    ended = [
        msgspec.structs.replace(one, revoked_at=now)
        for one in of_account
        if one.revoked_at is None and (one is asked or shown & set(one.subjects))
    ]
    for table in (proofs, keys):
        for part in in_parts(one.proof_id for one in ended):
            here = tenant.mine(table) & table.c.proof_id.in_(part) & table.c.revoked_at.is_(None)
            connection.execute(table.update().where(here).values(revoked_at=now))
    return ended


def put_key(tenant: Tenant, connection: Connection, key: Key, print_: str) -> None:
    """`print_` is a keyed token of the public key, which no other key of its kind may have."""
    row = msgspec.structs.asdict(key) | {
        "tenant": tenant.name,
        "print": print_,
        "facts": canonical(key.facts),
    }
    connection.execute(keys.insert().values(**row))


def holder_of(tenant: Tenant, connection: Connection, kind: str, key_id: str, print_: str) -> str | None:
    """The account that registered a key, even if it was revoked since."""
    same = (keys.c.key_id == key_id) | (keys.c.print == print_)
    wanted = sql.select(keys.c.account_id).where(tenant.mine(keys), keys.c.kind == kind, same)
    return connection.execute(wanted).scalars().first()


def move_counter(tenant: Tenant, connection: Connection, key: Key, counter: int) -> None:
    """Raises Refused where another ceremony with the same counter was faster."""
    here = tenant.mine(keys) & (keys.c.kind == key.kind) & (keys.c.key_id == key.key_id)
    unchanged = here & (keys.c.counter == key.counter) & keys.c.revoked_at.is_(None)
    if connection.execute(keys.update().where(unchanged).values(counter=counter)).rowcount != 1:
        raise Refused("replayed", "the key was used or revoked at the same moment")


def keys_of(
    tenant: Tenant, connection: Connection, accounts: Iterable[str] | None, kind: str | None = None
) -> list[Key]:
    """The keys that stand: of some accounts, or of all with None."""
    wanted = sql.select(keys).where(tenant.mine(keys), keys.c.revoked_at.is_(None))
    if kind is not None:
        wanted = wanted.where(keys.c.kind == kind)
    ordered = wanted.order_by(keys.c.created_at, keys.c.key_id)
    asked = (
        [ordered]
        if accounts is None
        else [ordered.where(keys.c.account_id.in_(part)) for part in in_parts(accounts)]
    )
    return [_key(row) for one in asked for row in connection.execute(one)]


def links(tenant: Tenant, connection: Connection, kinds: Iterable[str] | None = None) -> list[Link]:
    """Things that two or more accounts have shown, those with most accounts first."""
    shown = sql.select(subjects.c.kind, subjects.c.token, subjects.c.account_id).where(tenant.mine(subjects))
    if kinds is not None:
        shown = shown.where(subjects.c.kind.in_(list(kinds)))
    base = shown.distinct().subquery()
    shared = (
        sql.select(base.c.kind, base.c.token).group_by(base.c.kind, base.c.token).having(sql.func.count() > 1)
    ).subquery()
    counted = sql.select(base.c.kind, sql.func.count(base.c.account_id.distinct())).group_by(base.c.kind)
    of = {row[0]: row[1] for row in connection.execute(counted)}
    members = sql.select(base).join(shared, (base.c.kind == shared.c.kind) & (base.c.token == shared.c.token))
    found: dict[tuple[str, str], list[str]] = {}
    for row in connection.execute(members):
        found.setdefault((row.kind, row.token), []).append(row.account_id)
    out = [
        Link(kind=kind, token=token, accounts=sorted(accounts), of=of[kind])
        for (kind, token), accounts in found.items()
    ]
    return sorted(out, key=lambda one: (-len(one.accounts), one.kind, one.token))


def forget(tenant: Tenant, connection: Connection, account_id: str) -> int:
    """Delete all rows of an account; returns how many proofs went."""
    for table in (subjects, keys, challenges):
        connection.execute(table.delete().where(tenant.mine(table), table.c.account_id == account_id))
    gone = proofs.delete().where(tenant.mine(proofs), proofs.c.account_id == account_id)
    return connection.execute(gone).rowcount


def _proof(row: Row[Any], about: list[Subject]) -> Proof:
    return Proof(
        proof_id=row.proof_id,
        account_id=row.account_id,
        kind=row.kind,
        method=row.method,
        made_at=row.made_at,
        expires_at=row.expires_at,
        by=row.by,
        provenance=json.loads(row.provenance),
        subjects=about,
        revoked_at=row.revoked_at,
    )


def _key(row: Row[Any]) -> Key:
    return Key(
        kind=row.kind,
        key_id=row.key_id,
        account_id=row.account_id,
        public=row.public,
        counter=row.counter,
        facts=json.loads(row.facts),
        proof_id=row.proof_id,
        created_at=row.created_at,
        revoked_at=row.revoked_at,
    )
