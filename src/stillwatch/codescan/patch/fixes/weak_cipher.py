"""TLS: version 1.2 in place of older ones.

Left to a person: ciphers and their modes. Another one needs other keys, and what is encrypted already has to be encrypted anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from stillwatch.codescan.patch.edit import Edit
from stillwatch.codescan.patch.site import NoFix, Site

if TYPE_CHECKING:
    from collections.abc import Iterator

RULE = "weak-cipher"
VERSIONS = {
    "PROTOCOL_SSLv2": "PROTOCOL_TLSv1_2", "PROTOCOL_SSLv3": "PROTOCOL_TLSv1_2", "PROTOCOL_TLSv1": "PROTOCOL_TLSv1_2",
    "PROTOCOL_TLSv1_1": "PROTOCOL_TLSv1_2", "SSLv3": "TLSv1_2", "TLSv1": "TLSv1_2", "TLSv1_1": "TLSv1_2",
}  # fmt: skip


def edits(site: Site) -> Iterator[Edit]:
    """Name the newer version."""
    if not site.finding.sink.startswith("ssl."):
        raise NoFix(
            "another cipher or mode needs other keys, and what is encrypted already has to be encrypted anew"
        )
    if isinstance(site.node, cst.Assign):
        value: cst.BaseExpression | None = site.node.value
    else:
        given = site.argument(0, "protocol")
        value = None if given is None else given.value
    if not isinstance(value, cst.Attribute) or value.attr.value not in VERSIONS:
        raise NoFix("which version is asked for is not said here")
    yield Edit("TLS 1.2 is used", {value.attr: cst.Name(VERSIONS[value.attr.value])})


EXAMPLES = [
    (
        """
import ssl

def context():
    made = ssl.create_default_context()
    made.minimum_version = ssl.TLSVersion.TLSv1
    return made
""",
        """
import ssl

def context():
    made = ssl.create_default_context()
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    return made
""",
    ),
]
