"""`campaigns.json`, both ways: the records as the output contract writes them, and read back."""

import json
import math
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeAlias

import msgspec

from stillwatch.records import (
    Campaign,
    Claim,
    Findings,
    LogSummary,
    StillwatchError,
    UnreadableInput,
    micros_of,
    rfc3339,
)

SCHEMA = "stillwatch.campaigns/1"
FILE = "campaigns.json"
TIMES = ("first_seen", "last_seen", "detected_at")
SHARES = {"capabilities": "capability", "models": "model"}
OPTIONAL = ("timeline", "shared_keys", "links", "snippets")

Written: TypeAlias = dict[str, object]


def encode(findings: Findings) -> bytes:
    """The whole file. Raises StillwatchError when a number that must be one is infinite or missing."""
    document = {
        "schema": SCHEMA,
        "log": _written_log(findings.log),
        "campaigns": [campaign_fields(campaign) for campaign in findings.campaigns],
    }
    try:
        text = json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False)
    except ValueError as error:
        raise StillwatchError(f"{FILE}: the findings hold a number that is not finite") from error
    # Half of a surrogate pair has no UTF-8 form; its JSON escape is the same as its backslash escape.
    return text.encode("utf-8", errors="backslashreplace") + b"\n"


def load(directory: Path) -> tuple[LogSummary, list[Campaign]]:
    """What a result directory's `campaigns.json` says. Raises UnreadableInput with the path and the reason."""
    path = directory / FILE
    try:
        document = json.loads(path.read_bytes())
        if document["schema"] != SCHEMA:
            raise UnreadableInput(f"{path}: its schema is {document['schema']!r}, expected {SCHEMA!r}")
        log = msgspec.convert(_read_log(document["log"]), LogSummary)
        campaigns = [msgspec.convert(_read_campaign(one), Campaign) for one in document["campaigns"]]
    except OSError as error:
        raise UnreadableInput(f"{path}: {error.strerror} (errno {error.errno})") from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise UnreadableInput(f"{path}: not a {SCHEMA} document ({error})") from error
    return log, campaigns


def _written_log(log: LogSummary) -> Written:
    written: Written = msgspec.to_builtins(log)
    for name in ("first_ts", "last_ts"):
        written[name] = _time(written[name])
    _times(written["events"], "ts", _time)
    return written


def _read_log(written: Written) -> Written:
    for name in ("first_ts", "last_ts"):
        written[name] = _micros(written[name])
    _times(written["events"], "ts", _micros)
    return written


def campaign_fields(campaign: Campaign) -> Written:
    """The contract's names; empty extras, and with them snippets nobody asked for, are left out."""
    fields: Written = msgspec.to_builtins(campaign)
    for name in TIMES:
        fields[name] = _time(fields[name])
    for name, key in SHARES.items():
        fields[name] = [{key: share.name, "share": share.share} for share in getattr(campaign, name)]
    fields["evidence"] = _written_claim(campaign.evidence)
    _times(fields["timeline"], "start", _time)
    return {name: value for name, value in fields.items() if value or name not in OPTIONAL}


def _read_campaign(written: Written) -> Written:
    for name in TIMES:
        written[name] = _micros(written[name])
    for name, key in SHARES.items():
        written[name] = [{"name": share[key], "share": share["share"]} for share in _rows(written[name])]
    _times(written.get("timeline", []), "start", _micros)
    return written


def _written_claim(claim: Claim) -> Written:
    """A claim's value may be infinite or undefined, which JSON cannot hold: it is written as text."""
    written: Written = {
        "claim": claim.claim,
        "detector": claim.detector,
        "value": _number_or_text(claim.value),
        "expected_if_benign": _number_or_text(claim.expected_if_benign),
        "strength": claim.strength,
        "sources": claim.sources,
    }
    if claim.children:
        written["children"] = [_written_claim(child) for child in claim.children]
    return written


def _number_or_text(value: float | str) -> float | str:
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value


def _time(micros: object) -> str | None:
    return rfc3339(micros) if isinstance(micros, int) else None


def _micros(time: object) -> int | None:
    return micros_of(time) if isinstance(time, str) else time if isinstance(time, int) else None


def _rows(value: object) -> Iterable[Written]:
    return value if isinstance(value, list) else []


def _times(rows: object, name: str, change: Callable[[object], object]) -> None:
    for row in _rows(rows):
        row[name] = change(row[name])
