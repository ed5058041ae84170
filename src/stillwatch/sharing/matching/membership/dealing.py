"""How the members make the key of an epoch together: each deals a part to all, and each adds up what it was dealt."""

import hashlib
import secrets
from collections.abc import Sequence

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from stillwatch.records import Micros, UnreadableInput, UsageError
from stillwatch.sharing.matching.crypto import shares
from stillwatch.sharing.matching.crypto.group import ORDER, decoded, encoded
from stillwatch.sharing.matching.membership.epoch import LONGEST_EPOCH, EpochKey
from stillwatch.sharing.matching.membership.identity import Identity, sealed_for
from stillwatch.sharing.matching.membership.roster import Roster

SEED_BYTES = 32
_SIGNED = b"stillwatch-dealing-1\0"


class Dealt(msgspec.Struct, frozen=True, kw_only=True):
    """What a dealer tells everybody; elements, hashes and sealed parts are hexadecimal."""

    group: str
    epoch: str
    valid_from: Micros
    valid_until: Micros
    threshold: int
    dealer: str
    holders: list[int]
    commitments: list[str]
    seed_hash: str
    sealed: dict[str, str]  # by name of the member


class Dealing(msgspec.Struct, frozen=True, kw_only=True):
    """A dealing as it is passed on: the bytes that were signed, and the signature."""

    body: msgspec.Raw
    signature: str


def deal(identity: Identity, roster: Roster, epoch: str, valid_from: int, valid_until: int) -> bytes:
    """Make a dealing for an epoch, a file for all members. Raises UsageError where it may not deal one."""
    if roster.member(identity.name).number is None:
        raise UsageError(f"{identity.name} holds no share in {roster.group}, and deals none")
    if not 0 < valid_until - valid_from <= LONGEST_EPOCH:
        raise UsageError("an epoch lasts up to 92 days")
    holders = sorted(roster.holders)
    commitments, dealt = shares.deal(roster.threshold, holders)
    seed = secrets.token_bytes(SEED_BYTES)
    sealed = {}
    for member in roster.members:
        part = seed if member.number is None else seed + encoded(dealt[member.number])
        about = _about(roster.group, epoch, identity.name, member.name)
        sealed[member.name] = sealed_for(member.seal_key, part, about).hex()
    body = msgspec.json.encode(
        Dealt(
            group=roster.group,
            epoch=epoch,
            valid_from=Micros(valid_from),
            valid_until=Micros(valid_until),
            threshold=roster.threshold,
            dealer=identity.name,
            holders=holders,
            commitments=[one.hex() for one in commitments],
            seed_hash=hashlib.sha256(seed).hexdigest(),
            sealed=sealed,
        )
    )
    signature = identity.signer.sign(_SIGNED + body).hex()
    return msgspec.json.encode(Dealing(body=msgspec.Raw(body), signature=signature))


def join(identity: Identity, roster: Roster, dealings: Sequence[tuple[str, bytes]]) -> EpochKey:
    """Add up the parts that all holders dealt; each dealing comes with the name of its file.

    Raises UnreadableInput naming the dealing that is not what it should be, UsageError where one is missing.
    """
    read = {}
    for name, content in dealings:
        dealt = _read(name, content, roster)
        read[dealt.dealer] = (name, dealt)
    if missing := sorted({member.name for member in roster.holders.values()} - read.keys()):
        raise UsageError(f"every holder deals: the dealing of {', '.join(missing)} is missing")
    first = next(iter(read.values()))[1]
    number = roster.member(identity.name).number
    seeds, total = [], 0
    for dealer in sorted(read):
        name, dealt = read[dealer]
        if (dealt.epoch, dealt.valid_from, dealt.valid_until) != (
            first.epoch,
            first.valid_from,
            first.valid_until,
        ):
            raise UnreadableInput(f"{name}: is for another epoch than {first.dealer}'s")
        seed, share = _opened(name, dealt, identity, number)
        seeds.append(seed)
        total = (total + share) % ORDER
    commitments = [[bytes.fromhex(one) for one in dealt.commitments] for _, dealt in read.values()]
    public = shares.summed([parts[0] for parts in commitments])
    public_shares = {
        at: shares.summed([shares.public_share(parts, at) for parts in commitments]) for at in roster.holders
    }
    if public is None or any(part is None for part in public_shares.values()):
        raise UnreadableInput("the dealings cancel each other out: deal again")
    return EpochKey(
        group=roster.group,
        epoch=first.epoch,
        valid_from=first.valid_from,
        valid_until=first.valid_until,
        threshold=roster.threshold,
        public=public.hex(),
        public_shares={at: part.hex() for at, part in public_shares.items() if part is not None},
        seed=hashlib.sha256(b"".join(seeds)).hexdigest(),
        member=identity.name,
        number=number,
        share=None if number is None else encoded(total).hex(),
    )


def _read(name: str, content: bytes, roster: Roster) -> Dealt:
    """A dealing that was signed by its dealer for this roster."""
    try:
        dealing = msgspec.json.decode(content, type=Dealing)
        dealt = msgspec.json.decode(dealing.body, type=Dealt)
        for commitment in dealt.commitments:
            shares.public_share([bytes.fromhex(commitment)], 1)
        signature = bytes.fromhex(dealing.signature)
    except (ValueError, msgspec.MsgspecError) as error:
        raise UnreadableInput(f"{name}: not a dealing: {error}") from error
    member = roster.find(dealt.dealer)
    if member is None or member.number is None:
        raise UnreadableInput(f"{name}: {dealt.dealer[:80]!r} holds no share in {roster.group}")
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(member.verify_key))
    try:
        key.verify(signature, _SIGNED + bytes(dealing.body))
    except InvalidSignature as error:
        raise UnreadableInput(f"{name}: the signature is not that of its dealer") from error
    expected = (roster.group, roster.threshold, sorted(roster.holders))
    if (dealt.group, dealt.threshold, dealt.holders) != expected or len(
        dealt.commitments
    ) != roster.threshold:
        raise UnreadableInput(f"{name}: was dealt for another roster")
    return dealt


def _opened(name: str, dealt: Dealt, identity: Identity, number: int | None) -> tuple[bytes, int]:
    """The seed and, for a holder, the share that a dealing has for this member."""
    about = _about(dealt.group, dealt.epoch, dealt.dealer, identity.name)
    try:
        part = identity.open(bytes.fromhex(dealt.sealed.get(identity.name, "")), about)
        value = 0 if number is None else decoded(part[SEED_BYTES:])
    except (ValueError, UnreadableInput) as error:
        raise UnreadableInput(f"{name}: nothing in it for {identity.name}: {error}") from error
    seed = part[:SEED_BYTES]
    if hashlib.sha256(seed).hexdigest() != dealt.seed_hash:
        raise UnreadableInput(f"{name}: {dealt.dealer} dealt another seed than it says")
    commitments = [bytes.fromhex(one) for one in dealt.commitments]
    if number is not None and not shares.fits(commitments, number, value):
        raise UnreadableInput(f"{name}: the share is not what {dealt.dealer} committed to")
    return seed, value


def _about(group: str, epoch: str, dealer: str, member: str) -> bytes:
    return f"{group}\x00{epoch}\x00{dealer}\x00{member}".encode()
