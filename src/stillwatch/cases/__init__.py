"""Cases: campaigns with people's decisions, and the audit of both, in SQLite or PostgreSQL.

Needs the packages of the extra `live`. They are looked for at the first use, so that commands that need no store
run without them.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from stillwatch.records import InvalidConfiguration

if TYPE_CHECKING:
    from stillwatch.cases.api import *  # noqa: F403 - the same names as at run time

NEEDED = ("sqlalchemy", "cryptography")


def __getattr__(name: str) -> object:
    try:
        return getattr(import_module("stillwatch.cases.api"), name)
    except ModuleNotFoundError as missing:
        if (missing.name or "").partition(".")[0] not in NEEDED:
            raise
        raise InvalidConfiguration(
            f"cases need the package {missing.name}: pip install 'stillwatch[live]'"
        ) from missing
