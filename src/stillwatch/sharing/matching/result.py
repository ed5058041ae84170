"""What a matching leaves: `partners.json`, beside the findings of a run and apart from them."""

from hashlib import sha256
from pathlib import Path

import msgspec

from stillwatch.records import Micros, UnreadableInput

FILE, INDEX = "partners.json", "campaigns.json"
SCHEMA = "stillwatch.partners/1"


class Contribution(msgspec.Struct, frozen=True, kw_only=True):
    """What one partner's campaign says about one account."""

    partner: str
    campaign: str
    kind: str  # "account" or "template"
    tokens: int  # that match
    stated: float  # nats, by the partner
    nats: float  # that it counts here


class AccountMatch(msgspec.Struct, frozen=True, kw_only=True):
    """An account with all that partners say about it; `nats` is bounded over them all."""

    account_id: str
    nats: float
    contributions: list[Contribution]


class CampaignMatch(msgspec.Struct, frozen=True, kw_only=True):
    """How many of one's own accounts match a partner's campaign; recognised by its templates or not."""

    partner: str
    campaign: str
    by_account: int
    by_template: int
    recognised: bool


class Voice(msgspec.Struct, frozen=True, kw_only=True):
    """What one partner's campaign says for a campaign of one's own, by how many of its members."""

    partner: str
    campaign: str
    kind: str  # "account" or "template"
    members: int
    stated: float  # nats, by the partner
    nats: float  # that it counts here


class Raised(msgspec.Struct, frozen=True, kw_only=True):
    """A campaign of one's own: its log e-value, what partners add at most, and both. The e-value itself stays as it is."""

    campaign_id: str
    own: float
    of: int  # members
    nats: float
    raised: float
    voices: list[Voice]


class Matches(msgspec.Struct, frozen=True, kw_only=True):
    """The result of one matching, a file of its own beside the findings."""

    schema: str = SCHEMA
    made_at: Micros
    key_id: str
    accounts_compared: int
    campaigns: list[CampaignMatch]
    matches: list[AccountMatch]
    left_out: list[str] = []  # members that did not answer truly, and why
    partners: list[str] = []  # whose indicators were looked at, whether they matched or not
    findings_sha256: str | None = None  # of the campaigns.json that `raised` is about
    raised: list[Raised] = []


def digest_of(findings: Path) -> str | None:
    """By which it is known whether findings are still those that partners were asked about; None where there are none."""
    try:
        return sha256((findings / INDEX).read_bytes()).hexdigest()
    except OSError:
        return None


def load_matches(folder: Path) -> Matches | None:
    """What partners said when it was last asked, or None. Raises UnreadableInput for a file that is something else."""
    path = folder / FILE
    try:
        found = msgspec.json.decode(path.read_bytes(), type=Matches)
        if found.schema != SCHEMA:
            raise UnreadableInput(f"{path}: its schema is {found.schema!r}, expected {SCHEMA!r}")
    except FileNotFoundError:
        return None
    except (OSError, msgspec.MsgspecError) as error:
        raise UnreadableInput(f"{path}: not what `stillwatch share match` writes: {error}") from error
    return found
