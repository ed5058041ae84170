"""TLS: the check of certificates stays on. A server with a certificate of one's own authority needs `verify=PATH` then.

Left to a person: contexts, and checks that are switched off in another way than by an argument.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stillwatch.codescan.patch.edit import Edit
from stillwatch.codescan.patch.site import NoFix, Site

if TYPE_CHECKING:
    from collections.abc import Iterator

RULE = "certificate-check-off"
SWITCHES = frozenset({"verify", "ssl", "verify_ssl", "validate_certs", "check_hostname"})


def edits(site: Site) -> Iterator[Edit]:
    """Switch the check on."""
    switched = site.switched(SWITCHES, "False", "True")
    if not switched:
        raise NoFix("the check is switched off in a way that is not edited here")
    yield Edit("certificates are checked", switched)
