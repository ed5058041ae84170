"""One entry of the audit: a leaf in canonical JSON, and the personal items it commits to.

The leaf holds no account id and no free text, only the root of a small Merkle tree over salted hashes of the
items that do. An item can be deleted: its hash stays, says nothing without the salt, and the leaf still holds.
"""

import json
import secrets
from collections.abc import Iterable, Mapping
from hashlib import sha256

import msgspec

from stillwatch.cases.merkle import leaf_hash, root_of
from stillwatch.records import Micros

SALT = 16  # bytes: nobody tries 2**128 salts for each account id


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """A personal part of an entry: of which kind, of whom and what; without salt it has been deleted."""

    commitment: str  # hexadecimal SHA-256 of salt and content
    salt: str | None = None
    content: str | None = None  # canonical JSON of {kind: value}


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """An entry as it is stored and exported. `leaf` is hashed as it stands; its hash lets a change be located."""

    number: int
    leaf: str
    hash: str
    items: list[Item] = []


class Leaf(msgspec.Struct, frozen=True, kw_only=True):
    """What a leaf says in the clear."""

    kind: str
    ts: Micros
    by: str  # the person, or the part of Stillwatch
    personal: str  # root over the commitments of the items, hexadecimal
    case_id: str | None = None
    decision_id: str | None = None
    facts: dict[str, object] = {}


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """An entry that is about to be written."""

    kind: str
    by: str
    case_id: str | None = None
    decision_id: str | None = None
    facts: Mapping[str, object] = {}
    text: str | None = None  # a note or a reason in a person's words
    accounts: Iterable[str] = ()


def canonical(value: object) -> str:
    """JSON with sorted names, without spaces and in ASCII, so that equal values are equal bytes.

    Half of a surrogate pair, which readers of JSON refuse, is spelled out.
    """
    text = _dumped(value)
    return _dumped(_spelled(value)) if "\\ud" in text else text


def _dumped(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)


def _spelled(value: object) -> object:
    if isinstance(value, str):
        return value.encode("utf-8", errors="backslashreplace").decode()
    if isinstance(value, Mapping):
        return {_spelled(name): _spelled(one) for name, one in value.items()}
    return [_spelled(one) for one in value] if isinstance(value, list | tuple) else value


def commit(kind: str, value: str) -> Item:
    """An item with a fresh salt."""
    salt, content = secrets.token_bytes(SALT), canonical({kind: value})
    return Item(commitment=commitment(salt, content), salt=salt.hex(), content=content)


def commitment(salt: bytes, content: str) -> str:
    return sha256(salt + content.encode()).hexdigest()


def items_root(items: Iterable[Item]) -> str:
    return root_of(leaf_hash(bytes.fromhex(item.commitment)) for item in items).hex()


def seal(draft: Draft, ts: Micros) -> tuple[str, list[tuple[str | None, Item]]]:
    """The leaf of an entry, and its items, each with the account it is about."""
    items: list[tuple[str | None, Item]] = [(one, commit("account_id", one)) for one in draft.accounts]
    if draft.text is not None:
        items.append((None, commit("text", draft.text)))
    said = {
        "kind": draft.kind,
        "ts": ts,
        "by": draft.by,
        "personal": items_root(item for _, item in items),
        "case_id": draft.case_id,
        "decision_id": draft.decision_id,
        "facts": dict(draft.facts),
    }
    return canonical({name: value for name, value in said.items() if value not in (None, {})}), items


def read(entry: Entry) -> Leaf:
    """What the leaf says. Raises ValueError where it is no leaf."""
    return msgspec.json.decode(entry.leaf, type=Leaf)


def shown(entry: Entry) -> dict[str, list[str]]:
    """The personal parts that are still there, by kind."""
    out: dict[str, list[str]] = {}
    for item in entry.items:
        for kind, value in json.loads(item.content or "{}").items():
            out.setdefault(kind, []).append(value)
    return out


def fault(entry: Entry) -> str | None:
    """What does not hold in an entry by itself, or None."""
    try:
        leaf = read(entry)
        for at, item in enumerate(entry.items):
            if (item.salt is None) != (item.content is None):
                return f"personal part {at} has lost either its salt or its content"
            if item.salt is not None and item.content is not None:
                made = commitment(bytes.fromhex(item.salt), item.content)
                if made != item.commitment:
                    return f"personal part {at} is not what was committed to"
        if leaf_hash(entry.leaf.encode()).hex() != entry.hash:
            return "it is not what was hashed"
        root = items_root(entry.items)
    except ValueError as error:
        return f"cannot be read ({error})"
    return None if root == leaf.personal else "its personal parts are not those the leaf commits to"
