"""JSON bodies: read as any server behind the gateway might read them, and written back.

What a strict decoder refuses, the lenient one of Python's library may take (`NaN`, half surrogates), and so may the
server: a body must not slip by unread because it is odd.
"""

import json
from typing import Any

import msgspec

Json = Any
UNREADABLE = (msgspec.MsgspecError, ValueError, RecursionError)
UNWRITABLE = (msgspec.MsgspecError, UnicodeError, OverflowError, TypeError, RecursionError)


def decoded(body: bytes) -> Json:
    """The JSON of a body; None for what is none."""
    try:
        return msgspec.json.decode(body)
    except UNREADABLE:
        pass
    try:
        return json.loads(body)
    except UNREADABLE:
        return None


def encoded(document: Json) -> bytes:
    """A body as JSON."""
    try:
        return msgspec.json.encode(document)
    except UNWRITABLE:
        return json.dumps(document, separators=(",", ":")).encode("ascii")


def storable(value: object) -> bytes:
    """A record as a line of JSON that every reader takes: half of a surrogate pair becomes a question mark.

    A customer whose prompts held one would otherwise be in no log.
    """
    try:
        return msgspec.json.encode(value)
    except UnicodeEncodeError:
        return msgspec.json.encode(_whole_signs(msgspec.to_builtins(value)))


def _whole_signs(value: Json) -> Json:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, list):
        return [_whole_signs(each) for each in value]
    if isinstance(value, dict):
        return {_whole_signs(name): _whole_signs(each) for name, each in value.items()}
    return value
