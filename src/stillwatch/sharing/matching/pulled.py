"""What a partner shares over TAXII, as indicators: of releases that it signed, that stand, and that have not ended.

A directory that was pulled into belongs to one partner, by its name here and its release keys, which stand in it. Objects
are judged one by one, a release is believed whole or not at all, and what is left aside is counted by reason. The partner's
word on retention is kept: a field whose time has ended is not used.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import msgspec

from stillwatch.records import InvalidConfiguration, Micros, UnreadableInput, UsageError
from stillwatch.sharing import formats, taxii
from stillwatch.sharing.finding.model import MatchToken, TemplateSketch
from stillwatch.sharing.finding.signature import PublicKey
from stillwatch.sharing.finding.words import FindingId, Name, Time, Weight
from stillwatch.sharing.matching.indicators import (
    MOST_TOKENS,
    SCHEMA,
    CampaignIndicators,
    Indicators,
    wrong_in,
)
from stillwatch.sharing.matching.membership.epoch import EpochKey

FILE = "partner.json"
NO_CAMPAIGN = "a release without a campaign of the extension Extraction campaign"
MALFORMED = "a release whose extension is malformed"
ENDED = "a release that has ended"
SECOND = 1_000_000  # microseconds


class Partner(msgspec.Struct, frozen=True, kw_only=True):
    """Whose directory it is: the name is one's own for it."""

    name: Name
    keys: list[PublicKey]


class Taken(NamedTuple):
    """The indicators of one partner, and what was left aside, by reason."""

    indicators: Indicators
    left_aside: dict[str, int]


class _Retention(msgspec.Struct, frozen=True):
    field: Name
    until: Time


class _Extension(msgspec.Struct, frozen=True):
    """Of the extension, what matching reads."""

    finding_id: FindingId
    valid_until: Time | None = None
    retention: list[_Retention] = []
    match_weight: Weight = 0.0  # a partner that states none says nothing
    template_sketches: list[TemplateSketch] = []
    match_tokens: list[MatchToken] = []


def remember_partner(folder: Path, name: str | None, key: Path | None) -> None:
    """Write into a directory whose it is. A further key is added, so that what the one before it signed still holds.

    Raises UsageError where the directory is another partner's, or a name comes without a key.
    """
    known = find_partner(folder)
    if name is None and key is None:
        return
    if known is not None and name not in (None, known.name):
        raise UsageError(f"{folder} is {known.name}'s: pull from another partner into a directory of its own")
    if known is None and (name is None or key is None):
        raise UsageError(
            "say both --partner NAME and --partner-key FILE, as the partner's `share key` printed it"
        )
    keys = [] if known is None else known.keys
    if key is not None:
        one = _public(key)
        keys = [*(other for other in keys if other.kid != one.kid), one]
    try:
        kept = Partner(name=msgspec.convert(name or (known and known.name), Name), keys=keys)
    except msgspec.ValidationError as error:
        raise UsageError(
            f"--partner: a name has no spaces and up to 80 letters, digits and . _ : / @ + - ({error})"
        ) from error
    folder.mkdir(parents=True, exist_ok=True)
    new = folder / f".{FILE}.new"
    new.write_bytes(msgspec.json.format(msgspec.json.encode(kept), indent=1) + b"\n")
    new.replace(folder / FILE)


def find_partner(folder: Path) -> Partner | None:
    """Whose directory it is, where that was said. Raises UnreadableInput."""
    path = folder / FILE
    try:
        return msgspec.json.decode(path.read_bytes(), type=Partner)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.MsgspecError) as error:
        raise UnreadableInput(
            f"{path}: not what `stillwatch share pull --partner` writes: {error}"
        ) from error


def indicators_in(folder: Path, key: EpochKey, now: Micros) -> Taken:
    """What the partner of a directory shares under the key in force. Raises UsageError where nobody said whose it is."""
    partner = find_partner(folder)
    if partner is None:
        raise UsageError(
            f"{folder}: whose releases are these? Pull once with --partner NAME and --partner-key FILE"
        )
    counts: Counter[str] = Counter()
    campaigns: dict[str, tuple[int, CampaignIndicators]] = {}
    for release in formats.releases(_standing(folder, now, counts), partner.keys, now):
        if release.refusal is not None:
            counts[f"a release: {release.refusal}"] += 1
            continue
        one = _campaign(release.objects, key, now, counts)
        if one is not None and release.signed >= campaigns.get(one.campaign, (0, one))[0]:
            campaigns[one.campaign] = (release.signed, one)
    if sum(len(one.oprf_tokens) for _, one in campaigns.values()) > MOST_TOKENS:
        counts[f"releases with more than {MOST_TOKENS:,} tokens in all: none of them is used"] += 1
        campaigns.clear()
    made = Indicators(
        schema=SCHEMA,
        partner=partner.name,
        key_id=key.key_id,
        made_at=Micros(max((signed for signed, _ in campaigns.values()), default=0) * SECOND),
        valid_until=key.valid_until,
        campaigns=[one for _, one in campaigns.values()],
    )
    return Taken(made, dict(counts))


def _standing(folder: Path, now: Micros, counts: Counter[str]) -> Iterator[dict[str, object]]:
    """Objects that stand and can be read."""
    for path in sorted(folder.glob("*.jsonl")):
        for body in taxii.Held(path).current():
            one = formats.judged(body, now)
            if one.refusal is None:
                yield one.content
            else:
                counts[f"an object: {one.refusal}"] += 1


def _campaign(
    objects: Iterable[Mapping[str, object]], key: EpochKey, now: Micros, counts: Counter[str]
) -> CampaignIndicators | None:
    """What a release says of its campaign that can be used now."""
    try:
        carried = {
            str(one.get("type")): msgspec.convert(said, _Extension)
            for one in objects
            if one.get("type") == "campaign" and (said := _extension(one)) is not None
        }
        tokens = [
            token
            for one in objects
            if one.get("type") == "note" and (said := _extension(one)) is not None
            for token in msgspec.convert(said, _Extension).match_tokens
        ]
    except msgspec.ValidationError:
        counts[MALFORMED] += 1
        return None
    campaign = carried.get("campaign")
    if campaign is None:
        counts[NO_CAMPAIGN] += 1
        return None
    if campaign.valid_until is None or campaign.valid_until <= now:
        counts[ENDED] += 1
        return None
    ended = {one.field for one in campaign.retention if one.until <= now}
    sketches = [] if "template_sketches" in ended else campaign.template_sketches
    tokens = [] if "match_tokens" in ended else [*campaign.match_tokens, *tokens]
    return _usable(campaign, sketches, tokens, key, counts)


def _usable(
    campaign: _Extension,
    sketches: list[TemplateSketch],
    tokens: list[MatchToken],
    key: EpochKey,
    counts: Counter[str],
) -> CampaignIndicators | None:
    """Each sketch and token that was made under the key in force."""
    whole = CampaignIndicators(campaign=campaign.finding_id, weight=campaign.match_weight)
    kept: dict[str, list[MatchToken] | list[TemplateSketch]] = {"template_sketches": [], "oprf_tokens": []}
    for name, values in (("template_sketches", sketches), ("oprf_tokens", tokens)):
        for value in values:
            against = wrong_in(msgspec.structs.replace(whole, **{name: [value]}), key)
            if against is None:
                kept[name].append(value)  # type: ignore[arg-type] # each list holds what it is named after
            else:
                counts[against] += 1
    return msgspec.structs.replace(whole, **kept)


def _extension(one: Mapping[str, object]) -> object | None:
    carried = one.get("extensions")
    return carried.get(formats.EXTENSION) if isinstance(carried, dict) else None


def _public(path: Path) -> PublicKey:
    try:
        return msgspec.json.decode(path.read_bytes(), type=PublicKey)
    except OSError as error:
        raise UnreadableInput(f"{path}: {error.strerror}") from error
    except msgspec.MsgspecError as error:
        raise InvalidConfiguration(
            f"{path}: no public key as `stillwatch share key` prints it: {error}"
        ) from error
