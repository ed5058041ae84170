"""Reasoning sealed for one organisation: a text that only it may hand back, and nobody else can read.

A sealed text is AES-SIV over the content, the handles of the account and the organisation, and the conversation if one
is named; in base64url behind `sw1_`. SIV (RFC 5297) is deterministic and needs no nonce: the same content sealed twice
for the same owner in the same second gives the same text, and nothing else follows.
"""

import re
import struct
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections import Counter
from collections.abc import Iterable
from hmac import compare_digest
from typing import Literal, NamedTuple

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from stillwatch.marks.ids.cipher import derived
from stillwatch.marks.ids.keyring import KeyRing
from stillwatch.marks.ids.minting import SKEW, Minter

Refusal = Literal[
    "opened",
    "other_organisation",
    "other_account",
    "other_conversation",
    "expired",
    "not_yet",
    "forged",
    "unknown_key",
    "retired_key",
    "too_long",
    "unknown_form",
]
PREFIX = "sw1_"
LONGEST = 4 << 20  # signs: no provider's own block is a tenth of it
_OWNER = struct.Struct(">QQQI")  # account, organisation, conversation (0: any), seconds since 1970
WRITTEN = re.compile(r"[A-Za-z0-9_-]+")


class _Owner(NamedTuple):
    account: int
    organisation: int
    conversation: int
    at: int


class Opened(msgspec.Struct, frozen=True):
    """What came of opening a sealed text. The content is None unless it was opened; the owner, unless authentic."""

    outcome: Refusal
    content: str | None = None
    account: int | None = None
    organisation: int | None = None
    at: int | None = None


class Sealer:
    """Seals with the last key of a ring, and opens with all that are not retired."""

    def __init__(self, ring: KeyRing, minter: Minter) -> None:
        """`minter` is of the same ring: its handles name the owners."""
        self._minter = minter
        self._keys = {
            key.number: AESSIV(derived(bytes.fromhex(key.secret), b"sealed", minter.tenant, 64))
            for key in ring.keys
            if key.secret is not None
        }
        self.counts: Counter[Refusal] = Counter()

    def seal(
        self,
        content: str,
        account: str,
        organisation: str | None = None,
        *,
        conversation: str | None = None,
        at: float | None = None,
    ) -> str:
        """The text to hand out. Without an organisation it is bound to the account."""
        seconds = int(time.time() if at is None else at)
        owner = _OWNER.pack(
            self._minter.account(account),
            self._minter.organisation(organisation),
            self._conversation(conversation),
            seconds,
        )
        number = self._minter.number
        plain = owner + content.encode("utf-8", "surrogatepass")
        sealed = self._keys[number].encrypt(plain, [bytes([number])])
        return PREFIX + urlsafe_b64encode(bytes([number]) + sealed).rstrip(b"=").decode("ascii")

    def open(
        self,
        text: str,
        account: str,
        organisations: Iterable[str] = (),
        *,
        conversation: str | None = None,
        now: float | None = None,
    ) -> Opened:
        """Open for an account and the organisations whose texts it may hand back. Never raises."""
        opened = self._opened(text, account, organisations, conversation, time.time() if now is None else now)
        self.counts[opened.outcome] += 1
        return opened

    def unbound(self, text: str) -> str | None:
        """What an authentic text holds, whomever it was sealed for."""
        found = self._read(text)
        return None if isinstance(found, str) else found[1]

    def _opened(
        self, text: str, account: str, organisations: Iterable[str], conversation: str | None, now: float
    ) -> Opened:
        found = self._read(text)
        if isinstance(found, str):
            return Opened(found)
        owner, content = found
        outcome = self._outcome(owner, account, organisations, conversation, now)
        return Opened(
            outcome, content if outcome == "opened" else None, owner.account, owner.organisation, owner.at
        )

    def _read(self, text: str) -> "Refusal | tuple[_Owner, str]":
        """The owner and the content of an authentic text, or what is wrong with it."""
        if len(text) > LONGEST:
            return "too_long"
        raw = _raw(text)
        if raw is None:
            return "unknown_form"
        number, sealed = raw[0], raw[1:]
        key = self._keys.get(number)
        if key is None:
            return "retired_key" if number in self._minter.retired else "unknown_key"
        try:
            plain = key.decrypt(sealed, [bytes([number])])
            owner = _Owner(*_OWNER.unpack_from(plain))
            return owner, plain[_OWNER.size :].decode("utf-8", "surrogatepass")
        except (InvalidTag, ValueError, struct.error):
            return "forged"

    def _outcome(
        self,
        owner: "_Owner",
        account: str,
        organisations: Iterable[str],
        conversation: str | None,
        now: float,
    ) -> Refusal:
        own = _same(self._minter.account(account), owner.account)
        fellows = [_same(self._minter.organisation(name), owner.organisation) for name in organisations]
        if owner.organisation and not own and not any(fellows):
            return "other_organisation"
        if not owner.organisation and not own:
            return "other_account"
        if owner.conversation and not _same(self._conversation(conversation), owner.conversation):
            return "other_conversation"
        if owner.at < now - self._minter.max_age:
            return "expired"
        return "not_yet" if owner.at > now + SKEW else "opened"

    def _conversation(self, conversation: str | None) -> int:
        return 0 if conversation is None else self._minter.conversation(conversation)


def is_sealed(text: str) -> bool:
    """Whether a text looks like one of ours; only then is there anything to open."""
    return text.startswith(PREFIX)


def _raw(text: str) -> bytes | None:
    """The bytes of a text of our form; None for any other. Signs that are none of base64url are none of ours."""
    signs = text[len(PREFIX) :]
    if not is_sealed(text) or len(signs) % 4 == 1 or not WRITTEN.fullmatch(signs):
        return None
    return urlsafe_b64decode(signs + "=" * (-len(signs) % 4))


def _same(one: int, other: int) -> bool:
    return compare_digest(one.to_bytes(8, "big"), other.to_bytes(8, "big"))
