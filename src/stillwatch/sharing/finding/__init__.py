"""The shared finding: one model, the gate that it leaves by, and the queries that make its figures again.

Needs the packages of the extra `share`. They are looked for at the first use, so that commands that share nothing run
without them.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from stillwatch.records import InvalidConfiguration

if TYPE_CHECKING:
    from stillwatch.sharing.finding.api import *  # noqa: F403 - the same names as at run time

NEEDED = ("cryptography", "rfc8785", "sqlalchemy", "yaml")


def __getattr__(name: str) -> object:
    try:
        return getattr(import_module("stillwatch.sharing.finding.api"), name)
    except ModuleNotFoundError as missing:
        if (missing.name or "").partition(".")[0] not in NEEDED:
            raise
        raise InvalidConfiguration(
            f"sharing needs the package {missing.name}: pip install 'stillwatch[share]'"
        ) from missing
