"""What one recipient gets of a finding: each field by its row of the policy, and for each that stays, why."""

from typing import NamedTuple

import msgspec

from stillwatch.records import Micros
from stillwatch.sharing.finding.build import checked
from stillwatch.sharing.finding.fields import FIELDS, Transform
from stillwatch.sharing.finding.model import Finding, Part, Producer
from stillwatch.sharing.finding.policy import DAY, LONGEST, ReleasePolicy, Row
from stillwatch.sharing.finding.transforms import blinded, bucketed, keyed, large_enough
from stillwatch.sharing.finding.words import Hash, Name, Time, Tlp, Weight, narrowest, rank

NO_ROW = "no row of the policy lets it go"


class Kept(Part, frozen=True):
    """A field that leaves, and until when it may be kept."""

    field: Name
    transform: Transform
    tlp: Tlp
    until: Time


class Dropped(Part, frozen=True):
    """A field that stays, and why."""

    field: Name
    because: str


class View(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A finding as one recipient gets it. `tlp` is the narrowest mark of what is in it.

    `match_weight` is how much a match with its tokens or sketches should count at most, in nats.
    """

    recipient: Name
    producer: Producer
    tlp: Tlp
    released: Time
    valid_until: Time
    policy_sha256: Hash
    finding: Finding
    kept: list[Kept] = []
    revoked_at: Time | None = None
    match_weight: Weight | None = None

    @property
    def revoked(self) -> bool:
        """Whether the producer has taken it back."""
        return self.revoked_at is not None

    @property
    def modified(self) -> int:
        """When it last changed."""
        return self.released if self.revoked_at is None else self.revoked_at


class Shown(NamedTuple):
    """A view, and what is not in it."""

    view: View
    dropped: list[Dropped]


class Keys(NamedTuple):
    """What tokens are keyed with for one recipient, and for how long the key is the same."""

    secret: bytes
    epoch: str


def view_for(finding: Finding, policy: ReleasePolicy, recipient: str, *, at: Micros, keys: Keys) -> Shown:
    """The finding as `recipient` may see it. Nothing is taken from a field that no row lets go."""
    who = policy.recipient(recipient)
    kept: list[Kept] = []
    dropped: list[Dropped] = []
    marks: list[Tlp] = [finding.tlp]
    out = Finding(
        finding_id=finding.finding_id,
        status=finding.status,
        tlp=finding.tlp,
        run=finding.run,
        created=_day(finding.created),
    )
    size = finding.cluster.accounts if finding.cluster is not None else None
    accounts = 0 if size is None else size.value
    for name, field in FIELDS.items():
        value = _get(finding, field.path)
        if value is None or value == []:
            continue
        row = _no_finer(policy, name, recipient)
        reason = refusal(row, accounts, who.clearance)
        if row is not None and reason is None:
            value, reason = _changed(value, name, row, recipient, keys)
        if row is None or reason is not None:
            dropped.append(Dropped(field=name, because=reason or NO_ROW))
            continue
        out = _put(out, finding, field.path, value)
        until = at + row.retention * DAY
        kept.append(Kept(field=name, transform=row.transform, tlp=row.tlp, until=until))
        marks.append(row.tlp)
    return Shown(
        View(
            recipient=recipient,
            producer=policy.producer,
            tlp=narrowest(*marks),
            released=at,
            valid_until=at + min(policy.valid_days, LONGEST) * DAY,
            policy_sha256=policy.sha256,
            finding=checked(out),
            kept=kept,
            match_weight=policy.matching.weight if out.match_tokens or out.template_sketches else None,
        ),
        dropped,
    )


def _no_finer(policy: ReleasePolicy, field: str, recipient: str) -> Row | None:
    """The row of a field. The compute follows from the tokens, so where these do not leave raw, nor does it."""
    row = policy.row(field, recipient)
    if field != "compute" or row is None or row.transform != "raw":
        return row
    tokens = policy.row("tokens_out", recipient)
    raw = tokens is not None and tokens.transform == "raw"
    return row if raw else msgspec.structs.replace(row, transform="bucket")


def _day(time: int) -> int:
    return time // DAY * DAY


def refusal(row: Row | None, accounts: float, clearance: Tlp) -> str | None:
    """Why a field stays, whatever it holds; None where its row lets it go."""
    if row is None:
        return NO_ROW
    if row.transform == "drop":
        return f"line {row.line} of the policy drops it"
    if rank(row.tlp) > rank(clearance):
        return f"it is TLP:{row.tlp.upper()} and the recipient may hold TLP:{clearance.upper()} at most"
    if accounts < row.k:
        return f"the campaign has {accounts:g} accounts and the policy asks for {row.k} (line {row.line})"
    return None


def _changed(value: object, field: str, row: Row, recipient: str, keys: Keys) -> tuple[object, str | None]:
    """The value as it leaves, or why it does not."""
    if field == "template_sketches":
        assert isinstance(value, list)
        value = large_enough(value, row.k)
        return value, None if value else f"no sketch of texts that {row.k} accounts or more sent"
    if field == "indicators":
        assert isinstance(value, list)
        value = [one for one in value if one.accounts >= row.k]
        return value, None if value else f"none meets {row.k} accounts or more"
    if row.transform == "bucket":
        return bucketed(value), None
    if row.transform == "oprf":
        assert isinstance(value, list)
        value = blinded(value)
        return value, None if value else "no tokens have been made with the partners' evaluators"
    if row.transform == "keyed":
        assert isinstance(value, list)
        return [keyed(one, keys.secret, recipient, keys.epoch) for one in value], None
    return value, None


def _get(finding: Finding, path: tuple[str, ...]) -> object:
    value: object = finding
    for name in path:
        value = None if value is None else getattr(value, name)
    return value


def _put(out: Finding, whole: Finding, path: tuple[str, ...], value: object) -> Finding:
    """`out` with one field more."""
    if len(path) == 1:
        return msgspec.structs.replace(out, **{path[0]: value})
    parent, name = path
    held = getattr(out, parent)
    if held is None:
        held = type(getattr(whole, parent))()
    return msgspec.structs.replace(out, **{parent: msgspec.structs.replace(held, **{name: value})})
