"""CORS: answers to pages of any site are given without the users' cookies.

Left to a person: which sites are one's own. Pages of theirs that send cookies have to be listed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stillwatch.codescan.patch.edit import Edit
from stillwatch.codescan.patch.site import NoFix, Site

if TYPE_CHECKING:
    from collections.abc import Iterator

RULE = "cors-any-origin"
SWITCHES = frozenset({"allow_credentials", "supports_credentials"})


def edits(site: Site) -> Iterator[Edit]:
    """Switch credentials off."""
    switched = site.switched(SWITCHES, "True", "False")
    if not switched:
        raise NoFix("credentials are allowed in a way that is not edited here")
    yield Edit("pages of other sites are answered without the users' cookies", switched)


EXAMPLES = [
    (
        """
from starlette.applications import Starlette
from starlette.middleware.cors import CORSMiddleware

app = Starlette()
app.add_middleware(CORSMiddleware, allow_origins=["*"], allow_credentials=True)
""",
        """
from starlette.applications import Starlette
from starlette.middleware.cors import CORSMiddleware

app = Starlette()
app.add_middleware(CORSMiddleware, allow_origins=["*"], allow_credentials=False)
""",
    ),
]
