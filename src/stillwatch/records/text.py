"""Text from a log made safe to show: nothing in it can command a page, a terminal or a reader's eye."""

import unicodedata

NAME = 120  # characters shown of an id or a label
SENTENCE = 600  # characters shown of a claim or a note
UNSHOWN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}  # controls, bidi and zero-width marks, half pairs


def clean(text: str, limit: int = SENTENCE) -> str:
    r"""`text` with every character that does not show itself spelled out (`\u202e`), cut to `limit`."""
    kept = text[: limit + 1]
    if not kept.isprintable():
        kept = "".join(_visible(character) for character in kept)
    return kept if len(kept) <= limit else kept[: limit - 1].rstrip() + "…"


def _visible(character: str) -> str:
    if character in "\n\t":
        return " "
    if unicodedata.category(character) not in UNSHOWN:
        return character
    return f"\\u{ord(character):04x}" if ord(character) < 0x10000 else f"\\U{ord(character):08x}"
