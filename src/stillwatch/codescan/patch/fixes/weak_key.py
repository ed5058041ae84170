"""Keys: 3,072 bits. Keys that were made before stay as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from stillwatch.codescan.patch.edit import Edit
from stillwatch.codescan.patch.site import NoFix, Site

if TYPE_CHECKING:
    from collections.abc import Iterator

RULE = "weak-key"
BITS = "3072"
PLACES = {"rsa.generate_private_key": 1, "dh.generate_parameters": 1}


def edits(site: Site) -> Iterator[Edit]:
    """Ask for more bits."""
    last = ".".join(site.finding.sink.split(".")[-2:])
    given = site.argument(PLACES.get(last, 0), "key_size", "bits", "nbits")
    if given is None:
        raise NoFix("the size of the key is not written out")
    yield Edit(f"the key has {BITS} bits", {given.value: cst.Integer(BITS)})


EXAMPLES = [
    (
        """
from cryptography.hazmat.primitives.asymmetric import rsa

def made():
    return rsa.generate_private_key(65537, key_size=1024)
""",
        """
from cryptography.hazmat.primitives.asymmetric import rsa

def made():
    return rsa.generate_private_key(65537, key_size=3072)
""",
    ),
    (
        """
from Crypto.PublicKey import RSA

def made():
    return RSA.generate(1024)
""",
        """
from Crypto.PublicKey import RSA

def made():
    return RSA.generate(3072)
""",
    ),
]
