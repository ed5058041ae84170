"""What a member publishes for private matching: the tokens and sketches of its campaigns, signed, for one epoch.

There is no field for a text, an account or a name; a campaign is a number of the partner's own.
"""

import re
from collections.abc import Collection, Mapping, Sequence

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from stillwatch.records import Micros, UnreadableInput, UsageError, rfc3339
from stillwatch.sharing.finding.model import MatchToken, TemplateSketch
from stillwatch.sharing.finding.words import HEAVIEST
from stillwatch.sharing.matching.crypto.oprf import SUITE
from stillwatch.sharing.matching.membership.epoch import EpochKey
from stillwatch.sharing.matching.membership.identity import Identity
from stillwatch.sharing.matching.membership.roster import Roster
from stillwatch.sharing.matching.templates.sketches import Evaluate, tokens_of
from stillwatch.sharing.matching.tokens import TOKEN_BYTES, match_token, value_of

SCHEMA = "stillwatch.matching/1"
LARGEST = 64 << 20  # bytes of a file of indicators
AHEAD = 300_000_000  # microseconds that a partner's clock may be ahead
MOST_TOKENS = 2_000_000
_SIGNED = b"stillwatch-indicators-1\0"
_TOKEN = re.compile(f"[0-9a-f]{{{2 * TOKEN_BYTES}}}")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,79}")


class Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Of a file of indicators; what is not known is refused when it is read."""


class CampaignIndicators(Part, frozen=True, kw_only=True):
    """One campaign: what marks it, and how much a match should count at most, in nats."""

    campaign: str
    weight: float
    template_sketches: list[TemplateSketch] = []
    oprf_tokens: list[MatchToken] = []


class Indicators(Part, frozen=True, kw_only=True):
    """All campaigns of one partner under one key."""

    schema: str
    partner: str
    key_id: str
    made_at: Micros
    valid_until: Micros
    campaigns: list[CampaignIndicators]


class Signed(msgspec.Struct, frozen=True, kw_only=True):
    """Indicators as they are passed on."""

    body: msgspec.Raw
    signature: str


def account_values(accounts: pa.Table, fields: Sequence[str]) -> list[tuple[str, bytes]]:
    """Account id and value, for each of the fields that an account has; each pair once."""
    found: dict[tuple[str, bytes], None] = {}
    for field in fields:
        known = accounts.filter(pc.is_valid(accounts[field])).select(["account_id", field])
        for account, value in zip(known["account_id"].to_pylist(), known[field].to_pylist(), strict=True):
            if value:
                found[account, value_of(f"account.{field}", str(value))] = None
    return list(found)


def campaign_indicators(
    sketches: Mapping[str, TemplateSketch],
    values: Mapping[str, Collection[bytes]],
    key: EpochKey,
    weight: float,
    evaluate: Evaluate,
) -> list[CampaignIndicators]:
    """Sketches and values of accounts, both by campaign, as what is published of them."""
    distinct = sorted({value for own in values.values() for value in own})
    tokens = dict(zip(distinct, evaluate(distinct), strict=True))
    return [
        CampaignIndicators(
            campaign=campaign,
            weight=weight,
            template_sketches=[sketches[campaign]] if campaign in sketches else [],
            oprf_tokens=[
                match_token(key, token)
                for token in sorted({tokens[value] for value in values.get(campaign, ())})
            ],
        )
        for campaign in sorted({*sketches, *values})
    ]


def published(identity: Identity, key: EpochKey, campaigns: Sequence[CampaignIndicators], now: int) -> bytes:
    """Indicators as a signed file; they end with the key."""
    body = msgspec.json.encode(
        Indicators(
            schema=SCHEMA,
            partner=identity.name,
            key_id=key.key_id,
            made_at=Micros(now),
            valid_until=key.valid_until,
            campaigns=list(campaigns),
        )
    )
    return msgspec.json.encode(
        Signed(body=msgspec.Raw(body), signature=identity.signer.sign(_SIGNED + body).hex())
    )


def received(name: str, content: bytes, roster: Roster, keys: Mapping[str, EpochKey], now: int) -> Indicators:
    """A partner's indicators. Raises UnreadableInput, naming the file, where they are not to be believed or used."""
    if len(content) > LARGEST:
        raise UnreadableInput(f"{name}: more than {LARGEST:,} bytes")
    try:
        file = msgspec.json.decode(content, type=Signed)
        indicators = msgspec.json.decode(file.body, type=Indicators)
        signature = bytes.fromhex(file.signature)
    except (ValueError, RecursionError, msgspec.MsgspecError) as error:
        raise UnreadableInput(f"{name}: not indicators: {error}") from error
    member = roster.find(indicators.partner)
    if member is None:
        raise UnreadableInput(f"{name}: {indicators.partner[:80]!r} is no member of {roster.group}")
    try:
        verify_key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(member.verify_key))
        verify_key.verify(signature, _SIGNED + bytes(file.body))
    except InvalidSignature as error:
        raise UnreadableInput(f"{name}: the signature is not that of its partner") from error
    if wrong := _wrong(indicators, keys.get(indicators.key_id), now):
        raise UnreadableInput(f"{name}: {wrong}")
    return indicators


def _wrong(indicators: Indicators, key: EpochKey | None, now: int) -> str | None:
    if indicators.schema != SCHEMA:
        return f"schema is {indicators.schema[:80]!r}, expected {SCHEMA!r}"
    if key is None:
        return f"made under the key {indicators.key_id[:80]!r}, which is not the one in force here"
    if not key.valid(now) or indicators.valid_until <= now:
        return f"it, or its key, is not valid at {rfc3339(now)}"
    if indicators.made_at > now + AHEAD:
        return "it comes from the future"
    if sum(len(one.oprf_tokens) for one in indicators.campaigns) > MOST_TOKENS:
        return f"more than {MOST_TOKENS:,} tokens"
    return next((wrong for one in indicators.campaigns if (wrong := wrong_in(one, key))), None)


def wrong_in(campaign: CampaignIndicators, key: EpochKey) -> str | None:
    """Why what is said of a campaign cannot be used under a key, if so."""
    if not _NAME.fullmatch(campaign.campaign) or not 0 <= campaign.weight <= HEAVIEST:
        return f"a campaign has a short name and a weight from 0 to {HEAVIEST} nats"
    try:
        for sketch in campaign.template_sketches:
            tokens_of(sketch)
    except UnreadableInput as error:
        return str(error)
    if any(sketch.key_epoch != key.epoch for sketch in campaign.template_sketches):
        return "a sketch of another epoch"
    for token in campaign.oprf_tokens:
        if (token.suite, token.key_id) != (SUITE, key.key_id) or not _TOKEN.fullmatch(token.value):
            return "a token of another suite, key or length"
    return None


def weight_stated(weight: float) -> float:
    """The weight a partner may state. Raises UsageError for another."""
    if not 0 < weight <= HEAVIEST:
        raise UsageError(f"a weight is above 0 and at most {HEAVIEST} nats")
    return weight
