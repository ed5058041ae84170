"""A notice as one flat JSON record: a line of `alarms.jsonl` both ways, and what receivers are told.

The fields of the output contract keep their names; beside them stand whose alarm it is and its id.
"""

import json
import math
from collections.abc import Iterable
from pathlib import Path

import msgspec

from stillwatch.records import Alarm, Micros, Notice, micros_of, rfc3339
from stillwatch.records.ocsf import Json
from stillwatch.sinks._delivery.lines import append_lines


class _Line(msgspec.Struct):
    ts: str
    campaign_id: str
    kind: str
    accounts: int
    exchanges_so_far: int
    log_e_value: float | str
    summary: str
    alarm_id: str
    tenant: str
    watch: str
    written_at: str
    case_id: str | None = None
    link_base: str | None = None


_DECODER = msgspec.json.Decoder(_Line)


def append(alarms: Path, notices: Iterable[Notice]) -> None:
    """Append notices to `alarms.jsonl`: all of them on disk, or OSError and none of them."""
    append_lines(alarms, b"".join(line(notice) for notice in notices))


def line(notice: Notice) -> bytes:
    """One line of `alarms.jsonl`, from which `read` makes the same notice."""
    base: Json = {} if notice.link_base is None else {"link_base": notice.link_base}
    return encoded({**_fields(notice), **base}) + b"\n"


def read(text: bytes) -> Notice:
    """The inverse of `line`; raises ValueError on anything else."""
    try:
        said = _DECODER.decode(text)
        alarm = Alarm(
            ts=Micros(micros_of(said.ts)),
            campaign_id=said.campaign_id,
            kind=said.kind,
            accounts=said.accounts,
            exchanges_so_far=said.exchanges_so_far,
            log_e_value=float(said.log_e_value),
            summary=said.summary,
        )
        written_at = Micros(micros_of(said.written_at))
    except (msgspec.MsgspecError, TypeError, RecursionError) as error:  # TypeError: a time without a zone
        raise ValueError(str(error)) from error
    return Notice(
        alarm_id=said.alarm_id,
        alarm=alarm,
        tenant=said.tenant,
        watch=said.watch,
        written_at=written_at,
        case_id=said.case_id,
        link_base=said.link_base,
    )


def told(notice: Notice) -> Json:
    """What a receiver is told: the fields, and where to look further."""
    link = notice.link
    return _fields(notice) if link is None else {**_fields(notice), "link": link}


def _fields(notice: Notice) -> Json:
    alarm = notice.alarm
    fields: Json = {
        "alarm_id": notice.alarm_id,
        "ts": rfc3339(alarm.ts),
        "campaign_id": alarm.campaign_id,
        "kind": alarm.kind,
        "accounts": alarm.accounts,
        "exchanges_so_far": alarm.exchanges_so_far,
        "log_e_value": number(alarm.log_e_value),
        "summary": alarm.summary,
        "tenant": notice.tenant,
        "watch": notice.watch,
        "written_at": rfc3339(notice.written_at),
    }
    return fields if notice.case_id is None else {**fields, "case_id": notice.case_id}


def number(value: float) -> float | str:
    """JSON holds no infinite or undefined number: it is written as text."""
    return value if math.isfinite(value) else str(value)


def encoded(record: Json) -> bytes:
    """JSON on one line, in ASCII: no character of a log can end the line or turn the text around."""
    return json.dumps(_whole(record), ensure_ascii=True, allow_nan=False, separators=(",", ":")).encode()


def _whole(value: object) -> object:
    """Half of a surrogate pair, which many readers of JSON refuse, becomes U+FFFD."""
    if isinstance(value, str):
        return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    if isinstance(value, dict):
        return {name: _whole(inner) for name, inner in value.items()}
    return [_whole(inner) for inner in value] if isinstance(value, list) else value
