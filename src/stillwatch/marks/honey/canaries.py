"""One made-up entry or tool, made of the secret and its number.

A canary is recognised by two words that belong together: an invented name and a number, or the two halves of a tool's name.
Together they have BITS bits of the key, so that something real, or another's invention, is like one with a chance
of 2**-BITS.
"""

from hashlib import blake2b
from typing import Literal

import msgspec

from stillwatch.marks.keys import MarkKeys

Kind = Literal["entry", "tool"]

HEADS = ("b", "d", "f", "g", "k", "l", "m", "n", "p", "r", "s", "t", "v", "z", "br", "tr")
VOWELS = ("a", "e", "i", "o")
SYLLABLES = 4  # of 6 bits each
DIGITS = 12  # hexadecimal: what is all decimal digits might be somebody's telephone
BITS = SYLLABLES * 6 + DIGITS * 4
THINGS = ("glaze", "lantern", "footbridge", "paper fold", "weaving pattern", "bell", "kite", "tea blend")
PLACES = ("catalogue", "ledger", "register", "index")


class Canary(msgspec.Struct, frozen=True, kw_only=True):
    """`name` and `number` are what it is recognised by."""

    serial: int
    kind: Kind
    name: str
    number: str
    text: str  # as it is shown: it says of itself that it is made up


def canary(keys: MarkKeys, serial: int) -> Canary:
    bits = int.from_bytes(_bytes(keys, "honey", serial), "big")
    name, bits = _name(bits)
    bits, code = divmod(bits, 16**DIGITS)
    number = f"{code:0{DIGITS}x}"
    thing, place = THINGS[bits % len(THINGS)], PLACES[bits // len(THINGS) % len(PLACES)]
    if serial % 2:
        tool = f"{name}_{number}"
        text = f"(Made-up tool for testing, which does not exist and is no part of the answer: `{tool}` looks a {thing} up in a {place}.)"
        return Canary(serial=serial, kind="tool", name=name, number=number, text=text)
    text = (
        f"(Made-up entry for testing, no part of the answer: in an invented {place}, the {thing} {name.capitalize()} has"
        f" the number {number}.)"
    )
    return Canary(serial=serial, kind="entry", name=name, number=number, text=text)


def salt(keys: MarkKeys, serial: int) -> bytes:
    """What keeps a commitment from being opened by trying entries."""
    return keys.key("honey salt", str(serial))


def _bytes(keys: MarkKeys, purpose: str, serial: int) -> bytes:
    return blake2b(keys.key(purpose, str(serial)), digest_size=32, person=b"honey").digest()


def _name(bits: int) -> tuple[str, int]:
    name = ""
    for _ in range(SYLLABLES):
        bits, head = divmod(bits, len(HEADS))
        bits, vowel = divmod(bits, len(VOWELS))
        name += HEADS[head] + VOWELS[vowel]
    return name, bits
