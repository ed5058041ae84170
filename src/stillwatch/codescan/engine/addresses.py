"""Names of hosts, and addresses they stand for: known of what is an address already."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

from stillwatch.codescan.engine.run import Run, Thrown
from stillwatch.codescan.engine.values import Constant, Outside, Value, unknown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from stillwatch.codescan.engine.heap import State
    from stillwatch.codescan.syntax import nodes


def _looked_up(
    run: Run,
    _function: Outside,
    arguments: Sequence[Value],
    _keywords: Mapping[str, Value],
    _state: State,
    _at: nodes.At,
) -> Value | None:
    host = arguments[0] if arguments else None
    if not isinstance(host, Constant):
        return None
    if not isinstance(host.value, str):
        raise Thrown(Outside("TypeError"))
    try:
        ipaddress.ip_address(host.value)
    except ValueError:
        run.risks += 1
        return Constant("127.0.0.1") if host.value == "localhost" else unknown(path="str")
    return Constant(host.value)


SPECIAL = {"socket.gethostbyname": _looked_up}
