"""What bound keys add to a request: for accounts that have none, and for one that signs a DPoP proof for each call.

Proofs are made ahead, as a client would make them; what is timed is the gateway's part.
"""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from stillwatch.access import verification
from stillwatch.gateways.caller import Caller
from stillwatch.gateways.guard import Decide
from stillwatch.gateways.opening import Gateway, open_gateway
from stillwatch.gateways.settings import settings_from
from stillwatch.gateways.showing import Showing
from stillwatch.records import Micros

ACCOUNTS = 10_000  # that have bound a key
MOST = 2_000  # proofs; they are good for five minutes
BASE, PATH = "https://api.example.com", "/v1/chat/completions"
TOKEN = "sk-benchmark"  # noqa: S105 - opens nothing
BODY = b'{"model": "atlas-2", "messages": [{"role": "user", "content": "Hi"}]}'
OFF, WITHOUT, WITH = (
    "request, bound_keys off",
    "request, bound_keys on, an account without a key",
    "request, bound_keys on, an account with a DPoP key",
)


def timings(root: Path, calls: int, decide: Decide) -> dict[str, list[int]]:
    """Nanoseconds of requests, by turns; nothing where verification is not installed."""
    if not verification.installed():
        return {}
    from joserfc import jwk  # noqa: PLC0415 - needs an extra

    root.mkdir(parents=True, exist_ok=True)
    key = jwk.generate_key("EC", "P-256")
    others = {f"acct_{number}": verification.Bound(frozenset({f"{number}"})) for number in range(ACCOUNTS)}
    bound = others | {"acct_key": verification.Bound(frozenset({str(key.thumbprint())}))}
    verification.publish_bound_keys(root / "bound-keys", bound)
    off = _opened(root / "off", decide, {})
    stated = {"bound_keys": {"file": "../bound-keys", "base_url": BASE, "nonces": True}}
    on = _opened(root / "on", decide, stated)
    try:
        return _by_turns(off, on, _proofs(key, on, min(calls, MOST)))
    finally:
        off.guard.close()
        on.guard.close()


def _opened(folder: Path, decide: Decide, stated: dict[str, Any]) -> Gateway:
    given = {"spool": "spool", "enforce": True, "account_header": "x-account-id"} | stated
    return open_gateway(settings_from(given, "the benchmark's", folder), decide=decide)


def _proofs(key: Any, on: Gateway, count: int) -> Iterator[str]:
    """Proofs for one call each, with a nonce of the gateway's."""
    from joserfc import jwt  # noqa: PLC0415 - needs an extra

    from stillwatch.access.verification.protocols.dpop import Nonces, access_token_hash  # noqa: PLC0415

    now = Micros(time.time_ns() // 1000)
    nonce = Nonces(on.identity.key.secret).issue(now)
    header = {"typ": "dpop+jwt", "alg": "ES256", "jwk": key.as_dict(private=False)}
    claims = {"htm": "POST", "htu": BASE + PATH, "iat": now // 1_000_000, "nonce": nonce}
    claims["ath"] = access_token_hash(TOKEN)
    made = [jwt.encode(header, claims | {"jti": f"call-{number}"}, key) for number in range(count)]
    return iter(made)


def _by_turns(off: Gateway, on: Gateway, proofs: Iterator[str]) -> dict[str, list[int]]:
    spent: dict[str, list[int]] = {OFF: [], WITHOUT: [], WITH: []}
    for proof in proofs:
        turns: dict[str, Callable[[], object]] = {
            OFF: _call(off, "acct_none", None),
            WITHOUT: _call(on, "acct_none", None),
            WITH: _call(on, "acct_key", proof),
        }
        for name, call in turns.items():
            begun = time.perf_counter_ns()
            refusal = call()
            spent[name].append(time.perf_counter_ns() - begun)
            assert refusal is None
    return spent


def _call(gateway: Gateway, account: str, proof: str | None) -> Callable[[], object]:
    headers = [("authorization", f"Bearer {TOKEN}"), ("x-account-id", account)]
    headers += [] if proof is None else [("dpop", proof)]
    showing = Showing(method="POST", path=PATH, headers=headers)
    caller = Caller(account_id=account, api_key_id="k")
    return lambda: gateway.guard.request(caller, "chat", BODY, showing).refusal
