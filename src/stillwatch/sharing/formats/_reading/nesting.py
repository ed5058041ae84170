"""How deep a JSON text is nested, found without parsing it: a parser may fall over what it is to find out."""

import re

_STRINGS = re.compile(rb'"(?:[^"\\]|\\.)*"?', re.DOTALL)
_PLAIN = re.compile(rb"[^\[\]{}]+")


def deepest(data: bytes) -> int:
    """The most arrays and objects that are open at one place."""
    depth = most = 0
    for byte in _PLAIN.sub(b"", _STRINGS.sub(b"", data)):
        depth += 1 if byte in b"[{" else -1
        most = max(most, depth)
    return most
