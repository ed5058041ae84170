"""What minted ids look like on the wire, and how the bits lie in them.

An id is the prefix its interface gives it and 34 signs of base64url (31 behind `chatcmpl-`), 40 signs at the most.
The first byte is the number of the key, in clear. The others are one enciphered block:

    account 64 | organisation 24 | seconds since 1970, 32 | a counter, 16 | zeros, 56 (40 behind `chatcmpl-`)

The zeros are what authenticates an id: an enciphered block that was not made with the key deciphers to noise.
"""

import msgspec

ACCOUNT_BITS, ORGANISATION_BITS, TIME_BITS, COUNTER_BITS = 64, 24, 32, 16
CONTENT_BITS = ACCOUNT_BITS + ORGANISATION_BITS + TIME_BITS + COUNTER_BITS
LONGEST = 40  # signs that OpenAI takes as the id of a tool call
ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


class Form(msgspec.Struct, frozen=True):
    """One kind of id."""

    prefix: str
    code: int  # enters the cipher, so that an id of one kind is no id of another; never give one anew
    half: int = 12  # bytes of half the enciphered block

    @property
    def signs(self) -> int:
        """Signs behind the prefix."""
        return -(-(2 * self.half + 1) * 8 // 6)

    @property
    def zeros(self) -> int:
        """Bits that must be zero."""
        return 16 * self.half - CONTENT_BITS


FORMS: dict[str, Form] = {
    form.prefix: form
    for form in (
        Form("call_", 1),  # tool call, OpenAI
        Form("toolu_", 2),  # tool call, Anthropic
        Form("chatcmpl-", 3, half=11),  # answer, OpenAI Chat
        Form("resp_", 4),  # answer, OpenAI Responses
        Form("msg_", 5),  # answer of Anthropic, message within one of OpenAI Responses
        Form("rs_", 6),  # reasoning block, OpenAI Responses
        Form("fc_", 7),  # item of a tool call, OpenAI Responses
        Form("cmpl-", 8),  # answer, OpenAI Completions
    )
}
SIGNS = tuple(sorted({form.signs for form in FORMS.values()}, reverse=True))
LAST = {  # last signs whose spare bits are zero: an id has one way to be written
    signs: frozenset(chr(sign) for place, sign in enumerate(ALPHABET) if place % (1 << (signs * 6 % 8)) == 0)
    for signs in SIGNS
}


def form_of(text: str) -> Form | None:
    """The form of an id by its prefix and length; None where it has none."""
    if len(text) > LONGEST:  # looked at no further, however long
        return None
    for signs in SIGNS:
        form = FORMS.get(text[:-signs])
        if form is not None and form.signs == signs:
            return form
    return None
