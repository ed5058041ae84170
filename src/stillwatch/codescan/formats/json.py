"""The scan as it is kept in memory: findings, what was ruled out or set aside and why, and what was analysed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from stillwatch.codescan.scan import Scan


def write(scan: Scan) -> bytes:
    """One JSON object, schema `stillwatch.codescan/1`."""
    parts = {
        "schema": "stillwatch.codescan/1",
        "findings": [msgspec.to_builtins(one) | {"fingerprint": one.fingerprint} for one in scan.findings],
        "refuted": [msgspec.to_builtins(one) | {"fingerprint": one.fingerprint} for one in scan.refuted],
        "set_aside": [msgspec.to_builtins(one) | {"fingerprint": one.fingerprint} for one in scan.set_aside],
        "coverage": msgspec.to_builtins(scan.coverage),
    }
    return msgspec.json.format(msgspec.json.encode(parts), indent=2)
