"""What an operator decides about sign-up checks: lists of mail domains, limits of programmes, and how rare abuse is."""

from pathlib import Path
from typing import Annotated

import msgspec

from stillwatch.records import InvalidConfiguration

PRIOR = 0.01  # share of sign-ups that one operator of many accounts makes; an assumption, to be set by who knows better
FROM_FILE = "file:"  # before the name of a file with one domain a line
LARGEST = 64 << 20  # bytes of a list
MISSING = "terms of sign-up checks are read with the packages of `access`: pip install 'stillwatch[access]'"


class Terms(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A domain on a list stands for all below it. An empty list leaves what needs it unseen."""

    prior: Annotated[float, msgspec.Meta(gt=0, lt=1)] = PRIOR
    disposable_mail: tuple[str, ...] = ()  # beside those of the packaged list
    lasting_mail: tuple[str, ...] = ()  # not disposable, whatever the packaged list says
    academic_mail: tuple[str, ...] = ()  # of who may have an edu or research programme
    public_mail: tuple[str, ...] = ()  # where anybody gets an address: no domain of a start-up
    referral_limit: Annotated[int, msgspec.Meta(ge=1)] | None = (
        None  # programme accounts a referral, in 28 days
    )


def load_terms(path: Path) -> Terms:
    """Terms from a YAML file; `file:NAME` in a list stands for the lines of a file beside it.

    Raises InvalidConfiguration, which names the key that is wrong.
    """
    try:
        terms: Terms = msgspec.yaml.decode(_read(path), type=Terms)
    except ImportError as error:
        raise InvalidConfiguration(MISSING) from error
    except msgspec.DecodeError as error:
        raise InvalidConfiguration(f"{path}: {error}") from error
    lists = ("disposable_mail", "lasting_mail", "academic_mail", "public_mail")
    return msgspec.structs.replace(
        terms, **{name: tuple(_listed(path.parent, getattr(terms, name))) for name in lists}
    )


def _listed(folder: Path, entries: tuple[str, ...]) -> list[str]:
    domains = []
    for entry in entries:
        if entry.startswith(FROM_FILE):
            lines = _read(folder / entry.removeprefix(FROM_FILE)).decode("utf-8", "replace").splitlines()
            domains += [line for text in lines if (line := text.split("#", 1)[0].strip())]
        else:
            domains.append(entry)
    return domains


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise InvalidConfiguration(f"{path}: {error.strerror or error}") from error
    if len(data) > LARGEST:
        raise InvalidConfiguration(f"{path}: larger than {LARGEST >> 20} MiB")
    return data
