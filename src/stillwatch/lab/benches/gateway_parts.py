"""The parts of a gateway: the request, each piece of a stream, the entry of a decision, a whole call.

Everything is timed in one process without a network, so that the figures are the gateway's own.
"""

import asyncio
import gc
import json
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from rich.table import Table

from stillwatch.gateways.asgi import App, Message, StillwatchMiddleware
from stillwatch.gateways.caller import Caller
from stillwatch.gateways.guard import Decide, Guard
from stillwatch.gateways.opening import Gateway, open_gateway
from stillwatch.gateways.settings import settings_from
from stillwatch.lab.benches import Figures, Floor, Tell, gateway_keys
from stillwatch.lab.provider.script import Piece
from stillwatch.lab.provider_app import ProviderApp, frames
from stillwatch.records import Call, Decision, Step, TakenDecision

STEPS: tuple[Step, ...] = ("observe", "tag", "strip_reasoning")
CALLER = Caller(account_id="acct_000000000001")
TURNS, WORDS = 20, 120  # of a request: 12 kB
SCRIPT = (Piece("reasoning", "so it may be " * 40), Piece("text", "hello there my friend " * 40))
PIECE_MICROSECONDS = 20.0  # a model writes one every 10 to 50 milliseconds
ENTRY_MICROSECONDS = 50.0  # above it an entry would not be written while the call waits
KEY_MICROSECONDS = 1_000.0  # the millisecond that the middleware may add to a call
WARM = 200


def measure(root: Path, calls: int, tell: Tell) -> tuple[Figures, list[Floor], Table]:
    """Time each part `calls` times."""
    gc.freeze()  # what the benchmark holds is none of the gateway's
    found: dict[str, dict[str, float]] = {}
    for step in STEPS:
        tell(f"timing {step}")
        gateway = _opened(root / step, step)
        try:
            found[f"request, {step}"] = _times(_request(gateway.guard), calls)
            found[f"piece of a stream, {step}"] = _pieces(gateway.guard, max(calls // 100, 1))
            if step == "tag":
                found["entry of a decision"] = _times(_entry(gateway.guard), calls)
            if step == "observe":
                alone, guarded = _whole_calls(gateway, calls)
                found["call of the application alone"], found["call through the middleware"] = alone, guarded
        finally:
            gateway.guard.close()
    tell("timing bound keys")
    timed = gateway_keys.timings(root / "keys", calls, _deciding("observe"))
    found |= {name: _percentiles(spent[len(spent) // 10 :]) for name, spent in timed.items()}
    gc.unfreeze()
    added = found["call through the middleware"]["p50"] - found["call of the application alone"]["p50"]
    figures: Figures = {"times": calls, "microseconds": found, "added_to_a_call_p50": added}
    worst = max(found[f"piece of a stream, {step}"]["p50"] for step in ("observe", "tag"))
    floors = [
        Floor("p50 of a piece no step edits, microseconds", worst, PIECE_MICROSECONDS, at_least=False),
        Floor(
            "p99 of a decision's entry, microseconds",
            found["entry of a decision"]["p99"],
            ENTRY_MICROSECONDS,
            at_least=False,
        ),
    ]
    if timed:
        shown = found[gateway_keys.WITH]["p50"] - found[gateway_keys.OFF]["p50"]
        floors.append(
            Floor("p50 added by a DPoP proof, microseconds", shown, KEY_MICROSECONDS, at_least=False)
        )
    return figures, floors, _table(found, calls)


def _opened(folder: Path, step: Step) -> Gateway:
    settings = settings_from({"spool": "spool", "enforce": True}, "the benchmark's", folder)
    return open_gateway(settings, decide=_deciding(step))


def _deciding(step: Step) -> Decide:
    def decide(call: Call) -> Decision:
        return Decision(
            decision_id="d-1",
            ts=call.ts,
            account_id=call.account_id,
            step=step,
            reason="r",
            campaign_id="c-1",
        )

    return decide


def _body() -> bytes:
    turns = [{"role": ("user", "assistant")[turn % 2], "content": "words " * WORDS} for turn in range(TURNS)]
    return json.dumps({"model": "atlas-2", "messages": turns, "stream": True}).encode()


def _request(guard: Guard) -> Callable[[], object]:
    body = _body()
    return lambda: guard.request(CALLER, "chat", body)


def _entry(guard: Guard) -> Callable[[], object]:
    passage = guard.request(CALLER, "chat", _body())
    assert passage.decision is not None
    taken = TakenDecision(
        decision=passage.decision, exchange_id=passage.exchange_id, route="chat", outcome="applied"
    )
    return lambda: guard.feed.decided(taken)


def _pieces(guard: Guard, streams: int) -> dict[str, float]:
    sent = list(frames("chat", SCRIPT, {}))
    spent = []
    for _ in range(streams):
        stream = guard.request(CALLER, "chat", b"{}").stream()
        for frame in sent:
            begun = time.perf_counter_ns()
            stream.feed(frame)
            spent.append(time.perf_counter_ns() - begun)
    return _percentiles(spent)


def _whole_calls(gateway: Gateway, calls: int) -> tuple[dict[str, float], dict[str, float]]:
    """One call after the other, alone and through the middleware by turns."""
    alone = ProviderApp()
    guarded = StillwatchMiddleware(ProviderApp(), gateway=gateway)

    async def run() -> tuple[list[int], list[int]]:
        spent: tuple[list[int], list[int]] = ([], [])
        for turn in range(2 * (calls + WARM)):
            begun = time.perf_counter_ns()
            await _call((alone, guarded)[turn % 2])
            spent[turn % 2].append(time.perf_counter_ns() - begun)
        return spent

    without, through = asyncio.run(run())
    return _percentiles(without[WARM:]), _percentiles(through[WARM:])


async def _call(app: App) -> None:
    headers = [(b"content-type", b"application/json"), (b"authorization", b"Bearer sk-benchmark")]
    scope: Message = {
        "type": "http",
        "method": "POST",
        "path": "/v1/chat/completions",
        "headers": headers,
        "client": ("192.0.2.1", 40_000),
    }
    body = b'{"model": "atlas-2", "messages": [{"role": "user", "content": "Hi"}]}'

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        pass

    await app(scope, receive, send)


def _times(do: Callable[[], object], times: int) -> dict[str, float]:
    for _ in range(WARM):
        do()
    spent = []
    for _ in range(times):
        begun = time.perf_counter_ns()
        do()
        spent.append(time.perf_counter_ns() - begun)
    return _percentiles(spent)


def _percentiles(nanoseconds: list[int]) -> dict[str, float]:
    p50, p99 = np.percentile(np.array(nanoseconds) / 1_000.0, [50, 99]).tolist()
    return {"p50": p50, "p99": p99}


def _table(found: dict[str, dict[str, float]], calls: int) -> Table:
    table = Table("part", "p50", "p99", title=f"Microseconds, {calls:,} times each")
    for name, times in found.items():
        table.add_row(name, f"{times['p50']:,.1f}", f"{times['p99']:,.1f}")
    return table
