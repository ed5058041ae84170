"""The Consolidated Screening List of the United States, in JSON (`results`). The file is read in pieces."""

import codecs
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import msgspec

from stillwatch.access.names._entry import MOST_NAMES, Entry
from stillwatch.access.names.spelling import Kind
from stillwatch.access.tabular import Rejected

PIECE = 1 << 18  # bytes
LARGEST = 1 << 20  # characters of one entry
KINDS: dict[str, Kind] = {"individual": "person", "entity": "organisation"}
_RESULTS = re.compile(r'"results"\s*:\s*\[')
_BETWEEN = re.compile(r"[\s,]*")


class _Id(msgspec.Struct):
    type: str | None = None
    number: str | None = None


class _Result(msgspec.Struct):
    name: Annotated[str, msgspec.Meta(min_length=1)]
    id: str | None = None
    entity_number: int | str | None = None
    source: str | None = None
    type: str | None = None
    alt_names: list[str] | None = None
    ids: list[_Id] | None = None
    start_date: str | None = None


def matches(name: str, head: bytes) -> bool:
    del name
    return head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{") and b'"results"' in head


def entries(path: Path, rejected: Rejected) -> Iterator[Entry]:
    """Entries one by one; an entry that is no such thing is a rejection by its number."""
    for number, found in enumerate(_objects(path, rejected), 1):
        try:
            one = msgspec.convert(found, _Result, strict=False)
        except msgspec.ValidationError as error:
            rejected.add(path, [number], f"entry: {error}")
            continue
        yield Entry(
            one.source or "CSL",
            str(one.id or one.entity_number or number),
            KINDS.get((one.type or "").lower(), "unknown"),
            one.name,
            (one.alt_names or [])[:MOST_NAMES],
            [f"{part.type or ''}: {part.number}" for part in one.ids or [] if part.number],
            one.start_date,
        )


def _objects(path: Path, rejected: Rejected) -> Iterator[object]:
    decode, parse = codecs.getincrementaldecoder("utf-8-sig")("replace").decode, json.JSONDecoder().raw_decode
    text, at, begun = "", 0, False
    with path.open("rb") as file:
        while True:
            piece = file.read(PIECE)
            text, at = text[at:] + decode(piece, final=not piece), 0
            if not begun and (found := _RESULTS.search(text)) is not None:
                begun, at = True, found.end()
            while begun:
                at = _end(_BETWEEN.match(text, at))
                if text.startswith("]", at):
                    return
                try:
                    value, at = parse(text, at)
                except (json.JSONDecodeError, RecursionError):
                    break  # cut by the end of the piece, most often
                yield value
            if not piece or len(text) - at > LARGEST:
                rejected.add(path, [None], "the rest is not read: cut short, or not JSON")
                return


def _end(found: "re.Match[str] | None") -> int:
    assert found is not None, "the pattern fits nothing as well"
    return found.end()
