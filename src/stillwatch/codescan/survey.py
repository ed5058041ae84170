"""The files of a code base as a scan finds them: their digests, what is wrong with some, and their size."""

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

import msgspec

from stillwatch.codescan.coverage import Skipped
from stillwatch.codescan.files import python_files
from stillwatch.codescan.syntax.reading import Unreadable, read


class Listing(msgspec.Struct):
    """Files that can be read: where they are and the digest of their bytes; and those that cannot."""

    places: dict[str, Path]
    digests: dict[str, str]
    skipped: list[Skipped]


class Survey(msgspec.Struct):
    """Files that are Python: their text, lines in all, and those that were parsed in part; and files that are not."""

    text: dict[str, tuple[str, ...]]
    lines: int
    partial: list[Skipped]
    skipped: list[Skipped]


def listed(root: Path) -> Listing:
    listing = Listing({}, {}, [])
    for file in python_files(root):
        if isinstance(file, Skipped):
            listing.skipped.append(file)
            continue
        path, place = file
        try:
            listing.digests[path] = sha256(place.read_bytes()).hexdigest()
        except OSError as error:
            listing.skipped.append(Skipped(path, error.strerror or "cannot be read"))
            continue
        listing.places[path] = place
    return listing


def surveyed(places: Mapping[str, Path]) -> Survey:
    survey = Survey({}, 0, [], [])
    for path, place in places.items():
        try:
            source = read(path, place.read_bytes())
        except Unreadable as error:
            survey.skipped.append(Skipped(path, str(error)))
            continue
        except OSError as error:
            survey.skipped.append(Skipped(path, error.strerror or "cannot be read"))
            continue
        survey.lines += len(source.lines)
        survey.text[path] = source.lines
        if source.broken:
            survey.partial.append(
                Skipped(path, "the parser could not make sense of a part of it", source.broken[0])
            )
    return survey
