"""`ID.flat.json`: the view as one flat JSON object, for warehouses and spreadsheets.

Carries: every value of the view under its path, as in `finding.cluster.accounts.value` and
`finding.models.0.model`. Times are microseconds since 1970. Nothing is left out: the view can be made again from it.
"""

import json
from collections.abc import Iterator

import msgspec

from stillwatch.sharing.finding.view import View
from stillwatch.sharing.formats._projection.interface import Form
from stillwatch.sharing.formats._projection.names import slug

SCHEMA = "stillwatch.finding/1"


def files(view: View) -> dict[str, bytes]:
    flat = {"schema": SCHEMA, **dict(_leaves("", msgspec.to_builtins(view)))}
    return {f"{slug(view)}.flat.json": json.dumps(flat, indent=1, allow_nan=False).encode() + b"\n"}


def _leaves(path: str, value: object) -> Iterator[tuple[str, object]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _leaves(f"{path}.{name}" if path else str(name), inner)
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            yield from _leaves(f"{path}.{at}", inner)
    else:
        yield path, value


FORM = Form(files)
