"""TAXII 2.1 between partners: a server on the store of cases, and a client that pulls from peers and pushes to them.

Needs the packages of the extra `share`. They are looked for at the first use.
"""

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

from stillwatch.records import InvalidConfiguration

if TYPE_CHECKING:
    from stillwatch.sharing.taxii.api import *  # noqa: F403 - the same names as at run time

NEEDED = ("cryptography", "httpx", "rfc8785", "sqlalchemy", "starlette", "uvicorn", "yaml")


def require() -> None:
    """Raises InvalidConfiguration where a package of the extra is missing."""
    for name in NEEDED:
        if find_spec(name) is None:
            raise InvalidConfiguration(f"sharing needs the package {name}: pip install 'stillwatch[share]'")


def __getattr__(name: str) -> object:
    require()
    return getattr(import_module("stillwatch.sharing.taxii.api"), name)
