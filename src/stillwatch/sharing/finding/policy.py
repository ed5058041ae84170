"""The release policy: rows that say which field goes to whom, and how. A field without a row does not leave.

Everything that can be wrong with the file is said when it is read, with file, line and column.
"""

import re
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import TypeVar, cast

import msgspec

from stillwatch.records import ACCOUNTS, InvalidConfiguration, UsageError
from stillwatch.records.document import Place, Value, read
from stillwatch.sharing.finding.fields import FIELDS, TRANSFORMS, Transform
from stillwatch.sharing.finding.model import Producer
from stillwatch.sharing.finding.words import HEAVIEST, TLPS, Tlp

VERSION = 1
LARGEST = 1 << 20  # bytes
EVERYONE = "*"
DAY = 86_400_000_000  # microseconds
LONGEST = 90  # days that a released finding is valid, unless the policy says less
SMALLEST_GROUP = 10  # accounts: the k of a row that does not say one
DEFAULT = Path(__file__).with_name("release.yaml")

KEYS = ("version", "producer", "valid_days", "matching", "recipients", "rows")
RECIPIENT_KEYS = ("id", "clearance")
ROW_KEYS = ("field", "recipient", "tlp", "k", "transform", "retention")
NEEDED = ("field", "recipient", "tlp", "transform")
_ID = re.compile(r"[a-z0-9][a-z0-9_.-]{0,63}", re.ASCII)
_DAYS = re.compile(r"([1-9][0-9]{0,3})d", re.ASCII)
T = TypeVar("T")


class Recipient(msgspec.Struct, frozen=True, kw_only=True):
    """Who gets findings, and the narrowest mark they may hold."""

    id: str
    clearance: Tlp


class Matching(msgspec.Struct, frozen=True, kw_only=True):
    """What partners of a matching group may match by: fields of accounts, and how many nats a match counts at most."""

    fields: tuple[str, ...] = ()
    weight: float = HEAVIEST


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A field to a recipient: under which mark, from which group size on, changed how, and kept how long."""

    field: str
    recipient: str
    tlp: Tlp
    transform: Transform
    k: int
    retention: int  # days
    line: int


class ReleasePolicy(msgspec.Struct, frozen=True, kw_only=True):
    """A policy that was read. `sha256` is of the file."""

    file: str
    sha256: str
    producer: Producer
    valid_days: int
    matching: Matching
    recipients: dict[str, Recipient]
    rows: tuple[Row, ...]

    def recipient(self, name: str) -> Recipient:
        if name not in self.recipients:
            raise UsageError(
                f"{self.file}: no recipient {name!r}; there are: {', '.join(sorted(self.recipients))}"
            )
        return self.recipients[name]

    def row(self, field: str, recipient: str) -> Row | None:
        """The first row that fits."""
        fitting = (
            row
            for row in self.rows
            if row.field in (field, EVERYONE) and row.recipient in (recipient, EVERYONE)
        )
        return next(fitting, None)


def load_policy(path: Path | None = None) -> ReleasePolicy:
    """Read a policy file, or the one that comes with Stillwatch. Raises InvalidConfiguration."""
    path = path or DEFAULT
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise InvalidConfiguration(f"{path}: {error.strerror or error}") from error
    return parse_policy(data, str(path))


def parse_policy(data: bytes, file: str) -> ReleasePolicy:
    """As `load_policy`, from the content of a file."""
    if len(data) > LARGEST:
        raise InvalidConfiguration(f"{file}: a release policy has at most {LARGEST >> 20} MiB")
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise InvalidConfiguration(f"{file}: not UTF-8 at byte {error.start:,}") from error
    keys = read(text, file).mapping("a release policy", KEYS)
    for name in ("producer", "recipients", "rows"):
        if name not in keys:
            raise Place(file, 1, 1).wrong(f"a release policy has {name}")
    if "version" in keys and keys["version"].whole("version", 1) != VERSION:
        raise keys["version"].place.wrong(f"only version {VERSION} of the release policy is known")
    recipients = {one.id: one for one in _each(keys["recipients"].items("recipients"), _recipient)}
    rows = _each(keys["rows"].items("rows"), lambda entry: _row(entry, recipients))
    return ReleasePolicy(
        file=file,
        sha256=sha256(data).hexdigest(),
        producer=_producer(keys["producer"]),
        valid_days=_valid_days(keys.get("valid_days")),
        matching=_matching(keys["matching"]) if "matching" in keys else Matching(),
        recipients=recipients,
        rows=tuple(rows),
    )


def _each(entries: list[Value], read_one: Callable[[Value], T]) -> list[T]:
    """All of them, or all that is wrong with them."""
    out: list[T] = []
    wrong: list[str] = []
    for entry in entries:
        try:
            out.append(read_one(entry))
        except InvalidConfiguration as error:
            wrong.append(str(error))
    if wrong:
        raise InvalidConfiguration("\n".join(wrong))
    return out


def _producer(value: Value) -> Producer:
    keys = value.mapping("a producer", ("name", "contact"))
    if "name" not in keys:
        raise value.place.wrong("a producer has a name")
    said = {name: one.words(name) for name, one in keys.items()}
    try:
        return msgspec.convert(said, Producer)
    except msgspec.ValidationError as error:
        raise value.place.wrong(f"producer: {error}") from error


def _valid_days(value: Value | None) -> int:
    if value is None:
        return LONGEST
    days = value.whole("valid_days", 1)
    if days > LONGEST:
        raise value.place.wrong(f"valid_days is {LONGEST} or less: what is known of accounts ages")
    return days


def _matching(value: Value) -> Matching:
    keys = value.mapping("matching", ("fields", "weight"))
    named = keys["fields"].items("fields") if "fields" in keys else []
    known = [name for name in ACCOUNTS.names if name != "account_id"]
    fields = [one.one_of("a field of accounts", known) for one in named]
    weight = keys["weight"].content if "weight" in keys else HEAVIEST
    if isinstance(weight, bool) or not isinstance(weight, int | float) or not 0 < weight <= HEAVIEST:
        raise keys["weight"].place.wrong(f"weight is a number of nats above 0 and at most {HEAVIEST:g}")
    return Matching(fields=tuple(dict.fromkeys(fields)), weight=float(weight))


def _recipient(entry: Value) -> Recipient:
    keys = _needed(entry, "a recipient", RECIPIENT_KEYS, RECIPIENT_KEYS)
    return Recipient(id=_id(keys["id"]), clearance=cast("Tlp", keys["clearance"].one_of("clearance", TLPS)))


def _row(entry: Value, recipients: Mapping[str, Recipient]) -> Row:
    keys = _needed(entry, "a row", ROW_KEYS, NEEDED)
    field = keys["field"].one_of("field", (*FIELDS, EVERYONE))
    transform = cast("Transform", keys["transform"].one_of("transform", TRANSFORMS))
    allowed = ("drop",) if field == EVERYONE else FIELDS[field].transforms
    if transform not in allowed:
        raise keys["transform"].place.wrong(f"{field} leaves {' or '.join(allowed)}, never {transform}")
    return Row(
        field=field,
        recipient=keys["recipient"].one_of("recipient", (*recipients, EVERYONE)),
        tlp=cast("Tlp", keys["tlp"].one_of("tlp", TLPS)),
        transform=transform,
        k=keys["k"].whole("k", 1) if "k" in keys else SMALLEST_GROUP,
        retention=_retention(keys["retention"]) if "retention" in keys else LONGEST,
        line=entry.place.line,
    )


def _needed(entry: Value, what: str, known: tuple[str, ...], needed: tuple[str, ...]) -> Mapping[str, Value]:
    keys = entry.mapping(what, known)
    for name in needed:
        if name not in keys:
            raise entry.place.wrong(f"{what} has {', '.join(needed)}; {name} is missing")
    return keys


def _id(value: Value) -> str:
    if not _ID.fullmatch(value.text):
        raise value.place.wrong("an id is small letters, digits, _ . and -")
    return value.text


def _retention(value: Value) -> int:
    match = _DAYS.fullmatch(value.text)
    if match is None:
        raise value.place.wrong(f"retention is a number of days, such as 90d, not {value.text[:40]!r}")
    return int(match[1])
