"""What the ids of a request's history say about who holds the conversation."""

import time
from collections.abc import Iterable

import msgspec

from stillwatch.marks.ids.forms import ORGANISATION_BITS
from stillwatch.marks.ids.minting import Minted, Minter, hexadecimal
from stillwatch.marks.ids.organisations import Organisations

MICROS = 1_000_000


class Caller(msgspec.Struct, frozen=True):
    """Who sends the request."""

    account: str
    organisation: str | None = None


class Continuation(msgspec.Struct, frozen=True):
    """The newest id of a history that was minted here.

    Only the newest tells who went on from whom: older ones come back with each later turn. It is `foreign` where
    another account's conversation is gone on with, outside the caller's organisation and those it shares with.
    """

    text: str
    minted: Minted
    foreign: bool

    @property
    def facts(self) -> dict[str, str | int]:
        """What an exchange (schema EXCHANGES) says of it; nothing where the conversation is the caller's own."""
        account, at = self.minted.account, self.minted.at
        if not self.foreign or account is None or at is None:
            return {}
        return {
            "continued_id": self.text,
            "continued_handle": hexadecimal(account),
            "continued_at": at * MICROS,
        }


def continuation(
    minter: Minter,
    ids: Iterable[str],
    caller: Caller,
    organisations: Organisations,
    *,
    now: float | None = None,
) -> Continuation | None:
    """None where no id of the history is authentic. Of ids minted in one second the later in the history is newer."""
    moment = time.time() if now is None else now
    newest: tuple[int, str, Minted] | None = None
    for text in ids:
        found = minter.verify(text, now=moment)
        if found.outcome in {"valid", "swapped_prefix"} and found.at is not None:
            newest = max(newest, (found.at, text, found), key=_moment) if newest else (found.at, text, found)
    if newest is None:
        return None
    _, text, found = newest
    return Continuation(text, found, foreign=not _own(minter, found, caller, organisations))


def _moment(each: tuple[int, str, Minted]) -> int:
    return each[0]


def _own(minter: Minter, found: Minted, caller: Caller, organisations: Organisations) -> bool:
    if found.account == minter.account(caller.account):
        return True
    shift = 64 - ORGANISATION_BITS
    fellows = {minter.organisation(name) >> shift for name in organisations.fellows(caller.organisation)}
    return found.organisation in fellows
