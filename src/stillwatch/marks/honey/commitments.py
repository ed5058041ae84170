"""What is published before anything is served: the hash of each canary, salted; and how one is opened later."""

import os
from hashlib import sha256
from pathlib import Path

import msgspec

from stillwatch.marks.honey.canaries import Canary, canary, salt
from stillwatch.marks.keys import MarkKeys
from stillwatch.records import InvalidConfiguration, UnreadableInput, UsageError

SCHEMA = "stillwatch.honey/1"


class Commitments(msgspec.Struct, frozen=True, kw_only=True):
    """SHA-256 of salt and text of each canary, by serial number. `digest` is over all: one line to publish."""

    made_at: str
    commitments: list[str]
    digest: str
    schema: str = SCHEMA


def commit(keys: MarkKeys, count: int, made_at: str) -> Commitments:
    hashes = [commitment(canary(keys, serial), salt(keys, serial)) for serial in range(count)]
    return Commitments(made_at=made_at, commitments=hashes, digest=_digest(hashes))


def commitment(one: Canary, salted: bytes) -> str:
    return sha256(salted + one.text.encode()).hexdigest()


def opens(published: Commitments, one: Canary, salted: bytes) -> bool:
    """Whether a canary is the one that was committed to under its number."""
    return (
        one.serial < len(published.commitments)
        and commitment(one, salted) == published.commitments[one.serial]
    )


def write_commitments(path: Path, made: Commitments) -> None:
    """Never over a file that is there: what was published stays."""
    try:
        with path.open("xb") as file:
            file.write(msgspec.json.format(msgspec.json.encode(made), indent=2) + b"\n")
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError as error:
        raise UsageError(f"{path} is there already: commitments are not made anew") from error
    except OSError as error:
        raise UnreadableInput(f"{path}: {error.strerror}") from error


def load_commitments(path: Path) -> Commitments:
    try:
        found = msgspec.json.decode(path.read_bytes(), type=Commitments)
    except OSError as error:
        raise UnreadableInput(f"{path}: {error.strerror}") from error
    except msgspec.DecodeError as error:
        raise UnreadableInput(f"{path}: no commitments: {error}") from error
    if found.schema != SCHEMA or found.digest != _digest(found.commitments) or not found.commitments:
        raise InvalidConfiguration(f"{path}: its commitments do not make its digest")
    return found


def _digest(hashes: list[str]) -> str:
    return sha256("\n".join(hashes).encode()).hexdigest()
