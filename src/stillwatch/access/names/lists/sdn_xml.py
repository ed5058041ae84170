"""The SDN list of OFAC, and lists of its form, in XML (`sdnList`).

The file is read in pieces. A document type, and with it every entity, is refused: a list needs none, and they are how
XML is made to read other files or to grow without end.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from xml.parsers import expat

from stillwatch.access.names._entry import MOST_NAMES, Entry
from stillwatch.access.names.spelling import Kind
from stillwatch.access.tabular import Rejected

PIECE = 1 << 18  # bytes
DEEPEST, LONGEST = 20, 4000  # elements within each other; characters of one value
KINDS: dict[str, Kind] = {"individual": "person", "entity": "organisation"}
Fields = dict[str, str]


def matches(name: str, head: bytes) -> bool:
    del name
    return b"<sdnList" in head or head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<?xml")


class _Refused(Exception):
    """What stops the parser; the loop below makes a rejection of it."""


class _Reader:
    """Elements as they come: those of an entry are kept until it ends."""

    def __init__(self, reject: Callable[[str], None]) -> None:
        self.done: list[Entry] = []
        self.published: str | None = None
        self._reject = reject
        self._path: list[str] = []
        self._text: list[str] = []
        self._length = 0
        self._entry: dict[str, list[Fields]] = {}

    def start(self, tag: str, attributes: object) -> None:
        del attributes
        name = tag.rpartition(" ")[2]
        self._path.append(name)
        if len(self._path) > DEEPEST:
            raise _Refused(f"more than {DEEPEST} elements within each other")
        self._text, self._length = [], 0
        if name == "sdnEntry":
            self._entry = {"": [{}]}
        elif name in {"aka", "id"}:
            self._entry.setdefault(name, []).append({})

    def text(self, piece: str) -> None:
        self._length += len(piece)
        if self._length <= LONGEST:
            self._text.append(piece)

    def end(self, tag: str) -> None:
        name = tag.rpartition(" ")[2]
        value = "".join(self._text).strip()
        self._path.pop()
        self._text = []
        above = self._path[-1] if self._path else ""
        if name == "Publish_Date":
            self.published = value
        elif name == "sdnEntry":
            self._finish()
        elif above in {"aka", "id"} and self._entry.get(above):
            self._entry[above][-1][name] = value
        elif above == "sdnEntry":
            self._entry[""][0][name] = value

    def _finish(self) -> None:
        own = self._entry[""][0]
        name = _name(own)
        if not name:
            self._reject("an entry without a name")
            return
        aliases = [alias for alias in map(_name, self._entry.get("aka", [])[:MOST_NAMES]) if alias]
        ids = [
            f"{one.get('idType', '')}: {one['idNumber']}"
            for one in self._entry.get("id", [])
            if "idNumber" in one
        ]
        kind = KINDS.get(own.get("sdnType", "").lower(), "unknown")
        self.done.append(Entry("SDN", own.get("uid", ""), kind, name, aliases, ids, self.published))


def entries(path: Path, rejected: Rejected) -> Iterator[Entry]:
    """Entries as they end; where the file is broken, those before, and a rejection."""
    parser = expat.ParserCreate(namespace_separator=" ")
    reader = _Reader(lambda reason: rejected.add(path, [parser.CurrentLineNumber], reason))
    parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = _no_document_type
    try:
        with path.open("rb") as file:
            while piece := file.read(PIECE):
                parser.Parse(piece, False)
                yield from reader.done
                reader.done = []
            parser.Parse(b"", True)
    except _Refused as refused:
        rejected.add(path, [parser.CurrentLineNumber], f"the rest is not read: {refused}")
    except expat.ExpatError as error:
        rejected.add(path, [error.lineno], f"the rest is not read: {expat.ErrorString(error.code)}")
    yield from reader.done


def _no_document_type(*_: object) -> None:
    raise _Refused("a list has no document type")


def _name(fields: Fields) -> str:
    """As lists of names write it: the family name, a comma, the others."""
    return ", ".join(part for part in (fields.get("lastName"), fields.get("firstName")) if part)
