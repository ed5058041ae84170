"""LDAP: what is filled into a filter is escaped with the library's own function."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stillwatch.codescan.patch import templates
from stillwatch.codescan.patch.edit import Edit
from stillwatch.codescan.patch.site import NoFix, Site

if TYPE_CHECKING:
    from collections.abc import Iterator

RULE = "ldap-injection"
FUNCTION = "escape_filter_chars"


def edits(site: Site) -> Iterator[Edit]:
    """Escape each hole of the filter."""
    of_ldap3 = not site.finding.sink.startswith("ldap.")
    given = site.argument(1 if of_ldap3 else 2, "search_filter", "filterstr")
    if given is None:
        raise NoFix("the filter is not written out")
    holes = templates.foreign(site, templates.pieces(site, site.resolved(given.value)))
    if not holes or any(hole.node is given.value for hole in holes):
        raise NoFix("the filter is put together elsewhere")
    module = "ldap3.utils.conv" if of_ldap3 else "ldap.filter"
    edit = Edit("what is filled into the filter is escaped")
    edit.replaced.update(templates.wrapped(site.using(module, FUNCTION, edit), holes))
    yield edit
