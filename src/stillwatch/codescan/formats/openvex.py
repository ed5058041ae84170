"""OpenVEX 0.2.0 (https://github.com/openvex/spec): what known-vulnerable dependencies mean for this code base.

Only findings about dependencies are in it: a statement for each advisory, `under_investigation` until a person says
otherwise; one set aside by a comment or a baseline is `not_affected`, with the reason given.
"""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from stillwatch.codescan.finding import Finding
    from stillwatch.codescan.scan import Scan

CONTEXT = "https://openvex.dev/ns/v0.2.0"
DEPENDENCY = "vulnerable-dependency"


def write(scan: Scan) -> bytes:
    """One OpenVEX document; its identity is that of its statements."""
    open_, aside = scan.findings, scan.set_aside
    statements = [_statement(finding) for finding in (*open_, *aside) if finding.rule == DEPENDENCY]
    digest = sha256(msgspec.json.encode(statements)).hexdigest()
    document: dict[str, Any] = {
        "@context": CONTEXT,
        "@id": f"https://openvex.dev/docs/stillwatch/vex-{digest[:32]}",
        "author": "Stillwatch",
        "role": "scanner",
        "timestamp": datetime.now(UTC).isoformat(timespec="seconds"),
        "version": 1,
        "statements": statements,
    }
    return msgspec.json.format(msgspec.json.encode(document), indent=2)


def _statement(finding: Finding) -> dict[str, Any]:
    """`sink` of such a finding is the package's URL (purl), `function` the advisory."""
    made: dict[str, Any] = {
        "vulnerability": {"name": finding.function},
        "products": [{"@id": finding.sink}],
        "status": "under_investigation" if finding.set_aside is None else "not_affected",
    }
    if finding.set_aside is not None:
        made["impact_statement"] = finding.set_aside
    return made
