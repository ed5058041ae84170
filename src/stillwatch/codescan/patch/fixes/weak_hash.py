"""Hashes: SHA-256 in place of the broken one. Every digest changes, so what was stored before has to be made anew.

Never chosen here: `usedforsecurity=False`. Whether a hash only names things is for a person to say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from stillwatch.codescan.patch.edit import Edit
from stillwatch.codescan.patch.site import NoFix, Site

if TYPE_CHECKING:
    from collections.abc import Iterator

RULE = "weak-hash"
STRONG = "sha256"


def edits(site: Site) -> Iterator[Edit]:
    """Hash with SHA-256."""
    note = "SHA-256 makes the digest"
    name = site.finding.sink.rpartition(".")[2]
    function = site.call.func
    if name in {"new", "pbkdf2_hmac", "file_digest"}:
        chosen = site.argument(1 if name == "file_digest" else 0, "name", "hash_name", "digest")
        if chosen is None:
            raise NoFix("the name of the hash is not written out")
        yield Edit(note, {chosen.value: cst.SimpleString(f'"{STRONG}"')})
    elif isinstance(function, cst.Attribute):
        yield Edit(note, {function: function.with_changes(attr=cst.Name(STRONG))})
    elif isinstance(function, cst.Name):
        edit = Edit(note)
        edit.replaced[function] = cst.Name(site.using("hashlib", STRONG, edit))
        yield edit
    else:
        raise NoFix("how the function is called is not read here")
