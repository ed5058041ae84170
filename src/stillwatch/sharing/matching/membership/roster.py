"""The roster of a matching group, a TOML file that all members hold alike: names, addresses, keys and limits."""

import tomllib
from pathlib import Path

import msgspec

from stillwatch.records import InvalidConfiguration, UsageError
from stillwatch.sharing.matching.membership.identity import KEY_BYTES

DAILY_LIMIT = (
    3_000_000  # elements a member is evaluated for a day, unless the roster says otherwise: a provider of
)
# two million accounts can be matched whole in a day; all IPv4 addresses would take it four years
MOST_HOLDERS = 255


class Member(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A member. One without `number` holds no share: it asks, and is not asked."""

    name: str
    verify_key: str
    seal_key: str
    number: int | None = None
    url: str | None = None
    daily_limit: int = DAILY_LIMIT


class Roster(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The members of a group, and how many of them make a quorum."""

    group: str
    threshold: int
    members: list[Member]

    @property
    def holders(self) -> dict[int, Member]:
        """Members that hold a share, by number."""
        return {member.number: member for member in self.members if member.number is not None}

    def member(self, name: str) -> Member:
        """Raises UsageError where there is none of this name."""
        for member in self.members:
            if member.name == name:
                return member
        raise UsageError(f"{name!r} is no member of {self.group}")

    def find(self, name: str) -> Member | None:
        return next((member for member in self.members if member.name == name), None)


def load_roster(path: Path) -> Roster:
    """The roster in a file. Raises InvalidConfiguration where it does not hold together."""
    try:
        with path.open("rb") as file:
            roster = msgspec.convert(tomllib.load(file), Roster)
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise InvalidConfiguration(f"{path}: {error}") from error
    if wrong := _wrong(roster):
        raise InvalidConfiguration(f"{path}: {wrong}")
    return roster


def _wrong(roster: Roster) -> str | None:
    names = [member.name for member in roster.members]
    numbers = [member.number for member in roster.members if member.number is not None]
    if len(set(names)) < len(names) or len(set(numbers)) < len(numbers):
        return "two members have one name, or one number"
    if any(not 1 <= number <= MOST_HOLDERS for number in numbers):
        return f"numbers go from 1 to {MOST_HOLDERS}"
    if not 1 <= roster.threshold <= len(numbers):
        return f"threshold is {roster.threshold}, and {len(numbers)} members hold a share"
    return next((wrong for member in roster.members if (wrong := _wrong_in(member))), None)


def _wrong_in(member: Member) -> str | None:
    for key in (member.verify_key, member.seal_key):
        try:
            whole = len(bytes.fromhex(key)) == KEY_BYTES
        except ValueError:
            whole = False
        if not whole:
            return f"{member.name}: a key is {KEY_BYTES * 2} hexadecimal digits, not {key[:80]!r}"
    if member.number is not None and not (member.url or "").startswith(("http://", "https://")):
        return f"{member.name}: who holds a share needs a url"
    return f"{member.name}: daily_limit is below 0" if member.daily_limit < 0 else None
