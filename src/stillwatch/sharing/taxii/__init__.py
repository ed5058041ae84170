"""TAXII 2.1 between partners: a server on the store of cases, and a client that pulls from peers and pushes to them.

Needs the packages of the extra `share`. They are looked for at the first use.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from stillwatch.records import InvalidConfiguration

if TYPE_CHECKING:
    from stillwatch.sharing.taxii.api import *  # noqa: F403 - the same names as at run time

NEEDED = ("cryptography", "httpx", "sqlalchemy", "starlette", "uvicorn")


def __getattr__(name: str) -> object:
    try:
        return getattr(import_module("stillwatch.sharing.taxii.api"), name)
    except ModuleNotFoundError as missing:
        if (missing.name or "").partition(".")[0] not in NEEDED:
            raise
        raise InvalidConfiguration(
            f"sharing needs the package {missing.name}: pip install 'stillwatch[share]'"
        ) from missing
