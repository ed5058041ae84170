"""Verification: how a level of identity is proved, and what is kept of it.

Needs the packages of the extra `access`. They are looked for at the first use, so that what needs no verification
runs without them.
"""

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

from stillwatch.records import InvalidConfiguration

if TYPE_CHECKING:
    from stillwatch.access.verification.api import *  # noqa: F403 - the same names as at run time

NEEDED = ("authlib", "cryptography", "dns", "joserfc", "sqlalchemy", "webauthn", "yaml")


def installed() -> bool:
    """Whether all packages of the extra are there."""
    return all(find_spec(name) is not None for name in NEEDED)


def __getattr__(name: str) -> object:
    try:
        return getattr(import_module("stillwatch.access.verification.api"), name)
    except ModuleNotFoundError as missing:
        if (missing.name or "").partition(".")[0] not in NEEDED:
            raise
        raise InvalidConfiguration(
            f"verification needs the package {missing.name}: pip install 'stillwatch[access]'"
        ) from missing
