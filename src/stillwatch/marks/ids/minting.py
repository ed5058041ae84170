"""Minting ids and reading them again, one at a time. Nothing here raises on what a client sent."""

import os
import secrets
import time
from binascii import Error, a2b_base64, b2a_base64
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from hashlib import blake2b
from hmac import compare_digest
from itertools import count
from typing import Literal, get_args

import msgspec

from stillwatch.marks.ids.ages import MAX_AGE
from stillwatch.marks.ids.cipher import BlockCipher, derived
from stillwatch.marks.ids.forms import (
    ALPHABET,
    CONTENT_BITS,
    COUNTER_BITS,
    FORMS,
    LAST,
    LONGEST,
    ORGANISATION_BITS,
    TIME_BITS,
    Form,
    form_of,
)
from stillwatch.marks.ids.keyring import KeyRing

Outcome = Literal[
    "valid",
    "swapped_prefix",
    "expired",
    "not_yet",
    "other_tenant",
    "forged",
    "unknown_key",
    "retired_key",
    "truncated",
    "too_long",
    "unknown_form",
    "not_ascii",
]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
AUTHENTIC: frozenset[Outcome] = frozenset({"valid", "swapped_prefix", "expired", "not_yet"})
"""Minted here for this tenant: whom for is known. Only `valid` is an id as it was handed out and in its time."""

SKEW = 300  # seconds by which the clocks of two gateways may differ
COUNTER_MASK = (1 << COUNTER_BITS) - 1
ORGANISATION_MASK = (1 << ORGANISATION_BITS) - 1
TIME_MASK = (1 << TIME_BITS) - 1
PID_STEP = 0x9E37  # spreads the counters of processes that were forked from one
REMEMBERED = 1 << 16  # accounts whose handles are kept at hand
_STANDARD = bytes.maketrans(b"+/", b"-_")
_DECODED = bytes(
    ord("+") if sign == ord("-") else ord("/") if sign == ord("_") else sign if sign in ALPHABET else ord("!")
    for sign in range(256)
)


class Minted(msgspec.Struct, frozen=True, gc=False):
    """What an id says. Fields are None where the outcome is not authentic."""

    outcome: Outcome
    account: int | None = None  # 64-bit handle
    organisation: int | None = None  # the first 24 bits of its handle; 0 where the account has none
    at: int | None = None  # seconds since 1970
    key: int | None = None  # number of the key
    minted_as: str | None = None  # the prefix it was handed out with

    @property
    def authentic(self) -> bool:
        return self.outcome in AUTHENTIC


class Minter:
    """Mints for one tenant with the last key of a ring, and verifies with all that are not retired."""

    def __init__(
        self,
        ring: KeyRing,
        *,
        tenant: str = "",
        other_tenants: Sequence[str] = (),
        max_age: int = MAX_AGE,
    ) -> None:
        """`other_tenants` share the ring: their ids are told apart from forged ones."""
        live = {key.number: bytes.fromhex(key.secret) for key in ring.keys if key.secret is not None}
        self.ciphers = {number: BlockCipher(secret, tenant) for number, secret in live.items()}
        self.others = {
            number: [BlockCipher(secret, other) for other in other_tenants] for number, secret in live.items()
        }
        self.retired = frozenset(key.number for key in ring.keys if key.secret is None)
        self.number = ring.minting.number
        self.tenant = tenant
        self.max_age = max_age
        self.counts: Counter[Outcome] = Counter()
        self._handles = derived(bytes.fromhex(ring.handles), b"minted handle", tenant, 32)
        self._counter = count(secrets.randbelow(COUNTER_MASK + 1))
        self.account = lru_cache(REMEMBERED)(self._account)
        self.organisation = lru_cache(REMEMBERED)(self._organisation)

    def mint(
        self, prefix: str, account: str, organisation: str | None = None, *, at: float | None = None
    ) -> str:
        """A new id. Raises KeyError for a prefix that is none of FORMS."""
        form = FORMS[prefix]
        unique = (next(self._counter) + os.getpid() * PID_STEP) & COUNTER_MASK
        seconds = int(time.time() if at is None else at) & TIME_MASK
        owner = self.account(account) << ORGANISATION_BITS | self.organisation(organisation) >> (
            64 - ORGANISATION_BITS
        )
        content = ((owner << TIME_BITS | seconds) << COUNTER_BITS) | unique
        block = self.ciphers[self.number].encipher(content << form.zeros, form)
        raw = (self.number << (16 * form.half) | block).to_bytes(2 * form.half + 1, "big")
        return prefix + b2a_base64(raw, newline=False).translate(_STANDARD)[: form.signs].decode("ascii")

    def verify(self, text: str, *, now: float | None = None) -> Minted:
        """What an id says, or why it says nothing."""
        found = self._read(text, time.time() if now is None else now)
        self.counts[found.outcome] += 1
        return found

    def conversation(self, name: str) -> int:
        """The handle of a conversation, never 0."""
        return self._handle(b"conversation", name) or 1

    def counters(self, many: int) -> Iterable[int]:
        """The next counters, for many ids at once."""
        shift = os.getpid() * PID_STEP
        return ((next(self._counter) + shift) & COUNTER_MASK for _ in range(many))

    def judged(self, form: Form, minted_as: Form, content: int, number: int, now: float) -> Minted:
        """An authentic id's content, read."""
        at = content >> COUNTER_BITS & TIME_MASK
        owner = content >> (COUNTER_BITS + TIME_BITS)
        outcome: Outcome = "valid" if form is minted_as else "swapped_prefix"
        if at < now - self.max_age:
            outcome = "expired"
        elif at > now + SKEW:
            outcome = "not_yet"
        return Minted(
            outcome, owner >> ORGANISATION_BITS, owner & ORGANISATION_MASK, at, number, minted_as.prefix
        )

    def _read(self, text: str, now: float) -> Minted:
        form = form_of(text)
        if form is None or text[-1] not in LAST[form.signs]:
            return Minted(misfit(text))
        try:
            signs = text[-form.signs :].encode("ascii").translate(_DECODED) + b"=" * (-form.signs % 4)
            raw = int.from_bytes(a2b_base64(signs, strict_mode=True), "big")
        except (UnicodeEncodeError, Error):
            return Minted(misfit(text))
        number, block = raw >> (16 * form.half), raw & ((1 << 16 * form.half) - 1)
        cipher = self.ciphers.get(number)
        if cipher is None:
            return Minted("retired_key" if number in self.retired else "unknown_key")
        content = _content(cipher, block, form)
        if content is not None:
            return self.judged(form, form, content, number, now)
        for other in _alike(form):
            content = _content(cipher, block, other)
            if content is not None:
                return self.judged(form, other, content, number, now)
        elsewhere = any(_content(each, block, form) is not None for each in self.others[number])
        return Minted("other_tenant" if elsewhere else "forged")

    def _account(self, account: str) -> int:
        return self._handle(b"account", account)

    def _organisation(self, organisation: str | None) -> int:
        """64 bits whose first 24, which ids hold, are not all zero; 0 for none."""
        if organisation is None:
            return 0
        return self._handle(b"organisation", organisation) | 1 << (64 - ORGANISATION_BITS)

    def _handle(self, kind: bytes, name: str) -> int:
        given = name.encode("utf-8", "surrogatepass")
        return int.from_bytes(blake2b(given, key=self._handles, digest_size=8, person=kind).digest(), "big")


def misfit(text: str) -> Outcome:
    """Why a text has not the form of an id."""
    if len(text) > LONGEST:
        return "too_long"
    if not text.isascii():
        return "not_ascii"
    form = next((form for prefix, form in FORMS.items() if text.startswith(prefix)), None)
    if form is None:
        return "unknown_form"
    signs = len(text) - len(form.prefix)
    if signs != form.signs:
        return "truncated" if signs < form.signs else "too_long"
    return "unknown_form"


def hexadecimal(handle: int) -> str:
    """A handle as it is written in records."""
    return f"{handle:016x}"


def _content(cipher: BlockCipher, block: int, form: Form) -> int | None:
    """What a block holds; None where it was not made with this key for this form."""
    plain = cipher.decipher(block, form)
    zeros = (plain & ((1 << form.zeros) - 1)).to_bytes(form.zeros // 8, "big")
    return plain >> form.zeros if compare_digest(zeros, bytes(form.zeros // 8)) else None


def _alike(form: Form) -> Iterator[Form]:
    """Forms whose ids could stand behind this one's prefix."""
    return (other for other in FORMS.values() if other.half == form.half and other is not form)


assert CONTENT_BITS == ORGANISATION_BITS + TIME_BITS + COUNTER_BITS + 64
