"""Base64 with the alphabet for URLs and without padding, as JOSE and WebAuthn write bytes."""

import binascii
from base64 import b64decode, urlsafe_b64encode


def encoded(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def decoded(text: str) -> bytes:
    """Raises ValueError on anything that `encoded` would not have written."""
    try:
        data = b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise ValueError("no base64url") from error
    if encoded(data) != text:  # padding, or bits beyond the last byte
        raise ValueError("no base64url in its one form")
    return data
