"""The provider's records of accounts: one line each, or one for each change where it keeps versions."""

from collections.abc import Iterable, Mapping

from stillwatch.lab.outside.accounts import Account
from stillwatch.lab.outside.world import World

Record = dict[str, object]


def lines(world: World) -> list[Mapping[str, object]]:
    """All account records, by time where they are versions, else by id."""
    records = [version for account in world.accounts for version in _versions(world, account)]
    if world.recording.versioned:
        return sorted(records, key=lambda record: (record["valid_from"], record["account_id"]))
    return sorted(records, key=lambda record: str(record["account_id"]))


def _versions(world: World, account: Account) -> Iterable[Record]:
    record = _record(world, account)
    status = {"status": "active"} if world.recording.accounts["status"] else {}
    banned: Record = {}
    if account.ban and status:
        at = _micros(world, account.ban.at)
        banned = {"status": "banned", "status_at": at, "status_reason": account.ban.note}
    if not world.recording.versioned:
        yield record | status | banned
        return
    first = record | {"valid_from": _micros(world, account.created)} | status
    if account.upgraded_at is None:
        yield first
    else:
        yield first | {"plan": "free"}
        later = {"valid_from": _micros(world, account.upgraded_at), "plan": account.plan}
        yield record | later | status
    if banned:
        yield record | {"valid_from": banned["status_at"]} | banned


def _micros(world: World, at: float) -> int:
    return int((world.start + at) * 1_000_000)


def _record(world: World, account: Account) -> Record:
    """What the provider knows of an account, less what it does not record."""
    rng, recorded = world.rng, world.recording.accounts
    known = _known(world, account)
    record: Record = {"account_id": account.id}
    if rng.random() < recorded["created_at"]:
        record["created_at"] = _micros(world, account.created)
    record |= {
        name: value
        for name, value in known.items()
        if value is not None and rng.random() < recorded.get(name, 1)
    }
    if "phone_country" not in record:
        record.pop("phone_hash", None)
    if account.authorised:
        record["authorised_distillation"] = True
    elif rng.random() < 0.3:
        record["authorised_distillation"] = False
    return record


def _known(world: World, account: Account) -> Record:
    rng, card, signup = world.rng, account.card, account.signup_address
    mailbox = f"eh_{account.id[-8:][::-1]}{rng.getrandbits(16):04x}"
    return {
        "org_id": account.organisation,
        "plan": account.plan,
        "programme": account.programme,
        "email_domain": account.domain,
        "email_hash": mailbox,
        "phone_country": account.phone_country if rng.random() < 0.7 else None,
        "phone_hash": account.phone_hash,
        "payment_fp": card.fingerprint if card else None,
        "payment_kind": card.kind if card else None,
        "payment_country": card.country if card else None,
        "payment_bin": card.issuer if card and card.kind != "invoice" else None,
        "signup_ip": signup.ip,
        "signup_asn": signup.asn,
        "signup_country": signup.country,
        "signup_ja4": account.signup_ja4,
        "device_id": account.device,
        "referral": account.referral,
        "kyc_level": account.kyc_level,
        "kyc_country": account.country if account.kyc_level > 1 else None,
        "declared_country": account.country,
        "owner_countries": {account.country: 1.0} if account.organisation else None,
    }
