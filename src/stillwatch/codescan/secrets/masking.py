"""Showing that there is a secret, without showing it."""

import hmac
import re
from hashlib import sha256

_LITERAL = re.compile(r"""(?P<quote>['"])(?P<text>[^'"\n]{6,})(?P=quote)""")
SHOWN = 4  # characters of a secret that are shown, of one that is much longer


def masked(secret: str) -> str:
    """The first characters of a long secret, nothing of a short one, and its length."""
    start = secret[:SHOWN] if len(secret) >= 6 * SHOWN else ""
    return f"{start}…({len(secret)} characters)"


def without_literals(code: str) -> str:
    """Code with every longer literal masked."""
    return _LITERAL.sub(lambda found: f"{found['quote']}{masked(found['text'])}{found['quote']}", code)


def fingerprint(secret: str, key: bytes) -> str:
    """A name of a secret that tells equal ones apart from others, to who has the key alone."""
    return hmac.new(key, secret.encode(), sha256).hexdigest()[:16]
