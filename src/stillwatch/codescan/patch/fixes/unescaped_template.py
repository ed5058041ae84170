"""Template engines: templates of pages escape what they show; those with other endings than `.html` and `.xml` do as before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from stillwatch.codescan.patch.edit import Edit
from stillwatch.codescan.patch.site import Site, with_keyword

if TYPE_CHECKING:
    from collections.abc import Iterator

RULE = "unescaped-template"


def edits(site: Site) -> Iterator[Edit]:
    """Escape by the template's ending."""
    edit = Edit("templates of pages escape what they show")
    function = site.call.func
    if isinstance(function, cst.Attribute):
        select = f"{site.code(function.value)}.select_autoescape"
    else:
        select = site.using("jinja2", "select_autoescape", edit)
    edit.replaced[site.call] = with_keyword(site.call, "autoescape", f"{select}()")
    yield edit


EXAMPLES = [
    (
        """
from jinja2 import Environment, FileSystemLoader

PAGES = Environment(loader=FileSystemLoader("pages"), autoescape=False)
""",
        """
from jinja2 import Environment, FileSystemLoader
from jinja2 import select_autoescape

PAGES = Environment(loader=FileSystemLoader("pages"), autoescape=select_autoescape())
""",
    ),
    (
        """
import jinja2

PAGES = jinja2.Environment(autoescape=False)
""",
        """
import jinja2

PAGES = jinja2.Environment(autoescape=jinja2.select_autoescape())
""",
    ),
]
