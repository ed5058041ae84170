"""Surface reduction: whether anything that a tier takes away reaches a customer, and how long an event is held up.

Answers give away all that their format has room for (see `lab.leaks`), whole and streamed, and pass through a guard that
strips reasoning, in pieces cut anywhere. What is shown is read again: nothing of what was to go may be there, and
everything else has to be.
"""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

import msgspec
import numpy as np
from rich.table import Table

from stillwatch.gateways._wire.sse import Reframer
from stillwatch.gateways.caller import Caller
from stillwatch.gateways.guard import Guard
from stillwatch.gateways.opening import open_gateway
from stillwatch.gateways.settings import settings_from
from stillwatch.lab import leaks
from stillwatch.lab.benches import Figures, Floor, Report, Tell
from stillwatch.records import Call, Decision, Route

CALLER = Caller(account_id="acct_000000000001")
LONGEST_PIECE = 400  # bytes
EVENT_MICROSECONDS = 1_000.0
FAULTS = ("leaked", "changed")


class Shown(msgspec.Struct, kw_only=True):
    """Of one format."""

    answers: int = 0
    leaks: int = 0  # places that had to go, whole and streamed
    leaked: int = 0  # answers in which one was seen
    changed: int = 0  # answers in which something else was not as it came
    p50: float = 0.0  # microseconds of an event
    p99: float = 0.0


def measure(root: Path, answers: int, first_seed: int, tell: Tell) -> Report:
    """`answers` of each format, each whole and streamed."""
    settings = settings_from({"spool": "spool", "enforce": True, "keep_text": False}, "the benchmark's", root)
    gateway = open_gateway(settings, decide=_strip)
    found: dict[str, Shown] = {}
    try:
        for route in leaks.ROUTES:
            tell(f"{route}: {answers:,} answers, whole and streamed")
            found[route] = _shown(gateway.guard, route, answers, Random(f"{first_seed} {route}"))
    finally:
        gateway.guard.close()
    total = {name: sum(getattr(one, name) for one in found.values()) for name in ("leaks", *FAULTS)}
    figures: Figures = {"formats": {name: msgspec.to_builtins(one) for name, one in found.items()}} | total
    floors = [
        Floor("answers in which something leaked", total["leaked"], 0, at_least=False),
        Floor("answers in which something else changed", total["changed"], 0, at_least=False),
        Floor(
            "p99 of an event, microseconds, slowest format",
            max(one.p99 for one in found.values()),
            EVENT_MICROSECONDS,
            at_least=False,
        ),
    ]
    return Report("surface", figures, floors, [first_seed], [_table(found)])


def _strip(call: Call) -> Decision:
    return Decision(
        decision_id="d-1",
        ts=call.ts,
        account_id=call.account_id,
        step="strip_reasoning",
        reason="r",
        campaign_id="c-1",
    )


def _shown(guard: Guard, route: Route, answers: int, chance: Random) -> Shown:
    out = Shown()
    spent: list[int] = []
    for _ in range(answers):
        case = leaks.case(route, chance)
        body = msgspec.json.encode(case.request)
        whole = guard.request(CALLER, route, body).answer(json.dumps(case.whole, ensure_ascii=False).encode())
        data = case.frames(chance)
        faults = {case.fault_whole(json.loads(whole)), _fault(guard, case, body, data, chance)}
        out.answers += 1
        out.leaks += case.leaks
        out.leaked += "leaked" in faults
        out.changed += "changed" in faults
        spent += _timed(guard, route, body, data)
    out.p50, out.p99 = (np.percentile(np.array(spent), [50, 99]) / 1_000.0).tolist()
    return out


def _fault(guard: Guard, case: leaks.Case, body: bytes, data: bytes, chance: Random) -> str | None:
    stream = guard.request(CALLER, case.route, body).stream()
    sent = b"".join([*(stream.feed(piece) for piece in _cut(data, chance)), stream.end()])
    if leaks.leaking(sent.decode()):
        return "leaked"
    return case.fault_streamed([json.loads(each) for each in _events(sent)])


def _timed(guard: Guard, route: Route, body: bytes, data: bytes) -> list[int]:
    """Nanoseconds of each event, fed whole."""
    stream = guard.request(CALLER, route, body).stream()
    frames = [event.raw for event in Reframer().feed(data)]
    spent = []
    for frame in frames:
        begun = time.perf_counter_ns()
        stream.feed(frame)
        spent.append(time.perf_counter_ns() - begun)
    stream.end()
    return spent


def _cut(data: bytes, chance: Random) -> Iterator[bytes]:
    place = 0
    while place < len(data):
        size = chance.randint(1, LONGEST_PIECE)
        yield data[place : place + size]
        place += size


def _events(data: bytes) -> list[bytes]:
    reframer = Reframer()
    found = [event.data for event in [*reframer.feed(data), *reframer.end()]]
    return [each for each in found if each.startswith(b"{")]


def _table(found: dict[str, Shown]) -> Table:
    table = Table(
        "format",
        title="What a step that strips reasoning lets through",
        caption="Leaks: places that had to go, in whole answers and streams. Microseconds are those of one event.",
    )
    for heading in ("answers", "leaks", "leaked", "changed", "p50", "p99"):
        table.add_column(heading, justify="right")
    for name, one in found.items():
        times = (f"{one.p50:.1f}", f"{one.p99:.1f}")
        table.add_row(
            name, f"{one.answers:,}", f"{one.leaks:,}", f"{one.leaked:,}", f"{one.changed:,}", *times
        )
    return table
