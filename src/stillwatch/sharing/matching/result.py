"""What a matching leaves: `partners.json`, beside the findings of a run and apart from them."""

from pathlib import Path

import msgspec

from stillwatch.records import Micros, UnreadableInput

FILE = "partners.json"
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


class Matches(msgspec.Struct, frozen=True, kw_only=True):
    """The result of one matching, a file of its own beside the findings."""

    schema: str = SCHEMA
    made_at: Micros
    key_id: str
    accounts_compared: int
    campaigns: list[CampaignMatch]
    matches: list[AccountMatch]
    left_out: list[str] = []  # members that did not answer truly, and why


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
